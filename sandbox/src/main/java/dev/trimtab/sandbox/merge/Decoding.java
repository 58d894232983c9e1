package dev.trimtab.sandbox.merge;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.sandbox.merge.FieldError.Code;
import dev.trimtab.sandbox.schema.Type;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Checks what a strict decoder would complain about. */
final class Decoding {

    /**
     * Where a value is.
     *
     * @param path with list indexes, as in messages about unknown fields
     * @param fields without list indexes, as Go's JSON decoder prints them
     * @param struct the innermost struct
     */
    /** Times as the server writes them, on days that every month has: parsing each of them is a tenth of a validation. */
    private static final Pattern PLAIN_TIME = Pattern.compile(
            "[12]\\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\\d|2[0-8])T(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\dZ");

    private record Place(String path, String fields, String struct) {

        /** Keys of maps and indices of lists are in the path, but not among the fields. */
        Place member(String name, Type type) {
            return type instanceof Type.Struct parent
                    ? new Place(joined(path, name), joined(fields, name), parent.name())
                    : new Place(joined(path, name), fields, struct);
        }

        Place item(int index) {
            return new Place(path + "[" + index + "]", fields, struct);
        }

        private static String joined(String prefix, String name) {
            return prefix.isEmpty() ? name : prefix + "." + name;
        }
    }

    private final List<FieldError> errors = new ArrayList<>();

    private Decoding() {}

    static List<FieldError> check(Type.Struct type, JsonNode object) {
        Decoding decoding = new Decoding();
        decoding.visit(type, object, new Place("", "", type.name()));
        return List.copyOf(decoding.errors);
    }

    private void visit(Type type, JsonNode value, Place place) {
        if (value.isNull() || type instanceof Type.Any) {
            return;
        }
        if (type instanceof Type.Scalar scalar) {
            visitScalar(scalar.kind(), value, place);
        } else if (type instanceof Type.ListOf list) {
            if (value.isArray()) {
                for (int i = 0; i < value.size(); i++) {
                    visit(list.element(), value.get(i), place.item(i));
                }
            } else {
                wrongType(type, value, place);
            }
        } else if (value.isObject()) {
            for (Map.Entry<String, JsonNode> member : value.properties()) {
                visitMember(type, member.getKey(), member.getValue(), place.member(member.getKey(), type));
            }
        } else {
            wrongType(type, value, place);
        }
    }

    private void visitMember(Type type, String name, JsonNode value, Place place) {
        if (type instanceof Type.Struct struct && !struct.fields().containsKey(name)) {
            if (!struct.preserveUnknown()) {
                errors.add(new FieldError(Code.UNKNOWN_FIELD, place.path(), "unknown field \"" + place.path() + "\""));
            }
            return;
        }
        visit(Shape.member(type, name), value, place);
    }

    private void visitScalar(Type.Kind kind, JsonNode value, Place place) {
        boolean fits = switch (kind) {
            case STRING -> value.isTextual();
            case INTEGER -> value.isIntegralNumber();
            case NUMBER -> value.isNumber();
            case BOOLEAN -> value.isBoolean();
            case INT_OR_STRING -> value.isTextual() || value.isIntegralNumber();
            case QUANTITY -> fitsQuantity(value, place);
            case TIME -> fitsTime(value, place);
            case BYTES -> fitsBytes(value, place);
        };
        if (!fits) {
            wrongType(new Type.Scalar(kind), value, place);
        }
    }

    private boolean fitsQuantity(JsonNode value, Place place) {
        if (value.isTextual() || value.isNumber()) {
            if (Quantity.canonical(value.asText()).isEmpty()) {
                wrong(
                        place,
                        "quantities must match the regular expression"
                                + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
            }
            return true;
        }
        return false;
    }

    private boolean fitsTime(JsonNode value, Place place) {
        if (!value.isTextual()) {
            return false;
        }
        if (PLAIN_TIME.matcher(value.textValue()).matches()) {
            return true;
        }
        try {
            OffsetDateTime.parse(value.textValue());
        } catch (DateTimeParseException e) {
            String text = '"' + value.textValue() + '"';
            wrong(
                    place,
                    "parsing time " + text + " as \"2006-01-02T15:04:05Z07:00\": cannot parse " + text
                            + " as \"2006\"");
        }
        return true;
    }

    /** Says where the text stops being base64, not what it is. */
    private boolean fitsBytes(JsonNode value, Place place) {
        if (!value.isTextual()) {
            return false;
        }
        int wrongAt = Base64Text.firstWrong(value.textValue());
        if (wrongAt >= 0) {
            wrong(place, "illegal base64 data at input byte " + wrongAt);
        }
        return true;
    }

    private void wrongType(Type type, JsonNode value, Place place) {
        String json = switch (value.getNodeType()) {
            case STRING -> "string";
            case BOOLEAN -> "bool";
            case NUMBER -> value.isIntegralNumber() ? "number" : "number " + value.asText();
            case ARRAY -> "array";
            default -> "object";
        };
        String go = goType(type);
        wrong(
                place,
                "json: cannot unmarshal " + json + " into Go struct field " + place.struct() + "." + place.fields()
                        + " of type " + go);
    }

    private void wrong(Place place, String message) {
        errors.add(new FieldError(Code.WRONG_TYPE, place.path(), message));
    }

    private static String goType(Type type) {
        if (type instanceof Type.Struct struct) {
            return "v1." + struct.name();
        }
        if (type instanceof Type.ListOf list) {
            return "[]" + goType(list.element());
        }
        if (type instanceof Type.MapOf map) {
            return "map[string]" + goType(map.value());
        }
        if (type instanceof Type.Scalar scalar) {
            return switch (scalar.kind()) {
                case STRING -> "string";
                case INTEGER -> "int32";
                case NUMBER -> "float64";
                case BOOLEAN -> "bool";
                case QUANTITY -> "resource.Quantity";
                case INT_OR_STRING -> "intstr.IntOrString";
                case TIME -> "v1.Time";
                case BYTES -> "[]uint8";
            };
        }
        return "interface {}";
    }
}
