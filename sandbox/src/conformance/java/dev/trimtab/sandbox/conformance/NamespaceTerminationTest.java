package dev.trimtab.sandbox.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.sandbox.judge.Part;
import org.junit.jupiter.api.Test;

/** What a namespace gets when it is made, and how it goes. */
@Conformance
@Needs(Part.CONTROLLERS)
final class NamespaceTerminationTest {

    private static final String NAMESPACES = "/api/v1/namespaces";

    private final Api api;
    private final Workloads workloads;

    NamespaceTerminationTest(Api api) {
        this.api = api;
        this.workloads = new Workloads(api);
    }

    private String create(String suffix) {
        String name = api.namespace() + "-" + suffix;
        api.post(NAMESPACES, "{apiVersion: v1, kind: Namespace, metadata: {name: " + name + "}}")
                .ok();
        return NAMESPACES + "/" + name;
    }

    private Answer map(String namespace, String metadata) {
        return api.post(namespace + "/configmaps", "{apiVersion: v1, kind: ConfigMap, metadata: " + metadata + "}");
    }

    @Test
    void aNewNamespaceGetsAServiceAccountAndTheAuthoritysCertificate() {
        String namespace = create("new");
        workloads.await(namespace + "/serviceaccounts/default", account -> true);
        JsonNode root = workloads.await(namespace + "/configmaps/kube-root-ca.crt", map -> true);

        assertThat(root.path("data").has("ca.crt")).isTrue();
        assertThat(workloads.get(namespace).at("/status/phase").asText()).isEqualTo("Active");
        assertThat(workloads.get(namespace).at("/spec/finalizers/0").asText()).isEqualTo("kubernetes");
        assertThat(Objects.label(workloads.get(namespace), "kubernetes.io/metadata.name"))
                .isEqualTo(namespace.substring(NAMESPACES.length() + 1));
        api.delete(namespace, "{}").ok();
    }

    @Test
    void theServiceAccountComesBack() {
        String namespace = create("again");
        JsonNode before = workloads.await(namespace + "/serviceaccounts/default", account -> true);
        api.delete(namespace + "/serviceaccounts/default", "{}").ok();

        workloads.await(
                namespace + "/serviceaccounts/default",
                account -> !Objects.uid(account).equals(Objects.uid(before)));
        api.delete(namespace, "{}").ok();
    }

    @Test
    void everythingInItGoesAndThenTheNamespace() {
        String namespace = create("full");
        map(namespace, "{name: a}").ok();
        Answer deleted = api.delete(namespace, "{}").ok();

        assertThat(deleted.text("/kind")).isEqualTo("Namespace");
        assertThat(deleted.text("/status/phase")).isEqualTo("Terminating");
        workloads.awaitGone(namespace);
        assertThat(api.get(namespace + "/configmaps").ok().at("/items")).isEmpty();
    }

    @Test
    void nothingNewIsMadeInOneThatGoes() {
        String namespace = create("closed");
        map(namespace, "{name: held, finalizers: [example.com/hold]}").ok();
        api.delete(namespace, "{}").ok();
        Answer refused = map(namespace, "{name: late}");

        assertThat(refused.code()).isEqualTo(403);
        assertThat(refused.message())
                .isEqualTo("configmaps \"late\" is forbidden: unable to create new content in namespace "
                        + namespace.substring(NAMESPACES.length() + 1) + " because it is being terminated");
        assertThat(refused.at("/details/causes/0/reason").asText()).isEqualTo("NamespaceTerminating");
        api.merge(namespace + "/configmaps/held", "{metadata: {finalizers: null}}")
                .ok();
    }

    @Test
    void whatHoldsItBackIsInItsConditions() {
        String namespace = create("held");
        map(namespace, "{name: held, finalizers: [example.com/hold]}").ok();
        api.delete(namespace, "{}").ok();
        JsonNode held = workloads.await(
                namespace, object -> Objects.conditionIs(object, "NamespaceFinalizersRemaining", "True"));

        assertThat(Objects.reason(held, "NamespaceFinalizersRemaining")).isEqualTo("SomeFinalizersRemain");
        assertThat(Objects.condition(held, "NamespaceFinalizersRemaining")
                        .path("message")
                        .asText())
                .isEqualTo("Some content in the namespace has finalizers remaining: example.com/hold in 1 resource"
                        + " instances");
        assertThat(Objects.condition(held, "NamespaceContentRemaining")
                        .path("status")
                        .asText())
                .isEqualTo("True");
        assertThat(Objects.reason(held, "NamespaceContentRemaining")).isEqualTo("SomeResourcesRemain");
        assertThat(Objects.condition(held, "NamespaceContentRemaining")
                        .path("message")
                        .asText())
                .isEqualTo("Some resources are remaining: configmaps. has 1 resource instances");
        assertThat(Objects.reason(held, "NamespaceDeletionDiscoveryFailure")).isEqualTo("ResourcesDiscovered");
        assertThat(Objects.reason(held, "NamespaceDeletionContentFailure")).isEqualTo("ContentDeleted");

        api.merge(namespace + "/configmaps/held", "{metadata: {finalizers: null}}")
                .ok();
        workloads.awaitGone(namespace);
    }
}
