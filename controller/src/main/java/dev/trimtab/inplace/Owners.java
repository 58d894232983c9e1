package dev.trimtab.inplace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ObjectKey;
import java.util.Optional;

/** Who controls an object. Labels alone never make a pod ours. */
final class Owners {

    private Owners() {}

    static ObjectNode reference(CloneSet owner) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("apiVersion", CloneSetKeys.API_VERSION)
                .put("kind", CloneSetKeys.KIND)
                .put("name", owner.name())
                .put("uid", owner.uid())
                .put("controller", true)
                .put("blockOwnerDeletion", true);
    }

    /** The reference of the one controller, where that is a CloneSet. */
    static Optional<JsonNode> controller(JsonNode object) {
        return Containers.stream(object.path("metadata").path("ownerReferences"))
                .filter(owner -> owner.path("controller").asBoolean(false))
                .filter(owner -> owner.path("kind").asText().equals(CloneSetKeys.KIND)
                        && ObjectKey.groupOf(owner.path("apiVersion").asText(""))
                                .equals(CloneSetKeys.GROUP))
                .findFirst();
    }

    static boolean owns(CloneSet owner, JsonNode object) {
        return controller(object)
                .filter(reference -> reference.path("uid").asText().equals(owner.uid()))
                .isPresent();
    }
}
