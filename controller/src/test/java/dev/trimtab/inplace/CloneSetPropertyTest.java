package dev.trimtab.inplace;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random clusters, edits, kubelets and crashes. The seed is the test's name. */
class CloneSetPropertyTest {

    private static final String LIFECYCLE = """
            preDelete: {finalizersHandler: [x/drain]}
            inPlaceUpdate: {finalizersHandler: [x/drain], markPodNotReady: true}
            """;

    /** Restarts after the other container, as that has no priority. */
    private static final String SIDE =
            "{name: side, image: 'side:1', env: [{name: KRUISE_CONTAINER_PRIORITY, value: '1'}]}";

    static LongStream seeds() {
        return LongStream.range(0, 80);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aRolloutKeepsItsPromisesAndEnds(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        CloneSetWorld world = new CloneSetWorld(random);
        world.spec().put("replicas", random.nextInt(1, 8)).put("minReadySeconds", random.nextInt(3));
        if (seed % 3 == 0) {
            world.answersHooks = true;
            world.spec().set("lifecycle", Trees.yaml(LIFECYCLE));
        }
        if (seed % 4 == 1) {
            ArrayNode containers = (ArrayNode) world.spec().at("/template/spec/containers");
            containers.add(Trees.yaml(SIDE));
        }
        if (seed % 5 == 0) {
            world.spec().putArray("volumeClaimTemplates").add(Trees.yaml("{metadata: {name: data}}"));
        }
        for (int round = 0; round < 150; round++) {
            if (random.nextInt(10) == 0) {
                edit(world, random);
            }
            if (random.nextInt(40) == 0 && !world.pods.isEmpty()) {
                List<String> names = List.copyOf(world.pods.keySet());
                String pod = names.get(random.nextInt(names.size()));
                if (random.nextBoolean()) {
                    world.remove(pod);
                } else {
                    world.breakPod(pod, random.nextBoolean());
                }
            }
            CloneSetState state = world.state();
            Decision decision = CloneSetPlanner.decide(state);
            assertBudgetKept(state, decision);
            assertPartitionKept(state, decision);
            if (random.nextInt(4) == 0) {
                // The kubelet is faster than some of the writes.
                world.kubelet(0.5);
            }
            int crash = random.nextInt(5) == 0 ? random.nextInt(decision.steps().size() + 1) : Integer.MAX_VALUE;
            decision.steps().stream().limit(crash).forEach(world::apply);
            if (crash == Integer.MAX_VALUE) {
                world.report(state, decision);
            }
            world.kubelet(0.7);
            if (world.answersHooks) {
                world.drain(0.4);
            }
            world.pass(1);
        }

        world.pods.keySet().forEach(pod -> world.breakPod(pod, false));
        world.app().put("image", "app:good");
        world.strategy().put("paused", false).put("maxUnavailable", 1).put("partition", 0);
        assertThat(world.settle()).as("the rollout ends").isTrue();
        assertThat(world.views()).hasSize(world.cloneSet.at("/spec/replicas").asInt());
        assertThat(world.views()).allMatch(pod -> pod.image("app").equals("app:good") && pod.ready());
        assertThat(world.views()).allMatch(pod -> images(pod).equals(images(world)), "has every image of the template");
        if (seed % 5 == 0) {
            assertThat(world.claims.keySet())
                    .containsAll(world.pods.keySet().stream()
                            .map(pod -> "data-" + pod)
                            .toList());
        }
        world.written.clear();
        assertThat(world.reconcile().steps()).as("nothing is left to write").isEmpty();
    }

    private static List<String> images(CloneSetWorld world) {
        return images(new PodView((ObjectNode) world.cloneSet.at("/spec/template")));
    }

    private static List<String> images(PodView pod) {
        return Containers.stream(pod.json().at("/spec/containers"))
                .map(container -> container.path("image").asText())
                .toList();
    }

    private static void edit(CloneSetWorld world, SplittableRandom random) {
        if (world.spec().at("/template/spec/containers/1") instanceof ObjectNode side && random.nextBoolean()) {
            side.put("image", "side:" + random.nextInt(4));
        }
        switch (random.nextInt(8)) {
            case 0, 1 -> world.app().put("image", "app:" + random.nextInt(4));
            case 2 -> world.app().put("image", "app:bad");
            case 3 -> world.templateLabels().put("tier", "t" + random.nextInt(3));
            case 4 -> {
                world.app().putArray("env").addObject().put("name", "MODE").put("value", "v" + random.nextInt(3));
            }
            case 5 -> world.spec().put("replicas", random.nextInt(8));
            case 6 ->
                world.strategy()
                        .put("partition", random.nextInt(4))
                        .put("maxUnavailable", random.nextInt(1, 4))
                        .put("maxSurge", random.nextInt(3));
            default ->
                world.strategy()
                        .put("paused", random.nextBoolean())
                        .put("type", random.nextInt(4) == 0 ? "ReCreate" : "InPlaceIfPossible");
        }
    }

    /** What is taken out of service on purpose leaves at least replicas - maxUnavailable pods in service. */
    private static void assertBudgetKept(CloneSetState state, Decision decision) {
        CloneSet cloneSet = state.cloneSet();
        long disturbed =
                decision.steps().stream().filter(step -> disturbs(step, state)).count();
        if (disturbed > 0) {
            long available = state.pods().stream().filter(state::available).count();
            int replicas = cloneSet.replicas();
            assertThat(available - disturbed)
                    .as("available pods after %s", decision.steps())
                    .isGreaterThanOrEqualTo(replicas - cloneSet.strategy().maxUnavailable(replicas));
        }
    }

    private static void assertPartitionKept(CloneSetState state, Decision decision) {
        if (decision.wanted().isEmpty()) {
            return;
        }
        TemplateRevision wanted = decision.wanted().get();
        long old = state.pods().stream()
                .filter(pod -> !wanted.isLabelOf(pod) && !pod.preparingDelete())
                .count();
        long updated =
                decision.steps().stream().filter(step -> updates(step, wanted)).count();
        int partition = state.cloneSet().strategy().partition(state.cloneSet().replicas());
        if (updated > 0) {
            assertThat(old - updated).as("old pods left").isGreaterThanOrEqualTo(partition);
        }
    }

    private static boolean disturbs(Step step, CloneSetState state) {
        if (step instanceof Step.DeletePod delete) {
            return state.available(delete.pod());
        }
        if (step instanceof Step.PatchStatus status) {
            return state.available(status.pod())
                    && status.patch().at("/status/conditions/0/status").asText().equals("False");
        }
        if (step instanceof Step.PatchLifecycle lifecycle) {
            return state.available(lifecycle.pod());
        }
        return step instanceof Step.PatchPod patch
                && state.available(patch.pod())
                && patch.patch().has("spec");
    }

    private static boolean updates(Step step, TemplateRevision wanted) {
        if (step instanceof Step.DeletePod delete) {
            return !delete.why().startsWith("more pods")
                    && !wanted.isLabelOf(delete.pod())
                    && !delete.pod().preparingDelete();
        }
        if (step instanceof Step.PatchLifecycle lifecycle) {
            // From here on the pod is as good as gone.
            return lifecycle.patch().at("/metadata/labels").has(CloneSetKeys.SPECIFIED_DELETE)
                    && !wanted.isLabelOf(lifecycle.pod());
        }
        // The next containers of a pod that was told before are no new update.
        return step instanceof Step.PatchPod patch
                && patch.patch().path("metadata").path("labels").has(CloneSetKeys.REVISION);
    }
}
