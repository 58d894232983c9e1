package dev.trimtab.sandbox.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.merge.PatchFailed.Reason;
import dev.trimtab.sandbox.schema.Field;
import dev.trimtab.sandbox.schema.Field.PatchStrategy;
import dev.trimtab.sandbox.schema.Type;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The strategic merge patch of typed kinds: lists merge by key, and directives say what goes. The format is described
 * in the Kubernetes documentation, "Strategic Merge Patch" of the API conventions.
 */
public final class StrategicMergePatch {

    private static final String PATCH = "$patch";
    private static final String RETAIN_KEYS = "$retainKeys";
    private static final String SET_ELEMENT_ORDER = "$setElementOrder/";
    private static final String DELETE_FROM_PRIMITIVE_LIST = "$deleteFromPrimitiveList/";

    private StrategicMergePatch() {}

    /**
     * The patched copy of {@code live}.
     *
     * @throws PatchFailed the patch is malformed or does not fit
     */
    public static ObjectNode apply(Type.Struct type, ObjectNode live, ObjectNode patch) {
        return mergeObject(type, live.deepCopy(), patch);
    }

    /** Changes {@code live}, which is the caller's own copy. */
    private static ObjectNode mergeObject(Type type, ObjectNode live, JsonNode patch) {
        JsonNode directive = patch.path(PATCH);
        if (!directive.isMissingNode()) {
            switch (directive.asText()) {
                case "delete" -> {
                    return live.objectNode();
                }
                case "replace" -> {
                    ObjectNode replacement = ((ObjectNode) patch).deepCopy();
                    replacement.remove(PATCH);
                    return replacement;
                }
                case "merge" -> {}
                default -> throw unknownDirective(directive, patch);
            }
        }
        retainKeys(live, patch);
        Map<String, List<JsonNode>> orderBefore = listsToOrder(live, patch);
        for (Map.Entry<String, JsonNode> member : patch.properties()) {
            String name = member.getKey();
            if (name.startsWith(DELETE_FROM_PRIMITIVE_LIST)) {
                deleteItems(live, name.substring(DELETE_FROM_PRIMITIVE_LIST.length()), member.getValue());
            } else if (!isDirective(name)) {
                mergeMember(type, live, name, member.getValue());
            }
        }
        orderBefore.forEach((name, before) -> {
            if (live.get(name) instanceof ArrayNode list) {
                JsonNode order = patch.path(SET_ELEMENT_ORDER + name);
                live.set(name, new ElementOrder(mergeKey(type, name), before, order).sort(list));
            }
        });
        return live;
    }

    private static Map<String, List<JsonNode>> listsToOrder(ObjectNode live, JsonNode patch) {
        Map<String, List<JsonNode>> lists = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> member : patch.properties()) {
            if (member.getKey().startsWith(SET_ELEMENT_ORDER)) {
                String name = member.getKey().substring(SET_ELEMENT_ORDER.length());
                lists.put(name, live.path(name).valueStream().toList());
            }
        }
        return lists;
    }

    private static boolean isDirective(String name) {
        return name.equals(PATCH)
                || name.equals(RETAIN_KEYS)
                || name.startsWith(SET_ELEMENT_ORDER)
                || name.startsWith(DELETE_FROM_PRIMITIVE_LIST);
    }

    private static void mergeMember(Type type, ObjectNode live, String name, JsonNode patch) {
        if (patch.isNull()) {
            live.remove(name);
            return;
        }
        Type memberType = Shape.member(type, name);
        JsonNode present = live.get(name);
        if (patch.isObject()) {
            boolean replace = strategies(type, name).contains(PatchStrategy.REPLACE);
            ObjectNode base = present instanceof ObjectNode object && !replace ? object : live.objectNode();
            live.set(name, mergeObject(memberType, base, patch));
        } else if (patch.isArray() && strategies(type, name).contains(PatchStrategy.MERGE)) {
            ArrayNode base = present instanceof ArrayNode array ? array : live.arrayNode();
            List<JsonNode> before = base.valueStream().toList();
            ArrayNode merged = mergeList(memberType, base, patch, mergeKey(type, name), name);
            // Where the patch says no order, its own is one: what it names comes as it names it.
            live.set(name, new ElementOrder(mergeKey(type, name), before, patch).sort(merged));
        } else {
            live.set(name, withoutDirectives(patch));
        }
    }

    private static List<PatchStrategy> strategies(Type type, String name) {
        return field(type, name).map(Field::patch).orElse(List.of());
    }

    private static Optional<String> mergeKey(Type type, String name) {
        return field(type, name).flatMap(Field::mergeKey);
    }

    private static Optional<Field> field(Type type, String name) {
        return type instanceof Type.Struct struct ? struct.field(name) : Optional.empty();
    }

    /** Of a union's members only those that the patch names stay. */
    private static void retainKeys(ObjectNode live, JsonNode patch) {
        JsonNode retained = patch.path(RETAIN_KEYS);
        if (retained.isMissingNode()) {
            return;
        }
        if (!retained.isArray()) {
            throw new PatchFailed(Reason.BAD_REQUEST, "invalid patch format of retainKeys");
        }
        List<String> names = retained.valueStream().map(JsonNode::asText).toList();
        for (Map.Entry<String, JsonNode> member : patch.properties()) {
            if (!isDirective(member.getKey()) && !member.getValue().isNull() && !names.contains(member.getKey())) {
                throw new PatchFailed(
                        Reason.BAD_REQUEST,
                        "the patch has " + member.getKey() + ", which its " + RETAIN_KEYS + " does not list");
            }
        }
        live.retain(names);
    }

    private static void deleteItems(ObjectNode live, String name, JsonNode items) {
        if (!(live.get(name) instanceof ArrayNode list)) {
            return;
        }
        ArrayNode rest = list.arrayNode();
        for (JsonNode item : list) {
            if (items.valueStream().noneMatch(deleted -> JsonOrder.equal(deleted, item))) {
                rest.add(item);
            }
        }
        live.set(name, rest);
    }

    private static ArrayNode mergeList(
            Type type, ArrayNode live, JsonNode patch, Optional<String> mergeKey, String name) {
        if (patch.valueStream().noneMatch(JsonNode::isObject)) {
            return mergeScalars(live, patch);
        }
        String key = mergeKey.orElseThrow(
                () -> new PatchFailed(Reason.BAD_REQUEST, "cannot merge lists without merge key for " + name));
        Type element = type instanceof Type.ListOf list ? list.element() : Type.ANY;
        boolean replace =
                patch.valueStream().anyMatch(item -> item.path(PATCH).asText().equals("replace"));
        ArrayNode merged = replace ? live.arrayNode() : live;
        for (JsonNode item : patch) {
            JsonNode directive = item.path(PATCH);
            switch (directive.asText()) {
                case "delete" -> deleteByKey(merged, key, keyOf(item, key));
                case "replace" -> {}
                case "" -> mergeItem(element, merged, item, key);
                default -> throw unknownDirective(directive, item);
            }
        }
        return merged;
    }

    private static ArrayNode mergeScalars(ArrayNode live, JsonNode patch) {
        for (JsonNode item : patch) {
            if (live.valueStream().noneMatch(present -> JsonOrder.equal(present, item))) {
                live.add(item);
            }
        }
        return live;
    }

    private static void mergeItem(Type element, ArrayNode live, JsonNode item, String key) {
        JsonNode wanted = keyOf(item, key);
        for (int i = 0; i < live.size(); i++) {
            if (live.get(i) instanceof ObjectNode present && JsonOrder.equal(present.path(key), wanted)) {
                live.set(i, mergeObject(element, present, item));
                return;
            }
        }
        live.add(mergeObject(element, live.objectNode(), item));
    }

    private static void deleteByKey(ArrayNode live, String key, JsonNode value) {
        for (int i = live.size() - 1; i >= 0; i--) {
            if (JsonOrder.equal(live.get(i).path(key), value)) {
                live.remove(i);
            }
        }
    }

    private static JsonNode keyOf(JsonNode item, String key) {
        JsonNode value = item.path(key);
        if (value.isMissingNode()) {
            throw new PatchFailed(
                    Reason.MEANINGLESS,
                    "map: " + GoSyntax.plain(item) + " does not contain declared merge key: " + key);
        }
        return value;
    }

    /** A value that replaces another may hold directives meant for a merge; they mean nothing then. */
    private static JsonNode withoutDirectives(JsonNode value) {
        if (value.isObject()) {
            return mergeObject(Type.ANY, JsonNodeFactory.instance.objectNode(), value);
        }
        if (value.isArray()) {
            ArrayNode copy = JsonNodeFactory.instance.arrayNode();
            value.valueStream()
                    .filter(item -> item.path(PATCH).isMissingNode())
                    .map(StrategicMergePatch::withoutDirectives)
                    .forEach(copy::add);
            return copy;
        }
        return value;
    }

    private static PatchFailed unknownDirective(JsonNode directive, JsonNode patch) {
        return new PatchFailed(
                Reason.MEANINGLESS, "unknown patch type: " + directive.asText() + " in map: " + GoSyntax.plain(patch));
    }
}
