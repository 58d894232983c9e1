package dev.trimtab.sandbox.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.Sandbox;
import dev.trimtab.sandbox.api.LocalApi;
import dev.trimtab.sandbox.api.LocalApi.Propagation;
import dev.trimtab.sandbox.api.StatusException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.awaitility.Awaitility;
import org.yaml.snakeyaml.Yaml;

/** A sandbox with its stand-ins, and the few words that tests of them need. Everything is in namespace {@code default}. */
final class Cluster implements AutoCloseable {

    static final String NAMESPACE = "default";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ME = "test";

    /** Kept, because the registry of loggers forgets what nobody holds. */
    private static final Logger LOOP = Logger.getLogger(Loop.class.getName());

    private final Failures failures = new Failures();
    private final Sandbox sandbox;
    private final LocalApi api;

    private Cluster(Clock clock, List<String> nodes) {
        LOOP.addHandler(failures);
        this.sandbox = Sandbox.builder().clock(clock).nodes(nodes).build().start();
        this.api = sandbox.api();
    }

    static Cluster start() {
        return start(Clock.systemUTC());
    }

    static Cluster start(Clock clock) {
        return new Cluster(clock, List.of("node-1", "node-2", "node-3"));
    }

    LocalApi api() {
        return api;
    }

    static ObjectNode yaml(String text) {
        ObjectNode object = JSON.valueToTree(new Yaml().<Map<String, Object>>load(text));
        return object;
    }

    ObjectNode create(String resource, String text) {
        ObjectNode object = yaml(text);
        if (!object.path("metadata").has("namespace")) {
            object.withObject("metadata").put("namespace", NAMESPACE);
        }
        return api.create(resource, object, ME);
    }

    /** A Deployment of one container {@code app}; {@code spec} is what else its spec says, as YAML in flow style. */
    ObjectNode deployment(String name, String image, String spec) {
        ObjectNode deployment = yaml("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: %s, namespace: default}
                spec:
                  progressDeadlineSeconds: 600
                  selector: {matchLabels: {app: %s}}
                  template:
                    metadata: {labels: {app: %s}}
                    spec: {containers: [{name: app, image: "%s"}]}
                """.formatted(name, name, name, image));
        deployment.withObject("spec").setAll(yaml(spec));
        return api.create("deployments.apps", deployment, ME);
    }

    ObjectNode patch(String resource, String name, String patch) {
        return api.mergePatch(resource, NAMESPACE, name, "", yaml(patch), ME);
    }

    /** What {@code kubectl set image} does to container {@code app} of a Deployment or, with an empty path, of a pod. */
    ObjectNode setImage(String resource, String name, String image) {
        return change(resource, name, object -> {
            JsonNode pod =
                    object.path("spec").has("template") ? object.path("spec").path("template") : object;
            ((ObjectNode) pod.path("spec").path("containers").path(0)).put("image", image);
        });
    }

    /** Reads, changes and writes with a lock, again when another writer was faster. */
    ObjectNode change(String resource, String name, Consumer<ObjectNode> how) {
        return change(resource, "", name, how);
    }

    ObjectNode change(String resource, String subresource, String name, Consumer<ObjectNode> how) {
        while (true) {
            ObjectNode object = get(resource, name).deepCopy();
            how.accept(object);
            try {
                return api.update(resource, subresource, object, ME);
            } catch (StatusException e) {
                assertThat(e.code()).as(e.getMessage()).isEqualTo(409);
            }
        }
    }

    ObjectNode get(String resource, String name) {
        return find(resource, name).orElseThrow(() -> new AssertionError("no " + resource + " " + name));
    }

    Optional<ObjectNode> find(String resource, String name) {
        return api.get(resource, NAMESPACE, name);
    }

    void delete(String resource, String name, Propagation propagation) {
        api.delete(resource, NAMESPACE, name, "", -1, propagation);
    }

    /** Pods with label {@code app} that are not on their way out. */
    List<ObjectNode> pods(String app) {
        return api.list("pods", NAMESPACE).stream()
                .filter(pod -> app.equals(ObjectMeta.labels(pod).get("app")) && !ObjectMeta.deleting(pod))
                .toList();
    }

    List<ObjectNode> replicaSets(String app) {
        return api.list("replicasets.apps", NAMESPACE).stream()
                .filter(set -> app.equals(ObjectMeta.labels(set).get("app")))
                .toList();
    }

    /** Waits for the state that {@code kubectl rollout status} waits for. */
    ObjectNode awaitRollout(String deployment) {
        await(() -> DeploymentStatus.complete(
                get("deployments.apps", deployment),
                get("deployments.apps", deployment).path("status")));
        return get("deployments.apps", deployment);
    }

    ObjectNode await(String resource, String name, Predicate<ObjectNode> state) {
        Awaitility.await(resource + " " + name)
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> find(resource, name).filter(state).isPresent());
        return get(resource, name);
    }

    void await(Callable<Boolean> state) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(5))
                .until(state);
    }

    void awaitGone(String resource, String name) {
        await(() -> find(resource, name).isEmpty());
    }

    /** Every state of every object of a resource from now on, as a client that watches sees them. */
    List<LocalApi.Event> record(String resource) {
        List<LocalApi.Event> events = new CopyOnWriteArrayList<>();
        api.watch(resource, events::add);
        return events;
    }

    /** Waits until a recording has seen the present state of an object, or its end. */
    void catchUp(List<LocalApi.Event> events, String resource, String name) {
        long version = find(resource, name).map(ObjectMeta::resourceVersion).orElse(Long.MAX_VALUE);
        await(() -> events.stream()
                .filter(event -> ObjectMeta.name(event.object()).equals(name))
                .anyMatch(event ->
                        event.type().equals("DELETED") || ObjectMeta.resourceVersion(event.object()) >= version));
    }

    /** Also says when a stand-in failed in a way that its retries hid. */
    @Override
    public void close() {
        sandbox.close();
        LOOP.removeHandler(failures);
        assertThat(failures.records).extracting(LogRecord::getMessage).isEmpty();
    }

    private static final class Failures extends Handler {

        private final List<LogRecord> records = new CopyOnWriteArrayList<>();

        @Override
        public void publish(LogRecord logged) {
            if (logged.getLevel().intValue() >= Level.SEVERE.intValue()) {
                records.add(logged);
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
