package dev.trimtab.render;

import static dev.trimtab.render.Written.definition;
import static dev.trimtab.render.Written.desired;
import static dev.trimtab.render.Written.manifests;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.trimtab.definition.Problem;
import dev.trimtab.kube.ObjectKey;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DependenciesTest {

    private static final String NAMED = """
            {apiVersion: v1, kind: ConfigMap, metadata: {name: n}}
            ---
            {apiVersion: v1, kind: Secret, metadata: {name: n}}
            ---
            {apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: n}}
            ---
            {apiVersion: v1, kind: ServiceAccount, metadata: {name: n}}
            ---
            {apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: n}}
            ---
            {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: n}}
            ---
            {apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: n}}
            ---
            {apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: n}}
            ---
            {apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: {name: n}}
            ---
            {apiVersion: node.k8s.io/v1, kind: RuntimeClass, metadata: {name: n}}
            ---
            {apiVersion: gateway.networking.k8s.io/v1, kind: GatewayClass, metadata: {name: n}}
            ---
            """;

    static Stream<Arguments> references() {
        return Stream.of(
                pod("volumes: [{name: v, configMap: {name: n}}]", "ConfigMap"),
                pod("volumes: [{name: v, secret: {secretName: n}}]", "Secret"),
                pod("volumes: [{name: v, persistentVolumeClaim: {claimName: n}}]", "PersistentVolumeClaim"),
                pod("volumes: [{name: v, projected: {sources: [{secret: {name: n}}]}}]", "Secret"),
                pod("volumes: [{name: v, projected: {sources: [{configMap: {name: n}}]}}]", "ConfigMap"),
                pod("volumes: [{name: v, configMap: {name: n, optional: true}}]", ""),
                pod("imagePullSecrets: [{name: n}]", "Secret"),
                pod("serviceAccountName: n", "ServiceAccount"),
                pod("priorityClassName: n", "PriorityClass"),
                pod("runtimeClassName: n", "RuntimeClass"),
                pod("initContainers: [{name: i, envFrom: [{configMapRef: {name: n}}]}]", "ConfigMap"),
                pod("initContainers: [{name: i, envFrom: [{secretRef: {name: n}}]}]", "Secret"),
                pod(
                        "initContainers: [{name: i, env: [{name: A, valueFrom: {secretKeyRef: {name: n, key: k}}}]}]",
                        "Secret"),
                pod(
                        "initContainers: [{name: i, env: [{name: A, valueFrom: {configMapKeyRef: {name: n, key: k}}}]}]",
                        "ConfigMap"),
                arguments(
                        "{apiVersion: batch/v1, kind: CronJob, metadata: {name: x}, spec: {jobTemplate: {spec: {template:"
                                + " {spec: {containers: [{name: c}], serviceAccountName: n}}}}}}",
                        "ServiceAccount"),
                arguments(
                        "{apiVersion: apps.kruise.io/v1alpha1, kind: CloneSet, metadata: {name: x}, spec: {template: {spec:"
                                + " {containers: [{name: c, envFrom: [{secretRef: {name: n}}]}]}}}}",
                        "Secret"),
                arguments(
                        "{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: x}, spec: {volumeClaimTemplates:"
                                + " [{spec: {storageClassName: n}}]}}",
                        "StorageClass"),
                arguments(
                        "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: x}, spec: {storageClassName: n}}",
                        "StorageClass"),
                arguments(
                        "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: x}, spec: {ingressClassName: n}}",
                        "IngressClass"),
                arguments(
                        "{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: x}, spec:"
                                + " {gatewayClassName: n}}",
                        "GatewayClass"),
                arguments(
                        "{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: x}, roleRef:"
                                + " {kind: Role, name: n}}",
                        "Role"),
                arguments(
                        "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: x},"
                                + " roleRef: {kind: ClusterRole, name: n}}",
                        "ClusterRole"),
                arguments("{apiVersion: v1, kind: Service, metadata: {name: x}, spec: {selector: {app: n}}}", ""));
    }

    private static Arguments pod(String field, String kind) {
        return arguments(
                "{apiVersion: apps/v1, kind: Deployment, metadata: {name: x}, spec: {template: {spec: {containers:"
                        + " [{name: c}], " + field + "}}}}",
                kind);
    }

    @ParameterizedTest(name = "{1}: {0}")
    @MethodSource("references")
    void whatASpecificationNamesComesFirst(String object, String kind) {
        assertThat(dependenciesOfX(NAMED + object)).isEqualTo(kind.isEmpty() ? Set.of() : Set.of(kind));
    }

    @Test
    void rightsOfAServiceAccountComeBeforeThePodsThatUseThem() {
        String binding = "---\n{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: b},"
                + " roleRef: {kind: Role, name: n}, subjects: [{kind: ServiceAccount, name: n}]}\n";
        String pod = "{apiVersion: v1, kind: Pod, metadata: {name: x}, spec: {serviceAccountName: n, containers:"
                + " [{name: c}]}}\n";

        assertThat(dependenciesOfX(NAMED + pod + binding)).isEqualTo(Set.of("ServiceAccount", "RoleBinding"));
    }

    @Test
    void onlyWhatTheAnnotationNamesMustBeHealthy() {
        DesiredObject x = x(NAMED
                + "{apiVersion: v1, kind: Pod, metadata: {name: x, annotations: {trimtab.dev/depends-on: Secret/n}},"
                + " spec: {serviceAccountName: n, containers: [{name: c}]}}");

        assertThat(x.dependsOn()).extracting(ObjectKey::kind).containsExactlyInAnyOrder("ServiceAccount", "Secret");
        assertThat(x.awaits()).extracting(ObjectKey::kind).containsExactly("Secret");
    }

    @ParameterizedTest
    @CsvSource({
        "ConfigMap/n",
        "ConfigMap/default/n",
        "storage.k8s.io/StorageClass/n",
        "rbac.authorization.k8s.io/Role/default/n",
        "'Secret/n , ConfigMap/n'"
    })
    void annotationNamesObjectsWithOrWithoutGroupAndNamespace(String annotation) {
        assertThat(x(NAMED + configMap("trimtab.dev/depends-on: '" + annotation + "'"))
                        .awaits())
                .hasSize(annotation.split(",").length);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"apps/ConfigMap/n", "ConfigMap/elsewhere/n", "n", "/", "a/b/c/d/e", "ConfigMap/n, Secret/m"})
    void whatTheAnnotationNamesMustBeInGit(String annotation) {
        assertThat(problems(NAMED + configMap("trimtab.dev/depends-on: '" + annotation + "'")))
                .extracting(Problem::code)
                .containsExactly(RenderCode.UNKNOWN_DEPENDENCY);
    }

    @Test
    void waveIsAnInteger() {
        assertThat(x(configMap("trimtab.dev/wave: '-3'")).wave()).isEqualTo(-3);
        assertThat(x(configMap("a.example/b: c")).wave()).isZero();
        assertThat(problems(configMap("trimtab.dev/wave: early")))
                .extracting(Problem::code)
                .containsExactly(RenderCode.WAVE_NOT_A_NUMBER);
    }

    @Test
    void nothingMayDependOnALaterWave() {
        String late =
                "{apiVersion: v1, kind: Namespace, metadata: {name: shop, annotations: {trimtab.dev/wave: '2'}}}\n";

        List<Problem> problems =
                problems(late + "---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: x, namespace: shop}}\n");

        assertThat(problems).extracting(Problem::code).containsExactly(RenderCode.DEPENDENCY_OF_LATER_WAVE);
        assertThat(problems.get(0).text()).isEqualTo("ConfigMap shop/x of wave 0 depends on Namespace shop of wave 2");
        assertThat(problems.get(0).at().line()).isEqualTo(3);
    }

    @Test
    void circleIsToldWhereTheAnnotationIs() {
        String account = "{apiVersion: v1, kind: ServiceAccount, metadata: {name: a, annotations:"
                + " {trimtab.dev/depends-on: Pod/x}}}\n";
        String pod = "---\n{apiVersion: v1, kind: Pod, metadata: {name: x}, spec: {serviceAccountName: a, containers:"
                + " [{name: c}]}}\n";

        List<Problem> problems = problems(account + pod);

        assertThat(problems).extracting(Problem::code).containsExactly(RenderCode.DEPENDENCY_CYCLE);
        assertThat(problems.get(0).at().line()).isEqualTo(1);
        assertThat(problems.get(0).text()).contains("ServiceAccount default/a -> Pod default/x -> ServiceAccount");
    }

    @Test
    void aChainAsLongAsTheSetIsFollowedToItsEnd() {
        StringBuilder chain = new StringBuilder(configMap(""));
        String before = "x";
        for (int i = 0; i < 5_000; i++) {
            chain.append("---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: c")
                    .append(i)
                    .append(", annotations: {trimtab.dev/depends-on: ConfigMap/")
                    .append(before)
                    .append("}}}\n");
            before = "c" + i;
        }

        assertThat(desired(1, chain.toString()).objects()).hasSize(5_001);
    }

    private static String configMap(String annotation) {
        return "{apiVersion: v1, kind: ConfigMap, metadata: {name: x, annotations: {" + annotation + "}}}\n";
    }

    private static Set<String> dependenciesOfX(String yaml) {
        return x(yaml).dependsOn().stream().map(ObjectKey::kind).collect(Collectors.toSet());
    }

    private static DesiredObject x(String yaml) {
        return desired(1, yaml).objects().values().stream()
                .filter(object -> object.key().name().equals("x"))
                .findFirst()
                .orElseThrow();
    }

    private static List<Problem> problems(String yaml) {
        RenderException refusal = catchThrowableOfType(
                RenderException.class, () -> new Renderer().render(definition(1, manifests("app.yaml", yaml)), "demo"));
        return refusal.problems();
    }
}
