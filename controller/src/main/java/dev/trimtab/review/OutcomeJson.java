package dev.trimtab.review;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.apply.Outcome;
import dev.trimtab.apply.Result;

/** What became of a plan as one JSON document, {@code "format": "trimtab.outcome/v1"}. */
public final class OutcomeJson {

    private OutcomeJson() {}

    /** The document. */
    public static ObjectNode render(Outcome outcome) {
        ObjectNode document = JsonNodeFactory.instance.objectNode().put("format", "trimtab.outcome/v1");
        document.put("planId", outcome.plan().id());
        document.put("succeeded", outcome.succeeded());
        ArrayNode results = document.putArray("results");
        outcome.results().forEach((key, result) -> {
            ObjectNode node = results.addObject();
            node.set("object", PlanJson.object("", key));
            describe(node, result);
        });
        return document;
    }

    private static void describe(ObjectNode node, Result result) {
        if (result instanceof Result.Applied) {
            node.put("result", "applied");
        } else if (result instanceof Result.Deleted) {
            node.put("result", "deleted");
        } else if (result instanceof Result.Leaving leaving) {
            node.put("result", "leaving").put("text", leaving.text());
        } else if (result instanceof Result.Failed failed) {
            node.put("result", "failed")
                    .put("code", failed.code().id())
                    .put("text", failed.text())
                    .put("retryable", failed.retryable());
        } else if (result instanceof Result.Blocked blocked) {
            node.put("result", "blocked").set("dependency", PlanJson.object("", blocked.dependency()));
        } else if (result instanceof Result.Waiting waiting) {
            node.put("result", "waiting")
                    .put("reason", waiting.reason())
                    .set("dependency", PlanJson.object("", waiting.dependency()));
        } else if (result instanceof Result.Held held) {
            node.put("result", "held").put("code", held.code().id()).put("text", held.text());
        }
    }
}
