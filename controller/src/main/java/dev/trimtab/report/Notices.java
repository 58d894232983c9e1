package dev.trimtab.report;

import static dev.trimtab.kube.EventRecorder.Type.NORMAL;
import static dev.trimtab.kube.EventRecorder.Type.WARNING;

import dev.trimtab.apply.Result;
import dev.trimtab.codes.Count;
import dev.trimtab.definition.Problem;
import dev.trimtab.drift.Drift;
import dev.trimtab.kube.EventRecorder;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.nodes.NodeResult;
import dev.trimtab.nodes.Observation;
import dev.trimtab.nodes.Severity;
import dev.trimtab.plan.Change;
import dev.trimtab.plan.FieldChange;
import dev.trimtab.plan.Plan;
import dev.trimtab.plan.PodImpact.Effect;
import dev.trimtab.report.Notice.About;
import dev.trimtab.source.Revision;
import dev.trimtab.sync.Hold;
import dev.trimtab.sync.HoldCode;
import dev.trimtab.sync.SyncEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Says what a sync tells to whoever describes an object or the sync: what happened, and what to do next. Paths of fields are named,
 * never values. The same event always gives the same words, so that what comes again is counted and not repeated.
 */
final class Notices {

    /** How many objects of one event get a Kubernetes Event of their own. */
    static final int OBJECTS = 20;

    private static final int FIELDS = 3;

    private final String sync;

    Notices(String sync) {
        this.sync = sync;
    }

    /** In the order in which they are said; none where the event concerns nobody who looks with kubectl. */
    List<Notice> of(SyncEvent event) {
        if (event instanceof SyncEvent.Refused refused) {
            return List.of(Notice.ofSync(
                    WARNING,
                    "DefinitionRefused",
                    commit(refused.revision()) + " cannot be used and changes nothing; the revision before it stays in "
                            + "force. " + problems(refused.problems())
                            + ". To see all of it: trimtab validate in a checkout of that commit"));
        } else if (event instanceof SyncEvent.Planned planned) {
            return planned.plan().problems().stream()
                    .limit(OBJECTS)
                    .map(problem -> Notice.of(
                            About.of(problem.object()),
                            WARNING,
                            "NotCompared",
                            "sync " + sync + " cannot compare it with "
                                    + commit(planned.plan().head()) + ": " + problem.text() + " ["
                                    + problem.code().id() + "]"))
                    .toList();
        } else if (event instanceof SyncEvent.Applied applied) {
            return applied(applied);
        } else if (event instanceof SyncEvent.Held held) {
            return held(held);
        } else if (event instanceof SyncEvent.Released) {
            return List.of(Notice.ofSync(NORMAL, "Released", "nothing is held any more"));
        } else if (event instanceof SyncEvent.DriftFound drift) {
            return drifted(drift);
        } else if (event instanceof SyncEvent.DriftEnded ended) {
            return ended.drifts().stream()
                    .limit(OBJECTS)
                    .map(drift -> Notice.of(
                            About.of(drift.object()),
                            NORMAL,
                            ended.healed() ? "DriftHealed" : "DriftEnded",
                            ended.healed()
                                    ? "sync " + sync + " put back what Git says" + at(drift)
                                    : "it is as Git says again; somebody changed it back"))
                    .toList();
        }
        return standing(event);
    }

    /** What is told of a state that lasts. */
    private List<Notice> standing(SyncEvent event) {
        if (event instanceof SyncEvent.Healthy healthy) {
            return List.of(Notice.ofSync(
                    NORMAL, "Healthy", "all that was waited for of " + commit(healthy.revision()) + " is well"));
        } else if (event instanceof SyncEvent.Unhealthy unhealthy) {
            return unhealthy(unhealthy);
        } else if (event instanceof SyncEvent.RolloutsHalted halted) {
            // On the workload itself whoever rolls it says so, and when it is finished too.
            return halted.reasons().entrySet().stream()
                    .limit(OBJECTS)
                    .map(entry -> Notice.ofSync(
                            WARNING,
                            "RolloutHalted",
                            entry.getKey() + ": the rollout goes no further, the other pods stay as they are: "
                                    + entry.getValue() + ". See: trimtab rollout status " + argument(entry.getKey())))
                    .toList();
        } else if (event instanceof SyncEvent.RolloutsGoOn on) {
            return on.workloads().stream()
                    .limit(OBJECTS)
                    .map(key -> Notice.of(About.of(key), NORMAL, "RolloutGoesOn", "the rollout is no longer halted"))
                    .toList();
        } else if (event instanceof SyncEvent.Audited audited
                && !audited.wrong().isEmpty()) {
            return List.of(Notice.ofSync(
                    WARNING,
                    "AuditFailed",
                    named(audited.wrong()) + " not as held to be; this is a fault of Trimtab, please report it"));
        } else if (event instanceof SyncEvent.SourceFailed failed) {
            return List.of(Notice.ofSync(
                    WARNING,
                    "SourceFailed",
                    "the repository cannot be read, new commits are not seen: " + failed.text()
                            + ". It is tried again with growing waits; to try now: trimtab reconcile " + sync));
        } else if (event instanceof SyncEvent.SourceRecovered) {
            return List.of(Notice.ofSync(NORMAL, "SourceRecovered", "the repository answers again"));
        } else if (event instanceof SyncEvent.ClusterReplaced) {
            return List.of(Notice.ofSync(
                    NORMAL,
                    "ClusterReplaced",
                    "this cluster took the place of another one; it is brought to what is in force"));
        } else if (event instanceof SyncEvent.ClusterRecovered) {
            return List.of(Notice.ofSync(NORMAL, "ClusterRecovered", "the API server answers Trimtab again"));
        } else if (event instanceof SyncEvent.Broken broken) {
            return List.of(Notice.ofSync(
                    WARNING, "InternalError", broken.text() + ". Trimtab's log has more; please report it"));
        } else if (event instanceof SyncEvent.Mended) {
            return List.of(Notice.ofSync(NORMAL, "Mended", "the internal error is over"));
        }
        return nodes(event);
    }

    private List<Notice> nodes(SyncEvent event) {
        if (event instanceof SyncEvent.NodesObserved observed) {
            return observed.found().stream()
                    .filter(one -> one.severity() != Severity.INFO)
                    .limit(OBJECTS)
                    .map(Notices::observation)
                    .toList();
        } else if (event instanceof SyncEvent.NodesHeld waits
                && waits.hold().isPresent()
                && !waits.plan().changes().isEmpty()) {
            Hold hold = waits.hold().get();
            return List.of(Notice.ofSync(
                    NORMAL,
                    "NodesHeld",
                    Count.of(waits.plan().changes().size(), "change") + " of nodes not made: " + hold.text()
                            + approve(hold.approvable(), waits.plan().id())));
        } else if (event instanceof SyncEvent.NodesWritten written) {
            return written.outcome().results().stream()
                    .filter(result -> result.failure().isPresent())
                    .limit(OBJECTS)
                    .map((NodeResult result) -> Notice.of(
                            About.of(node(result.node())),
                            WARNING,
                            "ApplyFailed",
                            "sync " + sync + " could not change it: "
                                    + result.failure().orElseThrow()))
                    .toList();
        } else if (event instanceof SyncEvent.NodesDraining draining) {
            return draining.nodes().stream()
                    .limit(OBJECTS)
                    .map(name -> Notice.of(
                            About.of(node(name)),
                            NORMAL,
                            "Draining",
                            "sync " + sync
                                    + " cordoned it, and its pods are asked to leave: Git says it is to be removed"))
                    .toList();
        }
        return List.of();
    }

    private List<Notice> applied(SyncEvent.Applied event) {
        Plan plan = event.outcome().plan();
        Map<ObjectKey, Result> results = event.outcome().results();
        LastApply counts = LastApply.of(event, plan.readAt());
        List<Notice> notices = new ArrayList<>();
        Optional<Map.Entry<ObjectKey, Result>> failure = results.entrySet().stream()
                .filter(entry -> entry.getValue() instanceof Result.Failed)
                .findFirst();
        notices.add(failure.map(first -> Notice.ofSync(
                        WARNING,
                        "ApplyFailed",
                        commit(plan.head()) + ": " + counts.words() + "; first: " + first.getKey() + ": "
                                + ((Result.Failed) first.getValue()).text() + ". See: trimtab status " + sync))
                .orElseGet(() -> Notice.ofSync(NORMAL, "Applied", commit(plan.head()) + ": " + counts.words())));
        Stream<Notice> ofObjects = plan.changes().stream().flatMap(change -> applied(change, plan, results).stream());
        ofObjects.limit(OBJECTS).forEach(notices::add);
        return notices;
    }

    private Optional<Notice> applied(Change change, Plan plan, Map<ObjectKey, Result> results) {
        Result result = results.get(change.object());
        String from = " from " + commit(plan.head());
        if (result instanceof Result.Failed failed) {
            return Optional.of(Notice.of(
                    About.of(change),
                    WARNING,
                    "ApplyFailed",
                    "sync " + sync + " could not apply it" + from + ": " + failed.text() + " ["
                            + failed.code().id() + "]. "
                            + (failed.retryable()
                                    ? "It is tried again with growing waits"
                                    : "Correct it in Git, or what the server misses, then: trimtab reconcile "
                                            + sync)));
        }
        if (result instanceof Result.Applied && change.pods().effect() == Effect.RESTART_IN_PLACE) {
            return Optional.of(Notice.of(
                    About.of(change),
                    NORMAL,
                    "RolloutStarted",
                    Count.of(change.pods().count(), "pod") + " restart in place"
                            + (change.pods().containers().isEmpty()
                                    ? ""
                                    : " (" + String.join(", ", change.pods().containers()) + ")")
                            + (change.pods().maxUnavailable() == 0
                                    ? ""
                                    : ", " + change.pods().maxUnavailable() + " at a time")
                            + from));
        }
        return Optional.empty();
    }

    private List<Notice> held(SyncEvent.Held held) {
        List<Notice> notices = new ArrayList<>();
        for (Hold hold : held.holds()) {
            EventRecorder.Type type =
                    hold.code() == HoldCode.SUSPENDED || hold.code() == HoldCode.WINDOW ? NORMAL : WARNING;
            String way = hold.code() == HoldCode.SUSPENDED
                    ? ". To let it go on: trimtab resume " + sync
                    : approve(hold.approvable(), held.plan().id());
            notices.add(Notice.ofSync(
                    type,
                    "Held",
                    Count.of(hold.objects().size(), "change") + " of "
                            + commit(held.plan().head()) + " not made: " + hold.text() + " ["
                            + hold.code().id() + "]" + way));
            if (!(hold.code() instanceof HoldCode)) {
                hold.objects().stream()
                        .limit(OBJECTS)
                        .map(key -> Notice.of(
                                About.of(key, held.plan()),
                                type,
                                "Held",
                                "sync " + sync + " does not change it now: " + hold.text() + " ["
                                        + hold.code().id() + "]" + way))
                        .forEach(notices::add);
            }
        }
        return notices;
    }

    private String approve(boolean approvable, String plan) {
        return approvable ? ". To let it happen: trimtab approve " + sync + " --plan " + plan : "";
    }

    private List<Notice> drifted(SyncEvent.DriftFound found) {
        List<Notice> notices = new ArrayList<>();
        if (!found.healing()) {
            notices.add(Notice.ofSync(
                    WARNING,
                    "Drifted",
                    named(found.drifts().stream().map(Drift::object).toList())
                            + " no longer as Git says, and left so. See: trimtab status " + sync));
        }
        found.drifts().stream()
                .limit(OBJECTS)
                .map(drift -> Notice.of(
                        About.of(drift.object(), found.plan()), WARNING, "Drifted", drift(drift, found.healing())))
                .forEach(notices::add);
        return notices;
    }

    private String drift(Drift drift, boolean healing) {
        String by = drift.manager().map(manager -> " by " + manager).orElse("");
        String what = switch (drift.type()) {
            case CHANGED -> "changed" + by + at(drift);
            case MISSING -> "deleted" + by;
            case EXTRA_OWNER -> "fields of Git are also owned" + by + at(drift);
            case FIGHT -> "set back each time" + by + at(drift);
        };
        return what
                + switch (drift.type()) {
                    case FIGHT ->
                        "; sync " + sync
                                + " leaves it alone now. Give the field up in Git, ignore it, or stop the other "
                                + "writer";
                    case MISSING ->
                        healing
                                ? "; sync " + sync + " creates it again"
                                : "; sync " + sync
                                        + " leaves it so. Take it out of Git, or let Trimtab create it again";
                    case CHANGED, EXTRA_OWNER ->
                        healing
                                ? "; sync " + sync + " puts back what Git says"
                                : "; sync " + sync + " leaves it so. Bring the change into Git, or undo it";
                };
    }

    private static String at(Drift drift) {
        String some =
                drift.fields().stream().map(FieldChange::path).limit(FIELDS).collect(Collectors.joining(", "));
        int more = drift.fields().size() - FIELDS;
        return some.isEmpty() ? "" : " at " + some + (more > 0 ? " and " + more + " more" : "");
    }

    private List<Notice> unhealthy(SyncEvent.Unhealthy event) {
        SortedMap<ObjectKey, String> reasons = event.reasons();
        List<Notice> notices = new ArrayList<>();
        notices.add(Notice.ofSync(
                WARNING,
                "Unhealthy",
                named(List.copyOf(reasons.keySet())) + " not well in the time that it may take after "
                        + commit(event.revision()) + ". To go back: git revert "
                        + event.revision().shortCommit()));
        reasons.forEach((key, reason) -> {
            if (notices.size() <= OBJECTS) {
                notices.add(Notice.of(
                        About.of(key),
                        WARNING,
                        "Unhealthy",
                        "not well in time after " + commit(event.revision()) + ": " + reason));
            }
        });
        return notices;
    }

    private static Notice observation(Observation one) {
        String text = one.text() + ". " + one.wayOut() + " [" + one.code().id() + "]";
        return one.node()
                .map(name -> Notice.of(About.of(node(name)), WARNING, "NotAsDeclared", text))
                .orElseGet(() -> Notice.ofSync(WARNING, "NotAsDeclared", text));
    }

    private static ObjectKey node(String name) {
        return new ObjectKey("", "Node", Optional.empty(), name);
    }

    private static String problems(List<Problem> problems) {
        return Problem.decisive(problems)
                .map(first -> first + (problems.size() > 1 ? "; and " + (problems.size() - 1) + " more" : ""))
                .orElse("Its files cannot be read");
    }

    /** {@code Deployment shop/web and 2 more are}. */
    private static String named(List<ObjectKey> keys) {
        return switch (keys.size()) {
            case 0 -> "nothing is";
            case 1 -> keys.get(0) + " is";
            default -> keys.get(0) + " and " + (keys.size() - 1) + " more are";
        };
    }

    private static String argument(ObjectKey key) {
        return key.kind() + "/" + key.name()
                + key.namespace().map(it -> " -n " + it).orElse("");
    }

    private static String commit(Revision revision) {
        return "commit " + revision.shortCommit();
    }
}
