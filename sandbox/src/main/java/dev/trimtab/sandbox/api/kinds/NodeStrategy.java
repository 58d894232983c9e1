package dev.trimtab.sandbox.api.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.Cause;
import java.util.List;

/** Nodes: a kubelet leaves out the swap that there is not. Its status may say zero, and then nothing else of the node can change. */
final class NodeStrategy implements Strategy {

    /** A kubelet registers its machine with all that it knows of it. */
    @Override
    public boolean bringsStatus() {
        return true;
    }

    @Override
    public void validate(ObjectNode object, List<Cause> causes) {
        JsonNode capacity = object.at("/status/nodeInfo/swap/capacity");
        if (capacity.isNumber() && capacity.asLong() <= 0) {
            causes.add(Cause.invalidValue(
                    "metadata.nodeSwapStatus.capacity", capacity.asText(), "must be greater than zero"));
        }
    }
}
