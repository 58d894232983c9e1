package dev.trimtab.bootstrap.intake;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** An entry of the inventory while its source is read. */
final class NodeDraft {

    static final String CONTROL_PLANE = "node-role.kubernetes.io/control-plane";
    static final String FORMER_CONTROL_PLANE = "node-role.kubernetes.io/master";

    private static final Comparator<NodeDraft> ORDER =
            Comparator.comparing((NodeDraft node) -> !node.controlPlane).thenComparing(node -> node.name.orElse(""));

    Optional<String> name = Optional.empty();
    Optional<String> address = Optional.empty();
    boolean controlPlane;
    /** Whether ordinary pods may run beside the control plane. */
    boolean worker;

    Optional<String> arch = Optional.empty();
    final SortedMap<String, String> labels = new TreeMap<>();
    final SortedMap<String, String> annotations = new TreeMap<>();
    final List<Taint> taints = new ArrayList<>();
    boolean schedulable = true;
    Optional<String> kubeletVersion = Optional.empty();

    /** As in a Node's {@code spec.taints}; {@code value} may be empty. */
    record Taint(String key, String value, String effect) {

        boolean ofTheControlPlane() {
            return key.equals(CONTROL_PLANE) || key.equals(FORMER_CONTROL_PLANE);
        }
    }

    boolean complete() {
        return name.isPresent() && address.isPresent();
    }

    /** The control plane first, then by name. */
    static ObjectNode document(List<NodeDraft> drafts) {
        ObjectNode document = Drafts.document("Inventory");
        ArrayNode nodes = document.putObject("spec").putArray("nodes");
        drafts.stream().sorted(ORDER).forEach(draft -> nodes.add(draft.entry()));
        return document;
    }

    private ObjectNode entry() {
        ObjectNode entry = Drafts.object();
        entry.put("name", name.orElseThrow());
        entry.put("address", address.orElseThrow());
        ArrayNode roles = entry.putArray("roles");
        if (controlPlane) {
            roles.add("control-plane");
        }
        if (worker) {
            roles.add("worker");
        }
        Drafts.text(entry, "arch", arch, "amd64");
        Drafts.map(entry, "labels", labels);
        Drafts.map(entry, "annotations", annotations);
        if (!taints.isEmpty()) {
            ArrayNode array = entry.putArray("taints");
            taints.stream().distinct().forEach(taint -> {
                ObjectNode one = array.addObject().put("key", taint.key());
                Drafts.text(one, "value", Optional.of(taint.value()), "");
                one.put("effect", taint.effect());
            });
        }
        Drafts.flag(entry, "schedulable", schedulable, true);
        Drafts.text(entry, "kubeletVersion", kubeletVersion, "");
        return entry;
    }
}
