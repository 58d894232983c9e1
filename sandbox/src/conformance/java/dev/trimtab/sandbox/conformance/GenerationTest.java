package dev.trimtab.sandbox.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which kinds count generations, and what moves them. */
@Conformance
final class GenerationTest {

    private final Api api;

    GenerationTest(Api api) {
        this.api = api;
    }

    record Kind(String name, String path, String body, boolean counts) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Kind> kinds() {
        String core = "/api/v1/namespaces/{ns}/";
        String pod = "{schedulerName: nobody, containers: [{name: c, image: 'a:1'}]}";
        String workload = "{replicas: 0, selector: {matchLabels: {g: g}}, template: {metadata: {labels: {g: g}}, spec: "
                + pod + "}}";
        return Stream.of(
                new Kind("Deployment", "/apis/apps/v1/namespaces/{ns}/deployments", "spec: " + workload, true),
                new Kind("StatefulSet", "/apis/apps/v1/namespaces/{ns}/statefulsets", "spec: " + workload, true),
                new Kind("Pod", core + "pods", "spec: " + pod, true),
                new Kind(
                        "NetworkPolicy",
                        "/apis/networking.k8s.io/v1/namespaces/{ns}/networkpolicies",
                        "spec: {podSelector: {}}",
                        true),
                new Kind(
                        "CronJob",
                        "/apis/batch/v1/namespaces/{ns}/cronjobs",
                        "spec: {suspend: true, schedule: '0 0 1 1 *', jobTemplate: {spec: {template: {spec:"
                                + " {restartPolicy: Never, containers: [{name: c, image: 'a:1'}]}}}}}",
                        true),
                new Kind(
                        "PodDisruptionBudget",
                        "/apis/policy/v1/namespaces/{ns}/poddisruptionbudgets",
                        "spec: {minAvailable: 1, selector: {matchLabels: {g: nothing}}}",
                        true),
                new Kind(
                        "PodTemplate",
                        core + "podtemplates",
                        "template: {spec: {containers: [{name: c, image: 'a:1'}]}}",
                        true),
                new Kind("ConfigMap", core + "configmaps", "data: {a: '1'}", false),
                new Kind("Secret", core + "secrets", "stringData: {a: '1'}", false),
                new Kind("Service", core + "services", "spec: {ports: [{port: 80}]}", false),
                new Kind("ServiceAccount", core + "serviceaccounts", "automountServiceAccountToken: false", false),
                new Kind(
                        "Role",
                        "/apis/rbac.authorization.k8s.io/v1/namespaces/{ns}/roles",
                        "rules: [{apiGroups: [''], resources: [pods], verbs: [get]}]",
                        false));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void kindsWithADesiredStateCountFromOne(Kind kind) {
        String[] parts = kind.path().split("/", -1);
        String version = kind.path().startsWith("/api/") ? parts[2] : parts[2] + "/" + parts[3];
        Answer created = api.post(
                        kind.path(),
                        "{apiVersion: " + version + ", kind: " + kind.name() + ", metadata: {name: generation}, "
                                + kind.body() + "}")
                .ok();

        assertThat(created.generation()).isEqualTo(kind.counts() ? 1 : 0);
    }

    @Test
    void aChangeOfTheSpecAddsOneAndALabelAddsNone() {
        String path = "/apis/networking.k8s.io/v1/namespaces/{ns}/networkpolicies/spec";
        String body = """
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata: {name: spec, labels: {l: '%s'}, annotations: {a: '%s'}}
                spec: {podSelector: {matchLabels: {app: '%s'}}}
                """;
        api.apply(path, "ours", body.formatted("1", "1", "1")).ok();

        assertThat(api.apply(path, "ours", body.formatted("2", "2", "1")).generation())
                .isEqualTo(1);
        assertThat(api.apply(path, "ours", body.formatted("2", "2", "2")).generation())
                .isEqualTo(2);
    }

    @Test
    void anAnnotationOfADeploymentAddsOne() {
        String path = "/apis/apps/v1/namespaces/{ns}/deployments/annotated";
        String body = """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: annotated, labels: {l: '%s'}, annotations: {example.com/a: '%s'}}
                spec:
                  paused: true
                  replicas: 0
                  selector: {matchLabels: {app: annotated}}
                  template:
                    metadata: {labels: {app: annotated}}
                    spec: {containers: [{name: c, image: 'a:1'}]}
                """;
        long first = api.apply(path, "ours", body.formatted("1", "1")).ok().generation();

        assertThat(api.apply(path, "ours", body.formatted("2", "1")).generation())
                .isEqualTo(first);
        assertThat(api.apply(path, "ours", body.formatted("2", "2")).generation())
                .isEqualTo(first + 1);
    }

    @Test
    void deletionAddsOne() {
        String path = "/apis/networking.k8s.io/v1/namespaces/{ns}/networkpolicies";
        api.post(
                        path,
                        "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: deleted, finalizers:"
                                + " [example.com/hold]}, spec: {podSelector: {}}}")
                .ok();

        assertThat(api.delete(path + "/deleted", "{}").ok().generation()).isEqualTo(2);
        api.merge(path + "/deleted", "{metadata: {finalizers: null}}").ok();
    }
}
