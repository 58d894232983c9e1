package dev.trimtab.sandbox.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** CustomResourceDefinitions: what they must say, when they are served, and what their schemas do to objects. */
@Conformance
@TestInstance(Lifecycle.PER_CLASS)
final class DefinitionTest {

    private static final String DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private static final String TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";

    private final Api api;
    private final String group;
    private final String gadgets;

    DefinitionTest(Api api) {
        this.api = api;
        this.group = api.namespace() + ".example.com";
        this.gadgets = "/apis/" + group + "/v1/namespaces/{ns}/gadgets";
    }

    @BeforeAll
    void define() {
        api.post(DEFINITIONS, """
                        apiVersion: apiextensions.k8s.io/v1
                        kind: CustomResourceDefinition
                        metadata: {name: gadgets.%1$s}
                        spec:
                          group: %1$s
                          scope: Namespaced
                          names: {plural: gadgets, singular: gadget, kind: Gadget, shortNames: [gg], categories: [all]}
                          versions:
                          - name: v1
                            served: true
                            storage: true
                            subresources:
                              status: {}
                              scale:
                                specReplicasPath: .spec.replicas
                                statusReplicasPath: .status.replicas
                                labelSelectorPath: .status.selector
                            additionalPrinterColumns:
                            - {name: Replicas, type: integer, jsonPath: .spec.replicas}
                            - {name: Mode, type: string, jsonPath: .spec.mode, priority: 1, description: How}
                            - {name: Age, type: date, jsonPath: .metadata.creationTimestamp}
                            schema:
                              openAPIV3Schema:
                                type: object
                                required: [spec]
                                properties:
                                  spec:
                                    type: object
                                    required: [mode]
                                    properties:
                                      mode: {type: string, enum: [a, b], default: a}
                                      replicas: {type: integer, minimum: 0, maximum: 10, default: 1}
                                      name: {type: string, pattern: '^[a-z]+$', maxLength: 5}
                                      list: {type: array, maxItems: 2, items: {type: string}}
                                      keyed:
                                        type: array
                                        x-kubernetes-list-type: map
                                        x-kubernetes-list-map-keys: [k]
                                        items:
                                          type: object
                                          required: [k]
                                          properties: {k: {type: string}, v: {type: integer, default: 7}}
                                      set: {type: array, x-kubernetes-list-type: set, items: {type: string}}
                                      port: {x-kubernetes-int-or-string: true}
                                      free:
                                        type: object
                                        x-kubernetes-preserve-unknown-fields: true
                                        properties: {known: {type: object, properties: {a: {type: string}}}}
                                      maybe: {type: string, nullable: true}
                                      map: {type: object, additionalProperties: {type: integer}}
                                  status:
                                    type: object
                                    properties: {replicas: {type: integer}, selector: {type: string}}
                        """.formatted(group)).ok();
        await().until(() -> api.get(gadgets).code() == 200);
    }

    @AfterAll
    void undefine() {
        api.delete(DEFINITIONS + "/gadgets." + group, "{}");
    }

    private String gadget(String name, String spec) {
        return "{apiVersion: " + group + "/v1, kind: Gadget, metadata: {name: " + name + "}, spec: " + spec + "}";
    }

    private String definition(String plural, String names, String versions) {
        return "{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: " + plural + "."
                + group + "}, spec: {group: " + group + ", scope: Namespaced, names: " + names + ", versions: "
                + versions + "}}";
    }

    private static String condition(Answer definition, String type) {
        for (JsonNode condition : definition.at("/status/conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition.path("status").asText() + " "
                        + condition.path("reason").asText();
            }
        }
        return "";
    }

    @Test
    void aDefinitionIsEstablishedWithItsNamesAccepted() {
        Answer definition = api.get(DEFINITIONS + "/gadgets." + group).ok();

        assertThat(condition(definition, "NamesAccepted")).isEqualTo("True NoConflicts");
        assertThat(condition(definition, "Established")).isEqualTo("True InitialNamesAccepted");
        assertThat(definition.at("/status/acceptedNames"))
                .isEqualTo(
                        Api.tree("{plural: gadgets, singular: gadget, kind: Gadget, listKind: GadgetList, shortNames:"
                                + " [gg], categories: [all]}"));
        assertThat(definition.at("/status/storedVersions")).isEqualTo(Api.tree("[v1]"));
        assertThat(definition.text("/spec/conversion/strategy")).isEqualTo("None");
    }

    @Test
    void anObjectIsServedSoonAfterItsDefinition() {
        String things = "/apis/" + group + "/v1/namespaces/{ns}/things";
        api.apply(
                        DEFINITIONS + "/things." + group,
                        "ours",
                        definition(
                                "things",
                                "{plural: things, kind: Thing}",
                                "[{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]"))
                .ok();
        String thing = "{apiVersion: " + group + "/v1, kind: Thing, metadata: {name: soon}}";

        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(
                                api.apply(things + "/soon", "ours", thing).code())
                        .isIn(200, 201));
        api.delete(DEFINITIONS + "/things." + group, "{}").ok();
    }

    @Test
    void anObjectIsGoneWithItsDefinition() {
        String gones = "/apis/" + group + "/v1/namespaces/{ns}/gones";
        api.post(
                        DEFINITIONS,
                        definition(
                                "gones",
                                "{plural: gones, kind: Gone}",
                                "[{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]"))
                .ok();
        await().until(() -> api.get(gones).code() == 200);
        api.delete(DEFINITIONS + "/gones." + group, "{}").ok();

        await().untilAsserted(() -> {
            Answer gone = api.get(gones);
            assertThat(gone.code()).isEqualTo(404);
            assertThat(gone.body().strip()).isEqualTo("404 page not found");
        });
        await().until(() -> api.get(DEFINITIONS + "/gones." + group).code() == 404);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            storage | {plural: storages, kind: Storage} | [{name: v1, served: true, storage: false, schema: {openAPIV3Schema: {type: object}}}] | spec.versions
            schema  | {plural: schemas, kind: Schema}   | [{name: v1, served: true, storage: true}] | spec.versions[0].schema.openAPIV3Schema
            name    | {plural: others, kind: Other}     | [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}] | metadata.name
            kind    | {plural: kinds}                   | [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}] | spec.names.kind
            """)
    void aDefinitionThatContradictsItselfIsInvalid(String name, String names, String versions, String field) {
        Answer refused = api.post(DEFINITIONS, definition(name + "s", names, versions));

        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused.text("/details/kind")).isEqualTo("CustomResourceDefinition");
        assertThat(refused.at("/details/causes").findValuesAsText("field")).contains(field);
    }

    @Test
    void aSchemaIsStructural() {
        Answer refused = api.post(
                DEFINITIONS,
                definition(
                        "shapes",
                        "{plural: shapes, kind: Shape}",
                        "[{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, properties:"
                                + " {spec: {properties: {a: {type: strin}}}}}}}]"));

        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused.message())
                .contains("spec.validation.openAPIV3Schema.properties[spec].type: Required value: must not be empty for"
                        + " specified object fields")
                .contains("spec.validation.openAPIV3Schema.properties[spec].properties[a].type: Unsupported value:"
                        + " \"strin\": supported values: \"array\", \"boolean\", \"integer\", \"number\", \"object\","
                        + " \"string\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            enum       | {mode: c}                  | spec.mode: Unsupported value: "c": supported values: "a", "b"
            maximum    | {replicas: 11}             | spec.replicas: Invalid value: 11: spec.replicas in body should be less than or equal to 10
            length     | {name: abcdef}             | spec.name: Too long: may not be more than 5 bytes
            pattern    | {name: A}                  | spec.name: Invalid value: "A": spec.name in body should match '^[a-z]+$'
            items      | {list: [a, b, c]}          | spec.list: Too many: 3: must have at most 2 items
            type       | {list: a}                  | spec.list: Invalid value: "string": spec.list in body must be of type array: "string"
            either     | {port: true}               | spec.port: Invalid value: "boolean": spec.port in body must be of type integer,string: "boolean"
            required   | {keyed: [{v: 1}]}          | spec.keyed[0].k: Required value
            additional | {map: {a: x}}              | spec.map.a: Invalid value: "string": spec.map.a in body must be of type integer: "string"
            key        | {keyed: [{k: a}, {k: a}]}  | spec.keyed[1]: Duplicate value: {"k":"a"}
            set        | {set: [a, a]}              | spec.set[1]: Duplicate value: "a"
            """)
    void aValueOutsideTheSchemaIsNamedWithItsRule(String name, String spec, String cause) {
        Answer refused = api.post(gadgets, gadget(name, spec));

        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused.text("/details/group")).isEqualTo(group);
        assertThat(refused.message())
                .startsWith("Gadget." + group + " \"" + name + "\" is invalid: ")
                .contains(cause);
    }

    @Test
    void unknownFieldsArePrunedAndKeptWhereTheSchemaSaysSo() {
        Answer created = api.post(
                        gadgets,
                        gadget("pruned", "{x: 1, free: {x: {y: 1}, known: {b: 1, a: z}}, keyed: [{k: a, z: 1}]}"))
                .ok();

        assertThat(created.at("/spec"))
                .isEqualTo(Api.tree("{mode: a, replicas: 1, free: {x: {y: 1}, known: {a: z}}, keyed: [{k: a, v: 7}]}"));
    }

    @Test
    void aNullIsDefaultedOrKeptWhereItIsAllowed() {
        Answer created = api.post(gadgets, gadget("nulls", "{mode: null, replicas: null, maybe: null}"))
                .ok();

        assertThat(created.at("/spec")).isEqualTo(Api.tree("{mode: a, replicas: 1, maybe: null}"));
    }

    @Test
    void listsWithKeysAndSetsAreMergedByApply() {
        String spec = "{keyed: [{k: %1$s}], set: [%1$s]}";
        api.apply(gadgets + "/lists", "ours", gadget("lists", spec.formatted("a")))
                .ok();
        Answer both = api.apply(gadgets + "/lists", "theirs", gadget("lists", spec.formatted("b")))
                .ok();

        assertThat(both.at("/spec/keyed")).isEqualTo(Api.tree("[{k: a, v: 7}, {k: b, v: 7}]"));
        assertThat(both.at("/spec/set")).isEqualTo(Api.tree("[a, b]"));
        assertThat(both.ownership().applied("theirs"))
                .containsExactlyInAnyOrder(".spec.keyed[k=b]", ".spec.keyed[k=b].k", ".spec.set[=b]");
    }

    @Test
    void scaleIsReadFromAndWrittenToThePathsOfTheDefinition() {
        api.apply(gadgets + "/scaled", "ours", gadget("scaled", "{replicas: 2}"))
                .ok();
        api.merge(gadgets + "/scaled/status", "{status: {replicas: 3, selector: 'a=b'}}")
                .ok();
        Answer scale = api.merge(gadgets + "/scaled/scale?fieldManager=theirs", "{spec: {replicas: 4}}")
                .ok();
        Answer scaled = api.get(gadgets + "/scaled").ok();

        assertThat(scale.text("/apiVersion")).isEqualTo("autoscaling/v1");
        assertThat(scale.at("/spec")).isEqualTo(Api.tree("{replicas: 4}"));
        assertThat(scale.at("/status")).isEqualTo(Api.tree("{replicas: 3, selector: 'a=b'}"));
        assertThat(scaled.at("/spec/replicas").asInt()).isEqualTo(4);
        assertThat(scaled.generation()).isEqualTo(2);
        assertThat(scaled.ownership().applied("ours")).doesNotContain(".spec.replicas");
        assertThat(scaled.ownership().fields("theirs", "Update", "scale")).containsExactly(".spec.replicas");
    }

    @Test
    void printerColumnsAreThoseOfTheDefinition() {
        api.post(gadgets, gadget("printed", "{replicas: 3}")).ok();
        Answer table = api.get(gadgets + "/printed", TABLE).ok();

        assertThat(table.at("/columnDefinitions").findValuesAsText("name"))
                .containsExactly("Name", "Replicas", "Mode", "Age");
        assertThat(table.at("/columnDefinitions").findValuesAsText("priority")).containsExactly("0", "0", "1", "0");
        assertThat(table.text("/columnDefinitions/1/description"))
                .isEqualTo("Custom resource definition column (in JSONPath format): .spec.replicas");
        assertThat(table.text("/columnDefinitions/2/description")).isEqualTo("How");
        assertThat(table.at("/rows/0/cells/1").isInt()).isTrue();
        assertThat(table.text("/rows/0/cells/2")).isEqualTo("a");
    }

    @Test
    void aWatchFromBeforeTheDefinitionIsExpiredAndAListStartsAnew() throws IOException {
        api.post(gadgets, gadget("relisted", "{}")).ok();
        try (Events events = api.watch(gadgets + "?watch=true&resourceVersion=1")) {
            Events.Event error = events.next();

            assertThat(error.type()).isEqualTo("ERROR");
            assertThat(error.object().path("code").asInt()).isEqualTo(410);
            assertThat(error.object().path("reason").asText()).isEqualTo("Expired");
            assertThat(error.object().path("message").asText()).startsWith("too old resource version: 1 (");
            assertThat(events.next().type()).isEqualTo("end of stream");
        }
        String version = api.get(gadgets).ok().resourceVersion();
        try (Events events = api.watch(gadgets + "?watch=true&resourceVersion=" + version)) {
            api.post(gadgets, gadget("after-relist", "{}")).ok();

            assertThat(events.next()).hasToString("ADDED after-relist");
        }
    }

    @Test
    void discoveryListsTheKindWithItsSubresources() {
        Answer resources = api.get("/apis/" + group + "/v1").ok();

        assertThat(resources.at("/resources").findValuesAsText("name"))
                .contains("gadgets", "gadgets/status", "gadgets/scale");
        assertThat(resources.at("/resources/0/shortNames")).isEqualTo(Api.tree("[gg]"));
        assertThat(resources.at("/resources/0/categories")).isEqualTo(Api.tree("[all]"));
        assertThat(api.get("/apis/" + group).ok().text("/preferredVersion/groupVersion"))
                .isEqualTo(group + "/v1");
    }
}
