package dev.trimtab.inplace;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.ApplyOptions;
import dev.trimtab.kube.ClusterClient.PatchType;
import dev.trimtab.kube.ClusterClient.Propagation;
import dev.trimtab.kube.ResourceType;
import dev.trimtab.kube.TestCluster;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** A controller of CloneSets against an API server with kubelets; each test has its own namespace. */
abstract class CloneSetCluster {

    static final String MANAGER = "test";

    private static TestCluster server;
    static ClusterClient cluster;
    static ResourceType cloneSets;
    static ResourceType pods;

    CloneSetController controller;
    Optional<String> namespace = Optional.empty();

    @BeforeAll
    static void startCluster() {
        server = TestCluster.withNodes();
        cluster = server.client();
        assertThat(CloneSetController.install(cluster)).isTrue();
        cloneSets = cluster.resource("apps.kruise.io/v1alpha1", "CloneSet").orElseThrow();
        pods = cluster.resource("v1", "Pod").orElseThrow();
    }

    @AfterAll
    static void stopCluster() {
        server.close();
    }

    @BeforeEach
    void startController() {
        String name = "c-" + UUID.randomUUID().toString().substring(0, 8);
        namespace = Optional.of(name);
        ResourceType namespaces = cluster.resource("v1", "Namespace").orElseThrow();
        ObjectNode created = Trees.yaml("{apiVersion: v1, kind: Namespace}");
        created.putObject("metadata").put("name", name);
        cluster.create(namespaces, created, MANAGER);
        controller = new CloneSetController(cluster, Clock.systemUTC());
        controller.start();
    }

    @AfterEach
    void stopController() {
        cluster.get(cloneSets, namespace, "web")
                .ifPresent(set -> cluster.delete(
                        cloneSets,
                        namespace,
                        "web",
                        set.path("metadata").path("uid").asText(),
                        Propagation.BACKGROUND));
        controller.close();
    }

    void create(int replicas, String image) {
        ObjectNode set = Trees.yaml("""
                apiVersion: apps.kruise.io/v1alpha1
                kind: CloneSet
                metadata: {name: web}
                spec:
                  replicas: %d
                  selector: {matchLabels: {app: web}}
                  updateStrategy: {type: InPlaceIfPossible, maxUnavailable: 1}
                  template:
                    metadata: {labels: {app: web}}
                    spec: {containers: [{name: app, image: "%s"}]}
                """.formatted(replicas, image));
        ((ObjectNode) set.path("metadata")).put("namespace", namespace.orElseThrow());
        cluster.apply(cloneSets, set, new ApplyOptions(MANAGER, true, false));
    }

    JsonNode cloneSet() {
        return cluster.get(cloneSets, namespace, "web").orElseThrow();
    }

    void template(String yaml) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("spec").set("template", Trees.yaml(yaml));
        cluster.patch(cloneSets, namespace, "web", "", PatchType.MERGE, patch, MANAGER);
    }

    void scale(int replicas) {
        cluster.patch(
                cloneSets,
                namespace,
                "web",
                "scale",
                PatchType.MERGE,
                Trees.yaml("{spec: {replicas: " + replicas + "}}"),
                MANAGER);
    }

    Map<String, PodView> podsNow() {
        return cluster.list(pods, namespace, CloneSetKeys.INSTANCE_ID).stream()
                .map(PodView::new)
                .filter(PodView::active)
                .collect(Collectors.toMap(PodView::uid, pod -> pod));
    }

    static Map<String, String> addresses(Map<String, PodView> pods) {
        return pods.values().stream()
                .collect(Collectors.toMap(
                        PodView::uid, pod -> pod.json().at("/status/podIP").asText("")));
    }

    boolean settled(String image, int count) {
        return all(pod -> pod.ready() && pod.image("app").equals(image), count).test(podsNow());
    }

    Map<String, PodView> running(String image, int count) {
        return await(
                count + " of " + image,
                all(pod -> pod.ready() && pod.image("app").equals(image), count));
    }

    static Predicate<Map<String, PodView>> all(Predicate<PodView> each, int count) {
        return now -> now.size() == count && now.values().stream().allMatch(each);
    }

    Map<String, PodView> await(String what, Predicate<Map<String, PodView>> condition) {
        return Awaitility.await(what)
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(30))
                .until(this::podsNow, condition);
    }

    void awaitStatus(String field, int value) {
        Awaitility.await(field + " " + value)
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(30))
                .until(() -> {
                    JsonNode set = cloneSet();
                    return set.at("/status/observedGeneration").asLong()
                                    == set.at("/metadata/generation").asLong()
                            && set.at("/status/" + field).asInt(-1) == value;
                });
    }
}
