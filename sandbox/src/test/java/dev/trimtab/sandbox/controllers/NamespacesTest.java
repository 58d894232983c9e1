package dev.trimtab.sandbox.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.sandbox.api.LocalApi.Propagation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NamespacesTest {

    private final Cluster cluster = Cluster.start();

    @AfterAll
    void stop() {
        cluster.close();
    }

    private void namespace(String name) {
        cluster.api()
                .create(
                        "namespaces",
                        Cluster.yaml("{apiVersion: v1, kind: Namespace, metadata: {name: %s}}".formatted(name)),
                        "test");
    }

    private boolean gone(String name) {
        return cluster.api().get("namespaces", "", name).isEmpty();
    }

    @Test
    void everyNamespaceGetsItsServiceAccountAndGetsItBack() {
        namespace("accounts");
        cluster.await(() ->
                cluster.api().get("serviceaccounts", "accounts", "default").isPresent());
        String uid = ObjectMeta.uid(
                cluster.api().get("serviceaccounts", "accounts", "default").orElseThrow());

        cluster.api().delete("serviceaccounts", "accounts", "default", "", -1, Propagation.BACKGROUND);
        cluster.await(() -> cluster.api()
                .get("serviceaccounts", "accounts", "default")
                .filter(account -> !ObjectMeta.uid(account).equals(uid))
                .isPresent());
    }

    @Test
    void deletedNamespaceTakesItsContentAlong() {
        namespace("full");
        cluster.create("deployments.apps", """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web, namespace: full}
                spec:
                  replicas: 2
                  selector: {matchLabels: {app: web}}
                  template:
                    metadata: {labels: {app: web}}
                    spec: {containers: [{name: app, image: nginx}]}
                """);
        cluster.await(() -> cluster.api().list("pods", "full").stream()
                        .filter(PodState::ready)
                        .count()
                == 2);

        cluster.api().delete("namespaces", "", "full", "", -1, Propagation.BACKGROUND);
        cluster.await(() -> gone("full"));

        assertThat(cluster.api().list("pods", "full")).isEmpty();
        assertThat(cluster.api().list("serviceaccounts", "full")).isEmpty();
    }

    @Test
    void namespaceWaitsForFinalizersAndSaysForWhat() {
        namespace("held");
        cluster.create(
                "configmaps",
                "{apiVersion: v1, kind: ConfigMap, metadata: {namespace: held, name: sticky, finalizers: [example.com/wait]}}");
        cluster.api().delete("namespaces", "", "held", "", -1, Propagation.BACKGROUND);

        cluster.await(() -> cluster.api()
                .get("namespaces", "", "held")
                .filter(namespace -> Conditions.find(namespace, "NamespaceContentRemaining")
                        .path("message")
                        .asText()
                        .equals("Some resources are remaining: configmaps. has 1 resource instances"))
                .isPresent());

        cluster.api()
                .mergePatch("configmaps", "held", "sticky", "", Cluster.yaml("{metadata: {finalizers: null}}"), "test");
        cluster.await(() -> gone("held"));
    }
}
