package dev.trimtab.render;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.databind.type.TypeFactory;
import dev.trimtab.definition.Types;
import io.fabric8.kubernetes.api.model.FieldsV1;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Quantity;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Compares trees with the classes of the Kubernetes model, which know every field of the API and its type. Nothing is turned into an
 * object of these classes: that would lose what they do not know, which is what is looked for.
 */
final class ModelFields {

    /** What is wrong at one place. {@code what} speaks of types and names of fields, never of values. */
    record Fault(RenderCode code, String pointer, String what, List<String> known) {}

    private static final TypeFactory MODEL = TypeFactory.defaultInstance();
    private static final JavaType ANYTHING = MODEL.constructType(Object.class);

    private static final ClassValue<Map<String, JavaType>> FIELDS = new ClassValue<>() {
        @Override
        protected Map<String, JavaType> computeValue(Class<?> type) {
            Map<String, JavaType> fields = new TreeMap<>();
            for (Class<?> owner = type; owner != null; owner = owner.getSuperclass()) {
                for (Field field : owner.getDeclaredFields()) {
                    Optional.ofNullable(field.getAnnotation(JsonProperty.class))
                            .ifPresent(name -> fields.put(name.value(), MODEL.constructType(field.getGenericType())));
                }
            }
            return fields;
        }
    };

    private ModelFields() {}

    static JavaType type(Class<?> type) {
        return MODEL.constructType(type);
    }

    static JavaType listOf(Class<?> type) {
        return MODEL.constructCollectionType(List.class, type);
    }

    /** Everything in {@code value} that the API server would refuse if it knew that it is a {@code type}. */
    static List<Fault> faults(JsonNode value, JavaType type, String pointer) {
        List<Fault> faults = new ArrayList<>();
        check(value, type, pointer, faults);
        return faults;
    }

    private static void check(JsonNode value, JavaType type, String pointer, List<Fault> faults) {
        Class<?> raw = type.getRawClass();
        if (value.isMissingNode() || value.isNull() || isAnything(raw)) {
            return;
        }
        if (raw == Quantity.class) {
            checkQuantity(value, pointer, faults);
        } else if (scalar(raw).isPresent()) {
            if (!fits(value, raw)) {
                faults.add(wrong(pointer, scalar(raw).get(), value));
            }
        } else if (raw == List.class) {
            if (!value.isArray()) {
                faults.add(wrong(pointer, "a list", value));
            }
            for (int i = 0; value.isArray() && i < value.size(); i++) {
                check(value.get(i), type.getContentType(), pointer + "/" + i, faults);
            }
        } else if (!value.isObject()) {
            faults.add(wrong(pointer, "a mapping", value));
        } else if (raw == Map.class) {
            value.properties()
                    .forEach(entry -> check(
                            entry.getValue(),
                            type.getContentType(),
                            pointer + "/" + Types.escape(entry.getKey()),
                            faults));
        } else {
            checkFields(value, FIELDS.get(raw), pointer, faults);
        }
    }

    private static void checkFields(JsonNode value, Map<String, JavaType> fields, String pointer, List<Fault> faults) {
        value.properties().forEach(entry -> {
            String at = pointer + "/" + Types.escape(entry.getKey());
            Optional<JavaType> type = Optional.ofNullable(fields.get(entry.getKey()));
            if (type.isPresent()) {
                check(entry.getValue(), type.get(), at, faults);
            } else {
                faults.add(new Fault(
                        RenderCode.TEMPLATE_FIELD, at, "is no field of Kubernetes", List.copyOf(fields.keySet())));
            }
        });
    }

    private static void checkQuantity(JsonNode value, String pointer, List<Fault> faults) {
        if (!value.isTextual() && !value.isNumber()) {
            faults.add(wrong(pointer, "a quantity", value));
        } else if (QuantityText.canonical(value).isEmpty()) {
            faults.add(new Fault(RenderCode.TEMPLATE_QUANTITY, pointer, "is not a quantity", List.of()));
        }
    }

    private static Fault wrong(String pointer, String expected, JsonNode value) {
        return new Fault(
                RenderCode.TEMPLATE_TYPE, pointer, "must be " + expected + ", not " + Types.found(value), List.of());
    }

    /** Rewrites every quantity in a tree of {@code type} as the API server would if it knew the type. */
    static void canonicalise(JsonNode value, JavaType type) {
        Class<?> raw = type.getRawClass();
        if (value instanceof ArrayNode list && raw == List.class) {
            for (int i = 0; i < list.size(); i++) {
                int at = i;
                canonical(list.get(i), type.getContentType()).ifPresent(text -> list.set(at, text));
            }
        } else if (value instanceof ObjectNode object && scalar(raw).isEmpty() && !isAnything(raw)) {
            object.properties().forEach(entry -> {
                JavaType field = raw == Map.class
                        ? type.getContentType()
                        : FIELDS.get(raw).getOrDefault(entry.getKey(), ANYTHING);
                canonical(entry.getValue(), field).ifPresent(entry::setValue);
            });
        }
    }

    private static Optional<TextNode> canonical(JsonNode value, JavaType type) {
        if (type.getRawClass() == Quantity.class) {
            return QuantityText.canonical(value).map(TextNode::valueOf);
        }
        canonicalise(value, type);
        return Optional.empty();
    }

    private static boolean isAnything(Class<?> type) {
        return type == Object.class || type == FieldsV1.class || (type.isInterface() && !isCollection(type));
    }

    private static boolean isCollection(Class<?> type) {
        return type == List.class || type == Map.class;
    }

    private static Optional<String> scalar(Class<?> type) {
        if (type == String.class) {
            return Optional.of("a string");
        }
        if (type == Boolean.class) {
            return Optional.of("true or false");
        }
        if (type == IntOrString.class) {
            return Optional.of("an integer or a string");
        }
        if (type == Integer.class || type == Long.class) {
            return Optional.of("an integer");
        }
        return type == Double.class ? Optional.of("a number") : Optional.empty();
    }

    private static boolean fits(JsonNode value, Class<?> scalar) {
        boolean integer = value.isIntegralNumber() && value.canConvertToLong();
        if (scalar == String.class) {
            return value.isTextual();
        }
        if (scalar == Boolean.class) {
            return value.isBoolean();
        }
        if (scalar == IntOrString.class) {
            return value.isTextual() || (integer && value.canConvertToInt());
        }
        if (scalar == Double.class) {
            return value.isNumber();
        }
        return integer && (scalar == Long.class || value.canConvertToInt());
    }
}
