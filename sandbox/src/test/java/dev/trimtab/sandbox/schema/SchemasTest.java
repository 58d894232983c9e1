package dev.trimtab.sandbox.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemasTest {

    private static Type.Struct kind(String apiVersion, String kind) {
        int slash = apiVersion.indexOf('/');
        return Schemas.builtin()
                .type(slash < 0 ? "" : apiVersion.substring(0, slash), apiVersion.substring(slash + 1), kind)
                .orElseThrow();
    }

    /** The type of a path such as {@code spec.containers[].ports}. */
    private static Field field(Type.Struct root, String path) {
        Type type = root;
        Field field = null;
        for (String step : path.split("\\.", -1)) {
            String name = step.replace("[]", "");
            field = ((Type.Struct) type).field(name).orElseThrow(() -> new AssertionError("no " + step));
            type = step.endsWith("[]") ? ((Type.ListOf) field.type()).element() : field.type();
        }
        return Optional.ofNullable(field).orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "v1,Pod",
        "v1,Service",
        "v1,Namespace",
        "v1,Node",
        "v1,Secret",
        "v1,ConfigMap",
        "v1,Event",
        "v1,Binding",
        "v1,PersistentVolumeClaim",
        "apps/v1,Deployment",
        "apps/v1,ControllerRevision",
        "batch/v1,CronJob",
        "networking.k8s.io/v1,Ingress",
        "rbac.authorization.k8s.io/v1,ClusterRole",
        "policy/v1,PodDisruptionBudget",
        "policy/v1,Eviction",
        "autoscaling/v1,Scale",
        "autoscaling/v1,HorizontalPodAutoscaler",
        "autoscaling/v2,HorizontalPodAutoscaler",
        "storage.k8s.io/v1,StorageClass",
        "coordination.k8s.io/v1,Lease",
        "scheduling.k8s.io/v1,PriorityClass",
        "apiextensions.k8s.io/v1,CustomResourceDefinition",
        "apiregistration.k8s.io/v1,APIService",
        "admissionregistration.k8s.io/v1,ValidatingWebhookConfiguration",
        "discovery.k8s.io/v1,EndpointSlice",
        "events.k8s.io/v1,Event",
        "node.k8s.io/v1,RuntimeClass",
        "certificates.k8s.io/v1,CertificateSigningRequest",
        "authentication.k8s.io/v1,TokenReview",
        "authorization.k8s.io/v1,SelfSubjectAccessReview",
        "flowcontrol.apiserver.k8s.io/v1,FlowSchema",
    })
    void ordinaryKindsAreKnown(String apiVersion, String kind) {
        assertThat(kind(apiVersion, kind).fields()).containsKeys("apiVersion", "kind");
    }

    @Test
    void otherVersionsAreNot() {
        assertThat(Schemas.builtin().type("apps", "v1beta1", "Deployment")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    Pod     | spec.containers                             | MAP    | name                          | name
                    Pod     | spec.containers[].ports                     | MAP    | containerPort,protocol        | containerPort
                    Pod     | spec.containers[].env                       | MAP    | name                          | name
                    Pod     | spec.containers[].envFrom                   | ATOMIC |                               |
                    Pod     | spec.containers[].args                      | ATOMIC |                               |
                    Pod     | spec.containers[].volumeMounts              | MAP    | mountPath                     | mountPath
                    Pod     | spec.containers[].volumeDevices             | MAP    | devicePath                    | devicePath
                    Pod     | spec.containers[].resources.claims          | MAP    | name                          |
                    Pod     | spec.containers[].securityContext.capabilities.add | ATOMIC |                        |
                    Pod     | spec.volumes                                | MAP    | name                          | name
                    Pod     | spec.hostAliases                            | MAP    | ip                            | ip
                    Pod     | spec.imagePullSecrets                       | MAP    | name                          | name
                    Pod     | spec.tolerations                            | ATOMIC |                               |
                    Pod     | spec.topologySpreadConstraints              | MAP    | topologyKey,whenUnsatisfiable | topologyKey
                    Pod     | status.conditions                           | MAP    | type                          | type
                    Pod     | status.podIPs                               | MAP    | ip                            | ip
                    Pod     | metadata.finalizers                         | SET    |                               |
                    Pod     | metadata.ownerReferences                    | MAP    | uid                           | uid
                    Service | spec.ports                                  | MAP    | port,protocol                 | port
                    Service | spec.externalIPs                            | ATOMIC |                               |
                    Service | status.loadBalancer.ingress                 | ATOMIC |                               |
                    Node    | spec.taints                                 | ATOMIC |                               |
                    Node    | spec.podCIDRs                               | SET    |                               |
                    Node    | status.addresses                            | MAP    | type                          | type
                    ServiceAccount | secrets                              | MAP    | name                          | name
                    """)
    void listsOfTheCoreGroupMergeAsTheApiDocumentationSays(
            String kind, String path, Type.ListKind listKind, String keys, String mergeKey) {
        Field field = field(kind("v1", kind), path);
        Type.ListOf list = (Type.ListOf) field.type();
        assertThat(list.kind()).isEqualTo(listKind);
        assertThat(list.keys()).isEqualTo(keys == null ? List.of() : List.of(keys.split(",", -1)));
        assertThat(field.mergeKey()).isEqualTo(Optional.ofNullable(mergeKey));
    }

    @Test
    void selectorsAndReferencesAreAtomic() {
        Type.Struct deployment = kind("apps/v1", "Deployment");
        assertThat(((Type.Struct) field(deployment, "spec.selector").type()).atomic())
                .isTrue();
        Type.Struct pod = kind("v1", "Pod");
        assertThat(((Type.MapOf) field(pod, "spec.nodeSelector").type()).atomic())
                .isTrue();
        assertThat(((Type.Struct) field(pod, "spec.containers[].env[].valueFrom.secretKeyRef")
                                .type())
                        .atomic())
                .isTrue();
        Type.Struct volume = kind("v1", "PersistentVolume");
        assertThat(((Type.Struct) field(volume, "spec.claimRef").type()).atomic())
                .isFalse();
    }

    @Test
    void protocolOfAPortIsTcpByDefault() {
        assertThat(field(kind("v1", "Pod"), "spec.containers[].ports[].protocol")
                        .defaultValue())
                .contains(TextNode.valueOf("TCP"));
        assertThat(field(kind("v1", "Service"), "spec.ports[].protocol").defaultValue())
                .contains(TextNode.valueOf("TCP"));
    }

    @Test
    void schemasOfSchemasAreRecursive() {
        Type.Struct schema = (Type.Struct) field(
                        kind("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
                        "spec.versions[].schema.openAPIV3Schema")
                .type();
        assertThat(((Type.MapOf) field(schema, "properties").type()).value()).isSameAs(schema);
    }

    @Test
    void keysOfListMapsAndMergeKeysAreFieldsOfTheItems() {
        Set<Type.Struct> seen = new HashSet<>();
        for (String kind : List.of("Pod", "Node", "Service", "PersistentVolume", "Event", "Endpoints")) {
            checkKeys(kind("v1", kind), seen);
        }
        checkKeys(kind("autoscaling/v2", "HorizontalPodAutoscaler"), seen);
        checkKeys(kind("apiextensions.k8s.io/v1", "CustomResourceDefinition"), seen);
        checkKeys(kind("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration"), seen);
        assertThat(seen).hasSizeGreaterThan(150);
    }

    private static void checkKeys(Type type, Set<Type.Struct> seen) {
        if (type instanceof Type.Struct struct && seen.add(struct)) {
            for (Field field : struct.fields().values()) {
                if (field.type() instanceof Type.ListOf list && list.element() instanceof Type.Struct element) {
                    assertThat(element.fields().keySet()).as(field.name()).containsAll(list.keys());
                    field.mergeKey()
                            .ifPresent(key -> assertThat(element.fields()).containsKey(key));
                }
                checkKeys(field.type(), seen);
            }
        } else if (type instanceof Type.ListOf list) {
            checkKeys(list.element(), seen);
        } else if (type instanceof Type.MapOf map) {
            checkKeys(map.value(), seen);
        }
    }

    @Test
    void crdSchemaBecomesATypeWithMetadata() throws Exception {
        Type.Struct type = Schemas.ofCrd(new ObjectMapper().readTree("""
                        {"type": "object", "required": ["spec"], "properties": {"spec": {"type": "object", "properties": {
                          "embedded": {"type": "object", "x-kubernetes-embedded-resource": true,
                                       "x-kubernetes-preserve-unknown-fields": true},
                          "free": {"x-kubernetes-preserve-unknown-fields": true},
                          "open": {"type": "object", "additionalProperties": true},
                          "closed": {"type": "object"}}}}}
                        """));
        assertThat(type.fields().keySet()).containsExactlyInAnyOrder("apiVersion", "kind", "metadata", "spec");
        assertThat(field(type, "spec").required()).isTrue();
        assertThat(field(type, "metadata").type()).isSameAs(Schemas.builtin().objectMeta());
        assertThat(((Type.Struct) field(type, "spec.embedded").type()).fields()).containsKey("metadata");
        assertThat(field(type, "spec.free").type()).isEqualTo(Type.ANY);
        assertThat(field(type, "spec.open").type()).isEqualTo(Type.ANY);
        assertThat(((Type.Struct) field(type, "spec.closed").type()).preserveUnknown())
                .isFalse();
    }
}
