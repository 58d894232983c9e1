package dev.trimtab.sandbox.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.sandbox.api.http.HttpCaller.Answer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpVerbsTest extends ServerTest {

    @Test
    void createSetsWhatOnlyTheServerSays() {
        Answer created = http.post(core("configmaps"), configMap("a", "1"));
        assertThat(created.code()).isEqualTo(201);
        assertThat(created.text("/metadata/uid")).hasSize(36);
        assertThat(created.text("/metadata/namespace")).isEqualTo(namespace);
        assertThat(created.text("/metadata/creationTimestamp")).endsWith("Z");
        assertThat(created.text("/metadata/managedFields/0/manager")).isEqualTo("test");
        assertThat(created.at("/metadata/generation").isMissingNode()).isTrue();
    }

    @Test
    void generateNameAppendsFiveLetters() {
        Answer created = http.post(core("configmaps"), "{\"metadata\":{\"generateName\":\"a-\"}}");
        assertThat(created.text("/metadata/name")).matches("a-[a-z0-9]{5}");
    }

    @Test
    void aTakenNameIsRefused() {
        http.post(core("configmaps"), configMap("a", "1"));
        Answer second = http.post(core("configmaps"), configMap("a", "2"));
        assertThat(second.code()).isEqualTo(409);
        assertThat(second.text("/reason")).isEqualTo("AlreadyExists");
        assertThat(second.text("/message")).isEqualTo("configmaps \"a\" already exists");
    }

    @Test
    void anAbsentNamespaceIsNamed() {
        Answer answer = http.post("/api/v1/namespaces/nope/configmaps", configMap("a", "1"));
        assertThat(answer.code()).isEqualTo(404);
        assertThat(answer.text("/details/kind")).isEqualTo("namespaces");
        assertThat(answer.text("/details/name")).isEqualTo("nope");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/apis/example.com/v1/namespaces/default/widgets/a", "/nothing"})
    void anUnknownPathIsPlainText(String path) {
        Answer answer = http.get(path);
        assertThat(answer.code()).isEqualTo(404);
        assertThat(answer.body()).isEqualTo("404 page not found\n");
    }

    @Test
    void aWriteThatChangesNothingKeepsTheVersion() {
        String version = http.post(core("configmaps"), configMap("a", "1")).version();
        Answer patched = http.merge(core("configmaps/a"), "{\"data\":{\"key\":\"1\"}}");
        assertThat(patched.version()).isEqualTo(version);
        String applied =
                http.apply(core("configmaps/a"), "m", configMap("a", "1")).version();
        assertThat(http.apply(core("configmaps/a"), "m", configMap("a", "1")).version())
                .isEqualTo(applied);
    }

    @Test
    void aStaleVersionIsAConflict() {
        Answer created = http.post(core("configmaps"), configMap("a", "1"));
        http.merge(core("configmaps/a"), "{\"data\":{\"key\":\"2\"}}");
        Answer answer = http.put(core("configmaps/a"), created.body());
        assertThat(answer.code()).isEqualTo(409);
        assertThat(answer.text("/reason")).isEqualTo("Conflict");
        assertThat(answer.text("/message"))
                .isEqualTo("Operation cannot be fulfilled on configmaps \"a\": the object has been modified; please"
                        + " apply your changes to the latest version and try again");
    }

    @Test
    void dryRunAnswersAndWritesNothing() {
        assertThat(http.post(core("configmaps") + "?dryRun=All", configMap("a", "1"))
                        .code())
                .isEqualTo(201);
        assertThat(http.get(core("configmaps/a")).code()).isEqualTo(404);
        assertThat(http.apply(core("configmaps/a") + "?dryRun=All", "m", configMap("a", "1"))
                        .code())
                .isEqualTo(201);
        assertThat(http.get(core("configmaps/a")).code()).isEqualTo(404);

        String version = http.post(core("configmaps"), configMap("a", "1")).version();
        Answer patched = http.merge(core("configmaps/a") + "?dryRun=All", "{\"data\":{\"key\":\"2\"}}");
        assertThat(patched.text("/data/key")).isEqualTo("2");
        http.delete(core("configmaps/a") + "?dryRun=All", "");
        Answer stored = http.get(core("configmaps/a"));
        assertThat(stored.text("/data/key")).isEqualTo("1");
        assertThat(stored.version()).isEqualTo(version);
    }

    @Test
    void generationCountsChangesOfTheDesiredStateOnly() {
        http.post(apps("deployments"), deployment("web", "demo/app:1.0"));
        assertThat(http.merge(apps("deployments/web"), "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}")
                        .at("/metadata/generation")
                        .asInt())
                .isEqualTo(1);
        assertThat(http.merge(apps("deployments/web"), "{\"metadata\":{\"annotations\":{\"a\":\"b\"}}}")
                        .at("/metadata/generation")
                        .asInt())
                .isEqualTo(2);
        assertThat(http.merge(apps("deployments/web/status"), "{\"status\":{\"replicas\":3}}")
                        .at("/metadata/generation")
                        .asInt())
                .isEqualTo(2);
        assertThat(http.merge(apps("deployments/web"), "{\"spec\":{\"replicas\":3}}")
                        .at("/metadata/generation")
                        .asInt())
                .isEqualTo(3);
    }

    @Test
    void statusAndSpecAreWrittenApart() {
        http.post(apps("deployments"), deployment("web", "demo/app:1.0"));
        Answer status =
                http.merge(apps("deployments/web/status"), "{\"spec\":{\"replicas\":7},\"status\":{\"replicas\":3}}");
        assertThat(status.at("/spec/replicas").asInt()).isEqualTo(1);
        assertThat(status.at("/status/replicas").asInt()).isEqualTo(3);
        Answer spec = http.merge(apps("deployments/web"), "{\"spec\":{\"replicas\":7},\"status\":{\"replicas\":0}}");
        assertThat(spec.at("/spec/replicas").asInt()).isEqualTo(7);
        assertThat(spec.at("/status/replicas").asInt()).isEqualTo(3);
    }

    @Test
    void scaleIsItsOwnOwner() {
        http.apply(apps("deployments/web"), "gitops", deployment("web", "demo/app:1.0"));
        Answer scaled = http.merge(apps("deployments/web/scale") + "?fieldManager=hand", "{\"spec\":{\"replicas\":5}}");
        assertThat(scaled.text("/kind")).isEqualTo("Scale");
        assertThat(scaled.text("/status/selector")).isEqualTo("app=web");
        Answer deployment = http.get(apps("deployments/web"));
        assertThat(deployment.at("/spec/replicas").asInt()).isEqualTo(5);
        assertThat(deployment.at("/metadata/managedFields")).anySatisfy(entry -> {
            assertThat(entry.path("manager").asText()).isEqualTo("hand");
            assertThat(entry.path("subresource").asText()).isEqualTo("scale");
        });
    }

    @Test
    void applyMakesAndChangesInOnePatch() {
        assertThat(http.apply(core("configmaps/a"), "m", configMap("a", "1")).code())
                .isEqualTo(201);
        Answer second = http.apply(core("configmaps/a"), "m", "apiVersion: v1\nkind: ConfigMap\ndata:\n  other: '2'\n");
        assertThat(second.code()).isEqualTo(200);
        assertThat(second.at("/data").toString()).isEqualTo("{\"other\":\"2\"}");
    }

    @Test
    void applyNamesWhomItWouldOverrule() {
        http.apply(core("configmaps/a"), "one", configMap("a", "1"));
        Answer answer = http.apply(core("configmaps/a"), "two", configMap("a", "2"));
        assertThat(answer.code()).isEqualTo(409);
        assertThat(answer.text("/reason")).isEqualTo("Conflict");
        assertThat(answer.text("/details/causes/0/reason")).isEqualTo("FieldManagerConflict");
        assertThat(answer.text("/details/causes/0/field")).isEqualTo(".data.key");
        assertThat(http.apply(core("configmaps/a") + "?force=true", "two", configMap("a", "2"))
                        .code())
                .isEqualTo(200);
    }

    @Test
    void applyWantsAManager() {
        Answer answer =
                http.send("PATCH", core("configmaps/a"), "application/apply-patch+yaml", configMap("a", "1"), "*/*");
        assertThat(answer.code()).isEqualTo(422);
        assertThat(answer.text("/details/causes/0/field")).isEqualTo("fieldManager");
    }

    @Test
    void anUnknownFieldIsTheUsersFaultThatLooksLikeTheServers() {
        String body = deployment("web", "demo/app:1.0").replace("\"selector\"", "\"replica\": 3, \"selector\"");
        Answer applied = http.apply(apps("deployments/web"), "m", body);
        assertThat(applied.code()).isEqualTo(500);
        assertThat(applied.text("/message"))
                .contains("failed to create typed patch object")
                .contains(".spec.replica");

        Answer strict = http.post(apps("deployments") + "?fieldValidation=Strict", body);
        assertThat(strict.code()).isEqualTo(400);
        assertThat(strict.text("/message")).contains("strict decoding error: unknown field \"spec.replica\"");

        Answer warned = http.post(apps("deployments") + "?fieldValidation=Warn", body);
        assertThat(warned.code()).isEqualTo(201);
        assertThat(warned.warnings()).containsExactly("299 - \"unknown field \\\"spec.replica\\\"\"");
        assertThat(warned.at("/spec/replica").isMissingNode()).isTrue();
    }

    @Test
    void deletionWaitsForFinalizers() {
        http.post(core("configmaps"), "{\"metadata\":{\"name\":\"a\",\"finalizers\":[\"example.com/wait\"]}}");
        Answer deleted = http.delete(core("configmaps/a"), "");
        assertThat(deleted.at("/metadata/deletionTimestamp").isTextual()).isTrue();
        assertThat(http.get(core("configmaps/a")).code()).isEqualTo(200);
        Answer added = http.merge(
                core("configmaps/a"), "{\"metadata\":{\"finalizers\":[\"example.com/wait\",\"example.com/more\"]}}");
        assertThat(added.code()).isEqualTo(422);
        http.merge(core("configmaps/a"), "{\"metadata\":{\"finalizers\":null}}");
        assertThat(http.get(core("configmaps/a")).code()).isEqualTo(404);
    }

    @Test
    void aWrongUidIsNotDeleted() {
        http.post(core("configmaps"), configMap("a", "1"));
        Answer answer = http.delete(core("configmaps/a"), "{\"preconditions\":{\"uid\":\"other\"}}");
        assertThat(answer.code()).isEqualTo(409);
        assertThat(http.get(core("configmaps/a")).code()).isEqualTo(200);
    }

    @Test
    void aScheduledPodIsGivenItsGrace() {
        http.post(core("pods"), pod("p"));
        http.post(core("pods/p/binding"), "{\"target\":{\"kind\":\"Node\",\"name\":\"node-1\"}}");
        Answer deleted = http.delete(core("pods/p"), "");
        assertThat(deleted.at("/metadata/deletionGracePeriodSeconds").asInt()).isEqualTo(30);
        http.delete(core("pods/p"), "{\"gracePeriodSeconds\":0}");
        assertThat(http.get(core("pods/p")).code()).isEqualTo(404);
    }

    @Test
    void aPodIsBoundOnce() {
        http.post(core("pods"), pod("p"));
        String binding = "{\"target\":{\"kind\":\"Node\",\"name\":\"node-1\"}}";
        assertThat(http.post(core("pods/p/binding"), binding).code()).isEqualTo(201);
        Answer again = http.post(core("pods/p/binding"), binding);
        assertThat(again.code()).isEqualTo(409);
        assertThat(http.get(core("pods/p")).at("/metadata/generation").asInt()).isEqualTo(1);
    }

    @Test
    void nothingIsMadeInANamespaceThatGoes() {
        http.delete("/api/v1/namespaces/" + namespace, "");
        Answer answer = http.post(core("configmaps"), configMap("a", "1"));
        assertThat(answer.code()).isEqualTo(403);
        assertThat(answer.text("/details/causes/0/reason")).isEqualTo("NamespaceTerminating");
        Answer finalized = http.put(
                "/api/v1/namespaces/" + namespace + "/finalize",
                "{\"metadata\":{\"name\":\"" + namespace + "\"},\"spec\":{\"finalizers\":[]}}");
        assertThat(finalized.code()).isEqualTo(200);
        assertThat(http.get("/api/v1/namespaces/" + namespace).code()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    application/json-patch+json            | [{"op":"test","path":"/data/key","value":"2"}] | 422
                    application/json-patch+json            | {"a": 1}                                       | 400
                    application/merge-patch+json           | {"data": [                                     | 400
                    application/strategic-merge-patch+json | {"data": {"key": 1}}                           | 422
                    text/plain                             | x                                              | 415
                    """)
    void aPatchThatDoesNotFitIsRefused(String type, String body, int code) {
        http.post(core("configmaps"), configMap("a", "1"));
        assertThat(http.send("PATCH", core("configmaps/a"), type, body, "*/*").code())
                .isEqualTo(code);
        assertThat(http.get(core("configmaps/a")).text("/data/key")).isEqualTo("1");
    }

    @Test
    void bodiesHaveALimit() {
        Answer answer = http.post(core("configmaps"), configMap("a", "x".repeat(3 * 1024 * 1024)));
        assertThat(answer.code()).isEqualTo(413);
        Answer invalid = http.post(core("configmaps"), configMap("a", "x".repeat(1024 * 1024 + 1)));
        assertThat(invalid.code()).isEqualTo(422);
        assertThat(invalid.text("/message")).contains("Too long: may not be more than 1048576 bytes");
    }

    @Test
    void whatAPathDoesNotAllowIs405() {
        assertThat(http.delete("/api/v1/pods", "").code()).isEqualTo(405);
        assertThat(http.put(core("configmaps"), configMap("a", "1")).code()).isEqualTo(405);
        assertThat(http.post(core("configmaps/a"), configMap("a", "1")).code()).isEqualTo(405);
    }

    @Test
    void pagesComeFromOneMoment() {
        for (int i = 0; i < 5; i++) {
            http.post(core("configmaps"), configMap("m" + i, "1"));
        }
        Answer first = http.get(core("configmaps") + "?limit=2");
        assertThat(first.at("/metadata/remainingItemCount").asInt()).isEqualTo(3);
        http.delete(core("configmaps/m3"), "");
        http.post(core("configmaps"), configMap("m9", "1"));
        List<String> names = new ArrayList<>();
        Answer page = first;
        while (true) {
            page.at("/items")
                    .forEach(item -> names.add(item.at("/metadata/name").asText()));
            String token = page.text("/metadata/continue");
            assertThat(page.version()).isEqualTo(first.version());
            if (token.isEmpty()) {
                break;
            }
            page = http.get(core("configmaps") + "?limit=2&continue=" + token);
        }
        assertThat(names).containsExactly("m0", "m1", "m2", "m3", "m4");
    }

    @Test
    void listsAreSelectedByFieldsToo() {
        http.post(core("pods"), pod("a"));
        http.post(core("pods"), pod("b"));
        http.post(core("pods/b/binding"), "{\"target\":{\"name\":\"node-2\"}}");
        JsonNode items = http.get(core("pods") + "?fieldSelector=spec.nodeName%3Dnode-2,metadata.name!%3Da")
                .at("/items");
        assertThat(items).hasSize(1);
        assertThat(items.at("/0/metadata/name").asText()).isEqualTo("b");
        assertThat(http.get(core("pods") + "?fieldSelector=spec.color%3Dred").code())
                .isEqualTo(400);
    }

    @Test
    void metadataComesWithoutTheRest() {
        http.post(core("secrets"), "{\"metadata\":{\"name\":\"s\"},\"stringData\":{\"password\":\"hunter2\"}}");
        String accept = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
        Answer list = http.getAs(core("secrets"), accept);
        assertThat(list.text("/kind")).isEqualTo("PartialObjectMetadataList");
        assertThat(list.text("/items/0/kind")).isEqualTo("PartialObjectMetadata");
        assertThat(list.at("/items/0/metadata/managedFields").isArray()).isTrue();
        assertThat(list.body()).doesNotContain("data\":{\"password").doesNotContain("aHVudGVyMg");
    }

    @Test
    void deleteCollectionTakesTheSelectedOnes() {
        http.post(core("configmaps"), "{\"metadata\":{\"name\":\"a\",\"labels\":{\"x\":\"y\"}}}");
        http.post(core("configmaps"), configMap("b", "1"));
        http.delete(core("configmaps") + "?labelSelector=x", "");
        assertThat(http.get(core("configmaps")).at("/items")).hasSize(1);
    }
}
