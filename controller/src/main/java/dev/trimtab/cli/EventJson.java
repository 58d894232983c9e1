package dev.trimtab.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.definition.Problem;
import dev.trimtab.drift.Drift;
import dev.trimtab.inplace.RolloutFinished;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.nodes.Observation;
import dev.trimtab.plan.Plan;
import dev.trimtab.report.StatusJson;
import dev.trimtab.review.NodeJson;
import dev.trimtab.review.OutcomeJson;
import dev.trimtab.source.Revision;
import dev.trimtab.sync.SyncEvent;
import dev.trimtab.sync.SyncListener;
import dev.trimtab.sync.Unforeseen;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a sync tells, one JSON document a line, {@code "format": "trimtab.event/v1"}. */
final class EventJson implements SyncListener {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String FORMAT = "trimtab.event/v1";
    private static final Pattern HUMP = Pattern.compile("(?<=[a-z])(?=[A-Z])");

    private final PrintWriter out;
    private final Clock clock;
    private final Map<String, String> clusters = new HashMap<>();
    private final Map<String, String> applied = new HashMap<>();

    EventJson(PrintWriter out, Clock clock) {
        this.out = out;
        this.clock = clock;
    }

    /** Names the cluster of a sync; to be called before the sync starts. */
    synchronized void add(String sync, String cluster) {
        clusters.put(sync, cluster);
    }

    @Override
    public synchronized void on(String sync, SyncEvent event) {
        print(document(sync, event));
    }

    /** What the process itself logs, between the events. */
    synchronized void log(ILoggingEvent line) {
        ObjectNode document = JSON.objectNode()
                .put("format", FORMAT)
                .put("time", Instant.ofEpochMilli(line.getTimeStamp()).toString())
                .put("level", EventLevel.of(line.getLevel()).id());
        syncOf(line).ifPresent(sync -> {
            about(document, sync);
            known(document, sync);
        });
        document.put("event", "log").put("logger", line.getLoggerName()).put("message", line.getFormattedMessage());
        if (line.getThrowableProxy() != null) {
            document.put("stackTrace", ThrowableProxyUtil.asString(line.getThrowableProxy()));
        }
        print(document);
    }

    private void print(ObjectNode document) {
        out.println(document);
        out.flush();
    }

    /** Whom a thread works for: it says so, or is named {@code sync-NAME} or {@code report-NAME}. */
    private Optional<String> syncOf(ILoggingEvent line) {
        String said = line.getMDCPropertyMap().get("sync");
        String thread = line.getThreadName();
        return Stream.of(said, thread.substring(thread.indexOf('-') + 1))
                .filter(name -> name != null && clusters.containsKey(name))
                .findFirst();
    }

    private void about(ObjectNode document, String sync) {
        document.put("sync", sync);
        Optional.ofNullable(clusters.get(sync)).ifPresent(cluster -> document.put("cluster", cluster));
    }

    private void known(ObjectNode document, String sync) {
        Optional.ofNullable(applied.get(sync)).ifPresent(commit -> document.put("commit", commit));
    }

    synchronized ObjectNode document(String sync, SyncEvent event) {
        remember(sync, event);
        ObjectNode document = JSON.objectNode()
                .put("format", FORMAT)
                .put("time", clock.instant().toString())
                .put("level", EventLevel.of(event).id());
        about(document, sync);
        document.put(
                "event",
                HUMP.matcher(event.getClass().getSimpleName()).replaceAll("-").toLowerCase(Locale.ROOT));
        EventScope.commit(event).ifPresentOrElse(commit -> document.put("commit", commit), () -> known(document, sync));
        EventScope.objects(event).ifPresent(keys -> document.set("objects", StatusJson.objects(keys)));
        describe(document, event);
        return document;
    }

    private void remember(String sync, SyncEvent event) {
        if (event instanceof SyncEvent.Applied || event instanceof SyncEvent.Settled) {
            EventScope.commit(event).ifPresent(commit -> applied.put(sync, commit));
        } else if (event instanceof SyncEvent.StatusChanged changed) {
            // After a start, the only word of what was applied before it.
            changed.status().lastApplied().ifPresent(revision -> applied.putIfAbsent(sync, revision.commit()));
        }
    }

    private static void describe(ObjectNode node, SyncEvent event) {
        if (event instanceof SyncEvent.RevisionFound found) {
            node.set("revision", StatusJson.revision(found.revision()));
        } else if (event instanceof SyncEvent.OutsidePath outside) {
            node.set("revision", StatusJson.revision(outside.revision()));
        } else if (event instanceof SyncEvent.Refused refused) {
            node.set("revision", StatusJson.revision(refused.revision()));
            node.set("problems", problems(refused.problems()));
        } else if (event instanceof SyncEvent.Warned warned) {
            node.set("revision", StatusJson.revision(warned.revision()));
            node.set("problems", problems(warned.problems()));
        } else if (event instanceof SyncEvent.Planned planned) {
            node.set("plan", plan(planned.plan()));
        } else if (event instanceof SyncEvent.Applied applied) {
            node.put("milliseconds", applied.took().toMillis());
            node.set("outcome", OutcomeJson.render(applied.outcome()));
        } else if (event instanceof SyncEvent.Settled settled) {
            node.set("revision", StatusJson.revision(settled.revision()));
        } else if (event instanceof SyncEvent.Held held) {
            node.put("planId", held.plan().id());
            node.set("holds", StatusJson.holds(held.holds(), Integer.MAX_VALUE));
        } else if (event instanceof SyncEvent.Released released) {
            node.set("ended", StatusJson.holds(released.ended(), Integer.MAX_VALUE));
        } else if (event instanceof SyncEvent.DriftFound drift) {
            node.put("healing", drift.healing()).put("planId", drift.plan().id());
            ArrayNode drifts = node.putArray("drifts");
            drift.drifts().forEach(one -> {
                ObjectNode item = drifts.addObject().put("object", one.object().toString());
                one.manager().ifPresent(manager -> item.put("manager", manager));
                ArrayNode fields = item.putArray("fields");
                one.fields().forEach(field -> fields.add(field.path()));
            });
        } else if (event instanceof SyncEvent.DriftEnded ended) {
            node.put("healed", ended.healed());
            node.set(
                    "objects",
                    StatusJson.objects(
                            ended.drifts().stream().map(Drift::object).toList()));
        } else if (event instanceof SyncEvent.Healthy healthy) {
            node.set("revision", StatusJson.revision(healthy.revision()));
        } else if (event instanceof SyncEvent.HealthAwaited awaited) {
            health(node, awaited.revision(), awaited.reasons());
        } else if (event instanceof SyncEvent.Unhealthy unhealthy) {
            health(node, unhealthy.revision(), unhealthy.reasons());
        } else if (event instanceof SyncEvent.RolloutsHalted halted) {
            reasons(node, halted.reasons());
        } else if (event instanceof SyncEvent.RolloutsGoOn on) {
            node.set("workloads", StatusJson.objects(on.workloads()));
        } else if (event instanceof SyncEvent.RolloutsFinished finished) {
            node.set("rollouts", rollouts(finished.rollouts()));
        } else if (event instanceof SyncEvent.Audited audited) {
            node.put("count", audited.objects()).set("wrong", StatusJson.objects(audited.wrong()));
        } else if (event instanceof SyncEvent.NodesObserved observed) {
            node.set("standing", observations(observed.standing()));
            node.set("found", observations(observed.found()));
            node.set("ended", observations(observed.ended()));
        } else if (event instanceof SyncEvent.NodesHeld waits) {
            node.set("nodes", NodeJson.plan(waits.plan()));
            waits.hold().ifPresent(hold -> node.set("holds", StatusJson.holds(List.of(hold), Integer.MAX_VALUE)));
        } else if (event instanceof SyncEvent.NodesWritten written) {
            node.set("outcome", NodeJson.outcome(written.outcome()));
        } else if (event instanceof SyncEvent.NodesDraining draining) {
            draining.nodes().forEach(node.putArray("nodes")::add);
        } else if (event instanceof SyncEvent.SourceFailed failed) {
            failure(node, failed.text(), failed.retryIn());
        } else if (event instanceof SyncEvent.ClusterFailed failed) {
            failure(node, failed.text(), failed.retryIn());
        } else if (event instanceof SyncEvent.LookedAsAsked looked) {
            node.put("asked", looked.asked());
        } else if (event instanceof SyncEvent.ClusterReplaced replaced) {
            node.put("was", replaced.was()).put("is", replaced.is());
        } else if (event instanceof SyncEvent.Broken broken) {
            broken(node.put("text", broken.text()), Unforeseen.of(broken.cause()));
        } else if (event instanceof SyncEvent.StatusChanged changed) {
            node.set("status", StatusJson.of(changed.status()));
        }
    }

    private static void health(ObjectNode node, Revision revision, Map<ObjectKey, String> unwell) {
        node.set("revision", StatusJson.revision(revision));
        reasons(node, unwell);
    }

    private static void reasons(ObjectNode node, Map<ObjectKey, String> of) {
        ObjectNode reasons = node.putObject("reasons");
        of.forEach((key, reason) -> reasons.put(key.toString(), reason));
    }

    private static void broken(ObjectNode node, Unforeseen cause) {
        ObjectNode of = node.putObject("cause").put("class", cause.kind());
        cause.message().ifPresent(message -> of.put("message", message));
        cause.at().ifPresent(at -> of.put("at", at));
        node.put("stackTrace", cause.stackTrace());
    }

    private static ArrayNode rollouts(List<RolloutFinished> rollouts) {
        ArrayNode list = JSON.arrayNode();
        for (RolloutFinished rollout : rollouts) {
            ObjectNode node = list.addObject()
                    .put("object", rollout.workload().toString())
                    .put("podsInPlace", rollout.inPlace())
                    .put("podsNew", rollout.added());
            rollout.took().ifPresent(took -> node.put("milliseconds", took.toMillis()));
        }
        return list;
    }

    private static ArrayNode observations(List<Observation> observations) {
        ArrayNode list = JSON.arrayNode();
        observations.forEach(observation -> list.add(NodeJson.observation(observation)));
        return list;
    }

    private static void failure(ObjectNode node, String text, Duration retryIn) {
        node.put("text", text).put("retryInMilliseconds", retryIn.toMillis());
    }

    private static ObjectNode plan(Plan plan) {
        ObjectNode node = JSON.objectNode().put("planId", plan.id()).put("complete", plan.complete());
        node.put("unchanged", plan.unchanged().size() + plan.known());
        ArrayNode changes = node.putArray("changes");
        plan.changes()
                .forEach(change -> changes.addObject()
                        .put("object", change.object().toString())
                        .put(
                                "action",
                                change.action().name().toLowerCase(Locale.ROOT).replace('_', '-'))
                        .put("code", change.reason().code().id())
                        .put("pods", change.pods().count()));
        ArrayNode problems = node.putArray("problems");
        plan.problems()
                .forEach(problem -> problems.addObject()
                        .put("object", problem.object().toString())
                        .put("code", problem.code().id())
                        .put("text", problem.text()));
        node.set("orphans", StatusJson.objects(plan.orphans()));
        return node;
    }

    private static ArrayNode problems(List<Problem> problems) {
        ArrayNode list = JSON.arrayNode();
        problems.forEach(problem -> list.addObject()
                .put("code", problem.code().id())
                .put("severity", problem.severity().name().toLowerCase(Locale.ROOT))
                .put("at", problem.at().toString())
                .put("text", problem.text()));
        return list;
    }
}
