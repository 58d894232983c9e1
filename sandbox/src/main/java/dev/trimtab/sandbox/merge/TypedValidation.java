package dev.trimtab.sandbox.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.schema.Type;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whether an applied object fits its type. Stricter than decoding: an unknown field is an error. */
final class TypedValidation {

    private final List<String> errors = new ArrayList<>();

    private TypedValidation() {}

    /**
     * Refuses an object that does not fit.
     *
     * @throws TypedFailure with the server's text
     */
    static void check(Type.Struct type, ObjectNode applied, String apiVersion) {
        TypedValidation validation = new TypedValidation();
        validation.visit(type, applied, "");
        if (!validation.errors.isEmpty()) {
            throw new TypedFailure(
                    "failed to create typed patch object (" + name(applied, apiVersion) + "): " + validation.text());
        }
    }

    private String text() {
        return errors.size() == 1 ? errors.get(0) : "errors:\n  " + String.join("\n  ", errors);
    }

    private static String name(ObjectNode object, String apiVersion) {
        JsonNode metadata = object.path("metadata");
        return metadata.path("namespace").asText() + "/" + metadata.path("name").asText() + "; "
                + (apiVersion.contains("/") ? apiVersion : "/" + apiVersion) + ", Kind="
                + object.path("kind").asText();
    }

    private void visit(Type type, JsonNode value, String path) {
        switch (Shape.of(type, value)) {
            case MAP -> visitObject(type, value, path);
            case LIST -> visitList(type, value, path);
            case SCALAR -> visitScalar(type, value, path);
        }
    }

    private void visitObject(Type type, JsonNode value, String path) {
        if (!value.isObject() && !value.isNull()) {
            errors.add(path + ": expected map, got &{" + GoSyntax.plain(value) + "}");
            return;
        }
        for (Map.Entry<String, JsonNode> member : value.properties()) {
            String memberPath = path + "." + member.getKey();
            if (type instanceof Type.Struct struct
                    && !struct.preserveUnknown()
                    && !struct.fields().containsKey(member.getKey())) {
                errors.add(memberPath + ": field not declared in schema");
                return;
            }
            visit(Shape.member(type, member.getKey()), member.getValue(), memberPath);
        }
    }

    private void visitList(Type type, JsonNode value, String path) {
        if (!value.isArray() && !value.isNull()) {
            errors.add(path + ": expected list, got &{" + GoSyntax.plain(value) + "}");
            return;
        }
        Type element = type instanceof Type.ListOf list ? list.element() : Type.ANY;
        boolean granular = !Shape.isAtomic(type, Shape.LIST);
        Set<PathElement> seen = new HashSet<>();
        for (int i = 0; i < value.size(); i++) {
            PathElement at = new PathElement.Index(i);
            if (granular) {
                try {
                    at = ListItems.element((Type.ListOf) type, value.get(i));
                } catch (TypedFailure unkeyed) {
                    errors.add(path + ": element " + i + ": " + unkeyed.getMessage());
                    return;
                }
                if (!seen.add(at)) {
                    errors.add(path + ": duplicate entries for key " + at);
                }
            }
            visit(element, value.get(i), path + at);
        }
    }

    private void visitScalar(Type type, JsonNode value, String path) {
        if (value.isNull()) {
            return;
        }
        Type.Kind kind = type instanceof Type.Scalar scalar ? scalar.kind() : Type.Kind.INT_OR_STRING;
        switch (kind) {
            case STRING, BYTES -> {
                if (!value.isTextual()) {
                    errors.add(path + ": expected string, got &value.valueUnstructured{Value:" + GoSyntax.source(value)
                            + "}");
                }
            }
            case INTEGER, NUMBER -> {
                if (!value.isNumber()) {
                    errors.add(path + ": expected numeric (int or float), got " + GoSyntax.type(value));
                }
            }
            case BOOLEAN -> {
                if (!value.isBoolean()) {
                    errors.add(path + ": expected boolean, got &{" + GoSyntax.plain(value) + "}");
                }
            }
            case QUANTITY, INT_OR_STRING, TIME -> {
                if (!value.isValueNode()) {
                    errors.add(path + ": expected any scalar, got &{" + GoSyntax.plain(value) + "}");
                }
            }
        }
    }
}
