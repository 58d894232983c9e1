package dev.trimtab.sandbox.conformance;

import static dev.trimtab.sandbox.conformance.Workloads.DEPLOYMENTS;
import static dev.trimtab.sandbox.conformance.Workloads.MAPS;
import static dev.trimtab.sandbox.conformance.Workloads.PODS;
import static dev.trimtab.sandbox.conformance.Workloads.REPLICA_SETS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.sandbox.judge.Part;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What becomes of objects whose owner goes. */
@Conformance
@Needs(Part.CONTROLLERS)
final class GarbageCollectionTest {

    private final Api api;
    private final Workloads workloads;

    GarbageCollectionTest(Api api) {
        this.api = api;
        this.workloads = new Workloads(api);
    }

    private String map(String name, String more) {
        return api.post(MAPS, "{apiVersion: v1, kind: ConfigMap, metadata: {name: " + name + more + "}}")
                .ok()
                .uid();
    }

    private static String owner(String name, String uid, boolean blocks) {
        return "{apiVersion: v1, kind: ConfigMap, name: " + name + ", uid: " + uid + ", blockOwnerDeletion: " + blocks
                + "}";
    }

    private static String owned(String... owners) {
        return ", ownerReferences: [" + String.join(", ", owners) + "]";
    }

    private void delete(String path, String propagation) {
        api.delete(path, "{propagationPolicy: " + propagation + "}").ok();
    }

    private void deployed(String name) {
        workloads.deployment(name, Workloads.idleTemplate(name), "replicas: 2");
        workloads.awaitPods(name, pods -> pods.size() == 2);
    }

    @Test
    void inTheBackgroundTheOwnerGoesFirst() {
        deployed("background");
        delete(DEPLOYMENTS + "/background", "Background");

        assertThat(api.get(DEPLOYMENTS + "/background").code()).isEqualTo(404);
        workloads.await(() -> workloads.replicaSets("background").isEmpty()
                && workloads.list(PODS, "app=background").isEmpty());
    }

    @Test
    void inTheForegroundTheOwnerWaitsForWhatBlocksIt() {
        String uid = map("front", "");
        map("front-blocks", owned(owner("front", uid, true)) + ", finalizers: [example.com/hold]");
        delete(MAPS + "/front", "Foreground");
        workloads.await(MAPS + "/front-blocks", Objects::deleting);

        JsonNode waiting = workloads.get(MAPS + "/front");
        assertThat(waiting.at("/metadata/finalizers/0").asText()).isEqualTo("foregroundDeletion");
        api.merge(MAPS + "/front-blocks", "{metadata: {finalizers: null}}").ok();
        workloads.awaitGone(MAPS + "/front-blocks");
        workloads.awaitGone(MAPS + "/front");
    }

    @Test
    void inTheForegroundTheOwnerDoesNotWaitForWhatDoesNotBlockIt() {
        String uid = map("free", "");
        map("free-lingers", owned(owner("free", uid, false)) + ", finalizers: [example.com/hold]");
        delete(MAPS + "/free", "Foreground");

        workloads.awaitGone(MAPS + "/free");
        workloads.await(MAPS + "/free-lingers", Objects::deleting);
        api.merge(MAPS + "/free-lingers", "{metadata: {finalizers: null}}").ok();
    }

    @Test
    void aDeploymentInTheForegroundGoesLast() {
        deployed("last");
        delete(DEPLOYMENTS + "/last", "Foreground");

        workloads.awaitGone(DEPLOYMENTS + "/last");
        assertThat(workloads.replicaSets("last")).isEmpty();
        assertThat(workloads.list(PODS, "app=last")).isEmpty();
    }

    @Test
    void orphansLoseTheOwnerAndStayAndAreAdoptedByASuccessor() {
        deployed("orphans");
        List<String> before = workloads.podUids("orphans");
        String set = Objects.name(workloads.activeReplicaSet("orphans"));
        delete(DEPLOYMENTS + "/orphans", "Orphan");
        workloads.awaitGone(DEPLOYMENTS + "/orphans");
        workloads.await(
                REPLICA_SETS + "/" + set,
                object -> object.at("/metadata/ownerReferences").isEmpty());
        Answer successor = workloads.deployment("orphans", Workloads.idleTemplate("orphans"), "replicas: 2");

        workloads.await(
                REPLICA_SETS + "/" + set, object -> Objects.controller(object).equals(successor.uid()));
        workloads.await(
                DEPLOYMENTS + "/orphans",
                object -> object.at("/status/updatedReplicas").asInt() == 2);
        assertThat(workloads.replicaSets("orphans")).hasSize(1);
        assertThat(workloads.podUids("orphans")).isEqualTo(before);
    }

    @Test
    void anObjectStaysAsLongAsOneOwnerDoesAndForgetsTheOther() {
        String first = map("first", "");
        String second = map("second", "");
        map("shared", owned(owner("first", first, false), owner("second", second, false)));
        delete(MAPS + "/first", "Background");

        JsonNode shared = workloads.await(
                MAPS + "/shared", map -> map.at("/metadata/ownerReferences").size() == 1);
        assertThat(shared.at("/metadata/ownerReferences/0/name").asText()).isEqualTo("second");
        delete(MAPS + "/second", "Background");
        workloads.awaitGone(MAPS + "/shared");
    }

    @Test
    void anOwnerThatNeverWasIsAnOwnerThatIsGone() {
        map("stray", owned(owner("nobody", UUID.randomUUID().toString(), false)));

        workloads.awaitGone(MAPS + "/stray");
    }

    @Test
    void anotherObjectOfTheSameNameIsNotTheOwner() {
        map("namesake", "");
        map("mistaken", owned(owner("namesake", UUID.randomUUID().toString(), false)));

        workloads.awaitGone(MAPS + "/mistaken");
        assertThat(api.get(MAPS + "/namesake").code()).isEqualTo(200);
    }
}
