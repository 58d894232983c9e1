package dev.trimtab.inplace;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.kube.ClusterClient.PatchType;
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Fields of a CloneSet that only mean something between a server, its kubelets and other people's writes. */
class CloneSetFieldsClusterTest extends CloneSetCluster {

    @Test
    void aHeldPodIsUpdatedWhenItsFinalizerIsOffAndCountsWhenItIsBack() {
        create(2, "app:1");
        edit("""
                spec:
                  lifecycle: {inPlaceUpdate: {finalizersHandler: [example.com/drain], markPodNotReady: true}}
                  template: {metadata: {finalizers: [example.com/drain]}}
                """);
        Map<String, PodView> before = await("finalizers", all(CloneSetFieldsClusterTest::drains, 2));
        running("app:1", 2);
        template("{spec: {containers: [{name: app, image: 'app:2'}]}}");
        for (int i = 0; i < 2; i++) {
            PodView held = one(
                    "PreparingUpdate and out of service",
                    pod -> pod.lifecycle().equals("PreparingUpdate") && !pod.ready());
            assertThat(held.image("app")).isEqualTo("app:1");
            finalizers(held, "[]");
            PodView updated = one("Updated", pod -> pod.lifecycle().equals("Updated"));
            assertThat(updated.uid()).isEqualTo(held.uid());
            assertThat(updated.image("app")).isEqualTo("app:2");
            finalizers(updated, "[example.com/drain]");
        }
        Map<String, PodView> after = await(
                "all are normal", all(pod -> pod.ready() && pod.lifecycle().equals("Normal"), 2));

        assertThat(after.keySet()).isEqualTo(before.keySet());
        assertThat(after.values()).allMatch(pod -> pod.image("app").equals("app:2") && pod.restarts() == 1);
        for (PodView pod : after.values()) {
            finalizers(pod, "[]");
        }
    }

    @Test
    void aNamedPodGoesWhenItsHookIsOffAndItsNameIsTakenOffTheList() {
        create(2, "app:1");
        edit("""
                spec:
                  lifecycle: {preDelete: {labelsHandler: {traffic: 'on'}}}
                  template: {metadata: {labels: {app: web, traffic: 'on'}}}
                """);
        Map<String, PodView> before =
                await("labelled", all(pod -> pod.ready() && pod.label("traffic").equals("on"), 2));
        PodView named = before.values().iterator().next();
        edit("{spec: {scaleStrategy: {podsToDelete: [" + named.name() + "]}}}");
        one("PreparingDelete", PodView::preparingDelete);
        assertThat(podsNow()).hasSize(2);

        cluster.patch(
                pods,
                namespace,
                named.name(),
                "",
                PatchType.MERGE,
                Trees.yaml("{metadata: {labels: {traffic: 'off'}}}"),
                MANAGER);
        await(
                "replaced",
                now -> now.size() == 2
                        && !now.containsKey(named.uid())
                        && now.values().stream().allMatch(PodView::ready));
        awaitSet(
                "the name is off",
                set -> set.at("/spec/scaleStrategy/podsToDelete").isEmpty());
    }

    @Test
    void containersRestartByPriority() {
        create(0, "app:1");
        template("""
                spec:
                  containers:
                  - {name: app, image: "app:1", env: [{name: KRUISE_CONTAINER_PRIORITY, value: "0"}]}
                  - {name: proxy, image: "proxy:1", env: [{name: KRUISE_CONTAINER_PRIORITY, value: "5"}]}
                """);
        scale(1);
        Map<String, PodView> before = running("app:1", 1);
        template("""
                spec:
                  containers:
                  - {name: app, image: "app:2", env: [{name: KRUISE_CONTAINER_PRIORITY, value: "0"}]}
                  - {name: proxy, image: "proxy:2", env: [{name: KRUISE_CONTAINER_PRIORITY, value: "5"}]}
                """);
        Map<String, PodView> after = running("app:2", 1);

        assertThat(after.keySet()).isEqualTo(before.keySet());
        JsonNode batches = Trees.json(after.values().iterator().next().annotation(CloneSetKeys.UPDATE_STATE))
                .path("containerBatchesRecord");
        assertThat(batches.findValues("containers"))
                .containsExactly(Trees.json("[\"proxy\"]"), Trees.json("[\"app\"]"));
    }

    @Test
    void progressAndMistakesAreInTheStatus() {
        create(1, "app:1");
        edit("{spec: {progressDeadlineSeconds: 60}}");
        running("app:1", 1);
        awaitSet(
                "available",
                set -> condition(set, "Progressing").path("reason").asText().equals("CloneSetAvailable")
                        && condition(set, "Progressing").hasNonNull("lastUpdateTime"));
        edit("{spec: {updateStrategy: {maxUnavailable: 0}}}");
        awaitSet(
                "refused",
                set -> condition(set, "FailedUpdate")
                        .path("message")
                        .asText()
                        .contains("spec.updateStrategy.maxUnavailable"));
        edit("{spec: {updateStrategy: {maxUnavailable: 1}}}");
        awaitSet("put right", set -> condition(set, "FailedUpdate").isMissingNode());
    }

    private static boolean drains(PodView pod) {
        return pod.finalizers().contains("example.com/drain");
    }

    private static JsonNode condition(JsonNode set, String type) {
        return Containers.stream(set.at("/status/conditions"))
                .filter(condition -> condition.path("type").asText().equals(type))
                .findFirst()
                .orElse(com.fasterxml.jackson.databind.node.MissingNode.getInstance());
    }

    private void edit(String yaml) {
        cluster.patch(cloneSets, namespace, "web", "", PatchType.MERGE, Trees.yaml(yaml), MANAGER);
    }

    private void finalizers(PodView pod, String list) {
        cluster.patch(
                pods,
                namespace,
                pod.name(),
                "",
                PatchType.MERGE,
                Trees.yaml("{metadata: {finalizers: " + list + "}}"),
                MANAGER);
    }

    private PodView one(String what, Predicate<PodView> which) {
        Map<String, PodView> found = await(
                "one is " + what, now -> now.values().stream().filter(which).count() == 1);
        return found.values().stream().filter(which).findFirst().orElseThrow();
    }

    private void awaitSet(String what, Predicate<JsonNode> condition) {
        Awaitility.await(what)
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(30))
                .until(this::cloneSet, condition);
    }
}
