package dev.trimtab.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.definition.Inventory;
import dev.trimtab.definition.Inventory.Role;
import dev.trimtab.definition.Inventory.Taint;
import dev.trimtab.kube.Ownership;
import dev.trimtab.plan.FieldChange;
import dev.trimtab.plan.FieldChange.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a node's taints have to become. The API server takes the list as one value, so a server-side apply of ours would wipe those by
 * which Kubernetes itself keeps pods off a node; here every taint of others stays where it is, and the list goes out with the version
 * that it was computed from.
 *
 * @param taints the whole list
 * @param owned value of {@link Marks#OWNED_TAINTS}; empty when there is nothing to remember
 * @param remembers whether {@code owned} differs from what the node says
 */
record TaintDiff(ArrayNode taints, String owned, boolean remembers, List<FieldChange> fields, List<String> notes) {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final List<String> RESERVED =
            List.of("node.kubernetes.io/", "node.cloudprovider.kubernetes.io/", "node-role.kubernetes.io/master");
    private static final String OUT_OF_SERVICE = "node.kubernetes.io/out-of-service";

    TaintDiff {
        fields = List.copyOf(fields);
        notes = List.copyOf(notes);
    }

    /** Whether nothing is to be written. */
    boolean isEmpty() {
        return fields.isEmpty() && !remembers;
    }

    /** Whether Kubernetes sets and takes away the taint itself; such a one is never touched. */
    static boolean isReserved(String key) {
        return !key.equals(OUT_OF_SERVICE) && RESERVED.stream().anyMatch(key::startsWith);
    }

    /** What the node needs once its labels and its cordon are on. */
    static TaintDiff of(Inventory.Node declared, LiveNode live) {
        return of(declared, live, true);
    }

    /** @param furnished whether everything else that Git says of the node is on, so that pods may come to it */
    static TaintDiff of(Inventory.Node declared, LiveNode live, boolean furnished) {
        List<Taint> wanted = declared.taints().stream()
                .filter(taint -> !isReserved(taint.key()))
                .toList();
        String annotation = live.annotation(Marks.OWNED_TAINTS).orElse("");
        OwnedTaints before = OwnedTaints.parse(annotation);
        OwnedTaints after = new OwnedTaints();
        ArrayNode list = JSON.arrayNode();
        List<FieldChange> fields = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        for (JsonNode taint : live.taints()) {
            Optional<Taint> match =
                    wanted.stream().filter(one -> LiveNode.isSame(taint, one)).findFirst();
            if (match.isPresent()) {
                after.own(id(taint));
                list.add(kept(match.get(), taint, before, fields, notes));
            } else if (isRegistration(taint)) {
                if (furnished) {
                    notes.add("the node has registered with taint " + text(taint)
                            + ", which goes with the first taints that are written, after labels and cordon");
                    fields.add(change(taint, Optional.of(text(taint)), Optional.empty()));
                } else {
                    list.add(taint);
                }
            } else if (!before.owns(id(taint)) || isReserved(key(taint))) {
                list.add(taint);
            } else if (comesWithRole(taint, declared)) {
                notes.add("taint " + text(taint) + " left Git and stays, because the node is a control plane and no"
                        + " worker; role worker lets pods come to it");
                list.add(taint);
            } else {
                fields.add(change(taint, Optional.of(text(taint)), Optional.empty()));
            }
        }
        for (Taint taint : wanted) {
            if (!holds(live.taints(), taint)) {
                list.add(json(taint));
                after.own(OwnedTaints.id(taint));
                fields.add(change(json(taint), Optional.empty(), Optional.of(text(taint))));
            }
        }
        return new TaintDiff(list, after.text(), !after.text().equals(annotation), fields, notes);
    }

    private static JsonNode kept(
            Taint wanted, JsonNode live, OwnedTaints before, List<FieldChange> fields, List<String> notes) {
        if (!live.path("value").asText("").equals(wanted.value())) {
            fields.add(change(live, Optional.of(text(live)), Optional.of(text(wanted))));
            return json(wanted);
        }
        if (!before.owns(id(live))) {
            // Our own join file sets declared taints when the node registers; whoever did, Git has the say from now on.
            notes.add("taint " + text(live)
                    + " is on the node already; from now on it follows Git, and goes when it leaves it");
        }
        return live;
    }

    /** Whether it is the one that a node registers with, so that no pod comes before its labels do. */
    static boolean isRegistration(JsonNode taint) {
        return key(taint).equals(Ownership.UNINITIALIZED_TAINT);
    }

    /** kubeadm puts it on each control plane that is not to run pods of others: Git says so by the roles, too. */
    private static boolean comesWithRole(JsonNode taint, Inventory.Node declared) {
        return key(taint).equals(RoleLabels.CONTROL_PLANE)
                && declared.isControlPlane()
                && !declared.roles().contains(Role.WORKER);
    }

    /** A merge patch that fails when the node is no longer the one that was looked at. */
    ObjectNode patch(LiveNode live) {
        ObjectNode patch = JSON.objectNode();
        ObjectNode metadata = patch.putObject("metadata");
        metadata.set("resourceVersion", live.metadata().path("resourceVersion"));
        metadata.put("uid", live.uid());
        ObjectNode annotations = metadata.putObject("annotations");
        annotations.set(Marks.OWNED_TAINTS, owned.isEmpty() ? JSON.nullNode() : TextNode.valueOf(owned));
        if (!fields.isEmpty()) {
            patch.putObject("spec").set("taints", taints.isEmpty() ? JSON.nullNode() : taints);
        }
        return patch;
    }

    private static boolean holds(JsonNode taints, Taint taint) {
        for (JsonNode one : taints) {
            if (LiveNode.isSame(one, taint)) {
                return true;
            }
        }
        return false;
    }

    private static ObjectNode json(Taint taint) {
        ObjectNode json = JSON.objectNode().put("key", taint.key());
        if (!taint.value().isEmpty()) {
            json.put("value", taint.value());
        }
        return json.put("effect", taint.effect().written());
    }

    private static String key(JsonNode taint) {
        return taint.path("key").asText("");
    }

    private static String id(JsonNode taint) {
        return key(taint) + ":" + taint.path("effect").asText("");
    }

    private static String text(JsonNode taint) {
        String value = taint.path("value").asText("");
        return taint.path("key").asText("") + (value.isEmpty() ? "" : "=" + value) + ":"
                + taint.path("effect").asText("");
    }

    static String text(Taint taint) {
        return text(json(taint));
    }

    private static FieldChange change(JsonNode taint, Optional<String> before, Optional<String> after) {
        return new FieldChange(
                "spec.taints[" + id(taint) + "]",
                before.map(TextNode::valueOf),
                after.map(TextNode::valueOf),
                false,
                Origin.GIT,
                Optional.empty());
    }
}
