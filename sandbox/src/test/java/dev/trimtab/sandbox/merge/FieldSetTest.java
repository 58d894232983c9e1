package dev.trimtab.sandbox.merge;

import static dev.trimtab.sandbox.merge.Json.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FieldSetTest {

    private static final JsonNode MIXED = value("""
            {'f:metadata': {'f:labels': {'.': {}, 'f:app': {}}},
             'f:spec': {'f:ports': {'k:{"containerPort":80,"protocol":"TCP"}': {'.': {}, 'f:name': {}}},
                        'f:finalizers': {'v:"a"': {}, 'v:"b"': {}}, 'f:old': {'i:1': {}}}}
            """);

    static List<Long> seeds() {
        return new Random(20261121).longs(100).boxed().toList();
    }

    private static FieldSet random(RandomObjects objects) {
        return OwnedFields.of(RandomObjects.TYPE, objects.next());
    }

    @Test
    void fieldsV1ReadsAndWrites() {
        FieldSet set = FieldSet.fromFieldsV1(MIXED);
        assertThat(set.toFieldsV1()).isEqualTo(MIXED);
        assertThat(set.toString()).isEqualTo("""
                        .metadata.labels
                        .metadata.labels.app
                        .spec.finalizers[="a"]
                        .spec.finalizers[="b"]
                        .spec.old[1]
                        .spec.ports[containerPort=80,protocol="TCP"]
                        .spec.ports[containerPort=80,protocol="TCP"].name
                        """);
        assertThat(set.size()).isEqualTo(7);
    }

    @Test
    void keysAreWrittenByNameWhateverTheOrderOfTheSchema() {
        FieldSet set = FieldSet.fromFieldsV1(value("{'k:{\"protocol\":\"TCP\",\"containerPort\":80}': {}}"));
        assertThat(set.toFieldsV1()).isEqualTo(value("{'k:{\"containerPort\":80,\"protocol\":\"TCP\"}': {}}"));
    }

    @Test
    void elementsAreWrittenInTheOrderOfTheServer() {
        FieldSet set = FieldSet.fromFieldsV1(value("{'v:\"a\"': {}, 'k:{\"name\":\"b\"}': {}, 'f:z': {}, 'f:a': {},"
                + " 'v:2': {}, 'k:{\"name\":\"a\"}': {}}"));
        assertThat(set.toFieldsV1().fieldNames())
                .toIterable()
                .containsExactly("f:a", "f:z", "k:{\"name\":\"a\"}", "k:{\"name\":\"b\"}", "v:2", "v:\"a\"");
    }

    @Test
    void unknownElementsAreSkippedAndMalformedOnesRefused() {
        assertThat(FieldSet.fromFieldsV1(value("{'f:a': {}, 'x:b': {}}")).toFieldsV1())
                .isEqualTo(value("{'f:a': {}}"));
        assertThatIllegalArgumentException().isThrownBy(() -> FieldSet.fromFieldsV1(value("{'abc': {}}")));
        assertThatIllegalArgumentException().isThrownBy(() -> FieldSet.fromFieldsV1(value("{'k:{': {}}")));
    }

    @Test
    void removingAParentKeepsWhatIsBelow() {
        FieldSet set = FieldSet.fromFieldsV1(value("{'f:labels': {'.': {}, 'f:app': {}}}"));
        FieldSet parent = FieldSet.fromFieldsV1(value("{'f:labels': {}}"));
        assertThat(set.difference(parent).toFieldsV1()).isEqualTo(value("{'f:labels': {'f:app': {}}}"));
        assertThat(set.leaves().toFieldsV1()).isEqualTo(value("{'f:labels': {'f:app': {}}}"));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void setsObeyTheAlgebraOfSets(long seed) {
        RandomObjects objects = new RandomObjects(seed);
        FieldSet a = random(objects);
        FieldSet b = random(objects);
        assertThat(a.union(b)).isEqualTo(b.union(a));
        assertThat(a.intersection(b)).isEqualTo(b.intersection(a));
        assertThat(a.union(b).size())
                .isEqualTo(a.size() + b.size() - a.intersection(b).size());
        assertThat(a.difference(b).union(a.intersection(b))).isEqualTo(a);
        assertThat(a.difference(b).intersection(b)).isEqualTo(FieldSet.EMPTY);
        assertThat(a.difference(a)).isEqualTo(FieldSet.EMPTY);
        assertThat(FieldSet.fromFieldsV1(a.toFieldsV1())).isEqualTo(a);
        a.forEach(path ->
                assertThat(a.union(b).has(path)).as(FieldSet.pathText(path)).isTrue());
    }
}
