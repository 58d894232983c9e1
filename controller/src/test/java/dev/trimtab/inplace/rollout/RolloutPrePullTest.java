package dev.trimtab.inplace.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.inplace.DyingCluster;
import dev.trimtab.inplace.prepull.PrePull;
import dev.trimtab.kube.ApiException;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ErrorClass;
import dev.trimtab.kube.ResourceType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** New images come to the nodes before a pod of a workload stops. */
@Timeout(240)
class RolloutPrePullTest {

    /** What the controller wrote of pods, in order: {@code create}, {@code patch} or {@code delete}, and a name. */
    private final List<String> writes = new CopyOnWriteArrayList<>();

    private RolloutRig rig;
    private boolean refusing;

    @BeforeEach
    void start() {
        rig = new RolloutRig();
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    /** Half a minute ahead of the cluster, so that a pull that fails has lasted long enough to be believed. */
    private RolloutController controller() {
        Clock ahead = Clock.offset(Clock.systemUTC(), Duration.ofSeconds(30));
        RolloutController controller = new RolloutController(recording(), ahead);
        controller.start();
        return controller;
    }

    private ClusterClient recording() {
        return (ClusterClient) Proxy.newProxyInstance(
                ClusterClient.class.getClassLoader(), new Class<?>[] {ClusterClient.class}, (proxy, method, args) -> {
                    if (Set.of("create", "patch", "delete").contains(method.getName())
                            && ((ResourceType) args[0]).kind().equals("Pod")) {
                        boolean creates = method.getName().equals("create");
                        if (creates && refusing) {
                            throw new ApiException(
                                    403, ErrorClass.FORBIDDEN, "exceeded quota: pods", List.of(), Optional.empty());
                        }
                        String name = creates
                                ? ((JsonNode) args[1]).at("/metadata/name").asText()
                                : (String) args[2];
                        writes.add(method.getName() + " " + name);
                    }
                    try {
                        return method.invoke(rig.cluster, args);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    private static boolean ofPull(String write) {
        return write.contains("-pull-");
    }

    private List<ObjectNode> pullPods() {
        return rig.list("v1", "Pod", "trimtab.dev/pre-pull");
    }

    private static String text(String kind, String image) {
        return RolloutRig.workload(kind, kind.equals("DaemonSet") ? "minReadySeconds: 0" : "replicas: 5", image);
    }

    private static String annotated(String text, String value) {
        return text.replace("{name: web}", "{name: web, annotations: {trimtab.dev/pre-pull: '" + value + "'}}");
    }

    @ParameterizedTest
    @CsvSource({"Deployment, 5, ''", "StatefulSet, 5, ''", "DaemonSet, 2, true"})
    void pullPodsComeAndGoBeforeTheFirstPodIsPatched(String kind, int pods, String policy) {
        String first = text(kind, "web:1");
        String second = text(kind, "web:2");
        rig.apply(policy.isEmpty() ? first : annotated(first, policy));
        rig.awaitReady(kind, pods);
        Map<String, String> uids = rig.uids();
        try (RolloutController controller = controller()) {
            rig.begin(policy.isEmpty() ? second : annotated(second, policy), 2);
            rig.awaitDone(kind, pods, "web:2");
            RolloutRig.patiently("no pull pod is left").until(() -> pullPods().isEmpty());
            assertThat(controller.halted()).isEmpty();
        }
        assertThat(rig.uids()).isEqualTo(uids);
        assertThat(writes.stream().filter(write -> write.startsWith("create")).distinct())
                .hasSize(2)
                .allMatch(RolloutPrePullTest::ofPull);
        List<String> patched = writes.stream().filter(write -> !ofPull(write)).toList();
        assertThat(patched).hasSize(pods);
        List<String> before = writes.subList(0, writes.indexOf(patched.get(0)));
        // One of the two stays to tell that all is done.
        assertThat(before.stream().map(write -> write.substring(0, write.indexOf(' '))))
                .containsSubsequence("create", "create", "patch", "delete");
    }

    @ParameterizedTest
    @CsvSource({"Deployment", "StatefulSet"})
    void anImageThatCannotBePulledStopsTheRolloutBeforeAnyPodIsTouched(String kind) {
        rig.apply(text(kind, "web:1"));
        rig.awaitReady(kind, 5);
        Map<String, String> uids = rig.uids();
        try (RolloutController controller = controller()) {
            rig.begin(text(kind, "web:bad"), 2);
            RolloutRig.patiently("halted").until(() -> !controller.halted().isEmpty());
            assertThat(List.copyOf(controller.halted().values()).get(0))
                    .contains("image example.com/web:bad cannot be pulled on node node-")
                    .contains("ErrImagePull")
                    .contains("trimtab.dev/pre-pull");
            RolloutRig.patiently("an event says so")
                    .until(() -> rig.list("v1", "Event", "").stream()
                            .anyMatch(event -> event.path("reason").asText().equals("RolloutHalted")
                                    && event.path("message").asText().contains("cannot be pulled")));
            assertThat(PrePull.report(rig.cluster, rig.get(kind, "web")))
                    .anyMatch(line -> line.startsWith("node-1 example.com/web:bad: ErrImagePull: "));
            assertThat(writes).allMatch(RolloutPrePullTest::ofPull);
            assertThat(rig.pods()).hasSize(5).allMatch(RolloutRig::ready);
            assertThat(Set.copyOf(rig.images().values())).containsExactly("web:1");

            rig.begin(text(kind, "web:2"), 2);
            rig.awaitDone(kind, 5, "web:2");
            RolloutRig.patiently("no pull pod is left").until(() -> pullPods().isEmpty());
            assertThat(controller.halted()).isEmpty();
        }
        assertThat(rig.uids()).isEqualTo(uids);
    }

    @Test
    void labelsChangeWhileImagesArePulled() {
        rig.apply(text("Deployment", "web:1"));
        rig.awaitReady("Deployment", 5);
        try (RolloutController controller = controller()) {
            rig.begin(text("Deployment", "web:bad"), 2);
            RolloutRig.patiently("halted").until(() -> !controller.halted().isEmpty());
            rig.begin(text("Deployment", "web:1").replace("labels: {app: web}", "labels: {app: web, tier: edge}"), 2);
            rig.awaitDone("Deployment", 5, "web:1");
            assertThat(rig.list("v1", "Pod", "tier=edge")).hasSize(5);
            RolloutRig.patiently("no pull pod is left").until(() -> pullPods().isEmpty());
        }
    }

    @Test
    void thePolicyTurnsItOff() {
        rig.apply(text("Deployment", "web:1"));
        rig.awaitReady("Deployment", 5);
        try (RolloutController controller = controller()) {
            rig.begin(annotated(text("Deployment", "web:2"), "false"), 2);
            rig.awaitDone("Deployment", 5, "web:2");
            assertThat(controller.halted()).isEmpty();
        }
        assertThat(writes).hasSize(5).noneMatch(RolloutPrePullTest::ofPull);
    }

    @Test
    void pullPodsThatAreRefusedDoNotHoldUpTheRollout() {
        rig.apply(text("Deployment", "web:1"));
        rig.awaitReady("Deployment", 5);
        refusing = true;
        try (RolloutController controller = controller()) {
            rig.begin(text("Deployment", "web:2"), 2);
            rig.awaitDone("Deployment", 5, "web:2");
            assertThat(controller.halted()).isEmpty();
        }
        assertThat(writes).hasSize(5).noneMatch(RolloutPrePullTest::ofPull);
    }

    @Test
    void killedAtAnyWriteTheNextProcessPullsOnAndLeavesNothingBehind() {
        rig.apply(text("Deployment", "web:1"));
        rig.awaitReady("Deployment", 5);
        Map<String, String> uids = rig.uids();
        // Two creations, a mark, a deletion, and the first patches.
        for (int deadly = 0; deadly < 6; deadly++) {
            String image = "web:" + (deadly + 2);
            DyingCluster dying = new DyingCluster(deadly);
            RolloutController first = new RolloutController(dying.over(rig.cluster), Clock.systemUTC());
            first.start();
            rig.begin(text("Deployment", image), 5);
            RolloutRig.patiently("dead").until(dying::dead);
            first.close();
            try (RolloutController second = controller()) {
                rig.awaitDone("Deployment", 5, image);
                RolloutRig.patiently("no pull pod is left")
                        .until(() -> pullPods().isEmpty());
                assertThat(second.halted()).isEmpty();
            }
        }
        assertThat(rig.uids()).isEqualTo(uids);
    }

    @Test
    void whatIsLeftOfARolloutThatIsOverIsRemoved() {
        rig.apply(text("Deployment", "web:1"));
        rig.awaitReady("Deployment", 5);
        ObjectNode owner = rig.get("Deployment", "web");
        ObjectNode left =
                JsonNodeFactory.instance.objectNode().put("apiVersion", "v1").put("kind", "Pod");
        ObjectNode metadata =
                left.putObject("metadata").put("name", "web-pull-1").put("namespace", rig.namespace);
        String uid = owner.at("/metadata/uid").asText();
        metadata.putObject("labels").put("trimtab.dev/pre-pull", uid).put("trimtab.dev/pre-pull-revision", "old");
        metadata.putArray("ownerReferences")
                .addObject()
                .put("apiVersion", "apps/v1")
                .put("kind", "Deployment")
                .put("name", "web")
                .put("uid", uid);
        left.putObject("spec")
                .put("nodeName", "node-1")
                .putArray("containers")
                .addObject()
                .put("name", "image-0")
                .put("image", "example.com/web:0");
        rig.cluster.create(rig.type("v1", "Pod"), left, RolloutRig.MANAGER);
        try (RolloutController controller = controller()) {
            RolloutRig.patiently("no pull pod is left").until(() -> pullPods().isEmpty());
            assertThat(controller.idle()).isTrue();
        }
    }
}
