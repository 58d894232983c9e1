package dev.trimtab.sync;

import dev.trimtab.apply.Outcome;
import dev.trimtab.apply.Result;
import dev.trimtab.codes.Code;
import dev.trimtab.codes.Count;
import dev.trimtab.definition.Problem;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.plan.Operation;
import dev.trimtab.plan.Plan;
import dev.trimtab.plan.PlanCode;
import dev.trimtab.source.Revision;
import dev.trimtab.sync.ClusterSync.Mode;
import dev.trimtab.sync.SyncStatus.Condition;
import dev.trimtab.sync.SyncStatus.Counts;
import dev.trimtab.sync.SyncStatus.Truth;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Makes a status of what a sync tells: whoever hears the events could do the same. Not thread-safe. */
final class StatusFold {

    private static final int NAMED = 3;

    private final Mode mode;
    private Optional<Revision> observed = Optional.empty();
    private Optional<Revision> lastApplied = Optional.empty();
    private boolean busy = true;
    private Optional<String> broken = Optional.empty();
    private Optional<String> refused = Optional.empty();
    private Optional<String> sourceFailure = Optional.empty();
    private Optional<String> clusterFailure = Optional.empty();
    private Optional<SyncEvent.Held> held = Optional.empty();
    private Optional<String> failure = Optional.empty();
    private boolean worthWaiting;
    private final Set<ObjectKey> drifted = new HashSet<>();
    private Optional<Condition> healthy = Optional.empty();
    private final NavigableMap<ObjectKey, String> halted = new TreeMap<>();
    private final NodesFold nodes = new NodesFold();
    private int audited;
    private int disagreements;
    private int objects;
    private int differs;
    private int failed;
    private Optional<SyncStatus> last = Optional.empty();

    StatusFold(Mode mode) {
        this.mode = mode;
    }

    /** The status after the event, when it is another one. */
    Optional<SyncStatus> after(SyncEvent event, Instant now) {
        take(event);
        SyncStatus next = status(now);
        if (last.filter(next::says).isPresent()) {
            return Optional.empty();
        }
        last = Optional.of(next);
        return last;
    }

    private void take(SyncEvent event) {
        nodes.take(event);
        if (event instanceof SyncEvent.RevisionFound found) {
            observed = Optional.of(found.revision());
            busy = true;
            refused = Optional.empty();
        } else if (event instanceof SyncEvent.OutsidePath) {
            busy = false;
        } else if (event instanceof SyncEvent.Refused bad) {
            busy = false;
            refused = Optional.of(bad.revision().shortCommit() + ": "
                    + Problem.decisive(bad.problems()).map(Problem::toString).orElse(""));
        } else if (event instanceof SyncEvent.Planned planned) {
            take(planned.plan());
            busy = busy && mode != Mode.OBSERVE && !planned.plan().changes().isEmpty();
        } else if (event instanceof SyncEvent.DriftFound drift) {
            busy = busy && drift.healing();
            drift.drifts().forEach(one -> drifted.add(one.object()));
        } else if (event instanceof SyncEvent.DriftEnded ended) {
            ended.drifts().forEach(one -> drifted.remove(one.object()));
        } else if (event instanceof SyncEvent.Applied applied) {
            take(applied.outcome());
        } else if (event instanceof SyncEvent.HealthAwaited awaited) {
            healthy = Optional.of(of(Truth.UNKNOWN, "Progressing", named(awaited.reasons())));
        } else if (event instanceof SyncEvent.Healthy) {
            healthy = Optional.of(of(Truth.TRUE, "Healthy", ""));
        } else if (event instanceof SyncEvent.Unhealthy unhealthy) {
            healthy = Optional.of(of(Truth.FALSE, "TimedOut", named(unhealthy.reasons())));
        } else if (event instanceof SyncEvent.RolloutsHalted stopped) {
            halted.putAll(stopped.reasons());
        } else if (event instanceof SyncEvent.RolloutsGoOn on) {
            on.workloads().forEach(halted::remove);
        } else if (event instanceof SyncEvent.Audited done) {
            audited += done.objects();
            disagreements += done.wrong().size();
        } else if (event instanceof SyncEvent.Settled done) {
            lastApplied = Optional.of(done.revision());
            differs = 0;
        } else if (event instanceof SyncEvent.Held waits) {
            busy = false;
            held = Optional.of(waits);
        } else if (event instanceof SyncEvent.Released) {
            held = Optional.empty();
        } else if (event instanceof SyncEvent.SourceFailed failed) {
            sourceFailure = Optional.of(failed.text());
        } else if (event instanceof SyncEvent.SourceRecovered) {
            sourceFailure = Optional.empty();
        } else if (event instanceof SyncEvent.ClusterFailed failed) {
            clusterFailure = Optional.of(failed.text());
        } else if (event instanceof SyncEvent.ClusterRecovered) {
            clusterFailure = Optional.empty();
        } else if (event instanceof SyncEvent.ClusterReplaced) {
            busy = true;
            lastApplied = Optional.empty();
            healthy = Optional.empty();
            halted.clear();
            drifted.clear();
        } else if (event instanceof SyncEvent.Broken error) {
            broken = Optional.of(error.text());
        } else if (event instanceof SyncEvent.Mended) {
            broken = Optional.empty();
        }
    }

    private void take(Plan plan) {
        int written = (int) plan.changes().stream()
                .filter(change -> change.operation() != Operation.DELETE)
                .count();
        objects = plan.unchanged().size()
                + plan.known()
                + written
                + plan.problems().size();
        boolean moved = !lastApplied
                .map(Revision::commit)
                .equals(Optional.of(plan.head().commit()));
        differs = moved ? plan.changes().size() : 0;
        take(plan.problems());
    }

    private void take(List<Plan.ObjectProblem> problems) {
        failed = problems.size();
        failure = problems.stream()
                .findFirst()
                .map(problem -> problem.object() + ": " + problem.text() + " ["
                        + problem.code().id() + "]");
        worthWaiting = problems.stream().anyMatch(problem -> problem.code() instanceof PlanCode code && code.mayPass());
    }

    private void take(Outcome outcome) {
        busy = false;
        take(outcome.plan().problems());
        outcome.results().forEach((key, result) -> {
            if (result instanceof Result.Failed one) {
                failed++;
                failure = failure.or(() ->
                        Optional.of(key + ": " + one.text() + " [" + one.code().id() + "]"));
                worthWaiting = worthWaiting || one.retryable();
            }
            worthWaiting = worthWaiting || result instanceof Result.Leaving || result instanceof Result.Waiting;
        });
    }

    /** Some of them; a status does not grow with the number of objects. */
    private static String named(SortedMap<ObjectKey, String> reasons) {
        String some = reasons.entrySet().stream()
                .limit(NAMED)
                .map(entry -> entry.getKey() + ": " + entry.getValue())
                .collect(Collectors.joining("; "));
        return reasons.size() > NAMED ? some + "; and " + (reasons.size() - NAMED) + " more" : some;
    }

    private SyncStatus status(Instant now) {
        List<Hold> holds = held.map(SyncEvent.Held::holds).orElse(List.of());
        int waiting = (int) holds.stream()
                .flatMap(hold -> hold.objects().stream())
                .distinct()
                .count();
        boolean retrying = !busy && worthWaiting;
        return new SyncStatus(
                observed,
                lastApplied,
                since(now, last.map(SyncStatus::ready), ready()),
                since(
                        now,
                        last.map(SyncStatus::reconciling),
                        busy
                                ? of(Truth.TRUE, "Progressing", "")
                                : of(retrying ? Truth.TRUE : Truth.FALSE, retrying ? "Retrying" : "AtRest", "")),
                since(
                        now,
                        last.map(SyncStatus::stalled),
                        refused.map(text -> of(Truth.TRUE, "DefinitionRefused", text))
                                .or(() -> failure.filter(text -> !worthWaiting)
                                        .map(text -> of(Truth.TRUE, "ObjectsFailed", text)))
                                .orElseGet(() -> of(Truth.FALSE, "NotStalled", ""))),
                since(
                        now,
                        last.map(SyncStatus::healthy),
                        halted.isEmpty()
                                ? healthy.orElseGet(() -> of(Truth.UNKNOWN, "NotFollowed", ""))
                                : of(Truth.FALSE, "RolloutHalted", named(halted))),
                nodes.condition().map(next -> since(now, last.flatMap(SyncStatus::nodes), next)),
                holds,
                held.filter(waits -> holds.stream().anyMatch(Hold::approvable))
                        .map(waits -> waits.plan().id()),
                new Counts(objects, differs, waiting, failed, drifted.size(), audited, disagreements));
    }

    private Condition ready() {
        return broken.map(text -> of(Truth.UNKNOWN, "InternalError", text))
                .or(() -> clusterFailure.map(text -> of(Truth.UNKNOWN, "ClusterUnreachable", text)))
                .or(() -> refused.map(text -> of(Truth.FALSE, "DefinitionRefused", text)))
                .or(() -> sourceFailure.map(text -> of(Truth.FALSE, "SourceFailed", text)))
                .or(() -> held.map(waits -> waits.holds().get(0))
                        .map(hold -> of(Truth.FALSE, reason(hold.code()), hold.text())))
                .or(() -> failure.map(text -> of(Truth.FALSE, "ObjectsFailed", text)))
                .or(() -> drifted.isEmpty()
                        ? Optional.empty()
                        : Optional.of(of(
                                Truth.FALSE, "Drifted", Count.are(drifted.size(), "object") + " other than Git says")))
                .or(() -> !busy && differs > 0
                        ? Optional.of(of(Truth.FALSE, "Differs", Count.are(differs, "change") + " not made"))
                        : Optional.empty())
                .or(() -> differs == 0 && lastApplied.isPresent()
                        ? Optional.of(of(Truth.TRUE, "Applied", ""))
                        : Optional.empty())
                .orElseGet(() -> of(Truth.UNKNOWN, "Progressing", ""));
    }

    /** The name of a code's constant as one word: HISTORY_REWRITTEN becomes HistoryRewritten. */
    private static String reason(Code code) {
        String name = code instanceof Enum<?> constant ? constant.name() : code.id();
        StringBuilder word = new StringBuilder();
        for (String part : name.split("_", -1)) {
            word.append(part, 0, Math.min(1, part.length()))
                    .append(part.substring(Math.min(1, part.length())).toLowerCase(Locale.ROOT));
        }
        return word.toString();
    }

    static Condition of(Truth truth, String reason, String message) {
        return new Condition(truth, reason, message, Instant.EPOCH);
    }

    private static Condition since(Instant now, Optional<Condition> before, Condition next) {
        Instant since = before.filter(old -> old.truth() == next.truth())
                .map(Condition::since)
                .orElse(now);
        return new Condition(next.truth(), next.reason(), next.message(), since);
    }
}
