package dev.trimtab.sandbox.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Who owns a field after an apply, and what becomes of fields nobody applies any more. */
@Conformance
final class ServerSideApplyTest {

    private static final String MAPS = "/api/v1/namespaces/{ns}/configmaps";
    /** A pod template of known type that no controller touches. */
    private static final String TEMPLATES = "/api/v1/namespaces/{ns}/podtemplates";

    private static final String OURS = "ours";
    private static final String CONTAINER = ".template.spec.containers[name=c]";

    private final Api api;

    ServerSideApplyTest(Api api) {
        this.api = api;
    }

    private static String map(String name, String data) {
        return "{apiVersion: v1, kind: ConfigMap, metadata: {name: " + name + "}, data: " + data + "}";
    }

    private static String template(String name, String container) {
        return """
                apiVersion: v1
                kind: PodTemplate
                metadata: {name: %s}
                template:
                  metadata: {labels: {app: a}}
                  spec: {containers: [%s]}
                """.formatted(name, container);
    }

    private Answer applyTemplate(String name, String container) {
        return api.apply(TEMPLATES + "/" + name, OURS, template(name, container))
                .ok();
    }

    private static Set<String> lost(Answer before, Answer after) {
        Set<String> lost = new TreeSet<>(before.ownership().applied(OURS));
        lost.removeAll(after.ownership().applied(OURS));
        return lost;
    }

    @Test
    void applyCreatesWhatIsNotThere() {
        Answer created = api.apply(MAPS + "/create", OURS, map("create", "{a: '1'}"));

        assertThat(created.code()).isEqualTo(201);
        assertThat(created.ownership().managers()).containsExactly("ours/Apply");
        assertThat(created.ownership().applied(OURS)).containsExactly(".data.a");
    }

    @Test
    void applyingTheSameAgainKeepsTheResourceVersion() {
        Answer first = applyTemplate("again", "{name: c, image: 'a:1'}");
        Answer second = applyTemplate("again", "{name: c, image: 'a:1'}");

        assertThat(second.code()).isEqualTo(200);
        assertThat(second.resourceVersion()).isEqualTo(first.resourceVersion());
        assertThat(second.at("/metadata/managedFields")).isEqualTo(first.at("/metadata/managedFields"));
    }

    @Test
    void anotherSpellingOfAQuantityIsNoChange() {
        Answer first = applyTemplate("quantity", "{name: c, image: 'a:1', resources: {limits: {cpu: 1000m}}}");
        Answer second = applyTemplate("quantity", "{name: c, image: 'a:1', resources: {limits: {cpu: '1'}}}");

        assertThat(first.text("/template/spec/containers/0/resources/limits/cpu"))
                .isEqualTo("1");
        assertThat(second.resourceVersion()).isEqualTo(first.resourceVersion());
    }

    @Test
    void aValueThatAnotherManagerChangesLeavesOurEntryAlone() {
        Answer before = applyTemplate("image", "{name: c, image: 'a:1', args: [x]}");
        Answer after = api.strategic(
                        TEMPLATES + "/image?fieldManager=other",
                        "{template: {spec: {containers: [{name: c, image: 'a:2'}]}}}")
                .ok();

        assertThat(lost(before, after)).containsExactly(CONTAINER + ".image");
        assertThat(after.ownership().updated("other")).containsExactly(CONTAINER + ".image");
    }

    @Test
    void theSameValueWrittenByAnotherManagerTakesNothing() {
        Answer before = applyTemplate("same", "{name: c, image: 'a:1'}");
        Answer after = api.strategic(
                        TEMPLATES + "/same?fieldManager=other",
                        "{template: {spec: {containers: [{name: c, image: 'a:1'}]}}}")
                .ok();

        assertThat(after.resourceVersion()).isEqualTo(before.resourceVersion());
        assertThat(after.at("/metadata/managedFields")).isEqualTo(before.at("/metadata/managedFields"));
    }

    @Test
    void anItemThatAnotherManagerRemovesLeavesOurEntryWithAllItsFields() {
        Answer before =
                applyTemplate("item", "{name: c, image: 'a:1', env: [{name: A, value: '1'}, {name: B, value: '2'}]}");
        Answer after = api.strategic(
                        TEMPLATES + "/item?fieldManager=other",
                        "{template: {spec: {containers: [{name: c, env: [{name: A, $patch: delete}]}]}}}")
                .ok();

        assertThat(lost(before, after))
                .containsExactly(
                        CONTAINER + ".env[name=A]", CONTAINER + ".env[name=A].name", CONTAINER + ".env[name=A].value");
    }

    @Test
    void anotherApplyUnderOurNameChangesTheValueAndNotTheOwner() {
        Answer before =
                api.apply(MAPS + "/impostor", OURS, map("impostor", "{a: '1'}")).ok();
        Answer after =
                api.apply(MAPS + "/impostor", OURS, map("impostor", "{a: '2'}")).ok();

        assertThat(after.ownership().entries()).isEqualTo(before.ownership().entries());
        assertThat(after.text("/data/a")).isEqualTo("2");
        assertThat(after.resourceVersion()).isNotEqualTo(before.resourceVersion());
    }

    @Test
    void wipedOwnershipIsGivenToBeforeFirstApplyAndKeepsWhatWeDropLater() {
        api.apply(MAPS + "/wiped", OURS, map("wiped", "{a: '1', b: '2'}")).ok();
        Answer wiped =
                api.merge(MAPS + "/wiped", "{metadata: {managedFields: [{}]}}").ok();
        assertThat(wiped.ownership().entries()).isEmpty();

        Answer again = api.apply(MAPS + "/wiped", OURS, map("wiped", "{a: '1', b: '2'}"))
                .ok();
        assertThat(again.ownership().managers()).containsExactly("before-first-apply/Update", "ours/Apply");

        Answer without =
                api.apply(MAPS + "/wiped", OURS, map("wiped", "{a: '1'}")).ok();
        assertThat(without.text("/data/b")).isEqualTo("2");
    }

    @Test
    void ownershipRewrittenUnderATestOfTheVersionLetsUsRemoveAgain() {
        Answer created = api.post(MAPS + "?fieldManager=kubectl-create", map("rewritten", "{a: '1', b: '2'}"))
                .ok();
        ObjectNode entry = (ObjectNode) created.at("/metadata/managedFields/0");
        entry.put("manager", OURS).put("operation", "Apply");
        api.jsonPatch(
                        MAPS + "/rewritten",
                        "[{op: test, path: /metadata/resourceVersion, value: '" + created.resourceVersion()
                                + "'}, {op: replace, path: /metadata/managedFields, value: [" + entry + "]}]")
                .ok();

        Answer without = api.apply(MAPS + "/rewritten", OURS, map("rewritten", "{a: '1'}"))
                .ok();

        assertThat(without.at("/data").has("b")).isFalse();
        assertThat(without.ownership().managers()).containsExactly("ours/Apply");
    }

    @Test
    void aSidecarOfAnotherManagerSurvivesOurApply() {
        Answer before = applyTemplate("sidecar", "{name: c, image: 'a:1'}");
        Answer added = api.strategic(
                        TEMPLATES + "/sidecar?fieldManager=injector",
                        "{template: {spec: {containers: [{name: side, image: 's:1'}]}}}")
                .ok();
        Answer after = applyTemplate("sidecar", "{name: c, image: 'a:2'}");

        assertThat(lost(before, added)).isEmpty();
        assertThat(after.at("/template/spec/containers").findValuesAsText("name"))
                .containsExactlyInAnyOrder("c", "side");
    }

    @Test
    void whatWasCreatedByClientSideApplyStaysUntilItsManagerIsMigrated() {
        api.post(MAPS + "?fieldManager=kubectl-client-side-apply", map("csa", "{a: '1', b: '2'}"))
                .ok();

        Answer after = api.apply(MAPS + "/csa?force=true", OURS, map("csa", "{a: '1'}"))
                .ok();

        assertThat(after.text("/data/b")).isEqualTo("2");
        assertThat(after.ownership().managers()).containsExactly("kubectl-client-side-apply/Update", "ours/Apply");
    }

    @Test
    void aFieldOnlyWeAppliedGoesWhenWeDropIt() {
        api.apply(MAPS + "/drop", OURS, map("drop", "{a: '1', b: '2'}")).ok();
        Answer after = api.apply(MAPS + "/drop", OURS, map("drop", "{a: '1'}")).ok();

        assertThat(after.at("/data").has("b")).isFalse();
    }

    @Test
    void aFieldThatAnotherManagerAppliesTooStaysWhenWeDropIt() {
        api.apply(MAPS + "/shared", OURS, map("shared", "{a: '1', b: '2'}")).ok();
        api.apply(MAPS + "/shared", "theirs", map("shared", "{b: '2'}")).ok();
        Answer after =
                api.apply(MAPS + "/shared", OURS, map("shared", "{a: '1'}")).ok();

        assertThat(after.text("/data/b")).isEqualTo("2");
        assertThat(after.ownership().applied("theirs")).containsExactly(".data.b");
        assertThat(after.ownership().applied(OURS)).containsExactly(".data.a");
    }

    @Test
    void aConflictWithAnApplierNamesItAndTheField() {
        api.apply(MAPS + "/conflict", "theirs", map("conflict", "{a: '1'}")).ok();
        Answer refused = api.apply(MAPS + "/conflict", OURS, map("conflict", "{a: '2'}"));

        assertThat(refused.code()).isEqualTo(409);
        assertThat(refused.reason()).isEqualTo("Conflict");
        assertThat(refused.message()).isEqualTo("Apply failed with 1 conflict: conflict with \"theirs\": .data.a");
        assertThat(refused.at("/details/causes/0"))
                .isEqualTo(Api.tree(
                        "{reason: FieldManagerConflict, message: 'conflict with \"theirs\"', field: .data.a}"));
    }

    @Test
    void aConflictWithAnUpdaterNamesItsVersion() {
        api.post(MAPS + "?fieldManager=theirs", map("updater", "{a: '1', b: '1'}"))
                .ok();
        Answer refused = api.apply(MAPS + "/updater", OURS, map("updater", "{a: '2', b: '2'}"));

        assertThat(refused.code()).isEqualTo(409);
        assertThat(refused.message())
                .isEqualTo("Apply failed with 2 conflicts: conflicts with \"theirs\" using v1:\n- .data.a\n- .data.b");
    }

    @Test
    void forceTakesTheFieldFromItsOwner() {
        api.apply(MAPS + "/force", "theirs", map("force", "{a: '1', b: '1'}")).ok();
        Answer taken = api.apply(MAPS + "/force?force=true", OURS, map("force", "{a: '2'}"))
                .ok();

        assertThat(taken.text("/data/a")).isEqualTo("2");
        assertThat(taken.ownership().applied("theirs")).containsExactly(".data.b");
        assertThat(taken.ownership().applied(OURS)).containsExactly(".data.a");
    }

    @Test
    void theSameValueAppliedByTwoIsSharedWithoutConflict() {
        api.apply(MAPS + "/both", "theirs", map("both", "{a: '1'}")).ok();
        Answer shared = api.apply(MAPS + "/both", OURS, map("both", "{a: '1'}")).ok();

        assertThat(shared.ownership().applied("theirs")).containsExactly(".data.a");
        assertThat(shared.ownership().applied(OURS)).containsExactly(".data.a");
    }

    @Test
    void anAtomicListIsOwnedAsOneField() {
        Answer before = applyTemplate("atomic", "{name: c, image: 'a:1', args: [x, y]}");
        Answer refused =
                api.apply(TEMPLATES + "/atomic", "theirs", template("atomic", "{name: c, image: 'a:1', args: [x, z]}"));

        assertThat(before.ownership().applied(OURS)).contains(CONTAINER + ".args");
        assertThat(refused.code()).isEqualTo(409);
        assertThat(refused.at("/details/causes").findValuesAsText("field"))
                .containsExactly(".template.spec.containers[name=\"c\"].args");
    }

    @Test
    void listMapsWithTwoKeysAreOwnedByBoth() {
        Answer applied = applyTemplate("ports", "{name: c, image: 'a:1', ports: [{containerPort: 80}]}");

        assertThat(applied.ownership().applied(OURS))
                .contains(CONTAINER + ".ports[containerPort=80,protocol=TCP].containerPort")
                .doesNotContain(CONTAINER + ".ports[containerPort=80,protocol=TCP].protocol");
    }

    @Test
    void finalizersAreASetOfTheirOwners() {
        String body = "{apiVersion: v1, kind: ConfigMap, metadata: {name: finalizers, finalizers: [%s]}}";
        api.apply(MAPS + "/finalizers", "theirs", body.formatted("example.com/a"))
                .ok();
        Answer both = api.apply(MAPS + "/finalizers", OURS, body.formatted("example.com/b"))
                .ok();

        assertThat(both.at("/metadata/finalizers")).isEqualTo(Api.tree("[example.com/a, example.com/b]"));
        assertThat(both.ownership().applied(OURS)).containsExactly(".metadata.finalizers[=example.com/b]");
        api.merge(MAPS + "/finalizers", "{metadata: {finalizers: null}}").ok();
    }
}
