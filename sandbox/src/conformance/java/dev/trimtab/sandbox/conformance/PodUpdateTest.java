package dev.trimtab.sandbox.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What can be changed in a pod that exists. */
@Conformance
final class PodUpdateTest {

    private static final String PODS = "/api/v1/namespaces/{ns}/pods";
    private static final String POD = """
            apiVersion: v1
            kind: Pod
            metadata: {name: %s, labels: {app: a}}
            spec:
              schedulerName: nobody
              activeDeadlineSeconds: 1000
              initContainers: [{name: i, image: 'i:1'}]
              containers:
              - name: c
                image: 'a:1'
                env: [{name: A, value: '1'}]
                resources: {requests: {cpu: 100m}}
            """;
    private static final String FORBIDDEN =
            "spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,"
                    + "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions"
                    + " to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was"
                    + " previously negative)\n";

    private final Api api;

    PodUpdateTest(Api api) {
        this.api = api;
    }

    /** @param generations how far the pod's generation moves */
    record Accepted(String name, String patch, String pointer, String value, int generations) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Accepted> accepted() {
        return Stream.of(
                new Accepted(
                        "image",
                        "{spec: {containers: [{name: c, image: 'a:2'}]}}",
                        "/spec/containers/0/image",
                        "a:2",
                        1),
                new Accepted(
                        "init-image",
                        "{spec: {initContainers: [{name: i, image: 'i:2'}]}}",
                        "/spec/initContainers/0/image",
                        "i:2",
                        1),
                new Accepted("label", "{metadata: {labels: {b: b}}}", "/metadata/labels/b", "b", 0),
                new Accepted("annotation", "{metadata: {annotations: {b: b}}}", "/metadata/annotations/b", "b", 0),
                new Accepted(
                        "shorter-deadline",
                        "{spec: {activeDeadlineSeconds: 10}}",
                        "/spec/activeDeadlineSeconds",
                        "10",
                        1));
    }

    @ParameterizedTest
    @MethodSource("accepted")
    void isTakenInPlace(Accepted change) {
        Answer created = api.post(PODS, POD.formatted(change.name())).ok();
        Answer changed =
                api.strategic(PODS + "/" + change.name(), change.patch()).ok();

        assertThat(changed.uid()).isEqualTo(created.uid());
        assertThat(changed.text(change.pointer())).isEqualTo(change.value());
        assertThat(changed.generation()).isEqualTo(created.generation() + change.generations());
    }

    @Test
    void aTolerationCanBeAdded() {
        api.post(PODS, POD.formatted("toleration")).ok();
        Answer changed = api.jsonPatch(
                        PODS + "/toleration",
                        "[{op: add, path: /spec/tolerations/-, value: {key: k, operator: Exists, effect:"
                                + " NoSchedule}}]")
                .ok();

        assertThat(changed.at("/spec/tolerations").findValuesAsText("key"))
                .containsExactly("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable", "k");
    }

    record Refused(String name, String patch, String message) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Refused> refused() {
        return Stream.of(
                new Refused("env", "{spec: {containers: [{name: c, env: [{name: A, value: '2'}]}]}}", FORBIDDEN),
                new Refused("cpu", "{spec: {containers: [{name: c, resources: {requests: {cpu: 200m}}}]}}", FORBIDDEN),
                new Refused("command", "{spec: {containers: [{name: c, command: [x]}]}}", FORBIDDEN),
                new Refused("node-selector", "{spec: {nodeSelector: {a: b}}}", FORBIDDEN),
                new Refused(
                        "container",
                        "{spec: {containers: [{name: d, image: 'd:1'}]}}",
                        "spec.containers: Forbidden: pod updates may not add or remove containers"),
                new Refused(
                        "longer-deadline",
                        "{spec: {activeDeadlineSeconds: 2000}}",
                        "spec.activeDeadlineSeconds: Invalid value: 2000: must be less than or equal to previous value"),
                new Refused(
                        "empty-image",
                        "{spec: {containers: [{name: c, image: ''}]}}",
                        "spec.containers[0].image: Required value"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void isInvalid(Refused change) {
        String name = "no-" + change.name();
        api.post(PODS, POD.formatted(name)).ok();
        Answer refused = api.strategic(PODS + "/" + name, change.patch());

        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused.reason()).isEqualTo("Invalid");
        assertThat(refused.message())
                .startsWith("Pod \"" + name + "\" is invalid: ")
                .contains(change.message());
        assertThat(refused.text("/details/kind")).isEqualTo("Pod");
        assertThat(refused.at("/details/causes").isEmpty()).isFalse();
    }
}
