package dev.trimtab.sandbox.merge;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.merge.PatchFailed.Reason;

/** JSON patch, RFC 6902. */
public final class JsonPatch {

    private JsonPatch() {}

    /**
     * The patched copy of {@code live}.
     *
     * @throws PatchFailed the patch is malformed, a path does not exist or a test fails
     */
    public static ObjectNode apply(ObjectNode live, JsonNode patch) {
        if (!patch.isArray()) {
            throw malformed("error decoding patch: json: cannot unmarshal " + kind(patch)
                    + " into Go value of type []handlers.jsonPatchOp");
        }
        JsonNode patched = live.deepCopy();
        for (JsonNode operation : patch) {
            patched = apply(operation, patched);
        }
        if (!(patched instanceof ObjectNode object)) {
            throw invalid("the patched document is not an object");
        }
        return object;
    }

    private static JsonNode apply(JsonNode operation, JsonNode document) {
        String name = operation.path("op").asText();
        JsonPointer path = pointer(operation, "path");
        return switch (name) {
            case "add" -> add(document, path, value(operation));
            case "replace" -> replace(document, path, value(operation));
            case "remove" -> remove(document, path);
            case "test" -> test(document, path, operation.path("value"));
            case "copy" ->
                add(
                        document,
                        path,
                        existing(document, pointer(operation, "from"), name).deepCopy());
            case "move" -> {
                JsonPointer from = pointer(operation, "from");
                JsonNode moved = existing(document, from, name);
                yield add(remove(document, from), path, moved);
            }
            default -> throw invalid("Unexpected kind: " + name);
        };
    }

    private static JsonNode add(JsonNode document, JsonPointer path, JsonNode value) {
        if (path.matches()) {
            return value;
        }
        JsonNode parent = existing(document, path.head(), "add");
        if (parent instanceof ObjectNode object) {
            object.set(lastName(path), value);
        } else if (parent instanceof ArrayNode array) {
            String last = lastName(path);
            array.insert(last.equals("-") ? array.size() : index(path, array.size()), value);
        } else {
            throw missing("add", path);
        }
        return document;
    }

    private static JsonNode replace(JsonNode document, JsonPointer path, JsonNode value) {
        JsonNode parent = path.matches() ? document : document.at(path.head());
        // The real server's library adds a member that is not there, against the RFC.
        if (document.at(path).isMissingNode() && !parent.isObject()) {
            throw invalid("replace operation does not apply: doc is missing key: " + path + ": missing value");
        }
        if (path.matches()) {
            return value;
        }
        if (parent instanceof ObjectNode object) {
            object.set(lastName(path), value);
        } else if (parent instanceof ArrayNode array) {
            array.set(index(path, array.size() - 1), value);
        }
        return document;
    }

    private static JsonNode remove(JsonNode document, JsonPointer path) {
        if (path.matches()) {
            throw missing("remove", path);
        }
        JsonNode parent = existing(document, path.head(), "remove");
        if (document.at(path).isMissingNode()) {
            throw invalid("error in remove for path: '" + path + "': Unable to remove nonexistent key: "
                    + lastName(path) + ": missing value");
        }
        if (parent instanceof ObjectNode object) {
            object.remove(lastName(path));
        } else if (parent instanceof ArrayNode array) {
            array.remove(index(path, array.size() - 1));
        }
        return document;
    }

    /** A test for null passes where there is nothing. */
    private static JsonNode test(JsonNode document, JsonPointer path, JsonNode expected) {
        JsonNode actual = document.at(path);
        boolean bothAbsent = isAbsent(actual) && isAbsent(expected);
        if (!bothAbsent && !JsonOrder.equal(actual, expected)) {
            throw invalid("testing value " + path + " failed: test failed");
        }
        return document;
    }

    private static boolean isAbsent(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }

    private static JsonNode existing(JsonNode document, JsonPointer path, String operation) {
        JsonNode value = document.at(path);
        if (value.isMissingNode()) {
            throw missing(operation, path);
        }
        return value;
    }

    private static String lastName(JsonPointer path) {
        return path.last().getMatchingProperty();
    }

    private static int index(JsonPointer path, int most) {
        int index = path.last().getMatchingIndex();
        if (index < 0 || index > most) {
            throw invalid("Unable to access invalid index: " + lastName(path) + ": invalid index referenced");
        }
        return index;
    }

    private static JsonNode value(JsonNode operation) {
        JsonNode value = operation.get("value");
        if (value == null) {
            throw malformed("missing value of operation " + operation.path("op").asText());
        }
        return value.deepCopy();
    }

    private static JsonPointer pointer(JsonNode operation, String name) {
        JsonNode text = operation.path(name);
        if (!text.isTextual()) {
            throw malformed("operation missing " + name + " field");
        }
        try {
            return JsonPointer.compile(text.textValue());
        } catch (IllegalArgumentException e) {
            throw malformed("operation has a malformed " + name + ": " + text.textValue());
        }
    }

    private static String kind(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> "object";
            case BOOLEAN -> "bool";
            case NUMBER -> "number";
            default -> "string";
        };
    }

    private static PatchFailed missing(String operation, JsonPointer path) {
        return invalid(operation + " operation does not apply: doc is missing path: \"" + path + "\": missing value");
    }

    private static PatchFailed malformed(String message) {
        return new PatchFailed(Reason.BAD_REQUEST, message);
    }

    private static PatchFailed invalid(String message) {
        return new PatchFailed(Reason.INVALID, message);
    }
}
