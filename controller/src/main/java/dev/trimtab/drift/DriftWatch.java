package dev.trimtab.drift;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.Event;
import dev.trimtab.kube.ClusterClient.EventType;
import dev.trimtab.kube.ClusterClient.Informer;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.kube.Ownership;
import dev.trimtab.kube.ResourceType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Watches what one sync manages, metadata only, and says which objects may no longer be as they were applied. Safe for use by many
 * threads.
 *
 * <p>An object whose label was taken away is reported like a deleted one, although it lives: whoever looks has to read it.
 */
public final class DriftWatch implements AutoCloseable {

    private record GroupKind(String group, String kind) {}

    private record OpenWatch(ResourceType type, Informer informer) {}

    private final ClusterClient cluster;
    private final String selector;
    private final String fieldManager;
    private final Clock clock;
    private final Consumer<ObjectKey> suspect;
    private final Map<GroupKind, OpenWatch> watches = new HashMap<>();
    private final Map<ObjectKey, Watched> objects = new HashMap<>();

    /**
     * @param fieldManager whose fields count as ours
     * @param suspect told of each object to look at again; runs on the cluster's event thread and must only enqueue. A write of
     *     our own is told too when its event overtakes {@link #confirm}: ask {@link #confirmed()} after a debounce
     */
    public DriftWatch(
            ClusterClient cluster, String syncName, String fieldManager, Clock clock, Consumer<ObjectKey> suspect) {
        this.cluster = cluster;
        this.selector = Ownership.selector(syncName);
        this.fieldManager = fieldManager;
        this.clock = clock;
        this.suspect = suspect;
    }

    /**
     * Watches these types, and no others any more; of two versions of one kind only one. To be called before the objects are
     * planned, so that no change slips in between.
     */
    public synchronized void watch(Set<ResourceType> types) {
        watches.values().removeIf(open -> {
            if (types.contains(open.type())) {
                return false;
            }
            open.informer().close();
            // What happens from here on is not seen: nothing seen before counts.
            objects.replaceAll((key, watched) -> isOf(open.type(), key) ? watched.unseen() : watched);
            return true;
        });
        for (ResourceType type : types) {
            watches.computeIfAbsent(
                    new GroupKind(type.group(), type.kind()),
                    key -> new OpenWatch(
                            type, cluster.metadataInformer(type, Optional.empty(), selector, this::onEvent)));
        }
    }

    /**
     * Waits until every watch has shown what is there.
     *
     * @return false when one did not within {@code limit}; what it shows later is told as it comes
     */
    public boolean awaitFirstLists(Duration limit) {
        CompletableFuture<?>[] lists;
        synchronized (this) {
            lists = watches.values().stream()
                    .map(open -> open.informer().firstList())
                    .toArray(CompletableFuture<?>[]::new);
        }
        try {
            CompletableFuture.allOf(lists).get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * The object was as desired when {@code metadata} was read or answered. When the watch has shown something else since, this
     * counts for nothing and the object is suspect at once.
     */
    public void confirm(ObjectKey key, ObjectNode metadata) {
        update(key, watched -> watched.confirm(metadata, fieldManager));
    }

    /**
     * The object's values were as desired when it was read, after {@code sighting}; others own some of its {@link #contest
     * contested} fields, so what they write there makes it suspect again.
     */
    public void tolerate(ObjectKey key, Sighting sighting) {
        update(key, watched -> watched.tolerate(sighting.resourceVersion()));
    }

    /**
     * These fields are desired and may belong to somebody else: as long as they do, what becomes of them is watched although they
     * are not ours.
     *
     * @param fields as people read them: {@code spec.template.spec.containers[web].image}
     * @param sighting what was known when the fields were compared; when the watch has shown more since, the object is suspect at
     *     once
     */
    public void contest(ObjectKey key, Set<String> fields, Sighting sighting) {
        update(key, watched -> watched.contest(fields, fieldManager, sighting.resourceVersion()));
    }

    private void update(ObjectKey key, Function<Watched, Watched.Next> step) {
        boolean look;
        synchronized (this) {
            Watched.Next next = step.apply(objects.getOrDefault(key, Watched.UNKNOWN));
            objects.put(key, next.watched());
            look = next.look();
        }
        if (look) {
            suspect.accept(key);
        }
    }

    /** The object is not ours any more: nothing is said about its deletion. */
    public synchronized void forget(ObjectKey key) {
        objects.remove(key);
    }

    /** Objects that are as desired right now, as far as an open watch can tell. */
    public synchronized Set<ObjectKey> confirmed() {
        Set<GroupKind> live = new HashSet<>();
        watches.forEach((key, open) -> {
            if (open.informer().synced()) {
                live.add(key);
            }
        });
        Set<ObjectKey> confirmed = new HashSet<>();
        objects.forEach((key, watched) -> {
            if (watched.isConfirmed() && live.contains(new GroupKind(key.group(), key.kind()))) {
                confirmed.add(key);
            }
        });
        return Set.copyOf(confirmed);
    }

    /** Since when something may have been missed: the earliest of what the watches last heard. Empty while one has not begun. */
    public synchronized Optional<Instant> heard() {
        Optional<Instant> earliest = Optional.empty();
        for (OpenWatch open : watches.values()) {
            Optional<Instant> heard = open.informer().heard();
            if (heard.isEmpty()) {
                return Optional.empty();
            }
            earliest = earliest.filter(before -> before.isBefore(heard.get())).or(() -> heard);
        }
        return earliest;
    }

    /** What the watch shows of an object that may not be as desired; empty while it is confirmed, and before it was seen. */
    public synchronized Optional<Sighting> sighting(ObjectKey key) {
        return Optional.ofNullable(objects.get(key))
                .flatMap(watched -> watched.suspectSince()
                        .map(since -> new Sighting(
                                since,
                                watched.seen().map(Fingerprint::resourceVersion).orElse(""),
                                watched.metadata())));
    }

    @Override
    public synchronized void close() {
        watches.values().forEach(open -> open.informer().close());
        watches.clear();
        objects.clear();
    }

    private void onEvent(Event event) {
        ObjectKey key = ObjectKey.of(event.object());
        boolean look;
        synchronized (this) {
            if (event.type() == EventType.DELETED) {
                // Absent here means forgotten: we deleted it ourselves.
                look = objects.computeIfPresent(key, (k, watched) -> watched.gone(clock.instant())) != null;
            } else {
                Watched.Next next = objects.getOrDefault(key, Watched.UNKNOWN)
                        .see(event.object().path("metadata"), fieldManager, clock.instant());
                objects.put(key, next.watched());
                look = next.look();
            }
        }
        if (look) {
            suspect.accept(key);
        }
    }

    private static boolean isOf(ResourceType type, ObjectKey key) {
        return key.group().equals(type.group()) && key.kind().equals(type.kind());
    }
}
