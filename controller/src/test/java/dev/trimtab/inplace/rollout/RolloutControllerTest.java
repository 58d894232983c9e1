package dev.trimtab.inplace.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.inplace.DyingCluster;
import dev.trimtab.inplace.RolloutFinished;
import dev.trimtab.inplace.RolloutRecord;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What may come in the middle of a rollout in place. */
@Timeout(240)
class RolloutControllerTest {

    private RolloutRig rig;

    @BeforeEach
    void start() {
        rig = new RolloutRig();
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private RolloutController controller() {
        RolloutController controller = new RolloutController(rig.cluster, Clock.systemUTC());
        controller.start();
        return controller;
    }

    /** A workload of three pods, or of one on each of two nodes. */
    private int running(String kind) {
        String fields = kind.equals("DaemonSet") ? "minReadySeconds: 0" : "replicas: 3";
        rig.apply(RolloutRig.workload(kind, fields, "web:1"));
        int pods = kind.equals("DaemonSet") ? 2 : 3;
        rig.awaitReady(kind, pods);
        return pods;
    }

    private static String next(String kind, String image) {
        return RolloutRig.workload(kind, kind.equals("DaemonSet") ? "minReadySeconds: 0" : "replicas: 3", image);
    }

    /** {@code trimtab apply} beside {@code trimtab run}, for instance. */
    @ParameterizedTest
    @CsvSource({"Deployment", "StatefulSet", "DaemonSet"})
    void twoProcessesOnOneRolloutRestartEachContainerOnceAndKeepTheBudget(String kind) {
        int pods = running(kind);
        Map<String, String> uids = rig.uids();
        try (RolloutController one = controller();
                RolloutController other = controller()) {
            assertThat(one).isNotSameAs(other);
            rig.begin(next(kind, "web:2"), 1);
            rig.awaitDone(kind, pods, "web:2");
        }

        assertThat(rig.uids()).isEqualTo(uids);
        assertThat(rig.list("v1", "Pod", "app=web"))
                .allMatch(pod ->
                        pod.at("/status/containerStatuses/0/restartCount").asInt() == 1);
    }

    /** Of this namespace: a cluster that others use too may have rollouts of theirs. */
    private void awaitIdle(RolloutController controller) {
        RolloutRig.patiently("nothing is under way")
                .until(() -> controller.underWay().stream()
                        .noneMatch(key -> key.namespace().equals(Optional.of(rig.namespace))));
    }

    @ParameterizedTest
    @CsvSource({"Deployment, 3", "StatefulSet, 3", "DaemonSet, 2"})
    void onePodCostsOneWriteOfTheApi(String kind, int pods) {
        running(kind);
        DyingCluster counting = new DyingCluster(Integer.MAX_VALUE);
        RolloutController controller = new RolloutController(counting.over(rig.cluster), Clock.systemUTC());
        controller.start();
        try {
            rig.begin(next(kind, "web:2"), 1);
            rig.awaitDone(kind, pods, "web:2");
        } finally {
            controller.close();
        }
        assertThat(counting.podWrites()).isEqualTo(pods);
        // Besides them the end of the record, the Event that says so, and a Deployment's ReplicaSet.
        assertThat(counting.writes()).isEqualTo(pods + (kind.equals("Deployment") ? 3 : 2));
    }

    @ParameterizedTest
    @CsvSource({"Deployment, 3", "StatefulSet, 3", "DaemonSet, 2"})
    void theWorkloadIsToldOnceThatItsRolloutFinishedAndHow(String kind, int pods) {
        running(kind);
        List<RolloutFinished> heard = new CopyOnWriteArrayList<>();
        try (RolloutController controller = controller()) {
            controller.onFinished(heard::add);
            rig.begin(next(kind, "web:2"), 1);
            rig.awaitDone(kind, pods, "web:2");
            RolloutRig.patiently("heard").until(() -> !heard.isEmpty());
        }
        assertThat(heard).singleElement().satisfies(end -> {
            assertThat(end.workload().kind()).isEqualTo(kind);
            assertThat(end.inPlace()).isEqualTo(pods);
            assertThat(end.added()).isZero();
        });
        assertThat(rig.list("v1", "Event", ""))
                .filteredOn(event -> event.path("reason").asText().equals("RolloutFinished"))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.path("type").asText()).isEqualTo("Normal");
                    assertThat(event.path("message").asText())
                            .startsWith(pods + " pods run the new image in place, none was replaced, ");
                    assertThat(event.at("/involvedObject/uid"))
                            .isEqualTo(rig.get(kind, "web").at("/metadata/uid"));
                });
    }

    @ParameterizedTest
    @CsvSource({"Deployment", "StatefulSet", "DaemonSet"})
    void aRollbackInTheMiddleBringsEveryPodBack(String kind) {
        int pods = running(kind);
        Map<String, String> uids = rig.uids();
        try (RolloutController controller = controller()) {
            // An image that never comes up stops the rollout after one pod.
            rig.begin(next(kind, "web:bad"), 1);
            RolloutRig.patiently("one pod is patched").until(() -> rig.images().containsValue("web:bad"));
            rig.begin(next(kind, "web:1"), 1);
            rig.awaitDone(kind, pods, "web:1");
            awaitIdle(controller);
        }
        assertThat(rig.uids()).isEqualTo(uids);
    }

    @ParameterizedTest
    @CsvSource({"Deployment", "StatefulSet"})
    void aPodThatDiesAndAScaleInTheMiddleAreSurvived(String kind) {
        running(kind);
        String kept = kind.equals("StatefulSet")
                ? "web-0"
                : rig.uids().keySet().iterator().next();
        String keptUid = rig.uids().get(kept);
        rig.begin(next(kind, "web:2"), 1);
        // Nothing rolls while nobody works on it.
        String victim = new TreeSet<>(rig.uids().keySet()).last();
        rig.deletePod(victim);
        rig.scale(kind, 5);
        try (RolloutController controller = controller()) {
            rig.awaitDone(kind, 5, "web:2");
            assertThat(controller.halted()).isEmpty();
        }
        assertThat(rig.uids()).containsEntry(kept, keptUid);
    }

    @Test
    void moreThanTheBudgetIsNeverOutOfService() {
        rig.apply(RolloutRig.workload("Deployment", "replicas: 5", "web:1"));
        rig.awaitReady("Deployment", 5);
        try (RolloutController controller = controller()) {
            rig.begin(
                    RolloutRig.workload("Deployment", "replicas: 5", "web:bad")
                            .replace("{name: web}", "{name: web, annotations: {trimtab.dev/pre-pull: 'false'}}"),
                    2);
            RolloutRig.patiently("two pods are patched")
                    .until(() -> rig.images().values().stream()
                                    .filter("web:bad"::equals)
                                    .count()
                            == 2);
            RolloutRig.patiently("two are not ready")
                    .until(() -> rig.pods().stream().filter(RolloutRig::ready).count() == 3);
            // A pod more changes nothing: it comes from the old template, and the two are still missing.
            rig.scale("Deployment", 6);
            RolloutRig.patiently("a sixth pod is ready")
                    .until(() -> rig.pods().stream().filter(RolloutRig::ready).count() == 4);
            assertThat(rig.images().values().stream().filter("web:bad"::equals)).hasSize(2);
            assertThat(controller.idle()).isFalse();
        }
    }

    @Test
    void aDisruptionBudgetIsRespected() {
        rig.apply(RolloutRig.workload("Deployment", "replicas: 3", "web:1"));
        rig.awaitReady("Deployment", 3);
        rig.apply("{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: web}, "
                + "spec: {minAvailable: 3, selector: {matchLabels: {app: web}}}}");
        RolloutRig.patiently("the budget is counted")
                .until(() -> rig.list("policy/v1", "PodDisruptionBudget", "")
                                .get(0)
                                .at("/status/currentHealthy")
                                .asInt()
                        == 3);
        try (RolloutController controller = controller()) {
            rig.begin(RolloutRig.workload("Deployment", "replicas: 3", "web:2"), 3);
            RolloutRig.patiently("the controller looked").until(() -> !controller.idle());
            rig.apply("{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: web}, "
                    + "spec: {minAvailable: 2, selector: {matchLabels: {app: web}}}}");
            rig.awaitDone("Deployment", 3, "web:2");
        }
    }

    @Test
    void anEmptyReplicaSetOfTheNewTemplateIsNotTakenForTheNewOne() {
        running("Deployment");
        // Ordinary rollouts leave ReplicaSets of old templates behind, and a rollback wants one of those.
        rig.apply(next("Deployment", "web:2"));
        rig.patch("Deployment", "{metadata: {annotations: {seen: 'yes'}}}");
        RolloutRig.patiently("rolled out")
                .until(() -> Set.copyOf(rig.images().values()).equals(Set.of("web:2")));
        rig.awaitReady("Deployment", 3);
        Map<String, String> uids = rig.uids();
        assertThat(rig.list("apps/v1", "ReplicaSet", "app=web")).hasSize(2);
        try (RolloutController controller = controller()) {
            rig.begin(next("Deployment", "web:1"), 1);
            rig.awaitDone("Deployment", 3, "web:1");
            awaitIdle(controller);
        }
        assertThat(rig.uids()).isEqualTo(uids);
        assertThat(rig.list("apps/v1", "ReplicaSet", "app=web")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"Deployment, 3", "StatefulSet, 3", "DaemonSet, 2"})
    void whatAPersonPausedTouchesNoPodUntilItIsResumed(String kind, int pods) {
        running(kind);
        rig.patch(kind, "{metadata: {annotations: {trimtab.dev/rollout-paused: 'a look first'}}}");
        DyingCluster counting = new DyingCluster(Integer.MAX_VALUE);
        RolloutController controller = new RolloutController(counting.over(rig.cluster), Clock.systemUTC());
        controller.start();
        try {
            rig.begin(next(kind, "web:2"), 1);
            RolloutRig.patiently("it is seen").until(() -> !controller.idle());
            rig.awaitObserved(kind);
            assertThat(counting.writes()).isZero();

            rig.patch(kind, "{metadata: {annotations: {trimtab.dev/rollout-paused: null}}}");
            rig.awaitDone(kind, pods, "web:2");
        } finally {
            controller.close();
        }
    }

    @Test
    void whatSomebodyResumesIsLeftToItsOwnController() {
        running("Deployment");
        rig.begin(next("Deployment", "web:2"), 1);
        rig.patch("Deployment", "{spec: {paused: false}}");
        try (RolloutController controller = controller()) {
            rig.awaitDone("Deployment", 3, "web:2");
            assertThat(controller.halted()).isEmpty();
        }
        assertThat(rig.list("v1", "Event", ""))
                .filteredOn(event -> event.path("reason").asText().startsWith("RolloutF"))
                .extracting(
                        event -> event.path("type").asText(),
                        event -> event.path("reason").asText(),
                        event -> event.path("message").asText())
                .containsExactly(tuple(
                        "Warning",
                        "RolloutFellBack",
                        "its own controller goes on, and replaces pods: somebody resumed it"));
    }

    @ParameterizedTest
    @CsvSource({"Deployment, 3", "StatefulSet, 3", "DaemonSet, 2"})
    void whatIsTakenBackGetsTheTemplateBeforeInTheSamePodsUntilTheNextCommit(String kind, int pods) {
        running(kind);
        Map<String, String> uids = rig.uids();
        try (RolloutController controller = controller()) {
            rig.begin(next(kind, "web:bad"), 1);
            RolloutRig.patiently("one pod is patched").until(() -> rig.images().containsValue("web:bad"));
            rig.patch(
                    kind,
                    RolloutRecord.undo(withoutVersion(rig.get(kind, "web")), "errors in canary")
                            .toString());
            RolloutRig.patiently("taken back")
                    .until(() ->
                            controller.halted().values().stream().anyMatch(why -> why.contains("errors in canary")));

            assertThat(rig.images())
                    .hasSize(pods)
                    .allSatisfy((pod, image) -> assertThat(image).isEqualTo("web:1"));
            assertThat(rig.pods()).allMatch(RolloutRig::ready);
            assertThat(rig.get(kind, "web")
                            .at("/spec/template/spec/containers/0/image")
                            .asText())
                    .as("what Git says stays")
                    .endsWith("web:bad");

            rig.begin(next(kind, "web:2"), 1);
            rig.awaitDone(kind, pods, "web:2");
            assertThat(controller.halted()).isEmpty();
        }
        assertThat(rig.uids()).isEqualTo(uids);
        assertThat(rig.get(kind, "web").at("/metadata/annotations").has(RolloutRecord.UNDONE))
                .isFalse();
    }

    /** A person who undoes by hand has no version to name. */
    private static ObjectNode withoutVersion(ObjectNode live) {
        live.withObjectProperty("metadata").remove("resourceVersion");
        return live;
    }

    @Test
    void whatDoesNotComeUpGoesBackWhereTheWorkloadSaysSo() {
        String fields = "replicas: 3, progressDeadlineSeconds: 1";
        rig.apply(RolloutRig.workload("Deployment", fields, "web:1"));
        rig.patch("Deployment", "{metadata: {annotations: {trimtab.dev/on-failure: rollback}}}");
        rig.awaitReady("Deployment", 3);
        Map<String, String> uids = rig.uids();
        try (RolloutController controller = controller()) {
            rig.begin(RolloutRig.workload("Deployment", fields, "web:bad"), 2);
            RolloutRig.patiently("taken back")
                    .until(() -> controller.halted().values().stream().anyMatch(why -> why.contains("taken back")));

            assertThat(rig.images().values()).containsOnly("web:1");
            assertThat(rig.uids()).isEqualTo(uids);
            assertThat(rig.list("v1", "Event", ""))
                    .anyMatch(event -> event.path("reason").asText().equals("RolloutUndone")
                            && event.path("message").asText().contains("container app waits:"));
            rig.scale("Deployment", 4);
            RolloutRig.patiently("a new pod is of the old template")
                    .until(() -> rig.images().size() == 4
                            && rig.images().values().stream().allMatch("web:1"::equals));
        }
    }

    @Test
    void whatIsNotReadyInTimeHaltsTheRestAndSaysWhy() {
        rig.apply(RolloutRig.workload("Deployment", "replicas: 3, progressDeadlineSeconds: 1", "web:1"));
        rig.awaitReady("Deployment", 3);
        try (RolloutController controller = controller()) {
            rig.begin(RolloutRig.workload("Deployment", "replicas: 3, progressDeadlineSeconds: 1", "web:bad"), 3);
            RolloutRig.patiently("halted").until(() -> !controller.halted().isEmpty());
            assertThat(List.copyOf(controller.halted().values()).get(0)).contains("container app waits:");
            ObjectNode live = rig.get("Deployment", "web");
            assertThat(RolloutRecord.marks(live.path("metadata"))).isTrue();
            RolloutRig.patiently("an event says so")
                    .until(() -> rig.list("v1", "Event", "").stream()
                            .anyMatch(event -> event.path("reason").asText().equals("RolloutHalted")
                                    && event.at("/involvedObject/name").asText().equals("web")
                                    && event.path("message").asText().contains("container app waits:")));

            rig.begin(RolloutRig.workload("Deployment", "replicas: 3, progressDeadlineSeconds: 60", "web:3"), 3);
            rig.awaitDone("Deployment", 3, "web:3");
            assertThat(controller.halted()).isEmpty();
        }
    }
}
