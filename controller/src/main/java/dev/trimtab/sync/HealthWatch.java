package dev.trimtab.sync;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.health.Health;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.Event;
import dev.trimtab.kube.ClusterClient.EventType;
import dev.trimtab.kube.ClusterClient.Informer;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.kube.Ownership;
import dev.trimtab.kube.ResourceType;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Follows the health of objects as long as somebody waits for them: one full watch a kind among what the sync manages, open while one
 * of that kind is not well. When nobody waits there is none.
 */
public final class HealthWatch implements AutoCloseable {

    private final ClusterClient cluster;
    private final String sync;
    private final Runnable changed;
    private final Map<ResourceType, Informer> informers = new HashMap<>();

    /** Guarded by this: told by the watches, asked by the sync. */
    private final Map<ObjectKey, Optional<Health>> followed = new HashMap<>();

    /** @param changed runs on threads of the watches; must only enqueue */
    public HealthWatch(ClusterClient cluster, String sync, Runnable changed) {
        this.cluster = cluster;
        this.sync = sync;
        this.changed = changed;
    }

    /** From now on these and no others, each with the version it is written in. */
    public void follow(Map<ObjectKey, String> objects) {
        Map<ObjectKey, ResourceType> types = new HashMap<>();
        objects.forEach(
                (key, apiVersion) -> cluster.resource(apiVersion, key.kind()).ifPresent(type -> types.put(key, type)));
        synchronized (this) {
            followed.keySet().retainAll(types.keySet());
            types.keySet().forEach(key -> followed.putIfAbsent(key, Optional.empty()));
        }
        Set<ResourceType> wanted = new HashSet<>(types.values());
        informers.entrySet().removeIf(entry -> {
            boolean over = !wanted.contains(entry.getKey());
            if (over) {
                entry.getValue().close();
            }
            return over;
        });
        for (ResourceType type : wanted) {
            if (informers.containsKey(type)) {
                informers.get(type).list().forEach(object -> judge(object, false));
            } else {
                informers.put(
                        type, cluster.informer(type, Optional.empty(), Ownership.selector(sync), event -> on(event)));
            }
        }
    }

    /** Whether the health of such an object is more than that it is there; of Secrets nothing is read. */
    public static boolean follows(ObjectKey key) {
        return !Health.isJustThere(key);
    }

    /** Those that are not well, and why; what was not seen yet is among them. */
    public synchronized SortedMap<ObjectKey, String> unwell() {
        SortedMap<ObjectKey, String> unwell = new TreeMap<>();
        followed.forEach((key, health) -> {
            if (health.isEmpty()) {
                unwell.put(key, "it was not seen yet");
            } else if (!health.get().settled()) {
                unwell.put(key, health.get().reason());
            }
        });
        return unwell;
    }

    private void on(Event event) {
        judge(event.object(), event.type() == EventType.DELETED);
        changed.run();
    }

    private synchronized void judge(ObjectNode object, boolean gone) {
        followed.computeIfPresent(
                ObjectKey.of(object),
                (key, before) -> Optional.of(gone ? new Health.Progressing("it is not there") : Health.of(object)));
    }

    @Override
    public void close() {
        informers.values().forEach(Informer::close);
        informers.clear();
    }
}
