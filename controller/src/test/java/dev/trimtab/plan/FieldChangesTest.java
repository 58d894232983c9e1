package dev.trimtab.plan;

import static dev.trimtab.render.Written.object;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ObjectKey;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FieldChangesTest {

    private static final String MANAGED = """
            spec: {template: {spec: {containers: [{name: web, image: a, env: [{name: M, value: x}]}]}}}
            metadata:
              labels: {app: shop, tier: hand}
              managedFields:
              - manager: kubectl-set
                operation: Update
                time: "2026-01-01T00:00:02Z"
                fieldsV1: {"f:spec": {"f:template": {"f:spec": {"f:containers": {'k:{"name":"web"}': {"f:image": {}}}}}}, "f:metadata": {"f:labels": {"f:tier": {}}}}
              - manager: trimtab-demo
                operation: Apply
                time: "2026-01-01T00:00:01Z"
                fieldsV1: {"f:spec": {"f:template": {"f:spec": {"f:containers": {'k:{"name":"web"}': {".": {}, "f:name": {}, "f:env": {'k:{"name":"M"}': {".": {}, "f:name": {}, "f:value": {}}}}}}}}, "f:metadata": {"f:labels": {"f:app": {}}}}
            """;

    @Test
    void liveValueOfSomebodyElseNamesItsManager() {
        ObjectNode live = object(MANAGED);
        ObjectNode answer = live.deepCopy();
        ObjectNode container = (ObjectNode) answer.path("spec")
                .path("template")
                .path("spec")
                .path("containers")
                .get(0);
        container.put("image", "b");
        ((ObjectNode) container.path("env").get(0)).put("value", "y");
        ((ObjectNode) answer.path("metadata").path("labels")).put("tier", "git").put("app", "git");

        List<FieldChange> changes = changes("apps/v1", "Deployment", live, answer);

        assertThat(changes)
                .extracting(FieldChange::path, change -> change.liveManager().orElse("-"))
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("spec.template.spec.containers[web].image", "kubectl-set"),
                        org.assertj.core.groups.Tuple.tuple("spec.template.spec.containers[web].env[M].value", "-"),
                        org.assertj.core.groups.Tuple.tuple("metadata.labels[tier]", "kubectl-set"),
                        org.assertj.core.groups.Tuple.tuple("metadata.labels[app]", "-"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "v1 | Secret | data: {a: hunter2} | data: {a: hunter3} | true",
                "v1 | Secret | data: {a: hunter2} | {} | true",
                "v1 | Secret | {} | data: {a: hunter2} | true",
                "v1 | Secret | {} | stringData: {a: hunter2} | true",
                "v1 | Secret | metadata: {labels: {a: x}} | metadata: {labels: {a: y}} | false",
                "v1 | ConfigMap | data: {a: x} | data: {a: y} | false",
                "v1 | ConfigMap | data: {db-password: hunter2} | data: {db-password: hunter3} | true",
                "apps/v1 | Deployment | spec: {env: [{name: API_TOKEN, value: hunter2}]} | spec: {env: [{name: API_TOKEN, value: hunter3}]} | true",
                "apps/v1 | Deployment | spec: {env: [{name: MODE, value: a}]} | spec: {env: [{name: MODE, value: b}]} | false",
                "v1 | ConfigMap | metadata: {annotations: {kubectl.kubernetes.io/last-applied-configuration: hunter2}} | {} | true",
            })
    void secretValuesAreNotTold(String apiVersion, String kind, String before, String after, boolean masked) {
        List<FieldChange> changes = changes(apiVersion, kind, object(before), object(after));

        assertThat(changes).hasSize(1);
        assertThat(changes.get(0).masked()).isEqualTo(masked);
        assertThat(changes.toString()).doesNotContain("hunter");
        if (masked) {
            assertThat(changes.get(0).before()).isEmpty();
            assertThat(changes.get(0).after()).isEmpty();
        }
    }

    @ParameterizedTest(name = "{0} is secret: {1}")
    @CsvSource({
        "KUBOARD_AGENT_KEY, true",
        "agentKey,          true",
        "signing.key,       true",
        "KEY,               true",
        "WIREGUARD_PSK,     true",
        "PUBLIC_KEY,        false",
        "publicKey,         false",
        "SORT_KEY,          false",
        "sortKey,           false",
        "DYNAMO_PARTITION_KEY, false",
        "foreign.key,       false",
        "topologyKey,       false",
        "NODE_LABEL_KEY,    false",
        "SECRET_SORT_KEY,   true",
        "API_KEY,           true",
        "apikey,            true",
        "ACCESS_KEY,        true",
        "AWS_SECRET_ACCESS_KEY, true",
        "PRIVATE_KEY,       true",
        "secretKey,         true",
        "ENCRYPTION_KEY,    true",
        "encryption.key,    true",
        "COSMOS_PRIMARY_KEY, true",
        "ROUTING_KEY,       true",
        "CACHE_KEY,         true",
        "HASH_KEY,          true",
        "MONKEY,            false",
        "KEYSPACE,          false",
    })
    void aVariableIsSecretByItsName(String name, boolean secret) {
        String pod = "spec: {containers: [{name: web, env: [{name: %s, value: %s}]}]}";

        List<FieldChange> changes =
                changes("v1", "Pod", object(pod.formatted(name, "a")), object(pod.formatted(name, "b")));

        assertThat(changes)
                .singleElement()
                .satisfies(change -> assertThat(change.masked()).isEqualTo(secret));
    }

    @Test
    void secretsInsideALargerValueAreNotTold() {
        List<FieldChange> changes = changes(
                "apps/v1",
                "Deployment",
                object("spec: {containers: []}"),
                object(
                        "spec: {containers: [{name: web, env: [{name: PASSWORD, value: hunter2}, {name: MODE, value: x}]}]}"));

        assertThat(changes.toString())
                .doesNotContain("hunter2")
                .contains("MODE")
                .contains("***");
    }

    private static List<FieldChange> changes(String apiVersion, String kind, ObjectNode live, JsonNode answer) {
        live.put("apiVersion", apiVersion).put("kind", kind);
        ObjectNode next = ((ObjectNode) answer).put("apiVersion", apiVersion).put("kind", kind);
        return FieldChanges.of(ObjectKey.of(next), live, next, FieldChange.Origin.GIT, "trimtab-demo");
    }
}
