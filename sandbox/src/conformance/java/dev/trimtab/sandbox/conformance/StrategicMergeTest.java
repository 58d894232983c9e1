package dev.trimtab.sandbox.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The directives of a strategic merge patch. */
@Conformance
final class StrategicMergeTest {

    private static final String TEMPLATES = "/api/v1/namespaces/{ns}/podtemplates";
    private static final String LIVE = """
            apiVersion: v1
            kind: PodTemplate
            metadata: {name: %s, labels: {a: '1', b: '2'}, finalizers: [example.com/a, example.com/b]}
            template:
              metadata: {labels: {app: a}}
              spec:
                nodeSelector: {disk: ssd, zone: a}
                volumes: [{name: v, emptyDir: {medium: Memory}}, {name: w, emptyDir: {}}]
                containers:
                - name: c
                  image: 'a:1'
                  args: [x, y]
                  env: [{name: A, value: '1'}, {name: B, value: '2'}, {name: C, value: '3'}]
                - {name: d, image: 'd:1'}
            """;

    private final Api api;

    StrategicMergeTest(Api api) {
        this.api = api;
    }

    record Merge(String name, String patch, String pointer, String expected) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Merge> merges() {
        String spec = "{template: {spec: %s}}";
        String container = spec.formatted("{containers: [{name: c, %s}]}");
        String containers = "/template/spec/containers";
        String env = containers + "/0/env";
        return Stream.of(
                new Merge("a-null-removes-a-key", "{metadata: {labels: {a: null}}}", "/metadata/labels", "{b: '2'}"),
                new Merge(
                        "a-map-is-replaced-on-demand",
                        "{metadata: {labels: {$patch: replace, c: '3'}}}",
                        "/metadata/labels",
                        "{c: '3'}"),
                new Merge(
                        "a-map-is-deleted-on-demand",
                        spec.formatted("{nodeSelector: {$patch: delete}}"),
                        "/template/spec/nodeSelector",
                        "null"),
                new Merge(
                        "an-item-of-a-known-key-is-merged",
                        container.formatted("env: [{name: B, value: '9'}]"),
                        env,
                        "[{name: A, value: '1'}, {name: B, value: '9'}, {name: C, value: '3'}]"),
                new Merge(
                        "items-come-in-the-order-of-the-patch",
                        container.formatted("env: [{name: D, value: '4'}, {name: A, value: '9'}]"),
                        env,
                        "[{name: D, value: '4'}, {name: A, value: '9'}, {name: B, value: '2'}, {name: C, value: '3'}]"),
                new Merge(
                        "an-item-is-deleted-by-its-key",
                        container.formatted("env: [{name: B, $patch: delete}]"),
                        env,
                        "[{name: A, value: '1'}, {name: C, value: '3'}]"),
                new Merge(
                        "what-is-not-there-can-be-deleted",
                        container.formatted("env: [{name: Z, $patch: delete}, {name: A, value: '9'}]"),
                        env,
                        "[{name: A, value: '9'}, {name: B, value: '2'}, {name: C, value: '3'}]"),
                new Merge(
                        "a-list-is-replaced-on-demand",
                        container.formatted("env: [{name: Z, value: '0'}, {$patch: replace}]"),
                        env,
                        "[{name: Z, value: '0'}]"),
                new Merge(
                        "an-order-moves-what-is-there",
                        container.formatted("$setElementOrder/env: [{name: C}, {name: A}, {name: B}]"),
                        env,
                        "[{name: C, value: '3'}, {name: A, value: '1'}, {name: B, value: '2'}]"),
                new Merge(
                        "an-order-places-what-is-new",
                        container.formatted("$setElementOrder/env: [{name: A}, {name: D}, {name: B}, {name: C}],"
                                + " env: [{name: D, value: '4'}]"),
                        env,
                        "[{name: A, value: '1'}, {name: D, value: '4'}, {name: B, value: '2'}, {name: C, value: '3'}]"),
                new Merge(
                        "only-retained-keys-stay",
                        spec.formatted("{volumes: [{name: v, $retainKeys: [name, hostPath], hostPath: {path: /v}}]}"),
                        "/template/spec/volumes/0",
                        "{name: v, hostPath: {path: /v, type: ''}}"),
                new Merge(
                        "without-retained-keys-both-would-be-set",
                        spec.formatted("{volumes: [{name: w, emptyDir: null, hostPath: {path: /v}}]}"),
                        "/template/spec/volumes/1",
                        "{name: w, hostPath: {path: /v, type: ''}}"),
                new Merge(
                        "values-are-deleted-from-a-list-of-values",
                        "{metadata: {$deleteFromPrimitiveList/finalizers: [example.com/a]}}",
                        "/metadata/finalizers",
                        "[example.com/b]"),
                new Merge(
                        "values-are-added-to-a-list-of-values",
                        "{metadata: {finalizers: [example.com/c, example.com/a]}}",
                        "/metadata/finalizers",
                        "[example.com/c, example.com/a, example.com/b]"),
                new Merge(
                        "values-are-ordered",
                        "{metadata: {$setElementOrder/finalizers: [example.com/b, example.com/a]}}",
                        "/metadata/finalizers",
                        "[example.com/b, example.com/a]"),
                new Merge(
                        "an-atomic-list-is-replaced", container.formatted("args: [z]"), containers + "/0/args", "[z]"));
    }

    @ParameterizedTest
    @MethodSource("merges")
    void directivesSayWhatBecomesOfMapsAndLists(Merge merge) {
        api.post(TEMPLATES, LIVE.formatted(merge.name())).ok();
        Answer merged =
                api.strategic(TEMPLATES + "/" + merge.name(), merge.patch()).ok();
        api.jsonPatch(TEMPLATES + "/" + merge.name(), "[{op: remove, path: /metadata/finalizers}]")
                .ok();

        if (merge.expected().equals("null")) {
            assertThat(merged.at(merge.pointer()).isMissingNode()).isTrue();
        } else {
            assertThat(merged.at(merge.pointer())).isEqualTo(Api.tree(merge.expected()));
        }
    }

    @Test
    void anItemWithoutItsKeyIsRefused() {
        api.post(TEMPLATES, LIVE.formatted("keyless")).ok();
        Answer refused = api.strategic(TEMPLATES + "/keyless", "{template: {spec: {containers: [{image: 'a:2'}]}}}");
        api.jsonPatch(TEMPLATES + "/keyless", "[{op: remove, path: /metadata/finalizers}]")
                .ok();

        assertThat(refused.code()).isEqualTo(500);
        assertThat(refused.message()).startsWith("map: map[image:a:2] does not contain declared merge key: name");
    }

    @Test
    void anUnknownDirectiveIsRefused() {
        api.post(TEMPLATES, LIVE.formatted("directive")).ok();
        Answer refused = api.strategic(TEMPLATES + "/directive", "{metadata: {labels: {$patch: keep}}}");
        api.jsonPatch(TEMPLATES + "/directive", "[{op: remove, path: /metadata/finalizers}]")
                .ok();

        assertThat(refused.code()).isEqualTo(500);
        assertThat(refused.message()).isEqualTo("unknown patch type: keep in map: map[$patch:keep]");
    }
}
