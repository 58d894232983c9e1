package dev.trimtab.review;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.definition.Position;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.nodes.NodePlan;
import dev.trimtab.plan.Action;
import dev.trimtab.plan.Adoption;
import dev.trimtab.plan.Change;
import dev.trimtab.plan.FieldChange;
import dev.trimtab.plan.Plan;
import dev.trimtab.plan.PlanCode;
import dev.trimtab.plan.PodImpact;
import dev.trimtab.plan.PodImpact.Effect;
import dev.trimtab.plan.Risk;
import dev.trimtab.source.Revision;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A plan as one JSON document, {@code "format": "trimtab.plan/v1"}. Members are only ever added. Readers ignore members that
 * they do not know and take an unknown word as the most careful one. Values of Secrets are never in it.
 */
public final class PlanJson {

    public static final String FORMAT = "trimtab.plan/v1";

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final Map<Effect, String> SUMMARY = Map.of(
            Effect.RESTART_IN_PLACE, "restartedInPlace",
            Effect.METADATA_ONLY, "metadataOnly",
            Effect.RECREATE, "recreated",
            Effect.REMOVE, "removed",
            Effect.ADD, "added");

    private final String toolVersion;

    public PlanJson(String toolVersion) {
        this.toolVersion = toolVersion;
    }

    /** The document. */
    public ObjectNode render(Plan plan) {
        ObjectNode document = JSON.objectNode();
        document.put("format", FORMAT);
        document.put("planId", plan.id());
        document.put("createdAt", plan.readAt().toString());
        document.putObject("tool").put("version", toolVersion);
        document.putObject("cluster")
                .put("name", plan.cluster().name())
                .put("uid", plan.cluster().uid())
                .put("kubernetes", plan.cluster().version());
        ObjectNode source = document.putObject("source").put("repository", plan.repository());
        plan.base().ifPresent(base -> source.set("base", commit(base)));
        source.set("head", commit(plan.head()));
        document.putObject("live").put("used", true).put("readAt", plan.readAt().toString());
        document.put("result", result(plan));
        document.put("complete", plan.complete());
        document.set("summary", summary(plan));
        ArrayNode changes = document.putArray("changes");
        for (Change change : plan.changes()) {
            changes.add(change(changes.size() + 1, change));
        }
        ArrayNode released = document.putArray("released");
        plan.released().forEach((key, why) -> {
            ObjectNode node = released.addObject();
            node.set("object", object("", key));
            node.put("code", why.id()).put("kept", why == PlanCode.KEPT);
        });
        document.putArray("drift");
        ArrayNode problems = document.putArray("problems");
        for (Plan.ObjectProblem problem : plan.problems()) {
            ObjectNode node = problems.addObject()
                    .put("level", "error")
                    .put("code", problem.code().id())
                    .put("message", problem.text());
            node.set("object", object("", problem.object()));
            problem.origin().ifPresent(at -> node.set("file", file(at)));
        }
        for (Plan.ObjectWarning warning : plan.warnings()) {
            ObjectNode node = problems.addObject().put("level", "warning").put("message", warning.text());
            node.set("object", object("", warning.object()));
            warning.origin().ifPresent(at -> node.set("file", file(at)));
        }
        return document;
    }

    /** The document, with what is planned for nodes where the definition has them. */
    public ObjectNode render(Plan plan, Optional<NodePlan> nodes) {
        ObjectNode document = render(plan);
        nodes.ifPresent(planned -> {
            document.set("nodes", NodeJson.plan(planned));
            if (plan.complete() && !planned.changes().isEmpty()) {
                document.put("result", "changes");
            }
        });
        return document;
    }

    private static String result(Plan plan) {
        if (!plan.complete()) {
            return "error";
        }
        return plan.changes().isEmpty() ? "no-changes" : "changes";
    }

    private static ObjectNode summary(Plan plan) {
        Counts counts = Counts.of(plan);
        ObjectNode summary = JSON.objectNode();
        ObjectNode objects = summary.putObject("objects");
        for (Action action : Action.values()) {
            objects.put(word(action), counts.objects(action));
        }
        objects.put("unchanged", counts.unchanged());
        ObjectNode pods = summary.putObject("pods");
        SUMMARY.forEach((effect, name) -> pods.put(name, counts.pods(effect)));
        pods.put("evicted", 0);
        summary.putObject("risks")
                .put("danger", risks(plan, Risk.Level.DANGER))
                .put("caution", risks(plan, Risk.Level.CAUTION));
        summary.put(
                "driftObjects",
                plan.changes().stream().filter(PlanJson::drifted).count());
        summary.putNull("longestSeconds");
        return summary;
    }

    private static boolean drifted(Change change) {
        return change.fields().stream().anyMatch(field -> field.origin() == FieldChange.Origin.DRIFT);
    }

    private static ObjectNode change(int number, Change change) {
        ObjectNode node = JSON.objectNode().put("number", number);
        ObjectNode object = object(change.apiVersion(), change.object());
        change.uid().ifPresent(uid -> object.put("uid", uid));
        node.set("object", object);
        change.origin().ifPresent(at -> node.set("file", file(at)));
        node.put("action", word(change.action()));
        node.put("operation", change.operation().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        ObjectNode reason = node.putObject("reason")
                .put("code", change.reason().code().id())
                .put("text", change.reason().text());
        ArrayNode reasonFields = reason.putArray("fields");
        change.reason().fields().forEach(reasonFields::add);
        change.reason().advice().ifPresent(advice -> reason.put("advice", advice));
        ArrayNode fields = node.putArray("fields");
        change.fields().forEach(field -> fields.add(field(field)));
        node.set("pods", pods(change.pods()));
        change.adoption().ifPresent(adoption -> node.set("adoption", adoption(adoption)));
        ArrayNode risks = node.putArray("risks");
        change.risks().forEach(risk -> {
            ObjectNode one = risks.addObject()
                    .put("rule", risk.code().id())
                    .put("level", hyphened(risk.level().name()))
                    .put("text", risk.text());
            risk.wayOut().ifPresent(wayOut -> one.put("help", wayOut));
        });
        return node;
    }

    private static long risks(Plan plan, Risk.Level level) {
        return plan.changes().stream()
                .flatMap(change -> change.risks().stream())
                .filter(risk -> risk.level() == level)
                .count();
    }

    private static ObjectNode adoption(Adoption adoption) {
        ObjectNode node = JSON.objectNode();
        ArrayNode from = node.putArray("from");
        adoption.from().forEach(from::add);
        ArrayNode losses = node.putArray("losses");
        adoption.losses().forEach(loss -> {
            ArrayNode paths = losses.addObject().put("manager", loss.manager()).putArray("paths");
            loss.paths().forEach(paths::add);
        });
        ArrayNode yields = node.putArray("yields");
        adoption.yields().forEach(yields::add);
        return node;
    }

    static ObjectNode field(FieldChange field) {
        ObjectNode node = JSON.objectNode().put("path", FieldText.shortened(field.path()));
        if (field.masked()) {
            node.put("masked", true);
        } else {
            field.before().ifPresent(before -> node.set("before", before));
            field.after().ifPresent(after -> node.set("after", after));
        }
        node.put("origin", field.origin() == FieldChange.Origin.GIT ? "pr" : "drift");
        field.liveManager().ifPresent(manager -> node.put("liveManager", manager));
        return node;
    }

    private static ObjectNode pods(PodImpact impact) {
        ObjectNode node = JSON.objectNode()
                .put("effect", hyphened(impact.effect().name()))
                .put("count", impact.count());
        ArrayNode containers = node.putArray("containers");
        impact.containers().forEach(containers::add);
        ArrayNode names = node.putArray("names");
        impact.names().forEach(names::add);
        if (impact.batches() > 0) {
            node.put("batches", impact.batches()).put("maxUnavailable", impact.maxUnavailable());
        }
        return node;
    }

    private static ObjectNode commit(Revision revision) {
        return JSON.objectNode().put("ref", revision.ref()).put("sha", revision.commit());
    }

    static ObjectNode object(String apiVersion, ObjectKey key) {
        ObjectNode node = JSON.objectNode();
        if (apiVersion.isEmpty()) {
            node.put("apiVersion", key.group());
        } else {
            node.put("apiVersion", apiVersion);
        }
        node.put("kind", key.kind());
        key.namespace().ifPresent(namespace -> node.put("namespace", namespace));
        return node.put("name", key.name());
    }

    static ObjectNode file(Position at) {
        return JSON.objectNode()
                .put("path", at.file().value())
                .put("line", at.line())
                .put("column", at.column());
    }

    static String word(Action action) {
        return hyphened(action.name());
    }

    private static String hyphened(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
