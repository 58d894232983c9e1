package dev.trimtab.nodes;

import dev.trimtab.plan.FieldChange;
import java.util.List;

/**
 * What is done to one node.
 *
 * @param fields of the Node that change
 * @param notes what else a person should know, ownership for instance
 * @param pods how many are evicted
 */
public record NodeChange(String node, Kind kind, List<FieldChange> fields, List<String> notes, int pods)
        implements Comparable<NodeChange> {

    /** In the order in which they are done to one node. */
    public enum Kind {
        METADATA(NodeCode.METADATA),
        /** Before the taint goes that kept pods off a new node. */
        CORDON(NodeCode.CORDON),
        TAINTS(NodeCode.TAINTS),
        UNCORDON(NodeCode.UNCORDON),
        DRAIN(NodeCode.DRAIN);

        private final NodeCode code;

        Kind(NodeCode code) {
            this.code = code;
        }

        public NodeCode code() {
            return code;
        }
    }

    public NodeChange {
        fields = List.copyOf(fields);
        notes = List.copyOf(notes);
    }

    NodeChange(String node, Kind kind, List<FieldChange> fields, List<String> notes) {
        this(node, kind, fields, notes, 0);
    }

    @Override
    public int compareTo(NodeChange other) {
        int byNode = node.compareTo(other.node);
        return byNode != 0 ? byNode : kind.compareTo(other.kind);
    }
}
