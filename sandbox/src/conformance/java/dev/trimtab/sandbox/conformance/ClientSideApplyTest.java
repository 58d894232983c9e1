package dev.trimtab.sandbox.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

/** Objects that were applied by their clients before the server did it: the annotation of their last state, and their owner. */
@Conformance
final class ClientSideApplyTest {

    private static final String MAPS = "/api/v1/namespaces/{ns}/configmaps";
    private static final String LAST = "kubectl.kubernetes.io/last-applied-configuration";
    private static final String POINTER = "/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration";
    private static final String MANAGER = "kubectl-client-side-apply";

    private final Api api;

    ClientSideApplyTest(Api api) {
        this.api = api;
    }

    private static String map(String name, String data) {
        return "{apiVersion: v1, kind: ConfigMap, metadata: {name: " + name + "}, data: " + data + "}";
    }

    private Answer appliedByItsClient(String name) {
        ObjectNode object = (ObjectNode) Api.tree(map(name, "{a: '1', b: '2'}"));
        String last = object.toString();
        object.withObject("metadata").withObject("annotations").put(LAST, last);
        return api.send("POST", MAPS + "?fieldManager=" + MANAGER, Api.JSON, object.toString(), Api.JSON)
                .ok();
    }

    @Test
    void aConflictWithItsClientNamesTheClient() {
        appliedByItsClient("conflict");
        Answer refused = api.apply(MAPS + "/conflict", "ours", map("conflict", "{a: '9', b: '2'}"));

        assertThat(refused.code()).isEqualTo(409);
        assertThat(refused.message())
                .isEqualTo(
                        "Apply failed with 1 conflict: conflict with \"kubectl-client-side-apply\" using v1: .data.a");
    }

    @Test
    void theClientKeepsWhatWeDropUnlessItsEntryIsMigrated() {
        appliedByItsClient("kept");
        Answer kept = api.apply(MAPS + "/kept?force=true", "ours", map("kept", "{a: '9'}"))
                .ok();

        assertThat(kept.at("/data")).isEqualTo(Api.tree("{a: '9', b: '2'}"));
        assertThat(kept.ownership().updated(MANAGER)).contains(".data.b").doesNotContain(".data.a");
    }

    @Test
    void aMigratedEntryLetsUsRemoveWhatTheClientOwned() {
        Answer created = appliedByItsClient("migrated");
        ObjectNode entry = (ObjectNode) created.at("/metadata/managedFields/0");
        entry.put("manager", "ours").put("operation", "Apply");
        api.jsonPatch(
                        MAPS + "/migrated",
                        "[{op: test, path: /metadata/resourceVersion, value: '" + created.resourceVersion()
                                + "'}, {op: replace, path: /metadata/managedFields, value: [" + entry + "]}]")
                .ok();
        Answer after = api.apply(MAPS + "/migrated", "ours", map("migrated", "{a: '1'}"))
                .ok();

        assertThat(after.at("/data")).isEqualTo(Api.tree("{a: '1'}"));
        // The annotation was the client's field as well, and so it goes.
        assertThat(after.at(POINTER).isMissingNode()).isTrue();
    }

    @Test
    void anApplyOfKubectlTakesOverFromItsClientSide() {
        appliedByItsClient("kubectl");
        Answer after = api.apply(MAPS + "/kubectl?force=true", "kubectl", map("kubectl", "{a: '9'}"))
                .ok();

        assertThat(after.text("/data/a")).isEqualTo("9");
        assertThat(after.ownership().applied("kubectl")).contains(".data.a");
    }

    @Test
    void anApplyOfKubectlRewritesTheLastState() {
        appliedByItsClient("rewritten");
        Answer after = api.apply(MAPS + "/rewritten?force=true", "kubectl", map("rewritten", "{a: '9'}"))
                .ok();

        assertThat(after.text(POINTER)).contains("\"a\":\"9\"");
    }

    @Test
    void anApplyOfAnotherNameLeavesTheLastStateAlone() {
        String before = appliedByItsClient("left").text(POINTER);
        Answer after = api.apply(MAPS + "/left?force=true", "ours", map("left", "{a: '9'}"))
                .ok();

        assertThat(after.text(POINTER)).isEqualTo(before);
    }
}
