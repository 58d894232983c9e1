package dev.trimtab.sandbox.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.LocalApi;
import dev.trimtab.sandbox.api.LocalApi.Propagation;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GarbageCollectorTest {

    private final Cluster cluster = Cluster.start();

    @AfterAll
    void stop() {
        cluster.close();
    }

    private ObjectNode configMap(String name, String owners) {
        return cluster.create(
                "configmaps",
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: %s, ownerReferences: [%s]}}"
                        .formatted(name, owners));
    }

    private static String owner(ObjectNode configMap) {
        return "{apiVersion: v1, kind: ConfigMap, name: %s, uid: %s, blockOwnerDeletion: true}"
                .formatted(ObjectMeta.name(configMap), ObjectMeta.uid(configMap));
    }

    @Test
    void backgroundDeletionTakesReplicaSetsAndPodsAlong() {
        cluster.deployment("background", "nginx", "{replicas: 2}");
        cluster.awaitRollout("background");

        cluster.delete("deployments.apps", "background", Propagation.BACKGROUND);

        assertThat(cluster.find("deployments.apps", "background")).isEmpty();
        cluster.await(() -> cluster.replicaSets("background").isEmpty()
                && cluster.pods("background").isEmpty());
    }

    @Test
    void foregroundDeletionEndsWithTheOwner() {
        cluster.deployment("foreground", "nginx", "{replicas: 2}");
        cluster.awaitRollout("foreground");
        List<LocalApi.Event> pods = cluster.record("pods");
        List<LocalApi.Event> sets = cluster.record("replicasets.apps");

        cluster.delete("deployments.apps", "foreground", Propagation.FOREGROUND);
        assertThat(ObjectMeta.hasFinalizer(cluster.get("deployments.apps", "foreground"), GarbageCollector.FOREGROUND))
                .isTrue();
        cluster.awaitGone("deployments.apps", "foreground");

        assertThat(cluster.replicaSets("foreground")).isEmpty();
        assertThat(cluster.api().list("pods", Cluster.NAMESPACE))
                .noneMatch(pod -> "foreground".equals(ObjectMeta.labels(pod).get("app")));
        cluster.await(() -> deletedAt(sets) > 0);
        assertThat(deletedAt(pods)).as("pods go before their ReplicaSet").isBetween(1L, deletedAt(sets));
    }

    private static long deletedAt(List<LocalApi.Event> events) {
        return events.stream()
                .filter(event -> event.type().equals("DELETED")
                        && "foreground".equals(ObjectMeta.labels(event.object()).get("app")))
                .mapToLong(event -> ObjectMeta.resourceVersion(event.object()))
                .max()
                .orElse(0);
    }

    @Test
    void orphansStayAndAreAdoptedByASuccessor() {
        cluster.deployment("orphans", "nginx", "{replicas: 1}");
        cluster.awaitRollout("orphans");
        String pod = ObjectMeta.uid(cluster.pods("orphans").get(0));

        cluster.delete("deployments.apps", "orphans", Propagation.ORPHAN);
        cluster.awaitGone("deployments.apps", "orphans");
        assertThat(cluster.replicaSets("orphans"))
                .singleElement()
                .satisfies(set -> assertThat(ObjectMeta.owners(set)).isEmpty());

        cluster.deployment("orphans", "nginx", "{replicas: 1}");
        cluster.awaitRollout("orphans");
        assertThat(cluster.pods("orphans"))
                .singleElement()
                .satisfies(kept -> assertThat(ObjectMeta.uid(kept)).isEqualTo(pod));
    }

    @Test
    void dependentStaysUntilItsLastOwnerIsGone() {
        ObjectNode first = configMap("first", "");
        ObjectNode second = configMap("second", "");
        configMap("shared", owner(first) + ", " + owner(second));

        cluster.delete("configmaps", "first", Propagation.BACKGROUND);
        cluster.await(
                "configmaps", "shared", shared -> ObjectMeta.owners(shared).size() == 1);

        cluster.delete("configmaps", "second", Propagation.BACKGROUND);
        cluster.awaitGone("configmaps", "shared");
    }

    @Test
    void ownerOfTheSameNameWithAnotherUidIsNoOwner() {
        ObjectNode old = configMap("reborn", "");
        cluster.delete("configmaps", "reborn", Propagation.BACKGROUND);
        configMap("reborn", "");
        configMap("dependent", owner(old));

        cluster.awaitGone("configmaps", "dependent");
    }

    @Test
    void customResourcesOwnAndAreOwned() {
        cluster.api().create("customresourcedefinitions.apiextensions.k8s.io", Cluster.yaml("""
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata: {name: boats.example.com}
                spec:
                  group: example.com
                  scope: Namespaced
                  names: {plural: boats, singular: boat, kind: Boat, listKind: BoatList}
                  versions:
                  - name: v1
                    served: true
                    storage: true
                    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
                """), "test");
        cluster.await(() -> cluster.api().resources().stream()
                .anyMatch(resource -> resource.name().equals("boats.example.com")));
        ObjectNode boat =
                cluster.create("boats.example.com", "{apiVersion: example.com/v1, kind: Boat, metadata: {name: tug}}");
        configMap(
                "cargo",
                "{apiVersion: example.com/v1, kind: Boat, name: tug, uid: %s}".formatted(ObjectMeta.uid(boat)));

        cluster.delete("boats.example.com", "tug", Propagation.BACKGROUND);
        cluster.awaitGone("configmaps", "cargo");
    }
}
