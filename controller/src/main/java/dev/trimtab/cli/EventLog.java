package dev.trimtab.cli;

import dev.trimtab.apply.Result;
import dev.trimtab.codes.Count;
import dev.trimtab.definition.Problem;
import dev.trimtab.drift.Drift;
import dev.trimtab.nodes.Observation;
import dev.trimtab.plan.FieldChange;
import dev.trimtab.plan.Plan;
import dev.trimtab.review.Counts;
import dev.trimtab.review.NodeText;
import dev.trimtab.review.OutcomeText;
import dev.trimtab.review.PlanText;
import dev.trimtab.review.PlanText.Detail;
import dev.trimtab.review.Style;
import dev.trimtab.sync.Hold;
import dev.trimtab.sync.SyncEvent;
import dev.trimtab.sync.SyncListener;
import dev.trimtab.sync.Unforeseen;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a sync tells, as lines for a person: time, sync, what happened. */
final class EventLog implements SyncListener {

    private static final Logger LOG = LoggerFactory.getLogger(EventLog.class);

    /** How many objects of one reason are named. */
    private static final int NAMED = 10;

    private final PrintWriter out;
    private final Style style;
    private final Clock clock;

    EventLog(PrintWriter out, Style style, Clock clock) {
        this.out = out;
        this.style = style;
        this.clock = clock;
    }

    @Override
    public synchronized void on(String sync, SyncEvent event) {
        for (String line : lines(sync, event)) {
            out.println(clock.instant().truncatedTo(ChronoUnit.SECONDS) + " " + sync + "  " + line);
        }
        if (event instanceof SyncEvent.Broken error) {
            LOG.error("{}: {}", sync, Unforeseen.of(error.cause()).stackTrace());
        }
        out.flush();
    }

    private List<String> lines(String sync, SyncEvent event) {
        if (event instanceof SyncEvent.RevisionFound found) {
            return List.of(found.revision().ref() + " is at " + found.revision().shortCommit() + " \""
                    + found.revision().subject() + "\" by " + found.revision().author()
                    + found.revision()
                            .verifiedBy()
                            .map(signer -> ", signed by " + signer.identity())
                            .orElse(""));
        } else if (event instanceof SyncEvent.OutsidePath outside) {
            return List.of(outside.revision().shortCommit() + " changes nothing below the path");
        } else if (event instanceof SyncEvent.Refused refused) {
            return problems(
                    refused.revision().shortCommit() + " is refused; the last good revision stays in force",
                    refused.problems());
        } else if (event instanceof SyncEvent.Warned warned) {
            return problems(warned.revision().shortCommit() + " was read, with warnings", warned.problems());
        } else if (event instanceof SyncEvent.Planned planned) {
            return plan(planned.plan());
        } else if (event instanceof SyncEvent.Applied applied) {
            return applied(applied);
        } else if (event instanceof SyncEvent.Held held) {
            return held(sync, held);
        } else if (event instanceof SyncEvent.Released released) {
            return List.of("no longer held: "
                    + released.ended().stream().map(hold -> hold.code().id()).collect(Collectors.joining(", ")));
        } else if (event instanceof SyncEvent.LookedAsAsked looked) {
            return List.of("looked, as somebody asked at " + looked.asked());
        } else if (event instanceof SyncEvent.DriftFound drift) {
            return drift.drifts().stream().map(one -> drift(one, drift)).toList();
        } else if (event instanceof SyncEvent.DriftEnded ended && !ended.healed()) {
            return ended.drifts().stream()
                    .map(drift -> "drift: " + drift.object() + " is as in Git again")
                    .toList();
        } else if (event instanceof SyncEvent.Healthy healthy) {
            return List.of(healthy.revision().shortCommit() + ": all that was waited for is well");
        } else if (event instanceof SyncEvent.Unhealthy unhealthy) {
            return unhealthy.reasons().entrySet().stream()
                    .map(entry -> "not well in time: " + entry.getKey() + ": " + entry.getValue())
                    .toList();
        } else if (event instanceof SyncEvent.RolloutsHalted halted) {
            return halted.reasons().entrySet().stream()
                    .map(entry -> "rollout halted: " + entry.getKey() + ": " + entry.getValue())
                    .toList();
        } else if (event instanceof SyncEvent.RolloutsGoOn on) {
            return on.workloads().stream()
                    .map(key -> "rollout no longer halted: " + key)
                    .toList();
        } else if (event instanceof SyncEvent.RolloutsFinished finished) {
            return finished.rollouts().stream()
                    .map(rollout -> "rollout finished: " + rollout.workload() + ": " + rollout.text())
                    .toList();
        } else if (event instanceof SyncEvent.Audited audited) {
            return audited.wrong().stream()
                    .map(key -> "audit: " + key + " is not as it was held to be; this is a fault of Trimtab")
                    .toList();
        } else if (event instanceof SyncEvent.NodesObserved observed) {
            return nodes(observed);
        } else if (event instanceof SyncEvent.NodesHeld waits
                && !waits.plan().changes().isEmpty()) {
            return List.of(Count.are(waits.plan().changes().size(), "change") + " not made to nodes"
                    + waits.hold().map(hold -> ": " + hold.text()).orElse(": the sync only observes")
                    + " (trimtab nodes shows them; plan " + waits.plan().id() + ")");
        } else if (event instanceof SyncEvent.NodesWritten written) {
            return new NodeText(style).outcome(written.outcome()).lines().toList();
        } else if (event instanceof SyncEvent.NodesDraining draining) {
            return draining.nodes().stream()
                    .map(node -> "node " + node + " is drained: it is cordoned, and its pods are asked to leave")
                    .toList();
        } else if (event instanceof SyncEvent.NodesLeft) {
            return List.of("the definition says nothing of nodes any more; they stay as they are");
        } else if (event instanceof SyncEvent.SourceFailed failed) {
            return List.of("repository: " + failed.text() + "; trying again in "
                    + Math.max(1, failed.retryIn().toSeconds()) + " s and then less often");
        } else if (event instanceof SyncEvent.SourceRecovered) {
            return List.of("repository answers again");
        } else if (event instanceof SyncEvent.ClusterFailed failed) {
            return List.of("cluster: " + failed.text() + "; trying again in "
                    + Math.max(1, failed.retryIn().toSeconds()) + " s and then less often");
        } else if (event instanceof SyncEvent.ClusterReplaced replaced) {
            return List.of("cluster: another one answers at the address (kube-system was " + replaced.was() + ", is "
                    + replaced.is() + "); beginning anew");
        } else if (event instanceof SyncEvent.ClusterRecovered) {
            return List.of("cluster answers again");
        } else if (event instanceof SyncEvent.Broken error) {
            return List.of("internal error: " + error.text());
        }
        return List.of();
    }

    private static List<String> nodes(SyncEvent.NodesObserved observed) {
        return Stream.concat(
                        observed.found().stream().map(one -> observation(one) + "; " + one.wayOut()),
                        observed.ended().stream().map(one -> "no longer: " + observation(one)))
                .toList();
    }

    private static String observation(Observation one) {
        return one.severity().name().toLowerCase(Locale.ROOT) + ": "
                + one.node().map(name -> "node " + name + ": ").orElse("") + one.text() + " ["
                + one.code().id() + "]";
    }

    private static List<String> problems(String headline, List<Problem> problems) {
        return Stream.concat(Stream.of(headline), problems.stream().map(problem -> "  " + problem))
                .toList();
    }

    private List<String> plan(Plan plan) {
        Counts counts = Counts.of(plan);
        if (plan.changes().isEmpty() && plan.complete() && plan.orphans().isEmpty()) {
            return List.of("no changes, " + Count.of(counts.unchanged(), "object")
                    + (counts.unchanged() == 1 ? " matches" : " match"));
        }
        return new PlanText(style, Detail.SHORT)
                .render(plan, clock.instant())
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
    }

    private List<String> applied(SyncEvent.Applied applied) {
        OutcomeText text = new OutcomeText(style);
        List<String> lines = applied.outcome().results().entrySet().stream()
                .filter(entry ->
                        !(entry.getValue() instanceof Result.Applied) && !(entry.getValue() instanceof Result.Deleted))
                .map(entry -> text.line(entry.getKey(), entry.getValue()))
                .collect(Collectors.toList());
        int done = applied.outcome().results().size() - lines.size();
        lines.add(
                0,
                "applied " + done + " of " + applied.outcome().results().size() + " changes in "
                        + applied.took().toMillis() + " ms");
        return lines;
    }

    private List<String> held(String sync, SyncEvent.Held event) {
        List<String> lines = new ArrayList<>();
        for (Hold hold : event.holds()) {
            int count = hold.objects().size();
            lines.add("held: " + Count.of(count, "change") + "; " + hold.text() + " ["
                    + hold.code().id() + "]");
            hold.objects().stream().limit(NAMED).forEach(object -> lines.add("  " + object));
            if (count > NAMED) {
                lines.add("  and " + (count - NAMED) + " more");
            }
        }
        if (event.holds().stream().anyMatch(Hold::approvable)) {
            lines.add("  to let it happen: trimtab approve " + sync + " --plan "
                    + event.plan().id());
        }
        return lines;
    }

    private static String drift(Drift drift, SyncEvent.DriftFound event) {
        String by = drift.manager().map(manager -> " by " + manager).orElse("");
        String fields = drift.fields().stream().map(FieldChange::path).limit(3).collect(Collectors.joining(", "));
        int more = drift.fields().size() - 3;
        String where = (fields.isEmpty() ? "" : " at " + fields) + (more > 0 ? " and " + more + " more" : "");
        return "drift: " + drift.object()
                + switch (drift.type()) {
                    case MISSING -> " was deleted" + by + (event.healing() ? "; creating it again" : "; left as it is");
                    case EXTRA_OWNER ->
                        " has other owners" + by + (event.healing() ? "; taking its fields back" : "; left as it is");
                    case CHANGED -> where + by + (event.healing() ? "; putting Git's value back" : "; left as it is");
                    case FIGHT ->
                        where + " is fought over"
                                + drift.manager()
                                        .map(manager -> " between this sync and " + manager)
                                        .orElse("")
                                + "; left as it is until Git changes or the other side gives in";
                };
    }
}
