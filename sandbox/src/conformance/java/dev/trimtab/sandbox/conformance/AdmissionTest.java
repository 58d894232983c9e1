package dev.trimtab.sandbox.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.trimtab.sandbox.judge.Judge;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;

/** Who is let in, and with what: a bad token, missing rights, a namespace that goes, a body that is too large. */
@Conformance
final class AdmissionTest {

    private static final String MAPS = "/api/v1/namespaces/{ns}/configmaps";

    private final Api api;
    private final Judge judge;

    AdmissionTest(Api api, Judge judge) {
        this.api = api;
        this.judge = judge;
    }

    private Answer asNobody(String path) throws IOException, InterruptedException {
        HttpRequest request = judge.connection()
                .request(path.replace("{ns}", api.namespace()))
                .header("Impersonate-User", "nobody")
                .build();
        return answer(judge.connection().send(request, BodyHandlers.ofString()));
    }

    private static Answer answer(HttpResponse<String> response) {
        return new Answer(response.statusCode(), response.headers(), response.body());
    }

    @Test
    void anUnknownTokenIsUnauthorized() throws IOException, InterruptedException {
        HttpRequest request = judge.stranger().request("/api/v1/namespaces").build();
        Answer refused = answer(judge.stranger().send(request, BodyHandlers.ofString()));
        assumeTrue(refused.code() != 200, "this judge lets everyone in");

        assertThat(refused.code()).isEqualTo(401);
        assertThat(refused.json()).isEqualTo(Api.tree("""
                        kind: Status
                        apiVersion: v1
                        metadata: {}
                        status: Failure
                        message: Unauthorized
                        reason: Unauthorized
                        code: 401
                        """));
    }

    @Test
    void whoHasNoRightsIsForbiddenByName() throws IOException, InterruptedException {
        Answer refused = asNobody(MAPS + "/absent");
        assumeTrue(refused.code() != 404, "this judge lets everyone do everything");

        assertThat(refused.code()).isEqualTo(403);
        assertThat(refused.json()).isEqualTo(Api.tree("""
                        kind: Status
                        apiVersion: v1
                        metadata: {}
                        status: Failure
                        message: 'configmaps "absent" is forbidden: User "nobody" cannot get resource "configmaps" in API group "" in the namespace "%s"'
                        reason: Forbidden
                        details: {name: absent, kind: configmaps}
                        code: 403
                        """.formatted(api.namespace())));
    }

    @Test
    void whoMayNotListIsForbiddenTheKind() throws IOException, InterruptedException {
        Answer refused = asNobody("/apis/apps/v1/namespaces/{ns}/deployments");
        assumeTrue(refused.code() != 200, "this judge lets everyone do everything");

        assertThat(refused.code()).isEqualTo(403);
        assertThat(refused.message())
                .isEqualTo("deployments.apps is forbidden: User \"nobody\" cannot list resource \"deployments\" in API"
                        + " group \"apps\" in the namespace \"" + api.namespace() + "\"");
        assertThat(refused.at("/details")).isEqualTo(Api.tree("{group: apps, kind: deployments}"));
    }

    @Test
    void nothingIsCreatedInANamespaceThatGoes() {
        String name = api.namespace() + "-going";
        api.post("/api/v1/namespaces", "{apiVersion: v1, kind: Namespace, metadata: {name: " + name + "}}")
                .ok();
        String maps = "/api/v1/namespaces/" + name + "/configmaps";
        api.post(
                        maps,
                        "{apiVersion: v1, kind: ConfigMap, metadata: {name: held, finalizers: [example.com/hold]}, data: {}}")
                .ok();
        Answer going = api.delete("/api/v1/namespaces/" + name, "{}").ok();
        Answer refused = api.post(maps, "{apiVersion: v1, kind: ConfigMap, metadata: {name: late}}");
        Answer changed = api.merge(maps + "/held", "{data: {a: '1'}}");
        api.merge(maps + "/held", "{metadata: {finalizers: null}}").ok();

        assertThat(going.text("/status/phase")).isEqualTo("Terminating");
        assertThat(going.at("/spec/finalizers")).isEqualTo(Api.tree("[kubernetes]"));
        assertThat(refused.code()).isEqualTo(403);
        assertThat(refused.json()).isEqualTo(Api.tree("""
                        kind: Status
                        apiVersion: v1
                        metadata: {}
                        status: Failure
                        message: 'configmaps "late" is forbidden: unable to create new content in namespace %1$s because it is being terminated'
                        reason: Forbidden
                        details:
                          name: late
                          kind: configmaps
                          causes:
                          - reason: NamespaceTerminating
                            message: namespace %1$s is being terminated
                            field: metadata.namespace
                        code: 403
                        """.formatted(name)));
        assertThat(changed.code()).isEqualTo(200);
    }

    @Test
    void aBodyIsThreeMebibytesAtMost() {
        Answer refused = api.send("POST", MAPS, Api.JSON, "{\"a\":\"" + "x".repeat(3 * 1024 * 1024) + "\"}", Api.JSON);

        assertThat(refused.code()).isEqualTo(413);
        assertThat(refused.json()).isEqualTo(Api.tree("""
                        kind: Status
                        apiVersion: v1
                        metadata: {}
                        status: Failure
                        message: 'Request entity too large: limit is 3145728'
                        reason: RequestEntityTooLarge
                        code: 413
                        """));
    }
}
