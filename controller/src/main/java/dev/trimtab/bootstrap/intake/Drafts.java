package dev.trimtab.bootstrap.intake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** Writes documents: a field that says nothing beside its default is left out, so that what is written was meant. */
final class Drafts {

    private static final String API_VERSION = "cluster.trimtab.dev/v1alpha1";

    private Drafts() {}

    static ObjectNode document(String kind) {
        return object().put("apiVersion", API_VERSION).put("kind", kind);
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static void text(ObjectNode into, String name, Optional<String> value, String usual) {
        value.filter(text -> !text.isEmpty() && !text.equals(usual)).ifPresent(text -> into.put(name, text));
    }

    static void number(ObjectNode into, String name, int value, int usual) {
        if (value != usual) {
            into.put(name, value);
        }
    }

    static void flag(ObjectNode into, String name, boolean value, boolean usual) {
        if (value != usual) {
            into.put(name, value);
        }
    }

    static void texts(ObjectNode into, String name, Collection<String> values) {
        if (!values.isEmpty()) {
            ArrayNode array = into.putArray(name);
            values.forEach(array::add);
        }
    }

    static void map(ObjectNode into, String name, Map<String, String> values) {
        if (!values.isEmpty()) {
            ObjectNode map = into.putObject(name);
            values.forEach(map::put);
        }
    }

    /** A mapping or list, unless it is empty. */
    static void part(ObjectNode into, String name, JsonNode part) {
        if (!part.isEmpty()) {
            into.set(name, part);
        }
    }
}
