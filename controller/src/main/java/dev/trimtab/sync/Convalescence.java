package dev.trimtab.sync;

import dev.trimtab.apply.Outcome;
import dev.trimtab.apply.Result;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.render.Desired;
import dev.trimtab.render.DesiredObject;
import dev.trimtab.source.Revision;
import java.time.Clock;
import java.time.Instant;
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

    /** Those that others wait for. */
    private Set<ObjectKey> awaited = new HashSet<>();

    private final SortedMap<ObjectKey, String> versions = new TreeMap<>();
    private Optional<Revision> revision = Optional.empty();
    private Optional<Instant> deadline = Optional.empty();
    private boolean told;

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
            versions.clear();
        }
        Set<ObjectKey> waits = new HashSet<>();
        outcome.results().forEach((key, result) -> {
            if (result instanceof Result.Waiting waiting) {
                waits.add(waiting.dependency());
            } else if (spec.health().follow() && result instanceof Result.Applied) {
                follow(desired, key);
            }
        });
        waits.forEach(key -> follow(desired, key));
        boolean more = !awaited.containsAll(waits);
        awaited = waits;
        versions.keySet().retainAll(desired.objects().keySet());
        if (next || more || deadline.isEmpty()) {
            deadline = versions.isEmpty()
                    ? Optional.empty()
                    : Optional.of(clock.instant().plus(spec.health().timeout()));
            told = false;
        }
        revision = Optional.of(desired.revision());
        watch.follow(versions);
    }

    private void follow(Desired desired, ObjectKey key) {
        DesiredObject object = desired.objects().get(key);
        if (object != null && HealthWatch.follows(key)) {
            versions.put(key, object.apiVersion());
        }
    }

    /** Whether one that others wait for is well now, so that those can be applied. */
    boolean goesOn() {
        Map<ObjectKey, String> unwell = watch.unwell();
        return awaited.stream().anyMatch(key -> !unwell.containsKey(key));
    }

    /** Tells what there is to tell. */
    void look(Instant now) {
        if (versions.isEmpty() || revision.isEmpty()) {
            return;
        }
        SortedMap<ObjectKey, String> unwell = watch.unwell();
        if (unwell.isEmpty()) {
            // Who waited for these is applied by now, or was when it was looked at last.
            if (awaited.isEmpty()) {
                versions.clear();
                deadline = Optional.empty();
                watch.follow(Map.of());
                news.tell(new SyncEvent.Healthy(revision.get()));
            }
        } else if (!told && deadline.filter(end -> !now.isBefore(end)).isPresent()) {
            told = true;
            news.tell(new SyncEvent.Unhealthy(revision.get(), unwell));
        }
    }

    @Override
    public void close() {
        watch.close();
        versions.clear();
        awaited = new HashSet<>();
        deadline = Optional.empty();
        revision = Optional.empty();
    }
}
