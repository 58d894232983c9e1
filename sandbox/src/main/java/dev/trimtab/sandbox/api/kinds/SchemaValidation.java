package dev.trimtab.sandbox.api.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.Cause;
import dev.trimtab.sandbox.api.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Checks an object against the {@code openAPIV3Schema} of its definition: types, required fields, enums, bounds, patterns. CEL rules
 * ({@code x-kubernetes-validations}) and formats are not evaluated.
 */
final class SchemaValidation {

    private final List<Cause> causes;

    SchemaValidation(List<Cause> causes) {
        this.causes = causes;
    }

    /** Everything but metadata, which has rules of its own. */
    void validateObject(JsonNode schema, ObjectNode object) {
        ObjectNode rest = Json.object();
        rest.setAll(object);
        rest.remove(List.of("metadata", "apiVersion", "kind"));
        validate("", schema, rest);
    }

    private void validate(String path, JsonNode schema, JsonNode value) {
        if (value.isNull() && schema.path("nullable").asBoolean()) {
            return;
        }
        if (!typeFits(path, schema, value)) {
            return;
        }
        enumeration(path, schema, value);
        if (value instanceof ObjectNode object) {
            fields(path, schema, object);
        } else if (value.isArray()) {
            items(path, schema, value);
        } else if (value.isTextual()) {
            text(path, schema, value.asText());
        } else if (value.isNumber()) {
            number(path, schema, value);
        }
        combinations(path, schema, value);
    }

    private boolean typeFits(String path, JsonNode schema, JsonNode value) {
        String type = schema.path("type").asText("");
        boolean fits = schema.path("x-kubernetes-int-or-string").asBoolean()
                ? value.isTextual() || value.isIntegralNumber()
                : switch (type) {
                    case "object" -> value.isObject();
                    case "array" -> value.isArray();
                    case "string" -> value.isTextual();
                    case "boolean" -> value.isBoolean();
                    case "integer" -> value.isIntegralNumber() || isWhole(value);
                    case "number" -> value.isNumber();
                    default -> true;
                };
        if (!fits) {
            String wanted = type.isEmpty() ? "integer,string" : type;
            causes.add(new Cause(
                    "FieldValueTypeInvalid",
                    field(path),
                    "Invalid value: \"" + typeOf(value) + "\": " + field(path) + " in body must be of type " + wanted
                            + ": \"" + typeOf(value) + '"'));
        }
        return fits;
    }

    private static boolean isWhole(JsonNode value) {
        return value.isNumber() && value.asDouble() == Math.rint(value.asDouble());
    }

    private static String typeOf(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> "array";
            case BOOLEAN -> "boolean";
            case NULL, MISSING -> "null";
            case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
            case STRING -> "string";
            default -> "object";
        };
    }

    private static String field(String path) {
        return path.isEmpty() ? "<nil>" : path;
    }

    private static String shown(JsonNode value) {
        return value.isContainerNode() ? value.toString() : '"' + value.asText() + '"';
    }

    private void enumeration(String path, JsonNode schema, JsonNode value) {
        JsonNode allowed = schema.path("enum");
        if (allowed.isEmpty()) {
            return;
        }
        List<String> names = new ArrayList<>();
        for (JsonNode each : allowed) {
            if (Json.same(each, value)) {
                return;
            }
            names.add(each.asText());
        }
        causes.add(Cause.notSupported(field(path), value.asText(), names));
    }

    private void fields(String path, JsonNode schema, ObjectNode object) {
        String prefix = path.isEmpty() ? "" : path + ".";
        for (JsonNode required : schema.path("required")) {
            if (!object.has(required.asText()) && !isSystemField(path, required.asText())) {
                causes.add(Cause.required(prefix + required.asText(), ""));
            }
        }
        bound(path, object.size(), schema.path("minProperties"), schema.path("maxProperties"), "properties", object);
        JsonNode known = schema.path("properties");
        JsonNode others = schema.path("additionalProperties");
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            JsonNode property = known.path(entry.getKey());
            if (property.isObject()) {
                validate(prefix + entry.getKey(), property, entry.getValue());
            } else if (others.isObject()) {
                validate(prefix + entry.getKey(), others, entry.getValue());
            }
        }
    }

    private static boolean isSystemField(String path, String name) {
        return path.isEmpty() && (name.equals("metadata") || name.equals("apiVersion") || name.equals("kind"));
    }

    private void items(String path, JsonNode schema, JsonNode array) {
        bound(path, array.size(), schema.path("minItems"), schema.path("maxItems"), "items", array);
        for (int i = 0; i < array.size(); i++) {
            validate(path + "[" + i + "]", schema.path("items"), array.get(i));
        }
        if (schema.path("x-kubernetes-list-type").asText().equals("set")) {
            Set<JsonNode> members = new HashSet<>();
            for (int i = 0; i < array.size(); i++) {
                if (!members.add(array.get(i))) {
                    causes.add(
                            new Cause("FieldValueDuplicate", path + "[" + i + "]", "Duplicate value: " + array.get(i)));
                }
            }
        }
        if (schema.path("x-kubernetes-list-type").asText().equals("map")) {
            Set<String> seen = new HashSet<>();
            for (int i = 0; i < array.size(); i++) {
                ObjectNode key = Json.object();
                for (JsonNode name : schema.path("x-kubernetes-list-map-keys")) {
                    key.set(name.asText(), array.get(i).path(name.asText()));
                }
                if (!seen.add(key.toString())) {
                    causes.add(new Cause("FieldValueDuplicate", path + "[" + i + "]", "Duplicate value: " + key));
                }
            }
        }
    }

    private void bound(String path, int size, JsonNode min, JsonNode max, String what, JsonNode value) {
        if (min.isNumber() && size < min.asInt()) {
            causes.add(Cause.invalidValue(
                    field(path),
                    value.toString(),
                    field(path) + " in body should have at least " + min.asInt() + " " + what));
        }
        if (max.isNumber() && size > max.asInt()) {
            causes.add(new Cause(
                    "FieldValueTooMany",
                    field(path),
                    "Too many: " + size + ": must have at most " + max.asInt() + " items"));
        }
    }

    private void text(String path, JsonNode schema, String text) {
        JsonNode min = schema.path("minLength");
        JsonNode max = schema.path("maxLength");
        int length = text.codePointCount(0, text.length());
        if (min.isNumber() && length < min.asInt()) {
            causes.add(Cause.invalid(
                    field(path), text, field(path) + " in body should be at least " + min.asInt() + " chars long"));
        }
        if (max.isNumber() && length > max.asInt()) {
            causes.add(Cause.tooLong(field(path), max.asInt()));
        }
        String pattern = schema.path("pattern").asText("");
        if (!pattern.isEmpty() && !matches(pattern, text)) {
            causes.add(Cause.invalid(field(path), text, field(path) + " in body should match '" + pattern + "'"));
        }
    }

    /** Go's expressions are a subset of Java's but for a few; what Java cannot read is not checked. */
    private static boolean matches(String pattern, String text) {
        try {
            return Pattern.compile(pattern).matcher(text).find();
        } catch (PatternSyntaxException e) {
            return true;
        }
    }

    private void number(String path, JsonNode schema, JsonNode value) {
        JsonNode min = schema.path("minimum");
        JsonNode max = schema.path("maximum");
        if (min.isNumber()) {
            boolean exclusive = schema.path("exclusiveMinimum").asBoolean();
            int compared = value.decimalValue().compareTo(min.decimalValue());
            if (compared < 0 || (exclusive && compared == 0)) {
                causes.add(Cause.invalidValue(
                        field(path),
                        value.asText(),
                        field(path) + " in body should be greater than " + (exclusive ? "" : "or equal to ")
                                + min.asText()));
            }
        }
        if (max.isNumber()) {
            boolean exclusive = schema.path("exclusiveMaximum").asBoolean();
            int compared = value.decimalValue().compareTo(max.decimalValue());
            if (compared > 0 || (exclusive && compared == 0)) {
                causes.add(Cause.invalidValue(
                        field(path),
                        value.asText(),
                        field(path) + " in body should be less than " + (exclusive ? "" : "or equal to ")
                                + max.asText()));
            }
        }
    }

    private void combinations(String path, JsonNode schema, JsonNode value) {
        schema.path("allOf").forEach(each -> validate(path, each, value));
        long fitting = 0;
        for (JsonNode each : schema.path("oneOf")) {
            fitting += fits(path, each, value) ? 1 : 0;
        }
        if (!schema.path("oneOf").isEmpty() && fitting != 1) {
            causes.add(Cause.invalidValue(
                    field(path), shown(value), "\"" + path + "\" must validate one and only one schema (oneOf)"));
        }
        boolean any = schema.path("anyOf").isEmpty();
        for (JsonNode each : schema.path("anyOf")) {
            any |= fits(path, each, value);
        }
        if (!any) {
            causes.add(Cause.invalidValue(
                    field(path), shown(value), "\"" + path + "\" must validate at least one schema (anyOf)"));
        }
        JsonNode not = schema.path("not");
        if (not.isObject() && fits(path, not, value)) {
            causes.add(Cause.invalidValue(
                    field(path), shown(value), "\"" + path + "\" must not validate the schema (not)"));
        }
    }

    private static boolean fits(String path, JsonNode schema, JsonNode value) {
        List<Cause> found = new ArrayList<>();
        new SchemaValidation(found).validate(path, schema, value);
        return found.isEmpty();
    }
}
