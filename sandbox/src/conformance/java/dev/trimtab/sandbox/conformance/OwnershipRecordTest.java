package dev.trimtab.sandbox.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code metadata.managedFields} itself: who is written down when, under which name, and what a client may do to it. */
@Conformance
final class OwnershipRecordTest {

    private static final String MAPS = "/api/v1/namespaces/{ns}/configmaps";
    private static final String TEMPLATES = "/api/v1/namespaces/{ns}/podtemplates";

    private final Api api;

    OwnershipRecordTest(Api api) {
        this.api = api;
    }

    private static String map(String name, String data) {
        return "{apiVersion: v1, kind: ConfigMap, metadata: {name: " + name + "}, data: " + data + "}";
    }

    private Answer apply(String name, String manager, String data) {
        return api.apply(MAPS + "/" + name, manager, map(name, data)).ok();
    }

    private static String time(Answer answer) {
        return answer.text("/metadata/managedFields/0/time");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anUpdateThatLeavesThemOutKeepsThem(boolean absent) {
        String name = absent ? "put-absent" : "put-null";
        Answer before = apply(name, "ours", "{a: '1'}");
        ObjectNode update = before.json();
        if (absent) {
            update.withObject("metadata").remove("managedFields");
        } else {
            update.withObject("metadata").putNull("managedFields");
        }
        update.withObject("data").put("b", "2");
        Answer after =
                api.put(MAPS + "/" + name + "?fieldManager=theirs", update).ok();

        assertThat(after.ownership().managers()).containsExactly("ours/Apply", "theirs/Update");
        assertThat(after.ownership().applied("ours")).containsExactly(".data.a");
        assertThat(after.ownership().updated("theirs")).containsExactly(".data.b");
    }

    @Test
    void aNullInAMergePatchKeepsThem() {
        apply("merge-null", "ours", "{a: '1'}");
        Answer after = api.merge(MAPS + "/merge-null?fieldManager=theirs", "{metadata: {managedFields: null}}")
                .ok();

        assertThat(after.ownership().managers()).containsExactly("ours/Apply");
    }

    @ParameterizedTest
    @CsvSource({"none, []", "one, [{}]"})
    void anEmptyListAndOneEmptyEntryResetThem(String name, String empty) {
        apply("reset-" + name, "ours", "{a: '1'}");
        Answer after = api.merge(
                        MAPS + "/reset-" + name + "?fieldManager=theirs",
                        "{metadata: {managedFields: " + empty + "}, data: {a: '2'}}")
                .ok();

        assertThat(after.at("/metadata/managedFields").isMissingNode()).isTrue();
        assertThat(after.text("/data/a")).isEqualTo("2");
    }

    @Test
    void afterAResetNobodyOwnsAnythingUntilTheNextApply() {
        apply("after-reset", "ours", "{a: '1'}");
        api.merge(MAPS + "/after-reset", "{metadata: {managedFields: [{}]}}").ok();
        Answer after = api.merge(MAPS + "/after-reset?fieldManager=theirs", "{data: {b: '2'}}")
                .ok();

        Answer applied = apply("after-reset", "ours", "{a: '1'}");

        assertThat(after.ownership().entries()).isEmpty();
        assertThat(applied.ownership().managers()).containsExactly("before-first-apply/Update", "ours/Apply");
        assertThat(applied.ownership().updated("before-first-apply")).contains(".data.a", ".data.b");
    }

    @Test
    void anEntryThatCannotBeReadLeavesThemAsTheyWere() {
        Answer before = apply("broken", "ours", "{a: '1'}");
        ObjectNode update = before.json();
        ((ObjectNode) update.at("/metadata/managedFields/0")).put("operation", "Wish");
        Answer after = api.put(MAPS + "/broken", update).ok();

        assertThat(after.ownership()).isEqualTo(before.ownership());
    }

    @Test
    void ownershipFoldedFromBeforeFirstApplyIntoOursLetsUsRemoveAgain() {
        apply("fold", "ours", "{a: '1', b: '2'}");
        api.merge(MAPS + "/fold", "{metadata: {managedFields: [{}]}}").ok();
        Answer wiped = apply("fold", "ours", "{a: '1', b: '2'}");
        assertThat(wiped.ownership().managers()).containsExactly("before-first-apply/Update", "ours/Apply");
        ObjectNode ours = null;
        for (JsonNode entry : wiped.at("/metadata/managedFields")) {
            if (entry.path("manager").asText().equals("ours")) {
                ours = (ObjectNode) entry;
            }
        }
        api.jsonPatch(
                        MAPS + "/fold",
                        "[{op: test, path: /metadata/resourceVersion, value: '" + wiped.resourceVersion()
                                + "'}, {op: replace, path: /metadata/managedFields, value: [" + ours + "]}]")
                .ok();
        Answer removed = apply("fold", "ours", "{a: '1'}");

        assertThat(removed.at("/data")).isEqualTo(Api.tree("{a: '1'}"));
        assertThat(removed.ownership().managers()).containsExactly("ours/Apply");
    }

    @Test
    void twoSourcesOfOneManagerNameDropEachOthersFields() {
        apply("twins", "ours", "{a: '1'}");
        Answer second = apply("twins", "ours", "{b: '2'}");

        assertThat(second.at("/data")).isEqualTo(Api.tree("{b: '2'}"));
    }

    @Test
    void twoSourcesOfTwoManagerNamesKeepEachOthersFields() {
        apply("siblings", "ours-1", "{a: '1'}");
        Answer second = apply("siblings", "ours-2", "{b: '2'}");

        assertThat(second.at("/data")).isEqualTo(Api.tree("{a: '1', b: '2'}"));
    }

    @Test
    void applyAndUpdateOfOneNameAreTwoManagers() {
        apply("verbs", "ours", "{a: '1', b: '2'}");
        Answer after =
                api.merge(MAPS + "/verbs?fieldManager=ours", "{data: {a: '9'}}").ok();

        assertThat(after.ownership().applied("ours")).containsExactly(".data.b");
        assertThat(after.ownership().updated("ours")).containsExactly(".data.a");
    }

    @Test
    void aManagerThatOwnsNothingAnyMoreIsForgotten() {
        apply("forgotten", "theirs", "{a: '1'}");
        Answer taken = api.apply(MAPS + "/forgotten?force=true", "ours", map("forgotten", "{a: '2'}"))
                .ok();

        assertThat(taken.ownership().managers()).containsExactly("ours/Apply");
    }

    @Test
    void anApplyOfNothingGivesUpEverything() {
        apply("nothing", "ours", "{a: '1'}");
        api.apply(MAPS + "/nothing", "theirs", map("nothing", "{b: '2'}")).ok();
        Answer after = api.apply(
                        MAPS + "/nothing", "ours", "{apiVersion: v1, kind: ConfigMap, metadata: {name: nothing}}")
                .ok();

        assertThat(after.at("/data")).isEqualTo(Api.tree("{b: '2'}"));
        assertThat(after.ownership().managers()).containsExactly("theirs/Apply");
    }

    @Test
    void withoutANameTheManagerIsTheFirstPartOfTheUserAgent() {
        Answer created = api.send(
                        "POST",
                        MAPS,
                        Api.JSON,
                        Api.tree(map("agent", "{a: '1'}")).toString(),
                        Api.JSON)
                .ok();

        assertThat(created.ownership().managers()).containsExactly("Java-http-client/Update");
    }

    @Test
    void aManagerNameIsAtMost128BytesLong() {
        String name = "m".repeat(129);
        Answer refused = api.apply(MAPS + "/long", name, map("long", "{a: '1'}"));

        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused.message())
                .isEqualTo("PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Too long: may not be more than 128"
                        + " bytes");
    }

    @Test
    void aManagerNameIsPrintable() {
        Answer refused = api.apply(MAPS + "/unprintable", "a%0Ab", map("unprintable", "{a: '1'}"));

        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused.message())
                .isEqualTo("PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Invalid value: \"a\\nb\": invalid"
                        + " character U+000A (at position 1)");
    }

    /** Versions have a finer grain than the times of the entries. */
    @Test
    void changesOfOneSecondHaveOneTimeAndDifferentVersions() {
        AtomicInteger round = new AtomicInteger();
        await().untilAsserted(() -> {
            String name = "second-" + round.incrementAndGet();
            Answer first = apply(name, "ours", "{a: '1'}");
            Answer second = apply(name, "ours", "{a: '2'}");
            assertThat(second.resourceVersion()).isNotEqualTo(first.resourceVersion());
            assertThat(time(second)).isEqualTo(time(first)).hasSize("2006-01-02T15:04:05Z".length());
        });
    }

    @Test
    void theTimeOfOurEntryMovesWithAValueOfOurNameAndStaysWithoutAChange() {
        String first = time(apply("time", "ours", "{a: '1'}"));
        AtomicInteger value = new AtomicInteger(1);
        await().until(() -> !time(apply("time", "ours", "{a: '" + value.incrementAndGet() + "'}"))
                .equals(first));
        Answer moved = api.get(MAPS + "/time").ok();
        Answer again = apply("time", "ours", "{a: '" + value.get() + "'}");

        assertThat(again.at("/metadata/managedFields")).isEqualTo(moved.at("/metadata/managedFields"));
        assertThat(again.resourceVersion()).isEqualTo(moved.resourceVersion());
    }

    /** The generation and our entry are all that metadata tells: the one stays under a status, the other under our name. */
    @Test
    void aStatusMovesTheVersionAndAChangeOfOurNameMovesTheGenerationWhileOurFieldsStay() {
        String path = "/apis/policy/v1/namespaces/{ns}/poddisruptionbudgets/churn";
        String body = "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: churn}, spec: {minAvailable:"
                + " %d, selector: {matchLabels: {app: nobody}}}}";
        Answer applied = api.apply(path, "ours", body.formatted(1)).ok();
        Answer status = api.merge(
                        path + "/status",
                        "{status: {conditions: [{type: Seen, status: 'True', reason: Seen, message: '',"
                                + " lastTransitionTime: '2026-01-02T03:04:05Z'}]}}")
                .ok();
        Answer changed = api.apply(path, "ours", body.formatted(2)).ok();

        assertThat(status.resourceVersion()).isNotEqualTo(applied.resourceVersion());
        assertThat(status.generation()).isEqualTo(applied.generation());
        assertThat(changed.generation()).isEqualTo(applied.generation() + 1);
        assertThat(changed.ownership().applied("ours"))
                .isEqualTo(applied.ownership().applied("ours"));
    }

    @Test
    void nestedListMapsAreOwnedItemByItem() {
        String body = """
                apiVersion: v1
                kind: PodTemplate
                metadata: {name: nested}
                template:
                  metadata: {labels: {app: a}}
                  spec: {containers: [{name: c, image: 'a:1', ports: [%s]}]}
                """;
        api.apply(TEMPLATES + "/nested", "ours", body.formatted("{containerPort: 80, name: http}"))
                .ok();
        Answer both = api.apply(TEMPLATES + "/nested", "theirs", body.formatted("{containerPort: 53, protocol: UDP}"))
                .ok();
        Answer left =
                api.apply(TEMPLATES + "/nested", "ours", body.formatted("")).ok();

        String ports = ".template.spec.containers[name=c].ports";
        assertThat(both.ownership().applied("ours"))
                .contains(ports + "[containerPort=80,protocol=TCP].name")
                .doesNotContain(ports + "[containerPort=53,protocol=UDP].containerPort");
        assertThat(both.ownership().applied("theirs")).contains(ports + "[containerPort=53,protocol=UDP].protocol");
        assertThat(left.at("/template/spec/containers/0/ports"))
                .isEqualTo(Api.tree("[{containerPort: 53, protocol: UDP}]"));
    }

    @Test
    void ownerReferencesAreOwnedByTheirUid() {
        Answer owner = apply("owner", "ours", "{a: '1'}");
        String body =
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: owned, ownerReferences: [{apiVersion: v1, kind:"
                        + " ConfigMap, name: owner, uid: %s}]}}";
        api.apply(MAPS + "/owned", "ours", body.formatted(owner.uid())).ok();
        Answer both = api.apply(
                        MAPS + "/owned",
                        "theirs",
                        "{apiVersion: v1, kind: ConfigMap, metadata: {name: owned, ownerReferences: [{apiVersion: v1,"
                                + " kind: ConfigMap, name: owner, uid: " + owner.uid() + "}]}}")
                .ok();
        Answer left = api.apply(MAPS + "/owned", "ours", "{apiVersion: v1, kind: ConfigMap, metadata: {name: owned}}")
                .ok();

        assertThat(both.ownership().applied("theirs"))
                .containsExactly(".metadata.ownerReferences[uid=" + owner.uid() + "]");
        assertThat(left.at("/metadata/ownerReferences").findValuesAsText("uid")).containsExactly(owner.uid());
    }

    @Test
    void anEmptiedListOfOursTakesOnlyOurItems() {
        String body = "{apiVersion: v1, kind: ConfigMap, metadata: {name: set, finalizers: [%s]}}";
        api.apply(MAPS + "/set", "ours", body.formatted("example.com/a")).ok();
        api.apply(MAPS + "/set", "theirs", body.formatted("example.com/b")).ok();
        Answer left = api.apply(MAPS + "/set", "ours", body.formatted("")).ok();
        api.jsonPatch(MAPS + "/set", "[{op: remove, path: /metadata/finalizers}]")
                .ok();

        assertThat(left.at("/metadata/finalizers")).isEqualTo(Api.tree("[example.com/b]"));
    }

    @Test
    void aDefaultThatIsAppliedIsOwnedAndChangesNothingElse() {
        String body = """
                apiVersion: v1
                kind: PodTemplate
                metadata: {name: default}
                template:
                  metadata: {labels: {app: a}}
                  spec: {%scontainers: [{name: c, image: 'a:1'}]}
                """;
        Answer without =
                api.apply(TEMPLATES + "/default", "ours", body.formatted("")).ok();
        Answer with = api.apply(TEMPLATES + "/default", "ours", body.formatted("dnsPolicy: ClusterFirst, "))
                .ok();
        Answer dropped =
                api.apply(TEMPLATES + "/default", "ours", body.formatted("")).ok();

        assertThat(without.ownership().applied("ours")).doesNotContain(".template.spec.dnsPolicy");
        assertThat(with.ownership().applied("ours")).contains(".template.spec.dnsPolicy");
        assertThat(with.at("/template")).isEqualTo(without.at("/template"));
        assertThat(dropped.text("/template/spec/dnsPolicy")).isEqualTo("ClusterFirst");
    }

    @Test
    void aDuplicateKeyInAnAppliedListIsRefused() {
        Answer refused = api.apply(TEMPLATES + "/duplicate", "ours", """
                apiVersion: v1
                kind: PodTemplate
                metadata: {name: duplicate}
                template:
                  spec: {containers: [{name: c, image: 'a:1', env: [{name: A, value: '1'}, {name: A, value: '2'}]}]}
                """);

        assertThat(refused.code()).isEqualTo(500);
        assertThat(refused.message())
                .endsWith(".template.spec.containers[name=\"c\"].env: duplicate entries for key [name=\"A\"]");
    }
}
