package dev.trimtab.sandbox.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Fields that only a new object can have another value of. */
@Conformance
final class ImmutableFieldTest {

    private static final String CORE = "/api/v1/namespaces/{ns}/";

    private final Api api;

    ImmutableFieldTest(Api api) {
        this.api = api;
    }

    record Immutable(String name, String collection, String object, String patch, String message) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Immutable> fields() {
        return Stream.of(
                new Immutable(
                        "secret-data",
                        CORE + "secrets",
                        "{apiVersion: v1, kind: Secret, metadata: {name: secret-data}, immutable: true, stringData: {a:"
                                + " b}}",
                        "{stringData: {a: c}}",
                        "Secret \"secret-data\" is invalid: data: Forbidden: field is immutable when `immutable` is"
                                + " set"),
                new Immutable(
                        "secret-type",
                        CORE + "secrets",
                        "{apiVersion: v1, kind: Secret, metadata: {name: secret-type}, type: Opaque}",
                        "{type: example.com/other}",
                        "Secret \"secret-type\" is invalid: type: Invalid value: \"example.com/other\": field is"
                                + " immutable"),
                new Immutable(
                        "deployment-selector",
                        "/apis/apps/v1/namespaces/{ns}/deployments",
                        "{apiVersion: apps/v1, kind: Deployment, metadata: {name: deployment-selector}, spec:"
                                + " {replicas: 0, selector: {matchLabels: {app: a}}, template: {metadata: {labels: {app:"
                                + " a, b: b}}, spec: {containers: [{name: c, image: 'a:1'}]}}}}",
                        "{spec: {selector: {matchLabels: {b: b}}}}",
                        "Deployment.apps \"deployment-selector\" is invalid: spec.selector: Invalid value:"
                                + " {\"matchLabels\":{\"app\":\"a\",\"b\":\"b\"}}: field is immutable"),
                new Immutable(
                        "job-template",
                        "/apis/batch/v1/namespaces/{ns}/jobs",
                        "{apiVersion: batch/v1, kind: Job, metadata: {name: job-template}, spec: {suspend: false,"
                                + " template: {spec: {schedulerName: nobody, restartPolicy: Never, containers: [{name:"
                                + " c, image: 'a:1'}]}}}}",
                        "{spec: {template: {spec: {containers: [{name: c, image: 'a:2'}]}}}}",
                        "Job.batch \"job-template\" is invalid: spec.template: Invalid value: "),
                new Immutable(
                        "claim-class",
                        CORE + "persistentvolumeclaims",
                        "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: claim-class}, spec:"
                                + " {storageClassName: a, accessModes: [ReadWriteOnce], resources: {requests: {storage:"
                                + " 1Gi}}}}",
                        "{spec: {storageClassName: b}}",
                        "PersistentVolumeClaim \"claim-class\" is invalid: spec: Forbidden: spec is immutable after"
                                + " creation except resources.requests and volumeAttributesClassName for bound claims"),
                new Immutable(
                        "role-ref",
                        "/apis/rbac.authorization.k8s.io/v1/namespaces/{ns}/rolebindings",
                        "{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: role-ref},"
                                + " roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: a}}",
                        "{roleRef: {name: b}}",
                        "RoleBinding.rbac.authorization.k8s.io \"role-ref\" is invalid: roleRef: Invalid value:"
                                + " {\"APIGroup\":\"rbac.authorization.k8s.io\",\"Kind\":\"Role\",\"Name\":\"b\"}:"
                                + " cannot change roleRef"),
                new Immutable(
                        "map-data",
                        CORE + "configmaps",
                        "{apiVersion: v1, kind: ConfigMap, metadata: {name: map-data}, immutable: true, data: {a: b}}",
                        "{data: {a: c}}",
                        "ConfigMap \"map-data\" is invalid: data: Forbidden: field is immutable when `immutable` is"
                                + " set"),
                // Not immutable at all: the code alone cannot tell a mistake from a field that cannot change.
                new Immutable(
                        "empty-image",
                        "/apis/apps/v1/namespaces/{ns}/deployments",
                        "{apiVersion: apps/v1, kind: Deployment, metadata: {name: empty-image}, spec: {replicas: 0,"
                                + " selector: {matchLabels: {app: a}}, template: {metadata: {labels: {app: a}}, spec:"
                                + " {containers: [{name: c, image: 'a:1'}]}}}}",
                        "{spec: {template: {spec: {containers: [{name: c, image: ''}]}}}}",
                        "Deployment.apps \"empty-image\" is invalid: spec.template.spec.containers[0].image: Required"
                                + " value"));
    }

    @ParameterizedTest
    @MethodSource("fields")
    void isInvalid(Immutable field) {
        api.post(field.collection(), field.object()).ok();
        Answer refused = api.strategic(field.collection() + "/" + field.name(), field.patch());

        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused.reason()).isEqualTo("Invalid");
        assertThat(refused.message()).startsWith(field.message());
        assertThat(refused.at("/details/causes").isEmpty()).isFalse();
    }
}
