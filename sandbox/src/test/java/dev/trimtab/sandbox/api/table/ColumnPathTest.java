package dev.trimtab.sandbox.api.table;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.sandbox.api.Json;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColumnPathTest {

    private static final String OBJECT = """
            {"metadata": {"labels": {"app.kubernetes.io/name": "shop"}},
             "spec": {"size": 3, "items": [{"name": "a"}, {"name": "b"}]},
             "status": {"conditions": [{"type": "Ready", "status": "True"}, {"type": "Stalled", "status": "False"}]}}""";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    .spec.size                                                | [3]
                    .spec.items[1].name                                       | ["b"]
                    .spec.items[*].name                                       | ["a", "b"]
                    .status.conditions[?(@.type=="Ready")].status             | ["True"]
                    .status.conditions[?(@.type=='Stalled')].status           | ["False"]
                    .metadata.labels['app.kubernetes.io/name']                | ["shop"]
                    .metadata.labels.app\\.kubernetes\\.io/name               | ["shop"]
                    .spec.none                                                | []
                    .spec.items[?(@.name)]                                    | []
                    """)
    void findsWhatDefinitionsAskFor(String path, String found) throws IOException {
        JsonNode object = Json.MAPPER.readTree(OBJECT);
        assertThat(ColumnPath.parse(path).find(object)).hasToString(found);
    }
}
