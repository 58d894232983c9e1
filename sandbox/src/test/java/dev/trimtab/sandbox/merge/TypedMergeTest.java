package dev.trimtab.sandbox.merge;

import static dev.trimtab.sandbox.merge.Json.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The order of merged lists: the applied order, with what only the live list has in its place. */
class TypedMergeTest {

    @ParameterizedTest
    @CsvSource({
        "abc, abc, abc",
        "abc, '', abc",
        "'', abc, abc",
        "abc, cba, cba",
        "ab, b, ab",
        "ab, ba, ba",
        "axb, ab, axb",
        "axb, ba, xba",
        "ab, c, abc",
        "ab, ca, cab",
        "ab, acb, acb",
        "abc, db, adbc",
        "xay, ba, xbay",
        "abcd, dbe, acdbe",
    })
    void listsInterleave(String live, String applied, String merged) {
        ObjectNode result = TypedMerge.merge(RandomObjects.TYPE, items(live), items(applied));
        assertThat(names(result)).isEqualTo(merged);
    }

    @ParameterizedTest
    @CsvSource({
        "{a: 1}, {a: null}, {a: null}",
        "'{a: {b: 1}}', '{a: {}}', '{a: {b: 1}}'",
        "'{a: {b: 1}}', '{a: 1}', '{a: 1}'"
    })
    void untypedValuesMergeByTheirJson(String live, String applied, String merged) {
        assertThat(TypedMerge.merge(RandomObjects.TYPE, unknown(live), unknown(applied)))
                .isEqualTo(unknown(merged));
    }

    private static ObjectNode unknown(String json) {
        return json("{spec: {unknown: " + json + "}}");
    }

    private static ObjectNode items(String names) {
        ObjectNode object = json("{spec: {items: []}}");
        names.chars().forEach(c -> object.withArray("/spec/items").addObject().put("name", String.valueOf((char) c)));
        return object;
    }

    private static String names(ObjectNode object) {
        List<String> names = object.at("/spec/items")
                .valueStream()
                .map((JsonNode item) -> item.path("name").asText())
                .toList();
        return String.join("", names);
    }
}
