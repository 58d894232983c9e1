package dev.trimtab.review;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.nodes.NodeChange;
import dev.trimtab.nodes.NodeOutcome;
import dev.trimtab.nodes.NodePlan;
import dev.trimtab.nodes.Observation;
import dev.trimtab.nodes.OutsideView;
import java.util.Locale;

/** Nodes as JSON: {@code "format": "trimtab.nodes/v1"}, and {@code trimtab.node-outcome/v1} of what was done. */
public final class NodeJson {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private NodeJson() {}

    /** A document of its own. */
    public static ObjectNode document(NodePlan plan) {
        ObjectNode document = JSON.objectNode().put("format", "trimtab.nodes/v1");
        document.setAll(plan(plan));
        return document;
    }

    /** A member of a plan. */
    public static ObjectNode plan(NodePlan plan) {
        ObjectNode node = JSON.objectNode().put("planId", plan.id());
        ArrayNode names = node.putArray("live");
        plan.live().keySet().forEach(names::add);
        ArrayNode reports = node.putArray("reports");
        plan.live()
                .forEach((name, live) -> OutsideView.of(live).ifPresent(report -> {
                    ArrayNode named = reports.addObject()
                            .put("node", name)
                            .put("at", report.at().toString())
                            .put("checks", report.checks())
                            .put("failures", report.failures())
                            .put("sha256", report.digest())
                            .putArray("named");
                    report.named().forEach(named::add);
                }));
        ArrayNode declared = node.putArray("declared");
        plan.declared()
                .nodes()
                .values()
                .forEach(one -> declared.addObject()
                        .put("name", one.name())
                        .put("state", one.state().written())
                        .put("schedulable", one.schedulable()));
        ArrayNode changes = node.putArray("changes");
        plan.changes().forEach(change -> changes.add(change(change)));
        ArrayNode observations = node.putArray("observations");
        plan.observations().forEach(observation -> observations.add(observation(observation)));
        return node;
    }

    /** What became of a plan. */
    public static ObjectNode outcome(NodeOutcome outcome) {
        ObjectNode document = JSON.objectNode()
                .put("format", "trimtab.node-outcome/v1")
                .put("planId", outcome.plan().id())
                .put("succeeded", outcome.succeeded());
        ArrayNode results = document.putArray("results");
        outcome.results().forEach(result -> {
            ObjectNode one = results.addObject()
                    .put("node", result.node())
                    .put("kind", NodeText.word(result.kind()))
                    .put("code", result.kind().code().id())
                    .put("result", result.failure().isEmpty() ? "applied" : "failed");
            result.failure().ifPresent(why -> one.put("text", why).put("retryable", result.retryable()));
        });
        return document;
    }

    public static ObjectNode observation(Observation observation) {
        ObjectNode node = JSON.objectNode()
                .put("code", observation.code().id())
                .put("reason", observation.code().reason())
                .put("severity", observation.severity().name().toLowerCase(Locale.ROOT));
        observation.node().ifPresent(name -> node.put("node", name));
        return node.put("text", observation.text()).put("wayOut", observation.wayOut());
    }

    private static ObjectNode change(NodeChange change) {
        ObjectNode node = JSON.objectNode()
                .put("node", change.node())
                .put("kind", NodeText.word(change.kind()))
                .put("code", change.kind().code().id())
                .put("evictedPods", change.pods());
        ArrayNode fields = node.putArray("fields");
        change.fields().forEach(field -> fields.add(PlanJson.field(field)));
        ArrayNode notes = node.putArray("notes");
        change.notes().forEach(notes::add);
        return node;
    }
}
