package dev.trimtab.sandbox.merge;

import static dev.trimtab.sandbox.merge.Json.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.schema.Field;
import dev.trimtab.sandbox.schema.Schemas;
import dev.trimtab.sandbox.schema.Type;
import java.util.Random;

/** Small random objects of a type that has every sort of field, so that two of them overlap often. */
final class RandomObjects {

    static final String API_VERSION = "example.com/v1";

    static final Type.Struct TYPE = Schemas.ofCrd(json("""
            {type: 'object', properties: {spec: {type: 'object', properties: {
              number: {type: 'integer'}, text: {type: 'string'},
              labels: {type: 'object', additionalProperties: {type: 'string'}},
              unknown: {type: 'object', 'x-kubernetes-preserve-unknown-fields': true},
              whole: {type: 'object', 'x-kubernetes-map-type': 'atomic', additionalProperties: {type: 'string'}},
              args: {type: 'array', items: {type: 'string'}},
              tags: {type: 'array', 'x-kubernetes-list-type': 'set', items: {type: 'string'}},
              items: {type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name', 'kind'],
                items: {type: 'object', properties: {
                  name: {type: 'string'}, kind: {type: 'string', default: 'a'}, value: {type: 'string'},
                  inner: {type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'],
                    items: {type: 'object', properties: {name: {type: 'string'}, value: {type: 'string'}}}}}}}}}}}
            """));

    private final Random random;

    RandomObjects(long seed) {
        this.random = new Random(seed);
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    /** What a manager might apply. */
    ObjectNode next() {
        ObjectNode object = empty();
        ObjectNode spec = fill((Type.Struct) TYPE.field("spec").orElseThrow().type());
        if (!spec.isEmpty()) {
            object.set("spec", spec);
        }
        return object;
    }

    static ObjectNode empty() {
        return json("{apiVersion: 'example.com/v1', kind: 'Example', metadata: {name: 'e'}}");
    }

    private ObjectNode fill(Type.Struct struct) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (Field field : struct.fields().values()) {
            if (field.name().equals("name") || random.nextInt(3) > 0) {
                object.set(field.name(), value(field.type()));
            }
        }
        return object;
    }

    private JsonNode value(Type type) {
        if (type instanceof Type.Struct struct) {
            return fill(struct);
        }
        if (type instanceof Type.MapOf) {
            return map(1);
        }
        if (type instanceof Type.ListOf list) {
            return list(list);
        }
        if (type instanceof Type.Any) {
            return map(random.nextInt(2))
                    .set(
                            "below",
                            random.nextBoolean() ? map(1) : map(1).arrayNode().add("x"));
        }
        return ((Type.Scalar) type).kind() == Type.Kind.INTEGER
                ? JsonNodeFactory.instance.numberNode(random.nextInt(2))
                : JsonNodeFactory.instance.textNode(letter());
    }

    private ObjectNode map(int least) {
        ObjectNode map = JsonNodeFactory.instance.objectNode();
        int size = least + random.nextInt(3);
        for (int i = 0; i < size; i++) {
            map.put(letter(), letter());
        }
        return map;
    }

    /** Without items that could not be told apart. */
    private ArrayNode list(Type.ListOf type) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        FieldSet.Tree seen = new FieldSet.Tree();
        int size = 1 + random.nextInt(3);
        for (int i = 0; i < size; i++) {
            JsonNode item = value(type.element());
            if (type.kind() != Type.ListKind.ATOMIC) {
                PathElement element = ListItems.element(type, item);
                if (seen.build().has(element)) {
                    continue;
                }
                seen.at(element).include();
            }
            list.add(item);
        }
        return list;
    }

    private String letter() {
        return String.valueOf((char) ('a' + random.nextInt(3)));
    }
}
