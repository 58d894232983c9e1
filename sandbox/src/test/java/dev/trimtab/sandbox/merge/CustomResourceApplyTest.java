package dev.trimtab.sandbox.merge;

import static dev.trimtab.sandbox.merge.Json.json;
import static dev.trimtab.sandbox.merge.Json.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.trimtab.sandbox.schema.Schemas;
import dev.trimtab.sandbox.schema.Type;
import org.junit.jupiter.api.Test;

/** Server-side apply on custom resources: what the schema does not know is owned coarsely, and nothing is canonical. */
class CustomResourceApplyTest {

    private static final Type.Struct CLONE_SET = Schemas.ofCrd(json("""
            {type: 'object', properties: {spec: {type: 'object', properties: {
              replicas: {type: 'integer'},
              template: {type: 'object', 'x-kubernetes-preserve-unknown-fields': true},
              rules: {type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'],
                      items: {type: 'object', required: ['name'], properties: {
                        name: {type: 'string', default: 'main'}, weight: {type: 'integer'}}}},
              tags: {type: 'array', 'x-kubernetes-list-type': 'set', items: {type: 'string'}},
              whole: {type: 'object', 'x-kubernetes-map-type': 'atomic', properties: {a: {type: 'string'}}},
              port: {'x-kubernetes-int-or-string': true},
              limits: {type: 'object', additionalProperties: {type: 'string'}}}}}}
            """));

    private static LiveObject cloneSet(String spec) {
        return new LiveObject(CLONE_SET, "apps.kruise.io/v1alpha1").apply("ours", text(spec));
    }

    private static String text(String spec) {
        return "{apiVersion: 'apps.kruise.io/v1alpha1', kind: 'CloneSet', metadata: {name: 'c'}, spec: " + spec + "}";
    }

    @Test
    void containersOfAnUnknownTemplateAreOneAtomicField() {
        String spec = "{template: {spec: {containers: [{name: 'a', image: '1'}]}}}";
        LiveObject live = cloneSet(spec);
        assertThat(live.entry("ours/Apply").path("fieldsV1"))
                .isEqualTo(value("{'f:spec': {'f:template': {'f:spec': {'.': {}, 'f:containers': {}}}}}"));

        live.jsonPatch(
                "injector",
                "[{op: 'add', path: '/spec/template/spec/containers/-', value: {name: 's'}},"
                        + " {op: 'add', path: '/spec/template/spec/dnsPolicy', value: 'ClusterFirst'}]");
        assertThat(live.owned("injector/Update"))
                .containsExactly(".spec.template.spec.containers", ".spec.template.spec.dnsPolicy");
        live.force("ours", text(spec));
        assertThat(live.at("/spec/template/spec"))
                .isEqualTo(json("{containers: [{name: 'a', image: '1'}], dnsPolicy: 'ClusterFirst'}"));
    }

    @Test
    void quantityOfAnUnknownTemplateIsStoredAsWritten() {
        LiveObject live = cloneSet("{template: {cpu: '1'}}").apply("ours", text("{template: {cpu: '1000m'}}"));
        assertThat(live.at("/spec/template/cpu").asText()).isEqualTo("1000m");
        assertThat(live.resourceVersion()).isEqualTo(2);
    }

    @Test
    void listMapUsesTheSchemasKeysAndDefaults() {
        LiveObject live = cloneSet("{rules: [{weight: 1}]}").apply("theirs", text("{rules: [{name: 'x'}]}"));
        assertThat(live.owned("ours/Apply"))
                .containsExactly(".spec.rules[name=\"main\"]", ".spec.rules[name=\"main\"].weight");
        assertThat(live.at("/spec/rules")).hasSize(2);
    }

    @Test
    void setAtomicMapAndMapKeepToTheirKind() {
        LiveObject live = cloneSet("{tags: ['b', 'a'], whole: {a: '1'}, limits: {cpu: '1'}, port: 80}");
        assertThat(live.owned("ours/Apply"))
                .containsExactly(
                        ".spec.limits.cpu", ".spec.port", ".spec.tags[=\"a\"]", ".spec.tags[=\"b\"]", ".spec.whole");
    }

    @Test
    void fieldTheSchemaLacksIsAFailureOutsideOfUnknownParts() {
        assertThat(catchThrowableOfType(TypedFailure.class, () -> cloneSet("{replica: 1}")))
                .hasMessage("failed to create typed patch object (/c; apps.kruise.io/v1alpha1, Kind=CloneSet): "
                        + ".spec.replica: field not declared in schema");
        assertThat(cloneSet("{template: {imagePulPolicy: 'x'}}")
                        .at("/spec/template/imagePulPolicy")
                        .asText())
                .isEqualTo("x");
    }

    @Test
    void creatorOwnsTheStructsToo() {
        LiveObject live = new LiveObject(CLONE_SET, "apps.kruise.io/v1alpha1").put("kubectl", text("{replicas: 1}"));
        assertThat(live.entry("kubectl/Update").path("fieldsV1"))
                .isEqualTo(value("{'f:spec': {'.': {}, 'f:replicas': {}}}"));
    }

    @Test
    void wrongTypesAreSaidInTheServersWords() {
        assertThat(catchThrowableOfType(
                        TypedFailure.class, () -> cloneSet("{replicas: 'x', tags: {}, limits: 'hunter2'}")))
                .hasMessageEndingWith("""
                        errors:
                          .spec.replicas: expected numeric (int or float), got string
                          .spec.tags: expected list, got &{map[]}
                          .spec.limits: expected map, got &{hunter2}""");
        assertThat(catchThrowableOfType(TypedFailure.class, () -> cloneSet("{limits: {a: ['hunter2']}}")))
                .hasMessageEndingWith(
                        ".spec.limits.a: expected string, got &value.valueUnstructured{Value:[]interface {}{\"hunter2\"}}");
    }
}
