package dev.trimtab.metrics;

import dev.trimtab.apply.Outcome;
import dev.trimtab.apply.Result;
import dev.trimtab.drift.Drift;
import dev.trimtab.drift.Severity;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.metrics.Meters.Row;
import dev.trimtab.plan.Action;
import dev.trimtab.plan.Change;
import dev.trimtab.plan.Plan;
import dev.trimtab.sync.ClusterSync.Mode;
import dev.trimtab.sync.HoldCode;
import dev.trimtab.sync.RetryReason;
import dev.trimtab.sync.SyncEvent;
import dev.trimtab.sync.SyncFigures;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** The series of one sync. Events come on the sync's thread, scrapes on others. */
final class SyncMeters {

    private static final int DRIFT_SERIES = 200;

    private final Meters meters;
    private final Clock clock;
    private final String cluster;
    private final String sync;
    private final Mode mode;
    private final Supplier<SyncFigures> figures;
    private final AtomicInteger pending = new AtomicInteger();
    private volatile double lastSuccess;
    private volatile double lastFailure;
    private volatile boolean comparesAll = true;
    private volatile boolean sourceUp = true;
    private volatile boolean heard;
    private volatile Optional<Instant> suspended = Optional.empty();

    SyncMeters(
            Meters meters,
            Clock clock,
            String cluster,
            String sync,
            String source,
            Mode mode,
            Supplier<SyncFigures> figures) {
        this.meters = meters;
        this.clock = clock;
        this.cluster = cluster;
        this.sync = sync;
        this.mode = mode;
        this.figures = figures;
        Instant started = clock.instant();
        gauge(Series.COMPARED, () -> seconds(figures.get().compared().orElse(started)));
        gauge(Series.APPLYING, () -> figures.get().applying() ? 1 : 0);
        gauge(Series.APPLY_SUCCESS, () -> lastSuccess);
        gauge(Series.APPLY_FAILURE, () -> lastFailure);
        gauge(Series.PENDING_COMMITS, pending::get);
        gauge(Series.DRIFT_DROPPED, () -> Math.max(0, figures.get().drifts().size() - DRIFT_SERIES));
        gauge(Series.LEADER, () -> heard && figures.get().alive() ? 1 : 0);
        gauge(Series.QUEUE_DEPTH, () -> figures.get().backlog().depth());
        gauge(Series.QUEUE_OLDEST, () -> seconds(figures.get().backlog().oldest()));
        meters.counter(Series.QUEUE_HANDLED, figures, now -> now.get().backlog().handled(), cluster, sync);
        meters.counter(
                Series.QUEUE_BUSY, figures, now -> seconds(now.get().backlog().busy()), cluster, sync);
        for (RetryReason reason : RetryReason.values()) {
            meters.counter(
                    Series.QUEUE_RETRIES,
                    figures,
                    now -> now.get().retries().getOrDefault(reason, 0L),
                    cluster,
                    sync,
                    reason.label());
        }
        for (String type : List.of("changed", "missing", "extra")) {
            for (Severity severity : Severity.values()) {
                meters.gauge(
                        Series.DRIFT_OBJECTS, () -> drifted(type, severity), cluster, sync, type, severity.label());
            }
        }
        meters.gauge(Series.SOURCE_UP, () -> sourceUp ? 1 : 0, source, sync);
        meters.gauge(Series.SOURCE_FETCH, () -> seconds(figures.get().fetched().orElse(started)), source, sync);
        List.of("success", "partial").forEach(result -> counted(Series.APPLIES, result));
        List.of("changes", "unchanged", "problems").forEach(result -> counted(Series.PLANS, result));
        List.of(Action.values()).forEach(action -> counted(Series.CHANGES, label(action)));
    }

    private void gauge(Series series, Supplier<Number> value) {
        meters.gauge(series, value, cluster, sync);
    }

    /** A counter that is there from the start: an increase from nothing is none to Prometheus. */
    private void counted(Series series, String label) {
        var unused = meters.counter(series, cluster, sync, label);
    }

    /** Whether the sync has told anything yet. */
    boolean heard() {
        return heard;
    }

    void on(SyncEvent event) {
        heard = true;
        if (event instanceof SyncEvent.RevisionFound) {
            pending.addAndGet(mode == Mode.OBSERVE ? 0 : 1);
        } else if (event instanceof SyncEvent.OutsidePath || event instanceof SyncEvent.Settled) {
            pending.set(0);
        } else if (event instanceof SyncEvent.Planned planned) {
            planned(planned.plan());
        } else if (event instanceof SyncEvent.Applied applied) {
            applied(applied.outcome());
        } else if (event instanceof SyncEvent.DriftEnded ended && ended.healed()) {
            ended.drifts().forEach(drift -> corrected(drift.object()));
        } else if (event instanceof SyncEvent.Held held) {
            boolean now = held.holds().stream().anyMatch(hold -> hold.code() == HoldCode.SUSPENDED);
            suspended = now ? suspended.or(() -> Optional.of(clock.instant())) : Optional.empty();
        } else if (event instanceof SyncEvent.Released) {
            suspended = Optional.empty();
        } else if (event instanceof SyncEvent.SourceFailed) {
            sourceUp = false;
        } else if (event instanceof SyncEvent.SourceRecovered) {
            sourceUp = true;
        }
    }

    private void planned(Plan plan) {
        String result = !plan.complete() ? "problems" : plan.changes().isEmpty() ? "unchanged" : "changes";
        meters.counter(Series.PLANS, cluster, sync, result).increment();
        Duration took = Duration.between(plan.readAt(), clock.instant());
        meters.histogram(Series.PLAN_DURATION, cluster, sync).record(took.isNegative() ? Duration.ZERO : took);
        if (!plan.complete()) {
            lastFailure = seconds(clock.instant());
            comparesAll = false;
        } else if (!comparesAll) {
            // Nothing need be applied for that, and in some modes nothing ever is.
            lastSuccess = seconds(clock.instant());
            comparesAll = true;
        }
    }

    private void applied(Outcome outcome) {
        meters.counter(Series.APPLIES, cluster, sync, outcome.succeeded() ? "success" : "partial")
                .increment();
        if (outcome.results().values().stream().anyMatch(result -> result instanceof Result.Failed)) {
            lastFailure = seconds(clock.instant());
        } else if (outcome.succeeded() && outcome.plan().complete()) {
            lastSuccess = seconds(clock.instant());
        }
        for (Change change : outcome.plan().changes()) {
            Result result = outcome.results().get(change.object());
            if (result instanceof Result.Applied || result instanceof Result.Deleted) {
                meters.counter(Series.CHANGES, cluster, sync, label(change.action()))
                        .increment();
            }
        }
    }

    private void corrected(ObjectKey object) {
        meters.counter(Series.DRIFT_CORRECTIONS, cluster, sync, namespace(object), object.kind())
                .increment();
    }

    /** Adds the series of single objects, which come and go. */
    void addRows(List<Row> firstSeen, List<Row> suspensions) {
        figures.get().drifts().stream()
                .limit(DRIFT_SERIES)
                .map(drift -> Row.of(
                        seconds(drift.since()),
                        cluster,
                        sync,
                        namespace(drift.object()),
                        drift.object().kind(),
                        drift.object().name(),
                        type(drift),
                        drift.manager().orElse("")))
                .forEach(firstSeen::add);
        suspended.ifPresent(since -> suspensions.add(Row.of(seconds(since), cluster, sync)));
    }

    private long drifted(String type, Severity severity) {
        return figures.get().drifts().stream()
                .filter(drift -> type(drift).equals(type) && Severity.of(drift) == severity)
                .count();
    }

    private static String type(Drift drift) {
        return switch (drift.type()) {
            case MISSING -> "missing";
            case EXTRA_OWNER -> "extra";
            case CHANGED, FIGHT -> "changed";
        };
    }

    private static String namespace(ObjectKey object) {
        return object.namespace().orElse("");
    }

    private static String label(Action action) {
        return action.name().toLowerCase(Locale.ROOT);
    }

    private static double seconds(Duration time) {
        return time.toNanos() / 1e9;
    }

    private static double seconds(Instant at) {
        return at.toEpochMilli() / 1000.0;
    }
}
