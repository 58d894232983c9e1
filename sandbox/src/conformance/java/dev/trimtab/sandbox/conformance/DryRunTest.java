package dev.trimtab.sandbox.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** {@code dryRun=All}: the answer a write would get, and nothing written. */
@Conformance
final class DryRunTest {

    private static final String MAPS = "/api/v1/namespaces/{ns}/configmaps";

    private final Api api;

    DryRunTest(Api api) {
        this.api = api;
    }

    private static String map(String name, String data) {
        return "{apiVersion: v1, kind: ConfigMap, metadata: {name: " + name + "}, data: " + data + "}";
    }

    @Test
    void aCreationHasAnUidAndNoVersionAndIsNotThereAfterwards() {
        Answer answer = api.apply(MAPS + "/create?dryRun=All", "ours", map("create", "{a: '1'}"));

        assertThat(answer.code()).isEqualTo(201);
        assertThat(answer.uid()).isNotEmpty();
        assertThat(answer.resourceVersion()).isEmpty();
        assertThat(api.get(MAPS + "/create").code()).isEqualTo(404);
    }

    @Test
    void anApplyShowsTheResultUnderTheOldVersion() {
        Answer before =
                api.apply(MAPS + "/apply", "ours", map("apply", "{a: '1'}")).ok();
        Answer answer = api.apply(MAPS + "/apply?dryRun=All", "ours", map("apply", "{a: '2', b: '3'}"))
                .ok();

        assertThat(answer.at("/data")).isEqualTo(Api.tree("{a: '2', b: '3'}"));
        assertThat(answer.ownership().applied("ours")).containsExactly(".data.a", ".data.b");
        assertThat(answer.resourceVersion()).isEqualTo(before.resourceVersion());
        assertThat(api.get(MAPS + "/apply").json()).isEqualTo(before.json());
    }

    @Test
    void defaultsAndTheGenerationAreThoseOfTheWrite() {
        String path = "/apis/networking.k8s.io/v1/namespaces/{ns}/networkpolicies/policy";
        String body = """
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata: {name: policy}
                spec: {podSelector: {matchLabels: {app: %s}}, ingress: [{ports: [{port: 80}]}]}
                """;
        api.apply(path, "ours", body.formatted("a")).ok();
        Answer answer =
                api.apply(path + "?dryRun=All", "ours", body.formatted("b")).ok();

        assertThat(answer.generation()).isEqualTo(2);
        assertThat(answer.text("/spec/ingress/0/ports/0/protocol")).isEqualTo("TCP");
        assertThat(api.get(path).generation()).isEqualTo(1);
    }

    @Test
    void aConflictIsReported() {
        api.apply(MAPS + "/conflict", "theirs", map("conflict", "{a: '1'}")).ok();

        assertThat(api.apply(MAPS + "/conflict?dryRun=All", "ours", map("conflict", "{a: '2'}"))
                        .code())
                .isEqualTo(409);
    }

    @Test
    void aDeletionLeavesTheObject() {
        Answer before = api.post(MAPS, map("delete", "{a: '1'}")).ok();

        assertThat(api.delete(MAPS + "/delete", "{dryRun: [All]}").code()).isEqualTo(200);
        assertThat(api.send("DELETE", MAPS + "/delete?dryRun=All", "", "", Api.JSON)
                        .code())
                .isEqualTo(200);
        assertThat(api.get(MAPS + "/delete").json()).isEqualTo(before.json());
    }

    @Test
    void optionsInTheBodyOfADeletionReplaceThoseInTheQuery() {
        api.post(MAPS, map("body", "{a: '1'}")).ok();

        assertThat(api.delete(MAPS + "/body?dryRun=All", "{}").code()).isEqualTo(200);
        assertThat(api.get(MAPS + "/body").code()).isEqualTo(404);
    }

    @Test
    void anyOtherValueIsInvalid() {
        Answer refused = api.apply(MAPS + "/value?dryRun=yes", "ours", map("value", "{}"));

        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused.message())
                .isEqualTo("PatchOptions.meta.k8s.io \"\" is invalid: dryRun: Unsupported value: [\"yes\"]: supported"
                        + " values: \"All\"");
    }
}
