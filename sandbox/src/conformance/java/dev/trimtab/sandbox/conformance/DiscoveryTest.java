package dev.trimtab.sandbox.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is served, as clients find it out: document by document, or all in one. */
@Conformance
final class DiscoveryTest {

    private static final String AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

    private final Api api;

    DiscoveryTest(Api api) {
        this.api = api;
    }

    private static JsonNode named(JsonNode list, String pointer, String name) {
        for (JsonNode each : list) {
            if (each.at(pointer).asText().equals(name)) {
                return each;
            }
        }
        return MissingNode.getInstance();
    }

    private static List<String> sorted(JsonNode texts) {
        List<String> list = new ArrayList<>();
        texts.forEach(text -> list.add(text.asText()));
        return list.stream().sorted().toList();
    }

    @Test
    void theCoreGroupHasOneVersion() {
        Answer versions = api.get("/api").ok();

        assertThat(versions.text("/kind")).isEqualTo("APIVersions");
        assertThat(versions.at("/versions")).isEqualTo(Api.tree("[v1]"));
    }

    @Test
    void everyOtherGroupNamesItsPreferredVersion() {
        Answer groups = api.get("/apis").ok();

        assertThat(groups.text("/kind")).isEqualTo("APIGroupList");
        assertThat(groups.at("/groups").findValuesAsText("name"))
                .contains(
                        "apps",
                        "batch",
                        "autoscaling",
                        "policy",
                        "networking.k8s.io",
                        "rbac.authorization.k8s.io",
                        "coordination.k8s.io",
                        "discovery.k8s.io",
                        "apiextensions.k8s.io");
        assertThat(named(groups.at("/groups"), "/name", "policy")).isEqualTo(Api.tree("""
                        name: policy
                        versions: [{groupVersion: policy/v1, version: v1}]
                        preferredVersion: {groupVersion: policy/v1, version: v1}
                        """));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /api/v1                            | configmaps                  | ConfigMap               | true  | cm
            /api/v1                            | pods                        | Pod                     | true  | po
            /api/v1                            | services                    | Service                 | true  | svc
            /api/v1                            | namespaces                  | Namespace               | false | ns
            /api/v1                            | nodes                       | Node                    | false | no
            /apis/apps/v1                      | deployments                 | Deployment              | true  | deploy
            /apis/apps/v1                      | statefulsets                | StatefulSet             | true  | sts
            /apis/batch/v1                     | cronjobs                    | CronJob                 | true  | cj
            /apis/policy/v1                    | poddisruptionbudgets        | PodDisruptionBudget     | true  | pdb
            /apis/autoscaling/v2               | horizontalpodautoscalers    | HorizontalPodAutoscaler | true  | hpa
            /apis/networking.k8s.io/v1         | ingresses                   | Ingress                 | true  | ing
            /apis/apiextensions.k8s.io/v1      | customresourcedefinitions   | CustomResourceDefinition | false | crd
            """)
    void aVersionListsItsResources(String path, String plural, String kind, boolean namespaced, String shortName) {
        JsonNode resource = named(api.get(path).ok().at("/resources"), "/name", plural);

        assertThat(resource.path("kind").asText()).isEqualTo(kind);
        assertThat(resource.path("singularName").asText()).isEqualTo(kind.toLowerCase(Locale.ROOT));
        assertThat(resource.path("namespaced").asBoolean()).isEqualTo(namespaced);
        assertThat(resource.path("shortNames").path(0).asText()).isEqualTo(shortName);
        assertThat(sorted(resource.path("verbs")))
                .contains("create", "delete", "get", "list", "patch", "update", "watch");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /api/v1                | pods/eviction        | policy/v1 Eviction    | create
            /api/v1                | pods/binding         | / Binding             | create
            /api/v1                | pods/status          | / Pod                 | get, patch, update
            /api/v1                | pods/resize          | / Pod                 | get, patch, update
            /api/v1                | namespaces/finalize  | / Namespace           | update
            /apis/apps/v1          | deployments/scale    | autoscaling/v1 Scale  | get, patch, update
            /apis/apps/v1          | deployments/status   | / Deployment          | get, patch, update
            """)
    void subresourcesSayTheirOwnKindAndVerbs(String path, String name, String kind, String verbs) {
        JsonNode resource = named(api.get(path).ok().at("/resources"), "/name", name);

        assertThat(resource.path("group").asText() + "/"
                        + resource.path("version").asText() + " "
                        + resource.path("kind").asText())
                .isEqualTo(kind);
        assertThat(String.join(", ", sorted(resource.path("verbs")))).isEqualTo(verbs);
    }

    @Test
    void oneDocumentHasAllGroups() {
        Answer all = api.get("/apis", AGGREGATED + ",application/json").ok();

        assertThat(all.contentType()).isEqualTo(AGGREGATED);
        assertThat(all.text("/kind")).isEqualTo("APIGroupDiscoveryList");
        assertThat(all.text("/apiVersion")).isEqualTo("apidiscovery.k8s.io/v2");
        JsonNode apps = named(all.at("/items"), "/metadata/name", "apps");
        assertThat(apps.at("/versions/0/version").asText()).isEqualTo("v1");
        assertThat(apps.at("/versions/0/freshness").asText()).isEqualTo("Current");
        JsonNode deployments = named(apps.at("/versions/0/resources"), "/resource", "deployments");
        assertThat(deployments.path("scope").asText()).isEqualTo("Namespaced");
        assertThat(deployments.path("singularResource").asText()).isEqualTo("deployment");
        assertThat(deployments.at("/responseKind/kind").asText()).isEqualTo("Deployment");
        assertThat(deployments.path("shortNames")).isEqualTo(Api.tree("[deploy]"));
        assertThat(deployments.path("categories")).isEqualTo(Api.tree("[all]"));
        JsonNode scale = named(deployments.path("subresources"), "/subresource", "scale");
        assertThat(scale.path("responseKind")).isEqualTo(Api.tree("{group: autoscaling, version: v1, kind: Scale}"));
        assertThat(sorted(scale.path("verbs"))).containsExactly("get", "patch", "update");
    }

    /** A kind of the resource's own group and version is said by its name alone. */
    @Test
    void builtInKindsOfTheSameGroupLeaveItEmpty() {
        Answer all = api.get("/api", AGGREGATED).ok();

        assertThat(all.at("/items")).hasSize(1);
        assertThat(all.at("/items/0/metadata").has("name")).isFalse();
        JsonNode pods = named(all.at("/items/0/versions/0/resources"), "/resource", "pods");
        assertThat(pods.path("responseKind")).isEqualTo(Api.tree("{group: '', version: '', kind: Pod}"));
        assertThat(named(pods.path("subresources"), "/subresource", "eviction").path("responseKind"))
                .isEqualTo(Api.tree("{group: policy, version: v1, kind: Eviction}"));
    }

    @Test
    void whoAsksForJsonGetsTheOldDocument() {
        assertThat(api.get("/apis").ok().contentType()).isEqualTo("application/json");
    }

    @Test
    void anAbsentGroupIsNotFound() {
        assertThat(api.get("/apis/absent.example.com").code()).isEqualTo(404);
        assertThat(api.get("/apis/apps/v9").code()).isEqualTo(404);
    }

    @Test
    void theVersionAndHealthAreServed() {
        assertThat(api.get("/version").ok().text("/gitVersion")).startsWith("v1.");
        for (String path : List.of("/healthz", "/livez", "/readyz")) {
            assertThat(api.get(path).ok().body()).isEqualTo("ok");
        }
    }
}
