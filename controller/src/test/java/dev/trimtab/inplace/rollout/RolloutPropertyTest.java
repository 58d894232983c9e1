package dev.trimtab.inplace.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.inplace.PodView;
import dev.trimtab.inplace.RolloutRecord;
import dev.trimtab.inplace.Trees;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Random workloads, kubelets, crashes, lost pods, added nodes and newer templates. Kind and seed are the test's name. */
class RolloutPropertyTest {

    private final Map<String, ObjectNode> pods = new TreeMap<>();
    private final ObjectNode workload = Trees.yaml("""
            apiVersion: apps/v1
            kind: StatefulSet
            metadata: {name: web, namespace: shop, uid: w, generation: 1, resourceVersion: "1"}
            spec:
              replicas: 0
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec: {containers: [{name: app, image: "web:1"}]}
            """);
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private long version = 1;

    /** Of a Deployment: it makes the pods, and takes over the template at the end. */
    private final ObjectNode replicaSet = Trees.yaml("""
            apiVersion: apps/v1
            kind: ReplicaSet
            metadata: {name: web-1, namespace: shop, uid: rs, resourceVersion: "1"}
            spec:
              replicas: 1
              template:
                metadata: {labels: {app: web, pod-template-hash: "1"}}
                spec: {containers: [{name: app, image: "web:1"}]}
            """);

    static Stream<Arguments> cases() {
        return Stream.of("StatefulSet", "DaemonSet", "Deployment")
                .flatMap(kind -> LongStream.range(0, 40).mapToObj(seed -> Arguments.of(kind, seed)));
    }

    @ParameterizedTest(name = "{0}, seed {1}")
    @MethodSource("cases")
    void neverMoreThanTheBudgetIsOutOfServiceAndItAlwaysEnds(String kind, long seed) {
        workload.put("kind", kind);
        SplittableRandom random = new SplittableRandom(seed);
        int replicas = random.nextInt(1, 8);
        spec().put("replicas", replicas).put("minReadySeconds", random.nextInt(3));
        for (int i = 0; i < replicas; i++) {
            create("web-" + i, "web:1");
        }
        int budget = random.nextInt(1, 4);
        int partition = kind.equals("StatefulSet") ? random.nextInt(3) : 0;
        switch (kind) {
            case "StatefulSet" ->
                spec().set(
                                "updateStrategy",
                                Trees.yaml("{type: RollingUpdate, rollingUpdate: {partition: " + partition + "}}"));
            case "DaemonSet" ->
                spec().set("updateStrategy", Trees.yaml("{type: RollingUpdate, rollingUpdate: {maxUnavailable: 1}}"));
            default -> {}
        }
        JsonNode strategy = spec().path("updateStrategy").deepCopy();
        int image = 2;
        begin("web:2", budget);
        for (int round = 0; round < 300 && RolloutRecord.marks(workload.path("metadata")); round++) {
            if (round < 60 && random.nextInt(25) == 0) {
                image++;
                begin("web:" + image, budget);
            }
            if (round < 60 && random.nextInt(20) == 0) {
                String victim = List.copyOf(pods.keySet()).get(random.nextInt(pods.size()));
                pods.remove(victim);
                create(victim, imageOfNewPods(image));
            }
            if (kind.equals("DaemonSet") && round < 60 && random.nextInt(20) == 0) {
                create("web-" + replicas++, imageOfNewPods(image));
            }
            report();
            int before = outOfService();
            RolloutDecision decision = Rollouts.next(view());
            int crash = random.nextInt(6) == 0 ? random.nextInt(decision.steps().size() + 1) : Integer.MAX_VALUE;
            decision.steps().stream().limit(crash).forEach(this::carryOut);
            assertThat(outOfService()).as("round " + round).isLessThanOrEqualTo(Math.max(budget, before));
            if (random.nextInt(3) > 0) {
                pods.keySet().forEach(pod -> kubelet(pod, random));
            }
            now = now.plusSeconds(1);
        }
        assertThat(RolloutRecord.marks(workload.path("metadata")))
                .as("still rolling")
                .isFalse();
        String wanted = "web:" + image;
        pods.forEach((name, pod) -> assertThat(imageOf(pod))
                .as(name)
                .isEqualTo(PodsToUpdate.ordinal(new PodView(pod)) >= partition ? wanted : "web:1"));
        assertThat(spec().path("updateStrategy")).isEqualTo(strategy);
        assertThat(spec().path("paused").asBoolean(false)).isFalse();
        if (kind.equals("Deployment")) {
            assertThat(imageOf(replicaSet.at("/spec/template"))).isEqualTo(wanted);
            assertThat(replicaSet
                            .at("/spec/template/metadata/labels/pod-template-hash")
                            .asText())
                    .isEqualTo("1");
        }
    }

    /**
     * Below the partition that holds everything, pods come back as they were; a ReplicaSet makes them from the template it has; a
     * DaemonSet that updates OnDelete makes them from the newest.
     */
    private String imageOfNewPods(int newest) {
        return switch (workload.path("kind").asText()) {
            case "StatefulSet" -> "web:1";
            case "DaemonSet" -> "web:" + newest;
            default -> imageOf(replicaSet.at("/spec/template"));
        };
    }

    private ObjectNode spec() {
        return workload.withObjectProperty("spec");
    }

    private void begin(String image, int budget) {
        ObjectNode answer = workload.deepCopy();
        ((ObjectNode) answer.at("/spec/template/spec/containers/0")).put("image", image);
        RolloutRecord record = RolloutRecord.begin(workload, answer, budget, Set.of("app"), Set.of(), Set.of(), now);
        workload.setAll(record.holding(answer));
        touch(workload);
        workload.withObjectProperty("metadata")
                .put("generation", workload.at("/metadata/generation").asLong() + 1);
    }

    private void touch(ObjectNode object) {
        version++;
        object.withObjectProperty("metadata").put("resourceVersion", Long.toString(version));
    }

    private void create(String name, String image) {
        ObjectNode pod = Trees.yaml("""
                apiVersion: v1
                kind: Pod
                metadata:
                  labels: {app: web}
                  ownerReferences: [{controller: true}]
                spec: {nodeName: n, containers: [{name: app}]}
                status: {phase: Running}
                """);
        pod.withObjectProperty("metadata")
                .put("name", name)
                .put("namespace", "shop")
                .put("uid", name + "-" + version);
        ((ObjectNode) pod.at("/spec/containers/0")).put("image", image);
        boolean deployed = workload.path("kind").asText().equals("Deployment");
        ((ObjectNode) pod.at("/metadata/ownerReferences/0")).put("uid", deployed ? "rs" : "w");
        if (!deployed) {
            pod.withObject("/metadata/labels").put("controller-revision-hash", "rev-" + image);
        }
        touch(pod);
        pods.put(name, pod);
        run(pod, 0);
    }

    /** The container runs what the spec says, and is ready. */
    private void run(ObjectNode pod, int restarts) {
        ObjectNode status = pod.withObjectProperty("status");
        ArrayNode containers = status.putArray("containerStatuses");
        containers
                .addObject()
                .put("name", "app")
                .put("image", imageOf(pod))
                .put("imageID", "sha256:" + imageOf(pod))
                .put("containerID", "c-" + pod.at("/metadata/name").asText() + "-" + restarts + "-" + version)
                .put("restartCount", restarts)
                .putObject("state")
                .putObject("running")
                .put("startedAt", now.toString());
        status.putArray("conditions")
                .addObject()
                .put("type", "Ready")
                .put("status", "True")
                .put("lastTransitionTime", now.toString());
        touch(pod);
    }

    private void kubelet(String name, SplittableRandom random) {
        ObjectNode pod = pod(name);
        if (!pod.at("/status/containerStatuses/0/image").asText().equals(imageOf(pod)) && random.nextInt(3) > 0) {
            run(pod, pod.at("/status/containerStatuses/0/restartCount").asInt() + 1);
        }
    }

    /** What the workload's own controller says. */
    private void report() {
        String revision =
                "rev-" + workload.at("/spec/template/spec/containers/0/image").asText();
        ObjectNode status = workload.putObject("status");
        status.put("observedGeneration", workload.at("/metadata/generation").asLong())
                .put("updateRevision", revision)
                .put("desiredNumberScheduled", pods.size());
        int updated = (int) pods.values().stream()
                .filter(pod -> pod.at("/metadata/labels/controller-revision-hash")
                        .asText()
                        .equals(revision))
                .count();
        boolean taken = imageOf(replicaSet.at("/spec/template")).equals(imageOf(spec().path("template")));
        status.put("updatedNumberScheduled", updated)
                .put(
                        "updatedReplicas",
                        workload.path("kind").asText().equals("Deployment") ? (taken ? pods.size() : 0) : updated);
        replicaSet.withObjectProperty("spec").put("replicas", pods.size());
        replicaSet.withObjectProperty("status").put("replicas", pods.size());
    }

    private List<ObjectNode> children() {
        return switch (workload.path("kind").asText()) {
            case "DaemonSet" -> {
                ObjectNode revision = Trees.yaml("{kind: ControllerRevision, revision: 1}");
                revision.withObject("/metadata/labels")
                        .put("controller-revision-hash", "rev-" + imageOf(spec().path("template")));
                revision.withObject("/data/spec").set("template", spec().path("template"));
                yield List.of(revision);
            }
            case "Deployment" -> List.of(replicaSet);
            default -> List.of();
        };
    }

    private Rollout view() {
        List<PodView> views = new ArrayList<>();
        pods.values().forEach(pod -> views.add(new PodView(pod)));
        return new Rollout(workload, RolloutRecord.of(workload).orElseThrow(), children(), views, List.of(), now);
    }

    private void carryOut(RolloutStep step) {
        if (step instanceof RolloutStep.PatchPod patch) {
            ObjectNode pod = pod(patch.pod().name());
            assertThat(patch.patch().at("/metadata/resourceVersion")).isEqualTo(pod.at("/metadata/resourceVersion"));
            for (String field : new String[] {"labels", "annotations"}) {
                if (patch.patch().path("metadata").path(field) instanceof ObjectNode changed) {
                    pod.withObjectProperty("metadata").withObjectProperty(field).setAll(changed);
                }
            }
            JsonNode image = patch.patch().at("/spec/containers/0/image");
            if (image.isTextual()) {
                ((ObjectNode) pod.at("/spec/containers/0")).set("image", image);
            }
            touch(pod);
        } else if (step instanceof RolloutStep.End end) {
            ObjectNode metadata = workload.withObjectProperty("metadata");
            metadata.withObjectProperty("labels").remove(RolloutRecord.LABEL);
            metadata.withObjectProperty("annotations").remove(RolloutRecord.ANNOTATION);
            assertThat(end.fallback()).as(end.why()).isEmpty();
            JsonNode ended = end.patch().path("spec");
            if (ended.has("updateStrategy")) {
                spec().set("updateStrategy", ended.path("updateStrategy"));
            }
            if (ended.has("paused")) {
                spec().set("paused", ended.path("paused"));
            }
            touch(workload);
        } else if (step instanceof RolloutStep.PatchReplicaSet patch) {
            assertThat(patch.patch().at("/0/value")).isEqualTo(replicaSet.at("/metadata/resourceVersion"));
            replicaSet.withObjectProperty("spec").set("template", patch.patch().at("/1/value"));
            touch(replicaSet);
        }
    }

    private ObjectNode pod(String name) {
        return Objects.requireNonNull(pods.get(name));
    }

    private static String imageOf(JsonNode pod) {
        return pod.at("/spec/containers/0/image").asText();
    }

    /** Told to run what they do not run yet. */
    private int outOfService() {
        return (int) pods.values().stream()
                .filter(pod ->
                        !pod.at("/status/containerStatuses/0/image").asText().equals(imageOf(pod)))
                .count();
    }
}
