package dev.trimtab.sandbox.merge;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/** JSON values as the server's messages print them. Such texts hold the value itself, secrets included. */
final class GoSyntax {

    private GoSyntax() {}

    /** The verb {@code %T}. */
    static String type(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> "string";
            case BOOLEAN -> "bool";
            case NUMBER -> value.isIntegralNumber() ? "int64" : "float64";
            case ARRAY -> "[]interface {}";
            case OBJECT -> "map[string]interface {}";
            default -> "<nil>";
        };
    }

    /** The verb {@code %v}. */
    static String plain(JsonNode value) {
        if (value.isObject()) {
            StringJoiner members = new StringJoiner(" ", "map[", "]");
            sorted(value).forEach((name, member) -> members.add(name + ":" + plain(member)));
            return members.toString();
        }
        if (value.isArray()) {
            StringJoiner items = new StringJoiner(" ", "[", "]");
            value.forEach(item -> items.add(plain(item)));
            return items.toString();
        }
        return value.isNull() ? "<nil>" : value.asText();
    }

    /** The verb {@code %#v}. */
    static String source(JsonNode value) {
        if (value.isObject()) {
            StringJoiner members = new StringJoiner(", ", "map[string]interface {}{", "}");
            sorted(value).forEach((name, member) -> members.add("\"" + name + "\":" + source(member)));
            return members.toString();
        }
        if (value.isArray()) {
            StringJoiner items = new StringJoiner(", ", "[]interface {}{", "}");
            value.forEach(item -> items.add(source(item)));
            return items.toString();
        }
        return value.isNull() ? "interface {}(nil)" : value.toString();
    }

    private static Map<String, JsonNode> sorted(JsonNode object) {
        Map<String, JsonNode> members = new TreeMap<>();
        object.properties().forEach(member -> members.put(member.getKey(), member.getValue()));
        return members;
    }
}
