package dev.trimtab.inplace;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ClusterClient.PatchType;
import dev.trimtab.kube.ClusterClient.Propagation;
import dev.trimtab.kube.ResourceType;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** CloneSets that OpenKruise's manager keeps, then Trimtab, then the manager again. */
class CloneSetHandOverTest extends CloneSetCluster {

    private static final Optional<String> KRUISE = Optional.of("kruise-system");

    private final ResourceType deployments =
            cluster.resource("apps/v1", "Deployment").orElseThrow();
    private final DyingCluster counting = new DyingCluster(Integer.MAX_VALUE);

    @BeforeEach
    void countWrites() {
        controller.close();
        controller = new CloneSetController(counting.over(cluster), Clock.systemUTC());
        ResourceType namespaces = cluster.resource("v1", "Namespace").orElseThrow();
        if (cluster.get(namespaces, Optional.empty(), KRUISE.orElseThrow()).isEmpty()) {
            cluster.create(
                    namespaces,
                    Trees.yaml("{apiVersion: v1, kind: Namespace, metadata: {name: kruise-system}}"),
                    MANAGER);
        }
    }

    @AfterEach
    void kruiseGoes() {
        cluster.get(deployments, KRUISE, "kruise-controller-manager").ifPresent(this::delete);
    }

    @Test
    void whereTheManagerIsNothingIsWrittenAndWhereItGoesTheSetIsTakenOver() {
        ObjectNode manager = kruiseComes();
        controller.start();
        create(1, "app:1");
        assertThat(counting.writes()).isZero();

        delete(manager);

        running("app:1", 1);
    }

    @Test
    void aManagerThatIsScaledToNothingIsNone() {
        kruiseComes();
        controller.start();
        create(1, "app:1");

        replicas(0);

        running("app:1", 1);
    }

    @Test
    void whenTheManagerComesInTheMiddleOfAnUpdateTheRestIsItsAndWhenItGoesTheUpdateEndsInTheSamePods() {
        controller.start();
        create(4, "app:1");
        Set<String> uids = running("app:1", 4).keySet();
        template("{spec: {containers: [{name: app, image: 'app:2'}]}}");
        await("one pod is updated", pods -> updated(pods) >= 1);

        ObjectNode manager = kruiseComes();
        await("the update stands still", pods -> standsStill());
        assertThat(podsNow().keySet()).isEqualTo(uids);
        assertThat(updated(podsNow())).isBetween(1L, 3L);
        await(
                "it need not wait for any pod",
                pods -> pods.values().stream()
                        .allMatch(pod -> kruiseWaitsFor(pod).isEmpty()));

        delete(manager);
        assertThat(running("app:2", 4).keySet()).isEqualTo(uids);
    }

    @Test
    void aPodThatRestartsWithTheImageItHasKeepsNobodyWaitingWhoTakesOver() {
        controller.start();
        create(1, "app:1");
        Set<String> uids = running("app:1", 1).keySet();
        template("{metadata: {annotations: {kubectl.kubernetes.io/restartedAt: now}}}");

        Map<String, PodView> restarted =
                await("restarted", all(pod -> pod.ready() && pod.image("app").contains("@sha256:"), 1));

        assertThat(restarted.keySet()).isEqualTo(uids);
        assertThat(kruiseWaitsFor(restarted.values().iterator().next())).isEmpty();
    }

    private static long updated(Map<String, PodView> pods) {
        return pods.values().stream()
                .filter(pod -> pod.image("app").equals("app:2") && pod.ready())
                .count();
    }

    /** No write more in the time of a dozen looks; a pod may be left out of its Services, for whoever rolls now to put back. */
    private boolean standsStill() {
        int before = counting.writes();
        for (int look = 0; look < 12; look++) {
            podsNow();
        }
        return counting.writes() == before
                && podsNow().values().stream()
                        .allMatch(pod -> pod.containerStatus("app")
                                .filter(status -> status.path("ready").asBoolean())
                                .isPresent());
    }

    /**
     * Whom a pod keeps waiting by OpenKruise's own rule: a container that it noted has to have another image id, or the image of the
     * spec in the same letters.
     */
    private static Optional<String> kruiseWaitsFor(PodView pod) {
        JsonNode state = Trees.json(
                pod.annotation(CloneSetKeys.UPDATE_STATE).isEmpty() ? "{}" : pod.annotation(CloneSetKeys.UPDATE_STATE));
        return state.path("lastContainerStatuses").properties().stream()
                .filter(noted -> pod.containerStatus(noted.getKey())
                        .filter(status ->
                                status.path("imageID").equals(noted.getValue().path("imageID"))
                                        && !status.path("image").asText().equals(pod.image(noted.getKey())))
                        .isPresent())
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private ObjectNode kruiseComes() {
        return cluster.create(deployments, Trees.yaml("""
                        apiVersion: apps/v1
                        kind: Deployment
                        metadata: {name: kruise-controller-manager, namespace: kruise-system}
                        spec:
                          replicas: 1
                          selector: {matchLabels: {a: b}}
                          template:
                            metadata: {labels: {a: b}}
                            spec: {containers: [{name: manager, image: "m:1"}]}
                        """), MANAGER);
    }

    private void replicas(int count) {
        cluster.patch(
                deployments,
                KRUISE,
                "kruise-controller-manager",
                "",
                PatchType.MERGE,
                Trees.yaml("{spec: {replicas: " + count + "}}"),
                MANAGER);
    }

    private void delete(ObjectNode manager) {
        cluster.delete(
                deployments,
                KRUISE,
                "kruise-controller-manager",
                manager.at("/metadata/uid").asText(),
                Propagation.BACKGROUND);
    }
}
