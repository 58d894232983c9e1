package dev.trimtab.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.drift.Fingerprint.Sight;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class FingerprintTest {

    private static final String US = "trimtab-shop";

    static Stream<Arguments> changes() {
        return Stream.of(
                changes("nothing but the version (status moved)", m -> {}, Sight.UNCHANGED),
                changes(
                        "another manager's entry comes",
                        m -> Metadata.entry(m, "kubelet", "f:status"),
                        Sight.UNCHANGED),
                changes("a label of others comes", m -> m.withObject("/labels").put("theirs", "x"), Sight.UNCHANGED),
                changes(
                        "an annotation of others comes",
                        m -> m.withObject("/annotations").put("rev", "2"),
                        Sight.UNCHANGED),
                changes(
                        "an annotation of others comes and counts as a change of the spec",
                        m -> m.put("generation", 8).withObject("/annotations").put("rev", "2"),
                        Sight.UNCHANGED),
                changes(
                        "more changed than an annotation of others",
                        m -> m.put("generation", 9).withObject("/annotations").put("rev", "2"),
                        Sight.CHANGED),
                changes(
                        "an annotation of others comes with a field that was ours",
                        m -> {
                            m.put("generation", 8).withObject("/annotations").put("rev", "2");
                            ((ObjectNode) m.at("/managedFields/0/fieldsV1/f:data")).remove("f:a");
                        },
                        Sight.CHANGED),
                changes("generation grows", m -> m.put("generation", 8), Sight.CHANGED),
                changes("a label of ours changes", m -> m.withObject("/labels").put("app", "x"), Sight.CHANGED),
                changes("a label of ours goes", m -> m.withObject("/labels").remove("app"), Sight.CHANGED),
                changes(
                        "an annotation of ours changes",
                        m -> m.withObject("/annotations").put("team", "x"),
                        Sight.CHANGED),
                changes(
                        "we lose a field",
                        m -> ((ObjectNode) m.at("/managedFields/0/fieldsV1/f:data")).remove("f:a"),
                        Sight.CHANGED),
                changes("all ownership is wiped", m -> m.putArray("managedFields"), Sight.CHANGED),
                changes(
                        "a value of ours changes under our own name",
                        m -> ((ObjectNode) m.at("/managedFields/0")).put("time", "2026-11-21T10:00:01Z"),
                        Sight.CHANGED),
                changes("a deletion begins", m -> m.put("deletionTimestamp", "2026-11-21T10:00:00Z"), Sight.CHANGED),
                changes("another object has the name", m -> m.put("uid", "u-2"), Sight.CHANGED));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("changes")
    void onlyWhatIsOursAsksForALook(String name, Consumer<ObjectNode> change, Sight expected) {
        ObjectNode changed = Metadata.of(US, "10");
        change.accept(changed);

        assertThat(Fingerprint.of(Metadata.of(US, "9"), US).see(Fingerprint.of(changed, US)))
                .as(name)
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "9,9,false",
        "9,8,false",
        "9,10,true",
        "99,100,true",
        "100,99,false",
        "a,a,false",
        "a,b,true",
        "9,b,true"
    })
    void versionsAreReadAsNumbersThatGrow(String known, String seen, boolean newer) {
        assertThat(Fingerprint.of(Metadata.of(US, seen), US).newerThan(Fingerprint.of(Metadata.of(US, known), US)))
                .isEqualTo(newer);
    }

    @Test
    void ownWriteSeenAgainIsAnEcho() {
        ObjectNode older = Metadata.of(US, "8").put("generation", 3);

        Fingerprint applied = Fingerprint.of(Metadata.of(US, "9"), US);

        assertThat(applied.see(Fingerprint.of(Metadata.of(US, "9"), US))).isEqualTo(Sight.ECHO);
        assertThat(applied.see(Fingerprint.of(older, US))).isEqualTo(Sight.ECHO);
    }

    /** ConfigMaps and Secrets count no generation, and the time of an owner has a resolution of one second. */
    @Test
    void kindWithoutGenerationIsLookedAtWhenAWriteCanBelongToNobodyElse() {
        ObjectNode applied = Metadata.of(US, "9").without(List.of("generation"));
        ObjectNode sameSecond = Metadata.of(US, "10").without(List.of("generation"));

        assertThat(Fingerprint.of(applied, US).see(Fingerprint.of(sameSecond, US)))
                .isEqualTo(Sight.CHANGED);
    }

    @Test
    void writeThatAnotherMayHaveMadeLaterThanWeIsNotLookedAt() {
        ObjectNode applied = Metadata.of(US, "9").without(List.of("generation"));
        Metadata.entry(applied, "kubelet", "f:status");
        ((ObjectNode) applied.at("/managedFields/1"))
                .put("subresource", "status")
                .put("time", "2026-11-21T10:00:01Z");
        ObjectNode statusAgain = applied.deepCopy().put("resourceVersion", "10");

        assertThat(Fingerprint.of(applied, US).see(Fingerprint.of(statusAgain, US)))
                .isEqualTo(Sight.UNCHANGED);
    }

    @Test
    void contestedFieldCountsOnlyWhileItIsNotOurs() {
        ObjectNode applied = Metadata.of(US, "9");
        Metadata.entry(applied, "kubectl-edit", "f:data").withObject("/f:data").putObject("f:a");
        ObjectNode later = applied.deepCopy().put("resourceVersion", "10");
        ((ObjectNode) later.at("/managedFields/1")).put("time", "2026-11-21T11:00:00Z");

        assertThat(Fingerprint.of(applied, US, Set.of("data[a]")).see(Fingerprint.of(later, US, Set.of("data[a]"))))
                .isEqualTo(Sight.UNCHANGED);
        for (ObjectNode metadata : List.of(applied, later)) {
            ((ObjectNode) metadata.at("/managedFields/0/fieldsV1")).remove("f:data");
        }
        assertThat(Fingerprint.of(applied, US, Set.of("data[a]")).see(Fingerprint.of(later, US, Set.of("data[a]"))))
                .isEqualTo(Sight.CHANGED);
        assertThat(Fingerprint.of(applied, US).see(Fingerprint.of(later, US))).isEqualTo(Sight.UNCHANGED);
    }

    private static Arguments changes(String name, Consumer<ObjectNode> change, Sight expected) {
        return arguments(name, change, expected);
    }
}
