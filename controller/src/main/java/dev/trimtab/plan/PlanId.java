package dev.trimtab.plan;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.render.Digest;
import dev.trimtab.source.Revision;
import java.util.List;
import java.util.Optional;

/**
 * What an approval names: a digest of the cluster, the two commits and the changes. Times are left out, and so are the names of
 * pods: a pod that moved to another node makes no other plan, one pod more does.
 */
final class PlanId {

    private PlanId() {}

    static String of(Plan.ClusterId cluster, Optional<Revision> base, Revision head, List<Change> changes) {
        ObjectNode plan = JsonNodeFactory.instance.objectNode();
        plan.put("cluster", cluster.uid());
        plan.put("base", base.map(Revision::commit).orElse(""));
        plan.put("head", head.commit());
        ArrayNode list = plan.putArray("changes");
        changes.forEach(change -> list.add(of(change)));
        return Digest.of(plan).value();
    }

    private static ObjectNode of(Change change) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("group", change.object().group());
        json.put("kind", change.object().kind());
        json.put("namespace", change.object().namespace().orElse(""));
        json.put("name", change.object().name());
        json.put("uid", change.uid().orElse(""));
        json.put("apiVersion", change.apiVersion());
        json.put("action", change.action().name());
        json.put("operation", change.operation().name());
        json.put("reason", change.reason().code().id());
        ArrayNode fields = json.putArray("fields");
        for (FieldChange field : change.fields()) {
            ObjectNode one = fields.addObject().put("path", field.path()).put("masked", field.masked());
            field.before().ifPresent(value -> one.set("before", value));
            field.after().ifPresent(value -> one.set("after", value));
        }
        PodImpact pods = change.pods();
        ObjectNode impact = json.putObject("pods")
                .put("effect", pods.effect().name())
                .put("count", pods.count())
                .put("batches", pods.batches())
                .put("maxUnavailable", pods.maxUnavailable());
        pods.containers().forEach(impact.putArray("containers")::add);
        return json;
    }
}
