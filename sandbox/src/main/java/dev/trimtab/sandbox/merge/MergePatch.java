package dev.trimtab.sandbox.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** JSON merge patch, RFC 7386. */
public final class MergePatch {

    private MergePatch() {}

    /**
     * The patched copy of {@code live}.
     *
     * @throws PatchFailed the patch is no object
     */
    public static ObjectNode apply(ObjectNode live, JsonNode patch) {
        if (!patch.isObject()) {
            throw new PatchFailed(
                    PatchFailed.Reason.BAD_REQUEST,
                    "error decoding patch: json: cannot unmarshal " + GoSyntax.type(patch)
                            + " into Go value of type map[string]interface {}");
        }
        return merge(live, patch);
    }

    private static ObjectNode merge(JsonNode target, JsonNode patch) {
        ObjectNode merged =
                target.isObject() ? ((ObjectNode) target).deepCopy() : JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> member : patch.properties()) {
            JsonNode value = member.getValue();
            if (value.isNull()) {
                merged.remove(member.getKey());
            } else if (value.isObject()) {
                merged.set(member.getKey(), merge(merged.path(member.getKey()), value));
            } else {
                merged.set(member.getKey(), value.deepCopy());
            }
        }
        return merged;
    }
}
