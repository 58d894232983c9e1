package dev.trimtab.cli.demo;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.plan.Action;
import dev.trimtab.plan.PodImpact.Effect;
import dev.trimtab.review.Counts;
import java.util.List;

/** All steps as one JSON document, {@code "format": "trimtab.demo/v1"}. */
final class DemoJson {

    private DemoJson() {}

    static ObjectNode render(List<DemoStep> steps) {
        ObjectNode document = JsonNodeFactory.instance.objectNode().put("format", "trimtab.demo/v1");
        ArrayNode array = document.putArray("steps");
        steps.forEach(step -> array.add(step(step)));
        return document;
    }

    private static ObjectNode step(DemoStep step) {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("name", step.name());
        step.commit().ifPresent(commit -> node.put("commit", commit));
        Counts counts = Counts.of(step.plan());
        ObjectNode plan = node.putObject("plan")
                .put("inPlace", counts.pods(Effect.RESTART_IN_PLACE))
                .put("metadataOnly", counts.pods(Effect.METADATA_ONLY))
                .put("recreate", counts.pods(Effect.RECREATE))
                .put("add", counts.pods(Effect.ADD))
                .put("remove", counts.pods(Effect.REMOVE));
        plan.putObject("objects")
                .put("create", counts.objects(Action.CREATE))
                .put("in-place", counts.objects(Action.IN_PLACE))
                .put("recreate", counts.objects(Action.RECREATE))
                .put("apply", counts.objects(Action.APPLY))
                .put("delete", counts.objects(Action.DELETE))
                .put("unchanged", counts.unchanged());
        ArrayNode reasons = plan.putArray("reasons");
        step.plan().changes().forEach(change -> {
            ObjectNode reason = reasons.addObject()
                    .put("object", change.object().toString())
                    .put("code", change.reason().code().id())
                    .put("text", change.reason().text());
            ArrayNode fields = reason.putArray("fields");
            change.reason().fields().forEach(fields::add);
        });
        ArrayNode pods = node.putArray("pods");
        step.pods().forEach(pod -> pods.add(pod(pod)));
        node.put("seconds", Math.round(step.took().toMillis() / 100.0) / 10.0);
        node.put("asPlanned", step.differences().isEmpty());
        ArrayNode differences = node.putArray("differences");
        step.differences().forEach(differences::add);
        return node;
    }

    private static ObjectNode pod(PodChange pod) {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("name", pod.name());
        node.put("uidBefore", pod.before().map(Pod::uid).orElse(null));
        node.put("uidAfter", pod.after().map(Pod::uid).orElse(null));
        node.put("ipBefore", pod.before().map(Pod::ip).orElse(null));
        node.put("ipAfter", pod.after().map(Pod::ip).orElse(null));
        node.put("restartsBefore", pod.before().map(Pod::restarts).orElse(null));
        node.put("restartsAfter", pod.after().map(Pod::restarts).orElse(null));
        return node.put("image", pod.after().or(pod::before).map(Pod::image).orElseThrow());
    }
}
