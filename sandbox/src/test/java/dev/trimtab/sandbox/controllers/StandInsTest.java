package dev.trimtab.sandbox.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.Sandbox;
import dev.trimtab.sandbox.api.LocalApi;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class StandInsTest {

    private static final List<String> NODES = List.of("node-1", "node-2");

    private static List<ObjectNode> ready(LocalApi api, int number, String image) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> api.list("pods", "default").stream()
                                .filter(pod -> PodState.ready(pod) && image(pod).equals(image))
                                .count()
                        == number);
        return api.list("pods", "default");
    }

    private static String image(ObjectNode pod) {
        return container(pod, "image");
    }

    private static String container(ObjectNode pod, String field) {
        return pod.path("status").path("containerStatuses").path(0).path(field).asText();
    }

    private static Map<String, String> containerIds(List<ObjectNode> pods) {
        return pods.stream().collect(Collectors.toMap(ObjectMeta::name, pod -> container(pod, "containerID")));
    }

    @Test
    void newStandInsGoOnWhereTheOldOnesStopped() {
        try (Sandbox sandbox = Sandbox.builder().controllers(false).build().start()) {
            LocalApi api = sandbox.api();
            try (StandIns first = StandIns.start(api, NODES)) {
                api.create("replicasets.apps", Cluster.yaml("""
                        apiVersion: apps/v1
                        kind: ReplicaSet
                        metadata: {name: web, namespace: default}
                        spec:
                          replicas: 2
                          selector: {matchLabels: {app: web}}
                          template:
                            metadata: {labels: {app: web}}
                            spec: {containers: [{name: app, image: 'demo/app:1'}]}
                        """), "test");
                ready(api, 2, "docker.io/demo/app:1");
                assertThat(first).isNotNull();
            }
            List<ObjectNode> before = api.list("pods", "default");
            ObjectNode changed = before.get(0).deepCopy();
            ((ObjectNode) changed.path("spec").path("containers").path(0)).put("image", "demo/app:2");
            api.update("pods", "", changed, "test");

            try (StandIns second = StandIns.start(api, NODES)) {
                List<ObjectNode> after = ready(api, 1, "docker.io/demo/app:2");
                assertThat(second).isNotNull();
                String kept = ObjectMeta.name(before.get(1));
                assertThat(containerIds(after).get(kept))
                        .isEqualTo(containerIds(before).get(kept));
                assertThat(after)
                        .extracting(ObjectMeta::uid)
                        .isEqualTo(before.stream().map(ObjectMeta::uid).toList());
                assertThat(container(after.get(0), "restartCount")).isEqualTo("1");
                assertThat(after.get(0).path("status").path("podIP"))
                        .isEqualTo(before.get(0).path("status").path("podIP"));
                assertThat(api.list("nodes", "")).hasSize(2);
            }
        }
    }
}
