package dev.trimtab.sandbox.merge;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.Map;

/** Equality and order of JSON values as the API server sees them: 1 and 1.0 are one number, key order says nothing. */
final class JsonOrder {

    private JsonOrder() {}

    @SuppressWarnings("ReferenceEquality")
    static boolean equal(JsonNode a, JsonNode b) {
        if (a == b) {
            return true;
        }
        if (a.isObject() && b.isObject()) {
            return equalObjects(a, b);
        }
        if (a.isArray() && b.isArray()) {
            return equalArrays(a, b);
        }
        if (a.isNumber() && b.isNumber()) {
            return compareNumbers(a, b) == 0;
        }
        return a.equals(b);
    }

    private static boolean equalObjects(JsonNode a, JsonNode b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (Map.Entry<String, JsonNode> entry : a.properties()) {
            JsonNode other = b.get(entry.getKey());
            if (other == null || !equal(entry.getValue(), other)) {
                return false;
            }
        }
        return true;
    }

    private static boolean equalArrays(JsonNode a, JsonNode b) {
        if (a.size() != b.size()) {
            return false;
        }
        Iterator<JsonNode> others = b.iterator();
        for (JsonNode item : a) {
            if (!equal(item, others.next())) {
                return false;
            }
        }
        return true;
    }

    /** Numbers, strings, booleans, then everything else; within a sort by value. */
    static int compare(JsonNode a, JsonNode b) {
        int bySort = Integer.compare(rank(a), rank(b));
        if (bySort != 0) {
            return bySort;
        }
        if (a.isNumber()) {
            return compareNumbers(a, b);
        }
        if (a.isTextual()) {
            return a.textValue().compareTo(b.textValue());
        }
        if (a.isBoolean()) {
            return Boolean.compare(a.booleanValue(), b.booleanValue());
        }
        return equal(a, b) ? 0 : a.toString().compareTo(b.toString());
    }

    private static int rank(JsonNode value) {
        if (value.isNumber()) {
            return 0;
        }
        if (value.isTextual()) {
            return 1;
        }
        return value.isBoolean() ? 2 : 3;
    }

    private static int compareNumbers(JsonNode a, JsonNode b) {
        if (a.canConvertToLong() && b.canConvertToLong() && a.isIntegralNumber() && b.isIntegralNumber()) {
            return Long.compare(a.longValue(), b.longValue());
        }
        return a.decimalValue().compareTo(b.decimalValue());
    }
}
