package dev.trimtab.sandbox.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * The words of topics about controllers. Everything that belongs together has a label {@code app}. Images are ones that real
 * kubelets can pull as well.
 */
final class Workloads {

    static final String PODS = "/api/v1/namespaces/{ns}/pods";
    static final String MAPS = "/api/v1/namespaces/{ns}/configmaps";
    static final String REPLICA_SETS = "/apis/apps/v1/namespaces/{ns}/replicasets";
    static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/{ns}/deployments";
    static final String STATEFUL_SETS = "/apis/apps/v1/namespaces/{ns}/statefulsets";
    static final String DAEMON_SETS = "/apis/apps/v1/namespaces/{ns}/daemonsets";
    static final String REVISIONS = "/apis/apps/v1/namespaces/{ns}/controllerrevisions";

    static final String V1 = "registry.k8s.io/pause:3.9";
    static final String V2 = "registry.k8s.io/pause:3.10";
    static final String V3 = "registry.k8s.io/pause:3.8";
    static final String UNPULLABLE = "registry.k8s.io/pause:bad-1";

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(20);

    private final Api api;

    Workloads(Api api) {
        this.api = api;
    }

    /** A pod template as YAML in flow style, with a container {@code app} that ends at once when asked to. */
    static String template(String app, String image) {
        return template(app, image, "");
    }

    /** @param more what else is in the pod's spec, each field with a comma at its end */
    static String template(String app, String image, String more) {
        return "{metadata: {labels: {app: " + app + "}}, spec: {" + more
                + "terminationGracePeriodSeconds: 1, containers: [{name: app, image: '" + image + "'}]}}";
    }

    /** A template whose pods no scheduler takes: they stay pending until the test says something else. */
    static String idleTemplate(String app) {
        return template(app, V1, "schedulerName: nobody, ");
    }

    /**
     * A workload of {@code apps/v1} that selects label {@code app}, which also is its name.
     *
     * @param spec what else is in its spec
     */
    Answer create(String collection, String kind, String name, String template, String spec) {
        return api.post(
                        collection,
                        "{apiVersion: apps/v1, kind: " + kind + ", metadata: {name: " + name
                                + "}, spec: {selector: {matchLabels: {app: " + name + "}}, template: " + template
                                + (spec.isEmpty() ? "" : ", ") + spec + "}}")
                .ok();
    }

    Answer deployment(String name, String template, String spec) {
        return create(DEPLOYMENTS, "Deployment", name, template, spec);
    }

    Answer replicaSet(String name, String template, String spec) {
        return create(REPLICA_SETS, "ReplicaSet", name, template, spec);
    }

    /** What {@code kubectl set image} does to container {@code app}. */
    Answer setImage(String workload, String image) {
        return api.strategic(
                        workload, "{spec: {template: {spec: {containers: [{name: app, image: '" + image + "'}]}}}}")
                .ok();
    }

    /** The same to a pod; {@code alsoMetadata} is the rest of the patch, for instance labels. */
    Answer setPodImage(String pod, String image, String alsoMetadata) {
        return api.strategic(
                        PODS + "/" + pod,
                        "{metadata: " + alsoMetadata + ", spec: {containers: [{name: app, image: '" + image + "'}]}}")
                .ok();
    }

    List<JsonNode> list(String collection, String labelSelector) {
        List<JsonNode> objects = new ArrayList<>();
        api.get(collection + "?labelSelector=" + labelSelector.replace("=", "%3D"))
                .ok()
                .at("/items")
                .forEach(objects::add);
        return objects;
    }

    /** Pods with label {@code app} that are not on their way out. */
    List<JsonNode> pods(String app) {
        return list(PODS, "app=" + app).stream()
                .filter(pod -> !Objects.deleting(pod))
                .toList();
    }

    List<String> podUids(String app) {
        return pods(app).stream().map(Objects::uid).sorted().toList();
    }

    List<JsonNode> replicaSets(String app) {
        return list(REPLICA_SETS, "app=" + app);
    }

    JsonNode get(String path) {
        return api.get(path).ok().json();
    }

    /** Waits for an object in a state. */
    JsonNode await(String path, Predicate<JsonNode> state) {
        Answer[] last = {api.get(path)};
        try {
            Awaitility.await(path)
                    .atMost(PATIENCE)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(POLL)
                    .until(() -> {
                        last[0] = api.get(path);
                        return last[0].code() == 200 && state.test(last[0].json());
                    });
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(path + " never got there: " + last[0].body(), e);
        }
        return last[0].json();
    }

    void await(Callable<Boolean> state) {
        Awaitility.await().atMost(PATIENCE).pollInterval(POLL).until(state);
    }

    void awaitGone(String path) {
        await(() -> api.get(path).code() == 404);
    }

    List<JsonNode> awaitPods(String app, Predicate<List<JsonNode>> state) {
        await(() -> state.test(pods(app)));
        return pods(app);
    }

    List<JsonNode> awaitReady(String app, int count) {
        return awaitPods(app, pods -> pods.size() == count && pods.stream().allMatch(Objects::ready));
    }

    /** Waits for what {@code kubectl rollout status} waits for. */
    JsonNode awaitRollout(String deployment) {
        return await(DEPLOYMENTS + "/" + deployment, object -> {
            int replicas = object.at("/spec/replicas").asInt();
            JsonNode status = object.path("status");
            return Objects.observed(object)
                    && status.path("updatedReplicas").asInt() == replicas
                    && status.path("replicas").asInt() == replicas
                    && status.path("availableReplicas").asInt() == replicas;
        });
    }

    /** The ReplicaSet of a Deployment that has replicas, when it is the only one. */
    JsonNode activeReplicaSet(String app) {
        List<JsonNode> active = replicaSets(app).stream()
                .filter(set -> set.at("/spec/replicas").asInt() > 0)
                .toList();
        if (active.size() != 1) {
            throw new AssertionError("Not one active ReplicaSet but "
                    + active.stream().map(Objects::name).collect(Collectors.joining(" ")));
        }
        return active.get(0);
    }

    /** Writes into a pod's status what a kubelet would. */
    void play(String pod, String status) {
        api.strategic(PODS + "/" + pod + "/status", "{status: " + status + "}").ok();
    }

    /** A pod's states from now on; read with {@link #states}. */
    Events follow(String collection, String fieldOrLabelSelector) {
        String version = api.get(collection).ok().text("/metadata/resourceVersion");
        return api.watch(collection + "?watch=true&resourceVersion=" + version + "&" + fieldOrLabelSelector);
    }

    Events followPod(String name) {
        return follow(PODS, "fieldSelector=metadata.name%3D" + name);
    }

    /** The states up to and with the first that {@code last} holds for. */
    static List<JsonNode> states(Events events, Predicate<Events.Event> last) {
        List<JsonNode> states = new ArrayList<>();
        while (true) {
            Events.Event event = events.next();
            if (event.type().equals("end of stream")) {
                throw new AssertionError("The watch ended");
            }
            states.add(event.object());
            if (last.test(event)) {
                return states;
            }
        }
    }
}
