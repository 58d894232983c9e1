package dev.trimtab.sandbox.merge;

import static dev.trimtab.sandbox.merge.Json.json;
import static dev.trimtab.sandbox.merge.Json.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

/** The rules of ownership that a real API server was seen to follow. */
class ServerSideApplyTest {

    private static final String DEPLOYMENT = """
            {apiVersion: 'apps/v1', kind: 'Deployment', metadata: {name: 'web', namespace: 'default', labels: {app: 'web'}},
             spec: {replicas: 2, selector: {matchLabels: {app: 'web'}}, template: {
               metadata: {labels: {app: 'web'}},
               spec: {containers: [{name: 'c', image: 'nginx:1', env: [{name: 'A', value: '1'}],
                                    resources: {requests: {cpu: '500m'}},
                                    ports: [{containerPort: 80}]}]}}}}
            """;
    private static final String IMAGE = "/spec/template/spec/containers/0/image";

    private static LiveObject deployment() {
        return LiveObject.of("apps/v1", "Deployment").apply("ours", DEPLOYMENT);
    }

    private static LiveObject configMap(String data) {
        return LiveObject.of("v1", "ConfigMap").apply("ours", configMapText(data));
    }

    private static String configMapText(String data) {
        return "{apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'c', namespace: 'default'}, data: " + data + "}";
    }

    @Test
    void applierOwnsExactlyWhatItApplied() {
        assertThat(deployment().entry("ours/Apply")).isEqualTo(value("""
                {manager: 'ours', operation: 'Apply', apiVersion: 'apps/v1', time: '2026-01-01T00:00:00Z',
                 fieldsType: 'FieldsV1', fieldsV1: {
                  'f:metadata': {'f:labels': {'f:app': {}}},
                  'f:spec': {'f:replicas': {}, 'f:selector': {}, 'f:template': {
                    'f:metadata': {'f:labels': {'f:app': {}}},
                    'f:spec': {'f:containers': {'k:{"name":"c"}': {'.': {}, 'f:name': {}, 'f:image': {},
                      'f:env': {'k:{"name":"A"}': {'.': {}, 'f:name': {}, 'f:value': {}}},
                      'f:resources': {'f:requests': {'f:cpu': {}}},
                      'f:ports': {'k:{"containerPort":80,"protocol":"TCP"}': {'.': {}, 'f:containerPort': {}}}}}}}}}}
                """));
    }

    @Test
    void applyingTheSameTwiceWritesNothing() {
        LiveObject live = deployment();
        live.later(60).apply("ours", DEPLOYMENT);
        assertThat(live.resourceVersion()).isEqualTo(1);
        assertThat(live.entry("ours/Apply").path("time").asText()).isEqualTo("2026-01-01T00:00:00Z");
    }

    @Test
    void sameQuantityInOtherWordsWritesNothing() {
        LiveObject live = deployment().later(60).apply("ours", DEPLOYMENT.replace("500m", "0.5"));
        assertThat(live.resourceVersion()).isEqualTo(1);
    }

    @Test
    void settingAnImageTakesExactlyThatField() {
        LiveObject live = deployment();
        var before = live.owned("ours/Apply");
        live.patch("kubectl-set", "{spec: {template: {spec: {containers: [{name: 'c', image: 'nginx:2'}]}}}}");
        String image = ".spec.template.spec.containers[name=\"c\"].image";
        assertThat(live.owned("kubectl-set/Update")).containsExactly(image);
        assertThat(before).contains(image);
        assertThat(live.owned("ours/Apply"))
                .containsExactlyElementsOf(
                        before.stream().filter(p -> !p.equals(image)).toList());
    }

    @Test
    void writingTheSameValueTakesNothing() {
        LiveObject live = deployment();
        var before = live.owned("ours/Apply");
        live.patch("kubectl-set", "{spec: {template: {spec: {containers: [{name: 'c', image: 'nginx:1'}]}}}}");
        assertThat(live.owned("ours/Apply")).isEqualTo(before);
        assertThat(live.owners()).containsExactly("ours/Apply");
        assertThat(live.resourceVersion()).isEqualTo(1);
    }

    @Test
    void removingAnItemTakesAllItsPathsFromItsOwner() {
        LiveObject live = deployment();
        live.patch(
                "kubectl-edit",
                "{spec: {template: {spec: {containers: [{name: 'c', env: [{'$patch': 'delete', name: 'A'}]}]}}}}");
        assertThat(live.owned("ours/Apply")).noneMatch(path -> path.contains(".env"));
        assertThat(live.owners()).containsExactly("ours/Apply");
    }

    @Test
    void scalingIsAnEntryOfItsOwnSubresource() {
        LiveObject live = deployment().patch("hpa", "scale", "{spec: {replicas: 5}}");
        assertThat(live.owners()).containsExactly("ours/Apply", "hpa/Update/scale");
        assertThat(live.owned("hpa/Update/scale")).containsExactly(".spec.replicas");
        assertThat(live.owned("ours/Apply")).doesNotContain(".spec.replicas");
    }

    @Test
    void anotherValueUnderOurOwnNameMovesOnlyTheTime() {
        LiveObject live = configMap("{a: '1'}");
        JsonNode before = live.entry("ours/Apply").path("fieldsV1");
        live.later(5).apply("ours", configMapText("{a: '2'}"));
        assertThat(live.entry("ours/Apply").path("fieldsV1")).isEqualTo(before);
        assertThat(live.entry("ours/Apply").path("time").asText()).isEqualTo("2026-01-01T00:00:05Z");
        assertThat(live.owners()).containsExactly("ours/Apply");
    }

    @Test
    void wipedOwnershipComesBackAsBeforeFirstApplyAndKeepsRemovedKeys() {
        LiveObject live = configMap("{a: '1', b: '2'}");
        live.jsonPatch("kubectl-edit", "[{op: 'replace', path: '/metadata/managedFields', value: [{}]}]");
        assertThat(live.get().path("metadata").has("managedFields")).isFalse();

        live.apply("ours", configMapText("{a: '1', b: '2'}"));
        assertThat(live.owners()).containsExactlyInAnyOrder("ours/Apply", "before-first-apply/Update");
        live.apply("ours", configMapText("{a: '1'}"));
        assertThat(live.at("/data/b").asText()).isEqualTo("2");
    }

    @Test
    void foldingBeforeFirstApplyIntoOurEntryLetsRemovedKeysGo() {
        LiveObject live = configMap("{a: '1', b: '2'}");
        JsonNode ours = live.entry("ours/Apply").deepCopy();
        live.jsonPatch("kubectl-edit", "[{op: 'replace', path: '/metadata/managedFields', value: [{}]}]");
        live.apply("ours", configMapText("{a: '1', b: '2'}"));
        live.jsonPatch("ours", "[{op: 'replace', path: '/metadata/managedFields', value: [" + ours + "]}]");
        assertThat(live.owners()).containsExactly("ours/Apply");
        live.apply("ours", configMapText("{a: '1'}"));
        assertThat(live.at("/data")).isEqualTo(json("{a: '1'}"));
    }

    @Test
    void invalidManagedFieldsInAPutKeepTheLiveOnes() {
        LiveObject live = configMap("{a: '1'}");
        var before = live.owned("ours/Apply");
        live.jsonPatch("x", "[{op: 'replace', path: '/metadata/managedFields/0/operation', value: 'Guess'}]");
        assertThat(live.owned("ours/Apply")).isEqualTo(before);
    }

    @Test
    void wrongTypeInASecretIsAFailureWhoseTextHoldsTheValue() {
        assertThat(catchThrowableOfType(
                        TypedFailure.class,
                        () -> LiveObject.of("v1", "Secret")
                                .apply(
                                        "ours",
                                        "{kind: 'Secret', metadata: {name: 's', namespace: 'd'},"
                                                + " data: {p: ['hunter2']}}")))
                .hasMessage("failed to create typed patch object (d/s; /v1, Kind=Secret): .data.p: expected string,"
                        + " got &value.valueUnstructured{Value:[]interface {}{\"hunter2\"}}");
    }

    @Test
    void updatesOfAnObjectWithoutOwnersAreNotTracked() {
        LiveObject live = configMap("{a: '1'}");
        live.jsonPatch("x", "[{op: 'replace', path: '/metadata/managedFields', value: []}]");
        live.patch("x", "{data: {a: '2'}}");
        assertThat(live.get().path("metadata").has("managedFields")).isFalse();
    }

    @Test
    void sidecarOfSomeoneElseSurvivesOurApply() {
        LiveObject live = deployment();
        live.patch("injector", "{spec: {template: {spec: {containers: [{name: 'side', image: 's:1'}]}}}}");
        live.apply("ours", DEPLOYMENT.replace("nginx:1", "nginx:2"));
        assertThat(live.at("/spec/template/spec/containers"))
                .extracting(c -> c.path("name").asText())
                .containsExactlyInAnyOrder("c", "side");
        assertThat(live.owned("injector/Update")).contains(".spec.template.spec.containers[name=\"side\"]");
    }

    @Test
    void keyThatClientSideApplyMadeStaysAfterTheFirstApplyThatLeavesItOut() {
        LiveObject live = LiveObject.of("v1", "ConfigMap")
                .put("kubectl-client-side-apply", configMapText("{a: '1', b: '2'}"))
                .apply("ours", configMapText("{a: '1'}"));
        assertThat(live.at("/data/b").asText()).isEqualTo("2");
        assertThat(live.owned("kubectl-client-side-apply/Update")).contains(".data.a", ".data.b");
    }

    @Test
    void twoSourcesUnderOneNameDeleteEachOthersKeys() {
        LiveObject live = configMap("{a: '1'}").apply("ours", configMapText("{b: '1'}"));
        assertThat(live.at("/data")).isEqualTo(json("{b: '1'}"));
    }

    @Test
    void fieldThatTheTypeLacksIsAFailure() {
        TypedFailure failure = catchThrowableOfType(
                TypedFailure.class, () -> deployment().apply("ours", DEPLOYMENT.replace("replicas", "replica")));
        assertThat(failure)
                .hasMessage("failed to create typed patch object (default/web; apps/v1, Kind=Deployment): "
                        + ".spec.replica: field not declared in schema");
    }

    @Test
    void removedFieldGoesWhenNobodyElseOwnsIt() {
        LiveObject live = configMap("{a: '1', b: '2'}").apply("ours", configMapText("{a: '1'}"));
        assertThat(live.at("/data")).isEqualTo(json("{a: '1'}"));
    }

    @Test
    void sharedFieldStaysUntilTheLastApplierLeavesIt() {
        LiveObject live = configMap("{a: '1', b: '2'}").apply("theirs", configMapText("{b: '2'}"));
        assertThat(live.owned("theirs/Apply")).containsExactly(".data.b");
        live.apply("ours", configMapText("{a: '1'}"));
        assertThat(live.at("/data/b").asText()).isEqualTo("2");
        live.apply("theirs", "{apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'c', namespace: 'default'}}");
        assertThat(live.at("/data")).isEqualTo(json("{a: '1'}"));
        assertThat(live.owners()).containsExactly("ours/Apply");
    }

    @Test
    void applierThatChangesNoValueHasAnEntryWithoutTime() {
        LiveObject live = configMap("{a: '1'}").apply("theirs", configMapText("{a: '1'}"));
        assertThat(live.entry("theirs/Apply").has("time")).isFalse();
        assertThat(live.owners()).containsExactly("theirs/Apply", "ours/Apply");
    }

    @Test
    void oneConflictNamesItsOwnerAndPath() {
        LiveObject live = deployment().patch("kubectl-edit", "{spec: {replicas: 5}}");
        ApplyConflict conflict = catchThrowableOfType(ApplyConflict.class, () -> live.apply("ours", DEPLOYMENT));
        assertThat(conflict)
                .hasMessage(
                        "Apply failed with 1 conflict: conflict with \"kubectl-edit\" using apps/v1: .spec.replicas");
        assertThat(conflict.conflicts())
                .containsExactly(new ApplyConflict.Conflict("\"kubectl-edit\" using apps/v1", ".spec.replicas"));
        assertThat(conflict.conflicts().get(0).message()).isEqualTo("conflict with \"kubectl-edit\" using apps/v1");
    }

    @Test
    void manyConflictsAreListedByOwner() {
        LiveObject live = deployment()
                .patch("hpa", "scale", "{spec: {replicas: 5}}")
                .force("theirs", DEPLOYMENT.replace("nginx:1", "nginx:3").replace("replicas: 2, ", ""));
        ApplyConflict conflict = catchThrowableOfType(ApplyConflict.class, () -> live.apply("ours", DEPLOYMENT));
        assertThat(conflict).hasMessage("""
                        Apply failed with 2 conflicts: conflicts with "hpa" with subresource "scale" using apps/v1:
                        - .spec.replicas
                        conflicts with "theirs":
                        - .spec.template.spec.containers[name="c"].image""");
    }

    @Test
    void forceTakesTheFieldFromItsOwner() {
        LiveObject live =
                deployment().patch("kubectl-edit", "{spec: {replicas: 5}}").force("ours", DEPLOYMENT);
        assertThat(live.at("/spec/replicas").asInt()).isEqualTo(2);
        assertThat(live.owners()).containsExactly("ours/Apply");
    }

    @Test
    void containerPortsAreToldApartByPortAndProtocol() {
        String two = DEPLOYMENT.replace(
                "[{containerPort: 80}]",
                "[{containerPort: 53, protocol: 'TCP'}, {containerPort: 53, protocol: 'UDP', name: 'dns'}]");
        LiveObject live = deployment().apply("ours", two);
        assertThat(live.at("/spec/template/spec/containers/0/ports")).hasSize(2);
        live.apply("ours", two.replace("name: 'dns'", "name: 'dns-udp'"));
        assertThat(live.at("/spec/template/spec/containers/0/ports/1/name").asText())
                .isEqualTo("dns-udp");
        live.apply("ours", DEPLOYMENT);
        assertThat(live.at("/spec/template/spec/containers/0/ports")).isEqualTo(value("[{containerPort: 80}]"));
    }

    @Test
    void finalizersAreASet() {
        String one = "{apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'c', finalizers: ['a/one']}}";
        LiveObject live =
                LiveObject.of("v1", "ConfigMap").apply("ours", one).apply("theirs", one.replace("a/one", "b/two"));
        assertThat(live.at("/metadata/finalizers")).isEqualTo(value("['a/one', 'b/two']"));
        assertThat(live.owned("theirs/Apply")).containsExactly(".metadata.finalizers[=\"b/two\"]");
        live.apply("ours", one.replace("'a/one'", ""));
        assertThat(live.at("/metadata/finalizers")).isEqualTo(value("['b/two']"));
    }

    @Test
    void ownerReferencesAreToldApartByUidAndOwnedWhole() {
        String reference = "{apiVersion: 'v1', kind: 'Node', name: 'n', uid: 'u1'}";
        LiveObject live = LiveObject.of("v1", "ConfigMap")
                .apply(
                        "ours",
                        "{apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'c', ownerReferences: [" + reference
                                + "]}}");
        assertThat(live.owned("ours/Apply")).containsExactly(".metadata.ownerReferences[uid=\"u1\"]");
    }

    @Test
    void atomicListIsTakenWhole() {
        String withArgs = DEPLOYMENT.replace("name: 'c',", "name: 'c', args: ['a', 'b'],");
        LiveObject live = deployment().apply("ours", withArgs);
        ApplyConflict conflict = catchThrowableOfType(
                ApplyConflict.class, () -> live.apply("theirs", withArgs.replace("['a', 'b']", "['a', 'c']")));
        assertThat(conflict.conflicts())
                .extracting(ApplyConflict.Conflict::path)
                .containsExactly(".spec.template.spec.containers[name=\"c\"].args");
    }

    @Test
    void duplicateKeysInOneApplyAreAFailure() {
        String twice = DEPLOYMENT.replace("[{name: 'A', value: '1'}]", "[{name: 'A', value: '1'}, {name: 'A'}]");
        assertThat(catchThrowableOfType(TypedFailure.class, () -> deployment().apply("ours", twice)))
                .hasMessageEndingWith(
                        ".spec.template.spec.containers[name=\"c\"].env: duplicate entries for key [name=\"A\"]");
    }

    @Test
    void itemWithoutItsKeyIsAFailure() {
        String keyless = DEPLOYMENT.replace("[{name: 'A', value: '1'}]", "[{value: '1'}]");
        assertThat(catchThrowableOfType(TypedFailure.class, () -> deployment().apply("ours", keyless)))
                .hasMessageEndingWith(
                        "env: element 0: associative list with keys has an element that omits all key fields"
                                + " [\"name\"] (and doesn't have default values for any key fields)");
    }

    @Test
    void creatorOwnsFieldsOfAlwaysPresentStructsButNotTheStructs() {
        LiveObject live = LiveObject.of("apps/v1", "Deployment").put("kubectl-create", DEPLOYMENT);
        assertThat(live.entry("kubectl-create/Update").path("fieldsV1")).isEqualTo(value("""
                {'f:metadata': {'f:labels': {'.': {}, 'f:app': {}}},
                 'f:spec': {'f:replicas': {}, 'f:selector': {}, 'f:template': {
                   'f:metadata': {'f:labels': {'.': {}, 'f:app': {}}},
                   'f:spec': {'f:containers': {'k:{"name":"c"}': {'.': {}, 'f:name': {}, 'f:image': {},
                     'f:env': {'.': {}, 'k:{"name":"A"}': {'.': {}, 'f:name': {}, 'f:value': {}}},
                     'f:resources': {'.': {}, 'f:requests': {'.': {}, 'f:cpu': {}}},
                     'f:ports': {'.': {}, 'k:{"containerPort":80,"protocol":"TCP"}': {'.': {}, 'f:containerPort': {}}}}}}}}}
                """));
    }

    @Test
    void putWithoutManagedFieldsKeepsTheOwners() {
        LiveObject live = deployment().put("editor", DEPLOYMENT.replace("nginx:1", "nginx:2"));
        assertThat(live.owners()).containsExactly("ours/Apply", "editor/Update");
        assertThat(live.at(IMAGE).asText()).isEqualTo("nginx:2");
    }

    @Test
    void elevenUpdatersAreCappedIntoAncientChanges() {
        LiveObject live = configMap("{a: '1'}");
        for (int i = 0; i < 11; i++) {
            live.later(1).patch("u" + i, "{data: {k" + i + ": 'x'}}");
        }
        assertThat(live.owners())
                .containsExactly(
                        "ours/Apply",
                        "ancient-changes/Update",
                        "u2/Update",
                        "u3/Update",
                        "u4/Update",
                        "u5/Update",
                        "u6/Update",
                        "u7/Update",
                        "u8/Update",
                        "u9/Update",
                        "u10/Update");
        assertThat(live.owned("ancient-changes/Update")).containsExactly(".data.k0", ".data.k1");
        live.later(1).patch("u11", "{data: {k11: 'x'}}");
        assertThat(live.owned("ancient-changes/Update")).containsExactly(".data.k0", ".data.k1", ".data.k2");
    }

    @Test
    void kubectlMayOverwriteWhatClientSideApplyWroteAndKeepsTheAnnotation() {
        String lastApplied = "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"data\":{\"a\":\"1\"}}";
        LiveObject live = LiveObject.of("v1", "ConfigMap")
                .put(
                        "kubectl-client-side-apply",
                        configMapText("{a: '1', b: '1'}")
                                .replace(
                                        "name: 'c'",
                                        "name: 'c', annotations: {'kubectl.kubernetes.io/last-applied-configuration': '"
                                                + lastApplied + "'}"));
        live.apply("kubectl", configMapText("{a: '2'}"));
        assertThat(live.at("/data/a").asText()).isEqualTo("2");
        assertThat(live.at("/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration")
                        .asText())
                .contains("\"data\":{\"a\":\"2\"}")
                .endsWith("\n");
        ApplyConflict conflict = catchThrowableOfType(
                ApplyConflict.class, () -> live.apply("kubectl", configMapText("{a: '2', b: '2'}")));
        assertThat(conflict.conflicts())
                .extracting(ApplyConflict.Conflict::path)
                .containsExactly(".data.b");
    }
}
