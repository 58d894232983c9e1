package dev.trimtab.sync;

import dev.trimtab.apply.Outcome;
import dev.trimtab.apply.Result;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.render.Desired;
import dev.trimtab.render.DesiredObject;
import dev.trimtab.source.Revision;
import dev.trimtab.sync.HealthWatch.Followed;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Waits until what was applied is well: for what later objects depend on, and where the sync wants it for everything. It blocks
 * nothing: the next revision takes its place.
 */
final class Convalescence implements AutoCloseable {

    private final ClusterClient cluster;
    private final ClusterSync spec;
    private final Clock clock;
    private final News news;
    private final HealthWatch watch;

    /** Those that others wait for, without those that wait themselves. */
    private Set<ObjectKey> awaited = new HashSet<>();

    /** Some of what Git holds waits to be applied. */
    private boolean heldUp;

    /** At which version an awaited object was well when what waits for it was last tried. */
    private final Map<ObjectKey, String> tried = new HashMap<>();

    /** What we wrote last of the objects that may be followed: what is seen of the time before says nothing. */
    private final Map<ObjectKey, String> written = new HashMap<>();

    private final SortedMap<ObjectKey, Followed> followed = new TreeMap<>();
    private Optional<Revision> revision = Optional.empty();
    private Optional<Instant> deadline = Optional.empty();
    private boolean told;

    /** A wait was told, and no end of it. */
    private boolean unended;

    Convalescence(ClusterClient cluster, ClusterSync spec, Clock clock, News news, Runnable changed) {
        this.cluster = cluster;
        this.spec = spec;
        this.clock = clock;
        this.news = news;
        this.watch = new HealthWatch(this.cluster, spec.name(), changed);
    }

    /** When what is not well by then is told. */
    Optional<Instant> deadline() {
        return told ? Optional.empty() : deadline;
    }

    /** A plan was carried out: what it waits for is followed from here. */
    void applied(Outcome outcome, Desired desired) {
        boolean next = !revision.map(Revision::commit)
                .equals(Optional.of(desired.revision().commit()));
        if (next) {
            tried.clear();
        }
        revision = Optional.of(desired.revision());
        Set<ObjectKey> waits = new HashSet<>();
        // A commit that does not touch what is not well makes it no better.
        Set<ObjectKey> wanted = spec.health().follow() || !next ? new HashSet<>(followed.keySet()) : new HashSet<>();
        heldUp = false;
        outcome.results().forEach((key, result) -> {
            if (result instanceof Result.Waiting waiting) {
                heldUp = true;
                Result dependency = outcome.results().get(waiting.dependency());
                // What is not applied itself does not get there by becoming well: whatever applies it goes on from
                // there.
                if (dependency == null || dependency instanceof Result.Applied) {
                    waits.add(waiting.dependency());
                }
            } else if (result instanceof Result.Applied applied && HealthWatch.follows(key)) {
                written.put(key, applied.metadata().path("resourceVersion").asText(""));
                if (spec.health().follow()) {
                    wanted.add(key);
                }
            }
        });
        wanted.addAll(waits);
        boolean more = !awaited.containsAll(waits);
        awaited = waits;
        written.keySet().retainAll(desired.objects().keySet());
        followed.clear();
        wanted.forEach(key -> follow(desired, key));
        boolean anew = next || more || deadline.isEmpty();
        if (anew) {
            deadline = followed.isEmpty()
                    ? Optional.empty()
                    : Optional.of(clock.instant().plus(spec.health().timeout()));
            told = false;
        }
        watch.follow(followed);
        if (anew && !followed.isEmpty()) {
            waits(desired.revision());
        } else if (followed.isEmpty() && !heldUp) {
            well(desired.revision());
        }
    }

    private void waits(Revision reached) {
        unended = true;
        news.tell(new SyncEvent.HealthAwaited(reached, watch.unwell()));
    }

    private void well(Revision reached) {
        if (unended) {
            unended = false;
            news.tell(new SyncEvent.Healthy(reached));
        }
    }

    private void follow(Desired desired, ObjectKey key) {
        DesiredObject object = desired.objects().get(key);
        if (object != null && HealthWatch.follows(key)) {
            followed.put(key, new Followed(object.apiVersion(), written.getOrDefault(key, "")));
        }
    }

    /** Whether one that others wait for is well now, so that those can be applied. Said once of each state it is well in. */
    boolean goesOn() {
        Map<ObjectKey, String> well = watch.well();
        well.keySet().retainAll(awaited);
        boolean untried = !tried.entrySet().containsAll(well.entrySet());
        tried.putAll(well);
        return untried;
    }

    /** Tells what there is to tell, and follows no longer what is well. */
    void look(Instant now) {
        if (followed.isEmpty() || revision.isEmpty()) {
            return;
        }
        SortedMap<ObjectKey, String> unwell = watch.unwell();
        Set<ObjectKey> well = watch.well().keySet();
        if (followed.keySet().removeIf(key -> well.contains(key) && !awaited.contains(key))) {
            watch.follow(followed);
        }
        if (unwell.isEmpty()) {
            // Who waited for these is applied by now, or is tried in a moment.
            if (!heldUp) {
                followed.clear();
                awaited = new HashSet<>();
                deadline = Optional.empty();
                watch.follow(followed);
                well(revision.get());
            }
        } else if (!told && deadline.filter(end -> !now.isBefore(end)).isPresent()) {
            told = true;
            news.tell(new SyncEvent.Unhealthy(revision.get(), unwell));
        }
    }

    @Override
    public void close() {
        watch.close();
        followed.clear();
        tried.clear();
        written.clear();
        awaited = new HashSet<>();
        heldUp = false;
        deadline = Optional.empty();
        revision = Optional.empty();
    }
}
