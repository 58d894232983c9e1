package dev.trimtab.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.store.Key;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What only pods can: be bound to a node, be evicted. */
public final class PodVerbs {

    private final Backend backend;
    private final Modify modify;
    private final Delete delete;

    PodVerbs(Backend backend, Modify modify, Delete delete) {
        this.backend = backend;
        this.modify = modify;
        this.delete = delete;
    }

    /** POST of a Binding: writes the node's name, once. */
    public ObjectNode bind(Endpoint pods, String namespace, String name, ObjectNode binding, WriteOptions options) {
        String node = binding.path("target").path("name").asText("");
        if (node.isEmpty()) {
            throw Failures.invalid(pods.resource(), name, List.of(Cause.required("target.name", "")));
        }
        modify.modify(
                pods,
                "binding",
                new Key(namespace, name),
                live -> {
                    String bound = live.path("spec").path("nodeName").asText("");
                    if (!bound.isEmpty()) {
                        throw Failures.conflict(
                                pods.resource(), name, "pod " + name + " is already assigned to node \"" + bound + '"');
                    }
                    if (live.path("metadata").has("deletionTimestamp")) {
                        throw Failures.conflict(
                                pods.resource(),
                                name,
                                "pod " + name + " is being deleted, cannot be assigned to a host");
                    }
                    ObjectNode next = live.deepCopy();
                    Json.child(next, "spec").put("nodeName", node);
                    scheduled(Json.child(next, "status"));
                    return next;
                },
                Modify.Ownership.TRACKED,
                options);
        return success();
    }

    private void scheduled(ObjectNode status) {
        ArrayNode conditions =
                status.path("conditions") instanceof ArrayNode present ? present : status.putArray("conditions");
        for (int i = 0; i < conditions.size(); i++) {
            if (conditions.get(i).path("type").asText().equals("PodScheduled")) {
                conditions.remove(i);
            }
        }
        conditions
                .addObject()
                .put("type", "PodScheduled")
                .put("status", "True")
                .put("lastTransitionTime", Json.time(backend.now()));
    }

    /** POST of an Eviction: a delete that a PodDisruptionBudget can refuse for now. */
    public ObjectNode evict(Endpoint pods, String namespace, String name, ObjectNode eviction, boolean dryRun) {
        if (!Json.name(eviction).equals(name)) {
            throw Failures.badRequest("name in URL does not match name in Eviction object");
        }
        ObjectNode pod = backend.require(pods.resource(), new Key(namespace, name));
        refuseBeyondBudget(namespace, pod);
        JsonNode asked = eviction.path("deleteOptions");
        delete.delete(
                pods,
                namespace,
                name,
                new DeleteOptions(
                        Optional.ofNullable(
                                asked.path("preconditions").path("uid").textValue()),
                        Optional.empty(),
                        asked.has("gracePeriodSeconds")
                                ? OptionalLong.of(
                                        asked.path("gracePeriodSeconds").asLong())
                                : OptionalLong.empty(),
                        Optional.empty(),
                        dryRun || !asked.path("dryRun").isEmpty()));
        return success();
    }

    private void refuseBeyondBudget(String namespace, ObjectNode pod) {
        if (!ready(pod)) {
            return;
        }
        List<ObjectNode> budgets = backend.store().of("poddisruptionbudgets.policy").list(namespace).objects().stream()
                .filter(budget -> DisruptionBudget.of(budget).covers(pod))
                .toList();
        if (budgets.size() > 1) {
            throw Failures.unclassified("This pod has more than one PodDisruptionBudget, which the eviction subresource"
                    + " does not support.");
        }
        List<ObjectNode> pods = backend.store().of("pods").list(namespace).objects();
        for (ObjectNode budget : budgets) {
            DisruptionBudget.Count count = DisruptionBudget.of(budget).count(pods);
            if (count.healthy() - 1 < count.wanted()) {
                throw Failures.tooManyRequests(
                        "Cannot evict pod as it would violate the pod's disruption budget.",
                        0,
                        List.of(new Cause(
                                "DisruptionBudget",
                                "",
                                "The disruption budget " + Json.name(budget) + " needs " + count.wanted()
                                        + " healthy pods and has " + count.healthy() + " currently")));
            }
        }
    }

    static boolean ready(ObjectNode pod) {
        for (JsonNode condition : pod.path("status").path("conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition.path("status").asText().equals("True");
            }
        }
        return false;
    }

    private static ObjectNode success() {
        ObjectNode status = Json.object();
        status.put("kind", "Status").put("apiVersion", "v1");
        status.putObject("metadata");
        return status.put("status", "Success").put("code", 201);
    }
}
