package dev.trimtab.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;

/**
 * An object of which it is known, without reading it, that it is as an earlier definition wants it. The server's answer to a dry-run of
 * the new definition then tells how it is now: like the answer, but for the values that the two definitions do not share.
 *
 * <p>Only plain values are taken back: text, numbers and truths that both definitions have at the same place. An answer that shows
 * one of them in other words than Git, as it shows quantities, is no proof of how the earlier one is shown.
 */
final class KnownObject {

    private KnownObject() {}

    /** Whether the two differ in plain values alone, and not in kind or name. */
    static boolean differsInValues(JsonNode was, JsonNode now) {
        if (was.equals(now)) {
            return true;
        }
        if (was.isObject() && now.isObject()) {
            return was.size() == now.size()
                    && was.properties().stream()
                            .allMatch(field -> now.has(field.getKey())
                                    && !(field.getKey().equals("apiVersion")
                                            && !field.getValue().equals(now.get("apiVersion")))
                                    && differsInValues(field.getValue(), now.get(field.getKey())));
        }
        if (was.isArray() && now.isArray()) {
            for (int i = 0; i < was.size(); i++) {
                if (was.size() != now.size()
                        || !(was.get(i).equals(now.get(i))
                                || (sameName(was.get(i), now.get(i)) && differsInValues(was.get(i), now.get(i))))) {
                    return false;
                }
            }
            return was.size() == now.size();
        }
        return was.isValueNode() && now.isValueNode() && !was.isNull() && !now.isNull();
    }

    /**
     * @param answer to a dry-run of {@code now}
     * @param was how the object is known to be wanted until now
     * @return the object as it is; empty when the answer does not prove it, or when there is no object
     */
    static Optional<ObjectNode> before(ObjectNode answer, JsonNode was, JsonNode now) {
        // The dry-run of a creation has no version: the object is gone.
        if (!answer.path("metadata").hasNonNull("resourceVersion")) {
            return Optional.empty();
        }
        ObjectNode live = answer.deepCopy();
        return takeBack(live, was, now) ? Optional.of(live) : Optional.empty();
    }

    private static boolean takeBack(JsonNode live, JsonNode was, JsonNode now) {
        if (was.isObject()) {
            return live instanceof ObjectNode object && takeBackFields(object, was, now);
        }
        for (int i = 0; i < was.size(); i++) {
            if (!was.get(i).equals(now.get(i))) {
                Optional<JsonNode> item = item(live, now.get(i).path("name"));
                if (item.isEmpty() || !takeBack(item.get(), was.get(i), now.get(i))) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean takeBackFields(ObjectNode live, JsonNode was, JsonNode now) {
        for (Map.Entry<String, JsonNode> field : was.properties()) {
            String name = field.getKey();
            JsonNode before = field.getValue();
            JsonNode after = now.path(name);
            if (before.equals(after)) {
                continue;
            }
            if (before.isContainerNode()) {
                if (!takeBack(live.path(name), before, after)) {
                    return false;
                }
            } else if (live.path(name).equals(after)) {
                live.set(name, before);
            } else {
                return false;
            }
        }
        return true;
    }

    private static Optional<JsonNode> item(JsonNode list, JsonNode name) {
        for (JsonNode item : list) {
            if (item.path("name").equals(name)) {
                return Optional.of(item);
            }
        }
        return Optional.empty();
    }

    private static boolean sameName(JsonNode one, JsonNode other) {
        return one.path("name").isTextual() && one.path("name").equals(other.path("name"));
    }
}
