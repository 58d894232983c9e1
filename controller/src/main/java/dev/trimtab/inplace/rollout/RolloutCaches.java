package dev.trimtab.inplace.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.inplace.LabelSelector;
import dev.trimtab.inplace.PodView;
import dev.trimtab.inplace.RolloutRecord;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.Event;
import dev.trimtab.kube.ClusterClient.Informer;
import dev.trimtab.kube.ResourceType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** What a rollout looks at, watched as long as it runs: the workload's pods, what it controls, and the disruption budgets around it. */
final class RolloutCaches implements AutoCloseable {

    private final Informer pods;
    private final Informer children;
    private final Informer budgets;

    /** Own writes that the caches may not show yet, by uid: a decision without them would spend the budget twice. */
    private final Map<String, ObjectNode> written = new ConcurrentHashMap<>();

    private RolloutCaches(Informer pods, Informer children, Informer budgets) {
        this.pods = pods;
        this.children = children;
        this.budgets = budgets;
    }

    /** @param changed runs on threads of the watches; must only enqueue */
    static RolloutCaches open(ClusterClient cluster, ObjectNode workload, Runnable changed) {
        Optional<String> namespace =
                Optional.of(workload.path("metadata").path("namespace").asText());
        String selector = LabelSelector.query(workload.path("spec").path("selector"))
                .orElseThrow(() -> new IllegalStateException("a workload of group apps without a selector"));
        String child = workload.path("kind").asText().equals("Deployment") ? "ReplicaSet" : "ControllerRevision";
        Consumer<Event> wake = event -> changed.run();
        Informer pods = cluster.informer(type(cluster, "v1", "Pod"), namespace, selector, wake);
        Informer children = cluster.informer(type(cluster, "apps/v1", child), namespace, selector, wake);
        Informer budgets = cluster.informer(type(cluster, "policy/v1", "PodDisruptionBudget"), namespace, "", wake);
        List.of(pods, children, budgets).forEach(cache -> {
            var unused = cache.firstList().thenRun(changed);
        });
        return new RolloutCaches(pods, children, budgets);
    }

    private static ResourceType type(ClusterClient cluster, String apiVersion, String kind) {
        return cluster.resource(apiVersion, kind)
                .orElseThrow(() -> new IllegalStateException(cluster.name() + " serves no " + kind));
    }

    boolean synced() {
        return pods.synced() && children.synced() && budgets.synced();
    }

    /** The server's answer to a write. */
    void wrote(ObjectNode object) {
        written.put(object.path("metadata").path("uid").asText(), object);
    }

    Rollout view(ObjectNode workload, RolloutRecord record, Instant now) {
        String uid = workload.path("metadata").path("uid").asText();
        return new Rollout(
                workload,
                record,
                children.list().stream()
                        .filter(child -> Rollout.controls(uid, child))
                        .map(this::newest)
                        .toList(),
                pods.list().stream().map(this::newest).map(PodView::new).toList(),
                budgets.list(),
                now);
    }

    /** As it was last seen, or written by us. */
    ObjectNode newest(ObjectNode cached) {
        String uid = cached.path("metadata").path("uid").asText();
        ObjectNode own = written.get(uid);
        if (own == null) {
            return cached;
        }
        if (version(cached) >= version(own)) {
            written.remove(uid, own);
            return cached;
        }
        return own;
    }

    private static long version(JsonNode object) {
        return object.path("metadata").path("resourceVersion").asLong();
    }

    @Override
    public void close() {
        pods.close();
        children.close();
        budgets.close();
    }
}
