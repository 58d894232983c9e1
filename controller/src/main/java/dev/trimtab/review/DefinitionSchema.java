package dev.trimtab.review;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.definition.Field;
import dev.trimtab.definition.Kind;
import java.util.List;

/**
 * Trimtab's own kinds as one JSON Schema for editors (draft 7, which all of them know). A document's kind chooses what holds for it;
 * documents of other groups pass. Editors show types, words and typos; rules over several fields are {@code trimtab validate}'s.
 */
public final class DefinitionSchema {

    private static final String DURATION = "^(0|([0-9]{1,6}h)?([0-9]{1,6}m)?([0-9]{1,6}s)?([0-9]{1,6}ms)?)$";

    private DefinitionSchema() {}

    /** The schema of all kinds. */
    public static ObjectNode of(List<Kind> kinds) {
        ObjectNode schema = object().put("$schema", "http://json-schema.org/draft-07/schema#")
                .put("title", "Cluster definition of Trimtab, " + Kind.API_VERSION)
                .put("type", "object");
        ArrayNode rules = schema.putArray("allOf");
        ObjectNode definitions = schema.putObject("definitions");
        ObjectNode known = rules.addObject();
        known.set("if", of(object().put("const", Kind.API_VERSION), "apiVersion"));
        ArrayNode names = known.putObject("then")
                .putObject("properties")
                .putObject("kind")
                .putArray("enum");
        for (Kind kind : kinds) {
            names.add(kind.name());
            ObjectNode rule = rules.addObject();
            ObjectNode condition = of(object().put("const", Kind.API_VERSION), "apiVersion");
            condition.withObjectProperty("properties").putObject("kind").put("const", kind.name());
            condition.withArrayProperty("required").add("kind");
            rule.set("if", condition);
            rule.putObject("then").put("$ref", "#/definitions/" + kind.name());
            ObjectNode definition = mapping(kind.fields());
            definition.put("description", plain(kind.meaning()));
            definitions.set(kind.name(), definition);
        }
        return schema;
    }

    private static ObjectNode of(ObjectNode property, String name) {
        ObjectNode condition = object();
        condition.putObject("properties").set(name, property);
        condition.putArray("required").add(name);
        return condition;
    }

    private static ObjectNode mapping(List<Field> fields) {
        ObjectNode mapping = object().put("type", "object").put("additionalProperties", false);
        ObjectNode properties = mapping.putObject("properties");
        fields.forEach(field -> properties.set(field.name(), property(field)));
        List<String> required =
                fields.stream().filter(Field::required).map(Field::name).toList();
        if (!required.isEmpty()) {
            ArrayNode names = mapping.putArray("required");
            required.forEach(names::add);
        }
        return mapping;
    }

    private static ObjectNode property(Field field) {
        ObjectNode property = type(field);
        property.put("description", plain(field.meaning()));
        field.otherwise().ifPresent(value -> property.set("default", value));
        return property;
    }

    private static ObjectNode type(Field field) {
        return switch (field.type()) {
            case TEXT -> field.words().isEmpty() ? optional(field, "string") : words(field);
            case TEXT_OR_NUMBER -> words(field);
            case NUMBER -> number(field);
            case FLAG -> object().put("type", "boolean");
            case DURATION -> object().put("type", "string").put("pattern", DURATION);
            case TEXTS -> {
                ObjectNode list = optional(field, "array");
                list.set("items", field.words().isEmpty() ? object().put("type", "string") : words(field));
                yield list;
            }
            case TEXT_MAP -> {
                ObjectNode map = optional(field, "object");
                map.putObject("additionalProperties").put("type", "string");
                yield map;
            }
            case MAPPING -> {
                ObjectNode mapping = mapping(field.inner());
                mapping.setAll(optional(field, "object"));
                yield mapping;
            }
            case MAPPINGS -> {
                ObjectNode list = optional(field, "array");
                list.set("items", mapping(field.inner()));
                yield list;
            }
            case FREE -> optional(field, "object");
        };
    }

    /** A field that may be left out may be null too, as YAML has it where nothing follows the colon. */
    private static ObjectNode optional(Field field, String type) {
        ObjectNode property = object();
        if (field.required()) {
            return property.put("type", type);
        }
        property.putArray("type").add(type).add("null");
        return property;
    }

    private static ObjectNode words(Field field) {
        ObjectNode property = object();
        ArrayNode words = property.putArray("enum");
        field.words().forEach(words::add);
        if (field.type() == Field.Type.TEXT_OR_NUMBER) {
            field.words().stream()
                    .filter(word -> word.matches("\\d+"))
                    .map(Integer::valueOf)
                    .forEach(words::add);
        }
        return property;
    }

    private static ObjectNode number(Field field) {
        ObjectNode property = object().put("type", "integer");
        field.bounds().ifPresent(bounds -> {
            property.put("minimum", bounds.least());
            if (bounds.most() < Integer.MAX_VALUE) {
                property.put("maximum", bounds.most());
            }
        });
        return property;
    }

    private static String plain(String meaning) {
        return meaning.replace("`", "");
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
