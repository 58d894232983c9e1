package dev.trimtab.sandbox.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.LocalApi;
import dev.trimtab.sandbox.api.LocalApi.Propagation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StatefulSetsTest {

    private static final String STATEFUL_SETS = "statefulsets.apps";
    private static final String REVISION = "controller-revision-hash";

    private final Cluster cluster = Cluster.start();

    @AfterAll
    void stop() {
        cluster.close();
    }

    private void statefulSet(String name, String spec) {
        ObjectNode set = Cluster.yaml("""
                apiVersion: apps/v1
                kind: StatefulSet
                metadata: {name: %s, namespace: default}
                spec:
                  serviceName: %s
                  selector: {matchLabels: {app: %s}}
                  template:
                    metadata: {labels: {app: %s}}
                    spec: {containers: [{name: app, image: 'demo/app:1'}]}
                """.formatted(name, name, name, name));
        set.withObject("spec").setAll(Cluster.yaml(spec));
        cluster.api().create(STATEFUL_SETS, set, "test");
    }

    private ObjectNode awaitUpdated(String name, int updated) {
        return cluster.await(STATEFUL_SETS, name, set -> {
            JsonNode status = set.path("status");
            return status.path("observedGeneration").asLong() >= ObjectMeta.generation(set)
                    && status.path("updatedReplicas").asInt() == updated
                    && status.path("readyReplicas").asInt()
                            == set.path("spec").path("replicas").asInt();
        });
    }

    private Map<String, String> images(String app) {
        return cluster.pods(app).stream()
                .collect(Collectors.toMap(
                        ObjectMeta::name,
                        pod -> pod.path("spec")
                                .path("containers")
                                .path(0)
                                .path("image")
                                .asText()));
    }

    private Map<String, String> uids(String app) {
        return cluster.pods(app).stream().collect(Collectors.toMap(ObjectMeta::name, ObjectMeta::uid));
    }

    @Test
    void podsComeUpOneAfterTheOtherWithTheirClaims() {
        List<LocalApi.Event> events = cluster.record("pods");
        statefulSet("ordered", """
                {replicas: 3, volumeClaimTemplates:
                  [{metadata: {name: data}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}]}""");
        awaitUpdated("ordered", 3);
        cluster.catchUp(events, "pods", "ordered-2");

        assertThat(steps(events))
                .containsExactly(
                        "ordered-0", "ordered-0 ready", "ordered-1", "ordered-1 ready", "ordered-2", "ordered-2 ready");
        assertThat(cluster.find("persistentvolumeclaims", "data-ordered-2")).isPresent();
        assertThat(cluster.get("pods", "ordered-1").findValuesAsText("claimName"))
                .containsExactly("data-ordered-1");
    }

    private static List<String> steps(List<LocalApi.Event> events) {
        List<String> steps = new ArrayList<>();
        for (LocalApi.Event event : List.copyOf(events)) {
            String step = ObjectMeta.name(event.object()) + (PodState.ready(event.object()) ? " ready" : "");
            if (step.startsWith("ordered-") && !steps.contains(step)) {
                steps.add(step);
            }
        }
        return steps;
    }

    @Test
    void partitionHoldsBackLowerOrdinalsAlsoWhenTheyComeAgain() {
        statefulSet("parted", "{replicas: 3, updateStrategy: {type: RollingUpdate, rollingUpdate: {partition: 2}}}");
        awaitUpdated("parted", 3);

        cluster.setImage(STATEFUL_SETS, "parted", "demo/app:2");
        ObjectNode set = awaitUpdated("parted", 1);
        assertThat(images("parted")).containsEntry("parted-1", "demo/app:1").containsEntry("parted-2", "demo/app:2");
        assertThat(set.path("status").path("currentRevision"))
                .isNotEqualTo(set.path("status").path("updateRevision"));

        String uid = uids("parted").get("parted-0");
        cluster.delete("pods", "parted-0", Propagation.BACKGROUND);
        cluster.await("pods", "parted-0", pod -> !ObjectMeta.uid(pod).equals(uid) && PodState.ready(pod));
        assertThat(images("parted")).containsEntry("parted-0", "demo/app:1");

        cluster.patch(STATEFUL_SETS, "parted", "{spec: {updateStrategy: {rollingUpdate: {partition: 0}}}}");
        ObjectNode done = awaitUpdated("parted", 3);
        assertThat(done.path("status").path("currentRevision"))
                .isEqualTo(done.path("status").path("updateRevision"));
    }

    /** The label alone says of which revision a pod is: patched together with the image it counts as updated where it runs. */
    @Test
    void podPatchedInPlaceWithItsRevisionLabelIsLeftAlone() {
        statefulSet("in-place", "{replicas: 2, updateStrategy: {type: RollingUpdate, rollingUpdate: {partition: 2}}}");
        awaitUpdated("in-place", 2);
        Map<String, String> before = uids("in-place");

        cluster.setImage(STATEFUL_SETS, "in-place", "demo/app:2");
        ObjectNode set = awaitUpdated("in-place", 0);
        String revision = set.path("status").path("updateRevision").asText();
        for (int ordinal = 1; ordinal >= 0; ordinal--) {
            cluster.change("pods", "in-place-" + ordinal, pod -> {
                ((ObjectNode) pod.path("spec").path("containers").path(0)).put("image", "demo/app:2");
                pod.withObject("metadata").withObject("labels").put(REVISION, revision);
            });
            awaitUpdated("in-place", 2 - ordinal);
        }
        cluster.patch(STATEFUL_SETS, "in-place", "{spec: {updateStrategy: {rollingUpdate: {partition: 0}}}}");
        ObjectNode done = awaitUpdated("in-place", 2);

        assertThat(uids("in-place")).isEqualTo(before);
        assertThat(done.path("status").path("currentRevision").asText()).isEqualTo(revision);
    }

    @Test
    void onDeleteWaitsForSomeoneToDeleteThePod() {
        statefulSet("manual", "{replicas: 1, updateStrategy: {type: OnDelete}}");
        awaitUpdated("manual", 1);
        Map<String, String> before = uids("manual");

        cluster.setImage(STATEFUL_SETS, "manual", "demo/app:2");
        awaitUpdated("manual", 0);
        assertThat(uids("manual")).isEqualTo(before);

        cluster.delete("pods", "manual-0", Propagation.BACKGROUND);
        awaitUpdated("manual", 1);
        assertThat(images("manual")).containsEntry("manual-0", "demo/app:2");
    }

    @Test
    void templateThatComesBackGetsItsOldRevisionUnderANewNumber() {
        statefulSet("back", "{replicas: 1}");
        String first =
                awaitUpdated("back", 1).path("status").path("updateRevision").asText();
        cluster.setImage(STATEFUL_SETS, "back", "demo/app:2");
        awaitUpdated("back", 1);
        cluster.setImage(STATEFUL_SETS, "back", "demo/app:1");
        ObjectNode done = cluster.await(
                STATEFUL_SETS,
                "back",
                set -> set.path("status").path("currentRevision").asText().equals(first)
                        && set.path("status").path("readyReplicas").asInt() == 1
                        && images("back").containsValue("demo/app:1"));

        assertThat(done.path("status").path("updateRevision").asText()).isEqualTo(first);
        assertThat(cluster.get("controllerrevisions.apps", first)
                        .path("revision")
                        .asInt())
                .isEqualTo(3);
    }

    @Test
    void scaleInTakesTheHighestOrdinals() {
        statefulSet("shrinks", "{replicas: 3, podManagementPolicy: Parallel}");
        awaitUpdated("shrinks", 3);
        cluster.patch(STATEFUL_SETS, "shrinks", "{spec: {replicas: 1}}");
        cluster.await(() -> images("shrinks").keySet().equals(Set.of("shrinks-0")));
    }
}
