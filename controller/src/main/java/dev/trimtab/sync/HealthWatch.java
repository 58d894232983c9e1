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
import dev.trimtab.kube.ResourceVersion;
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
    private final Map<ObjectKey, Seen> followed = new HashMap<>();

    /**
     * An object to follow.
     *
     * @param apiVersion in which it is written
     * @param since the resource version of our write: what a watch shows of the time before says nothing. Empty where we wrote nothing
     */
    public record Followed(String apiVersion, String since) {}

    /** {@code version} is that of the state that was judged; empty while none was. */
    private record Seen(String since, String version, Optional<Health> health) {

        static Seen nothing(String since) {
            return new Seen(since, "", Optional.empty());
        }
    }

    /** @param changed runs on threads of the watches; must only enqueue */
    public HealthWatch(ClusterClient cluster, String sync, Runnable changed) {
        this.cluster = cluster;
        this.sync = sync;
        this.changed = changed;
    }

    /** From now on these and no others. */
    public void follow(Map<ObjectKey, Followed> objects) {
        Map<ObjectKey, ResourceType> types = new HashMap<>();
        objects.forEach((key, object) ->
                cluster.resource(object.apiVersion(), key.kind()).ifPresent(type -> types.put(key, type)));
        synchronized (this) {
            followed.keySet().retainAll(types.keySet());
            objects.forEach((key, object) -> {
                Seen before = followed.get(key);
                if (types.containsKey(key) && (before == null || !before.since().equals(object.since()))) {
                    followed.put(key, Seen.nothing(object.since()));
                }
            });
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
                // What is seen already comes with no event of its own.
                changed.run();
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
        followed.forEach((key, seen) -> {
            if (seen.health().isEmpty()) {
                unwell.put(key, "it was not seen yet");
            } else if (!seen.health().get().settled()) {
                unwell.put(key, seen.health().get().reason());
            }
        });
        return unwell;
    }

    /** Those that are well, and the resource version at which they were seen so. */
    public synchronized Map<ObjectKey, String> well() {
        Map<ObjectKey, String> well = new HashMap<>();
        followed.forEach((key, seen) -> {
            if (seen.health().filter(Health::settled).isPresent()) {
                well.put(key, seen.version());
            }
        });
        return well;
    }

    private void on(Event event) {
        judge(event.object(), event.type() == EventType.DELETED);
        changed.run();
    }

    private synchronized void judge(ObjectNode object, boolean gone) {
        String version = object.path("metadata").path("resourceVersion").asText("");
        followed.computeIfPresent(ObjectKey.of(object), (key, before) -> {
            boolean earlier = !version.equals(before.since()) && !ResourceVersion.isNewer(version, before.since());
            if (earlier) {
                return before;
            }
            Health health = gone ? new Health.Progressing("it is not there") : Health.of(object);
            return new Seen(before.since(), version, Optional.of(health));
        });
    }

    @Override
    public void close() {
        informers.values().forEach(Informer::close);
        informers.clear();
    }
}
