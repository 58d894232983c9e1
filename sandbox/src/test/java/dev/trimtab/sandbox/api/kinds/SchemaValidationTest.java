package dev.trimtab.sandbox.api.kinds;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.Cause;
import dev.trimtab.sandbox.api.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaValidationTest {

    private static final String SCHEMA = """
            {"type": "object", "properties": {"spec": {"type": "object", "required": ["size"], "properties": {
              "size": {"type": "string", "enum": ["small", "large"]},
              "replicas": {"type": "integer", "minimum": 0, "maximum": 9, "default": 2},
              "name": {"type": "string", "pattern": "^[a-z]+$", "minLength": 2, "maxLength": 5},
              "port": {"x-kubernetes-int-or-string": true},
              "maybe": {"type": "string", "nullable": true},
              "labels": {"type": "object", "additionalProperties": {"type": "string"}},
              "items": {"type": "array", "maxItems": 2, "x-kubernetes-list-type": "map",
                        "x-kubernetes-list-map-keys": ["name"],
                        "items": {"type": "object", "properties": {"name": {"type": "string"},
                                                                   "weight": {"type": "integer", "default": 1}}}},
              "one": {"type": "object", "oneOf": [{"required": ["a"]}, {"required": ["b"]}]}}}}}""";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"size": "small"}                                   | ``
                    {"size": "huge"}                                    | spec.size: Unsupported value: "huge": supported values: "small", "large"
                    {}                                                  | spec.size: Required value
                    {"size": 3}                                         | spec.size: Invalid value: "integer": spec.size in body must be of type string: "integer"
                    {"size": "small", "replicas": -1}                   | spec.replicas: Invalid value: -1: spec.replicas in body should be greater than or equal to 0
                    {"size": "small", "replicas": 10}                   | spec.replicas: Invalid value: 10: spec.replicas in body should be less than or equal to 9
                    {"size": "small", "replicas": 2.0}                  | ``
                    {"size": "small", "name": "AB"}                     | spec.name: Invalid value: "AB": spec.name in body should match '^[a-z]+$'
                    {"size": "small", "name": "abcdef"}                 | spec.name: Too long: may not be more than 5 bytes
                    {"size": "small", "port": "http"}                   | ``
                    {"size": "small", "port": 80}                       | ``
                    {"size": "small", "port": true}                     | spec.port: Invalid value: "boolean": spec.port in body must be of type integer,string: "boolean"
                    {"size": "small", "maybe": null}                    | ``
                    {"size": "small", "labels": {"a": 1}}               | spec.labels.a: Invalid value: "integer": spec.labels.a in body must be of type string: "integer"
                    {"size": "small", "items": [{"name": "a"}, {"name": "a"}]} | spec.items[1]: Duplicate value: {"name":"a"}
                    {"size": "small", "items": [{}, {"name": "a"}, {"name": "b"}]} | spec.items: Too many: 3: must have at most 2 items
                    {"size": "small", "one": {"a": 1}}                  | ``
                    {"size": "small", "one": {"a": 1, "b": 1}}          | spec.one: Invalid value: {"a":1,"b":1}: "spec.one" must validate one and only one schema (oneOf)
                    """)
    void saysWhatTheRealServerSays(String spec, String cause) throws IOException {
        ObjectNode object = Json.object();
        object.set("spec", Json.MAPPER.readTree(spec));
        List<Cause> causes = new ArrayList<>();
        new SchemaValidation(causes).validateObject(Json.MAPPER.readTree(SCHEMA), object);
        assertThat(causes.stream().map(Cause::toString).toList())
                .isEqualTo(cause.isEmpty() ? List.of() : List.of(cause));
    }

    @Test
    void defaultsReachIntoLists() throws IOException {
        ObjectNode object = Json.object();
        object.set("spec", Json.MAPPER.readTree("{\"items\": [{\"name\": \"a\"}]}"));
        SchemaDefaults.fill(Json.MAPPER.readTree(SCHEMA), object);
        assertThat(object.toString())
                .isEqualTo("{\"spec\":{\"items\":[{\"name\":\"a\",\"weight\":1}],\"replicas\":2}}");
    }

    @Test
    void absentObjectsAreNotMadeForTheDefaultsInThem() throws IOException {
        ObjectNode object = Json.object();
        SchemaDefaults.fill(Json.MAPPER.readTree(SCHEMA), object);
        assertThat(object).isEmpty();
    }
}
