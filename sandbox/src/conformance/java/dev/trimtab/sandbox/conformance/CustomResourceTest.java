package dev.trimtab.sandbox.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** A kind whose pod template has no schema, as many operators declare theirs. */
@Conformance
@TestInstance(Lifecycle.PER_CLASS)
final class CustomResourceTest {

    private static final String DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

    private final Api api;
    private final String group;
    private final String widgets;

    CustomResourceTest(Api api) {
        this.api = api;
        this.group = api.namespace() + ".example.com";
        this.widgets = "/apis/" + group + "/v1/namespaces/{ns}/widgets";
    }

    @BeforeAll
    void define() {
        api.post(DEFINITIONS, """
                        apiVersion: apiextensions.k8s.io/v1
                        kind: CustomResourceDefinition
                        metadata: {name: widgets.%1$s}
                        spec:
                          group: %1$s
                          scope: Namespaced
                          names: {plural: widgets, singular: widget, kind: Widget}
                          versions:
                          - name: v1
                            served: true
                            storage: true
                            subresources: {status: {}}
                            schema:
                              openAPIV3Schema:
                                type: object
                                properties:
                                  spec:
                                    type: object
                                    properties:
                                      replicas: {type: integer, default: 1, minimum: 0}
                                      template: {type: object, x-kubernetes-preserve-unknown-fields: true}
                                  status:
                                    type: object
                                    properties: {ready: {type: integer}}
                        """.formatted(group)).ok();
        await().until(() -> api.get(widgets).code() == 200);
    }

    @AfterAll
    void undefine() {
        api.delete(DEFINITIONS + "/widgets." + group, "{}");
    }

    private String widget(String name, String spec) {
        return "{apiVersion: " + group + "/v1, kind: Widget, metadata: {name: " + name + "}, spec: " + spec + "}";
    }

    private Answer apply(String name, String manager, String spec) {
        return api.apply(widgets + "/" + name + "?force=true", manager, widget(name, spec))
                .ok();
    }

    @Test
    void anotherSpellingOfAQuantityIsAChangeWhereThereIsNoSchema() {
        String spec = "{template: {spec: {containers: [{name: c, resources: {limits: {cpu: %s}}}]}}}";
        Answer first = apply("quantity", "ours", spec.formatted("1000m"));
        Answer second = apply("quantity", "ours", spec.formatted("'1'"));

        assertThat(second.generation()).isEqualTo(first.generation() + 1);
        assertThat(second.text("/spec/template/spec/containers/0/resources/limits/cpu"))
                .isEqualTo("1");
    }

    @Test
    void aListWithoutSchemaIsOneFieldSoThatForceDropsWhatOthersAdded() {
        String spec = "{template: {spec: {containers: [{name: c, image: 'a:%s'}]}}}";
        String containers = ".spec.template.spec.containers";
        Answer applied = apply("atomic", "ours", spec.formatted("1"));
        Answer injected = api.jsonPatch(
                        widgets + "/atomic?fieldManager=injector",
                        "[{op: add, path: /spec/template/spec/containers/-, value: {name: side, image: 's:1'}},"
                                + " {op: add, path: /spec/template/spec/dnsPolicy, value: ClusterFirst}]")
                .ok();
        Answer again = apply("atomic", "ours", spec.formatted("2"));

        assertThat(applied.ownership().applied("ours")).containsExactly(".spec.template.spec", containers);
        assertThat(injected.ownership().applied("ours")).containsExactly(".spec.template.spec");
        assertThat(injected.ownership().updated("injector"))
                .containsExactly(containers, ".spec.template.spec.dnsPolicy");
        assertThat(again.at("/spec/template/spec/containers").findValuesAsText("name"))
                .containsExactly("c");
        assertThat(again.text("/spec/template/spec/dnsPolicy")).isEqualTo("ClusterFirst");
    }

    @Test
    void aTypoWithoutSchemaIsTakenEvenInStrictValidation() {
        Answer taken = api.apply(
                        widgets + "/typo?fieldValidation=Strict",
                        "ours",
                        widget("typo", "{template: {spec: {containers: [{name: c, imagePulPolicy: Always}]}}}"))
                .ok();

        assertThat(taken.text("/spec/template/spec/containers/0/imagePulPolicy"))
                .isEqualTo("Always");
    }

    @Test
    void anUnknownFieldIsPrunedFromABodyAndRefusedInStrictValidation() {
        assertThat(api.post(widgets, widget("pruned", "{foo: 1}"))
                        .ok()
                        .at("/spec")
                        .has("foo"))
                .isFalse();
        Answer refused = api.post(widgets + "?fieldValidation=Strict", widget("strict", "{foo: 1}"));

        assertThat(refused.code()).isEqualTo(400);
        assertThat(refused.message()).contains("unknown field \"spec.foo\"");
    }

    @Test
    void anUnknownFieldOfAnApplyIsAServerError() {
        Answer refused = api.apply(widgets + "/unknown", "ours", widget("unknown", "{foo: 1}"));

        assertThat(refused.code()).isEqualTo(500);
        assertThat(refused.message()).endsWith(".spec.foo: field not declared in schema");
    }

    @Test
    void defaultsOfTheSchemaAreFilledInAndNotOwned() {
        Answer applied = apply("defaults", "ours", "{template: {a: b}}");

        assertThat(applied.at("/spec/replicas").asInt()).isEqualTo(1);
        assertThat(applied.ownership().applied("ours")).containsExactly(".spec.template.a");
    }

    @Test
    void aValueAgainstTheSchemaIsInvalid() {
        Answer refused = api.post(widgets, widget("minimum", "{replicas: -1}"));

        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused.message())
                .isEqualTo(
                        "Widget." + group + " \"minimum\" is invalid: spec.replicas: Invalid value: -1: spec.replicas"
                                + " in body should be greater than or equal to 0");
    }

    @Test
    void statusHasItsOwnDoorAndKeepsTheGeneration() {
        apply("status", "ours", "{replicas: 2}");
        Answer through = api.merge(widgets + "/status", "{status: {ready: 1}}").ok();
        Answer status = api.merge(widgets + "/status/status", "{status: {ready: 1}, spec: {replicas: 9}}")
                .ok();

        assertThat(through.at("/status").isMissingNode()).isTrue();
        assertThat(status.at("/status/ready").asInt()).isEqualTo(1);
        assertThat(status.at("/spec/replicas").asInt()).isEqualTo(2);
        assertThat(status.generation()).isEqualTo(1);
    }

    @Test
    void anUpdateMustSayItsVersion() {
        ObjectNode update = apply("version", "ours", "{replicas: 2}").json();
        update.withObject("metadata").remove("resourceVersion");
        Answer refused = api.put(widgets + "/version", update);

        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused.message())
                .isEqualTo("widgets." + group + " \"version\" is invalid: metadata.resourceVersion: Invalid value: 0:"
                        + " must be specified for an update");
    }

    @Test
    void thereIsNoStrategicMerge() {
        apply("strategic", "ours", "{replicas: 2}");
        Answer refused = api.strategic(widgets + "/strategic", "{spec: {replicas: 3}}");

        assertThat(refused.code()).isEqualTo(415);
        assertThat(refused.message())
                .isEqualTo("the body of the request was in an unknown format - accepted media types include:"
                        + " application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml");
    }

    @Test
    void aNumberStaysTheNumberThatWasWritten() {
        Answer applied = apply("number", "ours", "{template: {half: 0.5, whole: 3, big: 9007199254740993}}");

        assertThat(applied.at("/spec/template")).isEqualTo(Api.tree("{half: 0.5, whole: 3, big: 9007199254740993}"));
    }
}
