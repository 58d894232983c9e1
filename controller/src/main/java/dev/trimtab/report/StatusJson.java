package dev.trimtab.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.drift.Drift;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.plan.FieldChange;
import dev.trimtab.source.Revision;
import dev.trimtab.sync.Hold;
import dev.trimtab.sync.SyncStatus;
import dev.trimtab.sync.SyncStatus.Condition;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * How a sync stands, {@code "format": "trimtab.status/v1"}, in the shape of the status of a Kubernetes object. Where it is kept is
 * another matter. It does not grow with the number of objects, and holds paths of fields, never their values.
 */
public final class StatusJson {

    public static final String FORMAT = "trimtab.status/v1";

    /** The last wish to look now that was followed, as it was told. */
    static final String HANDLED = "lastHandledReconcileAt";

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** How many objects that drifted, or that one reason holds, are named. */
    private static final int OBJECTS = 50;

    private static final int FIELDS = 10;
    private static final int HOLDS = 20;
    private static final int MESSAGE = 1024;

    private StatusJson() {}

    static ObjectNode of(Standing standing) {
        SyncStatus status = standing.status();
        ObjectNode node = JSON.objectNode().put("format", FORMAT);
        node.put("sync", standing.spec().name());
        node.put("mode", standing.spec().mode().name().toLowerCase(Locale.ROOT));
        node.putObject("source")
                .put("repository", standing.repository())
                .put("path", standing.spec().source().path().toString());
        node.put("interval", standing.spec().interval().toString());
        conditions(node, status);
        status.observed().ifPresent(revision -> node.set("observedRevision", revision(revision)));
        status.lastApplied().ifPresent(revision -> node.set("lastAppliedRevision", revision(revision)));
        standing.lastApply().ifPresent(apply -> node.set("lastApply", lastApply(apply)));
        standing.handled().ifPresent(asked -> node.put(HANDLED, cut(asked)));
        node.set("holds", holds(status.holds().stream().limit(HOLDS).toList(), OBJECTS));
        status.heldPlan().ifPresent(id -> node.put("heldPlanId", id));
        // What was audited is counted since the process began, and moves while nothing does: the metrics have it.
        node.putObject("counts")
                .put("objects", status.counts().objects())
                .put("changes", status.counts().changes())
                .put("held", status.counts().held())
                .put("failed", status.counts().failed())
                .put("drifted", standing.drifts().size());
        node.set("drift", drift(standing.drifts()));
        node.putObject("controller").put("version", standing.version());
        return node;
    }

    /** The same, with what an earlier writing knew and this one cannot: since when, and what was before the process began. */
    static ObjectNode continuing(ObjectNode next, JsonNode before) {
        for (JsonNode condition : next.path("conditions")) {
            for (JsonNode old : before.path("conditions")) {
                if (old.path("type").equals(condition.path("type"))
                        && old.path("status").equals(condition.path("status"))) {
                    ((ObjectNode) condition).set("lastTransitionTime", old.path("lastTransitionTime"));
                }
            }
        }
        for (String field : List.of("observedRevision", "lastAppliedRevision", "lastApply", HANDLED)) {
            if (!next.has(field) && before.has(field)) {
                next.set(field, before.path(field));
            }
        }
        if (next.at("/lastAppliedRevision/commit").equals(before.at("/lastAppliedRevision/commit"))) {
            keepHealth(next.path("conditions"), before.path("conditions"));
        }
        for (JsonNode drift : next.at("/drift/objects")) {
            for (JsonNode old : before.at("/drift/objects")) {
                if (old.path("object").equals(drift.path("object"))) {
                    ((ObjectNode) drift).set("since", old.path("since"));
                }
            }
        }
        return next;
    }

    /** Health is followed after an apply only: what was well after the same commit is not unknown because a process began. */
    private static void keepHealth(JsonNode conditions, JsonNode before) {
        for (JsonNode condition : conditions) {
            for (JsonNode old : before) {
                if (condition.path("type").asText().equals("Healthy")
                        && condition.path("reason").asText().equals("NotFollowed")
                        && old.path("type").asText().equals("Healthy")
                        && old.path("status").asText().equals("True")) {
                    ((ObjectNode) condition).setAll((ObjectNode) old);
                }
            }
        }
    }

    /** A status as it is told, all that is held named. */
    public static ObjectNode of(SyncStatus status) {
        ObjectNode node = JSON.objectNode();
        conditions(node, status);
        status.observed().ifPresent(revision -> node.set("observedRevision", revision(revision)));
        status.lastApplied().ifPresent(revision -> node.set("lastAppliedRevision", revision(revision)));
        node.set("holds", holds(status.holds(), Integer.MAX_VALUE));
        status.heldPlan().ifPresent(id -> node.put("heldPlanId", id));
        node.putObject("counts")
                .put("objects", status.counts().objects())
                .put("changes", status.counts().changes())
                .put("held", status.counts().held())
                .put("failed", status.counts().failed())
                .put("drifted", status.counts().drifted())
                .put("audited", status.counts().audited())
                .put("disagreements", status.counts().disagreements());
        return node;
    }

    private static void conditions(ObjectNode node, SyncStatus status) {
        ArrayNode conditions = node.putArray("conditions");
        conditions.add(condition("Ready", status.ready()));
        conditions.add(condition("Reconciling", status.reconciling()));
        conditions.add(condition("Stalled", status.stalled()));
        conditions.add(condition("Healthy", status.healthy()));
        status.nodes().ifPresent(nodes -> conditions.add(condition("NodesAsDeclared", nodes)));
    }

    /** As in the status of a Kubernetes object. */
    private static ObjectNode condition(String type, Condition condition) {
        String truth = condition.truth().name();
        return JSON.objectNode()
                .put("type", type)
                .put("status", truth.charAt(0) + truth.substring(1).toLowerCase(Locale.ROOT))
                .put("reason", condition.reason())
                .put("message", cut(condition.message()))
                .put("lastTransitionTime", condition.since().toString());
    }

    private static ObjectNode lastApply(LastApply apply) {
        return JSON.objectNode()
                .put("time", apply.at().truncatedTo(ChronoUnit.SECONDS).toString())
                .put("commit", apply.revision().commit())
                .put("milliseconds", apply.took().toMillis())
                .put("done", apply.done())
                .put("failed", apply.failed())
                .put("podsRestartedInPlace", apply.restarted())
                .put("podsReplaced", apply.replaced());
    }

    private static ObjectNode drift(List<Drift> drifts) {
        ObjectNode node = JSON.objectNode().put("total", drifts.size());
        ArrayNode objects = node.putArray("objects");
        drifts.stream().limit(OBJECTS).forEach(drift -> {
            ObjectNode one = objects.addObject()
                    .put("object", drift.object().toString())
                    .put("type", drift.type().label());
            ArrayNode fields = one.putArray("fields");
            drift.fields().stream().map(FieldChange::path).limit(FIELDS).forEach(fields::add);
            drift.manager().ifPresent(manager -> one.put("manager", manager));
            one.put("since", drift.since().truncatedTo(ChronoUnit.SECONDS).toString());
        });
        return node;
    }

    /**
     * Why something is not done.
     *
     * @param named how many objects of each are named at most
     */
    public static ArrayNode holds(List<Hold> holds, int named) {
        ArrayNode list = JSON.arrayNode();
        for (Hold hold : holds) {
            ObjectNode node = list.addObject()
                    .put("code", hold.code().id())
                    .put("text", cut(hold.text()))
                    .put("approvable", hold.approvable());
            hold.until().ifPresent(until -> node.put("until", until.toString()));
            node.set("objects", objects(hold.objects().stream().limit(named)));
            if (hold.objects().size() > named) {
                node.put("moreObjects", hold.objects().size() - named);
            }
        }
        return list;
    }

    /** As people name them. */
    public static ArrayNode objects(Collection<ObjectKey> keys) {
        return objects(keys.stream());
    }

    private static ArrayNode objects(Stream<ObjectKey> keys) {
        ArrayNode list = JSON.arrayNode();
        keys.forEach(key -> list.add(key.toString()));
        return list;
    }

    /** A commit. */
    public static ObjectNode revision(Revision revision) {
        ObjectNode node = JSON.objectNode()
                .put("commit", revision.commit())
                .put("ref", revision.ref())
                .put("author", revision.author())
                .put("subject", revision.subject())
                .put("committedAt", revision.committedAt().toString());
        revision.verifiedBy()
                .ifPresent(signer -> node.putObject("verifiedBy")
                        .put("identity", signer.identity())
                        .put("key", signer.keyId()));
        return node;
    }

    private static String cut(String text) {
        return text.length() <= MESSAGE ? text : text.substring(0, MESSAGE - 1) + "…";
    }
}
