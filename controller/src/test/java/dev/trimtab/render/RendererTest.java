package dev.trimtab.render;

import static dev.trimtab.render.Written.definition;
import static dev.trimtab.render.Written.desired;
import static dev.trimtab.render.Written.key;
import static dev.trimtab.render.Written.manifests;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.definition.Origin;
import dev.trimtab.definition.Position;
import dev.trimtab.definition.Positions;
import dev.trimtab.definition.WorkloadSet;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.source.RepoPath;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RendererTest {

    private static final String CRD = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: boats.sea.example}
            spec:
              group: sea.example
              scope: %s
              names: {kind: Boat, plural: boats}
              versions: [{name: v1, served: true, storage: true}]
            """;

    private static final String BOAT = """
            apiVersion: sea.example/v1
            kind: Boat
            metadata: {name: dory}
            """;

    @ParameterizedTest
    @CsvSource({
        "v1, ConfigMap, '', default",
        "v1, ConfigMap, shop, shop",
        "v1, Namespace, '', ''",
        "v1, Namespace, shop, ''",
        "v1, Node, '', ''",
        "apps/v1, Deployment, '', default",
        "apps.kruise.io/v1alpha1, CloneSet, '', default",
        "apps.kruise.io/v1alpha1, SidecarSet, '', ''",
        "rbac.authorization.k8s.io/v1, ClusterRole, '', ''",
        "rbac.authorization.k8s.io/v1, Role, '', default",
        "storage.k8s.io/v1, StorageClass, '', ''",
        "unknown.example/v1, Thing, '', ''",
        "unknown.example/v1, Thing, shop, shop",
    })
    void namespaceFollowsTheScopeOfTheKind(String apiVersion, String kind, String written, String expected) {
        Desired desired = desired(
                1,
                "apiVersion: " + apiVersion + "\nkind: " + kind + "\nmetadata: {name: a"
                        + (written.isEmpty() ? "" : ", namespace: " + written) + "}\n");

        DesiredObject only = desired.objects().values().iterator().next();
        assertThat(only.key().namespace().orElse("")).isEqualTo(expected);
        assertThat(only.json().path("metadata").path("namespace").asText("")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"Namespaced, default", "Cluster, ''"})
    void scopeOfACustomKindComesFromItsDefinitionInTheSameSet(String scope, String namespace) {
        Desired desired = desired(1, BOAT + "---\n" + CRD.formatted(scope));

        ObjectKey boat = key("sea.example", "Boat", namespace, "dory");
        assertThat(desired.objects()).containsKey(boat);
        assertThat(dependsOn(desired, boat))
                .containsExactly(key("apiextensions.k8s.io", "CustomResourceDefinition", "", "boats.sea.example"));
    }

    @Test
    void namespaceOfTheNearestWorkloadSetCountsForManifestsThatNameNone() {
        String config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";

        Desired desired = new Renderer()
                .render(
                        definition(
                                1,
                                manifests("workloads/shop/cart/a.yaml", config),
                                set("workloads", Optional.of("base")),
                                set("workloads/shop", Optional.of("shop"))),
                        "demo");

        assertThat(desired.objects()).containsOnlyKeys(key("", "ConfigMap", "shop", "a"));
    }

    @Test
    void whatOnlyTheServerWritesIsNotSent() {
        Desired desired = desired(1, """
                apiVersion: v1
                kind: Service
                metadata:
                  name: web
                  uid: 1-2-3
                  resourceVersion: "7"
                  generation: 2
                  creationTimestamp: null
                  managedFields: [{manager: kubectl}]
                  annotations:
                    keep: me
                    kubectl.kubernetes.io/last-applied-configuration: "{}"
                spec: {ports: [{port: 80}]}
                status: {loadBalancer: {}}
                """);

        ObjectNode json = desired.objects().values().iterator().next().json();
        assertThat(json.has("status")).isFalse();
        assertThat(names(json.path("metadata")))
                .containsExactlyInAnyOrder("name", "namespace", "labels", "annotations");
        assertThat(names(json.path("metadata").path("annotations"))).containsExactly("keep");
        assertThat(json.path("metadata").path("labels").path("trimtab.dev/sync").asText())
                .isEqualTo("demo");
    }

    @Test
    void manifestsAreNotChangedByRendering() {
        var written = manifests("a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\nstatus: {}\n");
        ObjectNode before = written.get(0).json().deepCopy();

        new Renderer().render(definition(1, written), "demo");

        assertThat((JsonNode) written.get(0).json()).isEqualTo(before);
    }

    @Test
    void stringDataIsSentAsData() {
        Desired desired = desired(1, """
                apiVersion: v1
                kind: Secret
                metadata: {name: db}
                data: {user: YWRh, password: b2xk}
                stringData: {password: new}
                """);

        ObjectNode json = desired.objects().values().iterator().next().json();
        assertThat(json.has("stringData")).isFalse();
        assertThat(json.path("data").path("user").asText()).isEqualTo("YWRh");
        assertThat(json.path("data").path("password").asText()).isEqualTo("bmV3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"stringData: {a: 1}", "stringData: text", "stringData: {a: b}\ndata: text"})
    void stringDataOfAnotherShapeIsRefused(String data) {
        assertThat(refusal("apiVersion: v1\nkind: Secret\nmetadata: {name: db}\n" + data + "\n"))
                .containsExactly(RenderCode.SECRET_NOT_READABLE);
    }

    /** Owned, it would be lost to the first annotation that comes and goes, and that would look like drift. */
    @Test
    void anEmptyMapOfAnnotationsIsNotSent() {
        String one = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, annotations: {}}}\n";

        assertThat(digest(desired(1, one))).isEqualTo(digest(desired(2, one.replace(", annotations: {}", ""))));
    }

    @Test
    void digestIsThatOfWhatIsSentAndNotOfHowItWasWritten() {
        String one = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: '1', y: '2'}\n";
        String other =
                "kind: ConfigMap\napiVersion: v1\ndata: {y: '2', x: '1'}\nmetadata: {namespace: default, name: a}\n";

        assertThat(digest(desired(1, one))).isEqualTo(digest(desired(2, other)));
        assertThat(digest(desired(1, one))).isNotEqualTo(digest(desired(1, one.replace("'2'", "'3'"))));
    }

    @Test
    void objectsDependOnTheirNamespaceOnlyWhereItIsInTheSet() {
        String config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: shop}\n";
        String namespace = "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n";

        ObjectKey a = key("", "ConfigMap", "shop", "a");
        assertThat(dependsOn(desired(1, config), a)).isEmpty();
        assertThat(dependsOn(desired(1, config + namespace), a)).containsExactly(key("", "Namespace", "", "shop"));
    }

    @ParameterizedTest
    @CsvSource({
        "ConfigMap/b, default, b",
        "'ConfigMap/b, ConfigMap/other/c', other, c",
        "ClusterRole/r, '', r",
    })
    void annotationNamesFurtherDependencies(String annotation, String namespace, String name) {
        Desired desired = desired(1, depending("a", annotation) + others());

        assertThat(dependsOn(desired, key("", "ConfigMap", "default", "a")))
                .anyMatch(on ->
                        on.name().equals(name) && on.namespace().orElse("").equals(namespace));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ConfigMap/nothing", "ConfigMap/other/b", "b", "ConfigMap/c", "a/b/c/d"})
    void dependencyOnWhatIsNotInGitIsRefused(String annotation) {
        assertThat(refusal(depending("a", annotation) + others())).containsExactly(RenderCode.UNKNOWN_DEPENDENCY);
    }

    @Test
    void circlesOfDependenciesAreRefusedAndNamed() {
        String circle = depending("a", "ConfigMap/b") + "---\n" + depending("b", "ConfigMap/a");

        assertThat(refusal(circle)).containsExactly(RenderCode.DEPENDENCY_CYCLE);
        assertThatThrownBy(() -> desired(1, circle))
                .hasMessageContaining("ConfigMap default/a -> ConfigMap default/b -> ConfigMap default/a");
    }

    @Test
    void oneObjectWrittenWithAndWithoutItsNamespaceIsRefused() {
        assertThat(refusal("""
                        apiVersion: v1
                        kind: ConfigMap
                        metadata: {name: a}
                        ---
                        apiVersion: v1
                        kind: ConfigMap
                        metadata: {name: a, namespace: default}
                        """)).containsExactly(RenderCode.DEFINED_TWICE);
    }

    @Test
    void objectsWithoutANameAreRefusedWithTheirPlace() {
        assertThatThrownBy(() -> desired(1, "apiVersion: v1\nkind: Pod\nmetadata: {generateName: a-}\n"))
                .hasMessage("app.yaml:1:1: error: Pod has no metadata.name [RND001]");
    }

    @Test
    void whatRenderingWouldRefuseIsAProblemOfTheDefinition() {
        var twice = definition(1, manifests("a.yaml", others() + others()));

        assertThat(new Renderer().check(twice).refused()).isTrue();
        assertThat(new Renderer().check(twice).problems())
                .extracting(problem -> problem.code())
                .containsOnly(RenderCode.DEFINED_TWICE)
                .hasSize(3);
        var once = definition(1, manifests("a.yaml", others()));
        assertThat(new Renderer().check(once)).isEqualTo(once);
    }

    private static Set<ObjectKey> dependsOn(Desired desired, ObjectKey key) {
        return Objects.requireNonNull(desired.objects().get(key)).dependsOn();
    }

    private static List<Object> refusal(String yaml) {
        RenderException refusal = catchThrowableOfType(RenderException.class, () -> desired(1, yaml));
        return refusal.problems().stream()
                .<Object>map(problem -> problem.code())
                .toList();
    }

    private static String depending(String name, String on) {
        return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + name
                + ", annotations: {trimtab.dev/depends-on: \"" + on + "\"}}\n";
    }

    private static String others() {
        return """
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: b}
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: c, namespace: other}
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: ClusterRole
                metadata: {name: r}
                """;
    }

    private static WorkloadSet set(String path, Optional<String> namespace) {
        Positions positions = Positions.of(new Position(new RepoPath("set.yaml"), 1, 1));
        return new WorkloadSet(
                Optional.empty(), new RepoPath(path), namespace, 0, true, List.of(), new Origin(positions, ""));
    }

    private static Digest digest(Desired desired) {
        return desired.objects().values().iterator().next().digest();
    }

    private static List<String> names(JsonNode object) {
        return object.properties().stream().map(Map.Entry::getKey).toList();
    }
}
