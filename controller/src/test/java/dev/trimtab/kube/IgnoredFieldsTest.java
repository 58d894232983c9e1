package dev.trimtab.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.render.Written;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IgnoredFieldsTest {

    private static final String MANAGER = "trimtab-demo";

    @ParameterizedTest(name = "{0} of {1} leaves {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "/spec/replicas | {spec: {replicas: 2, paused: true}} | {spec: {paused: true}}",
                "/spec/replicas | {spec: {paused: true}} | {spec: {paused: true}}",
                "/spec/replicas | {kind: A, spec: {replicas: 2}} | {kind: A}",
                "/metadata/annotations/a~1b | {metadata: {annotations: {a/b: x, c: y}}} | {metadata: {annotations: {c: y}}}",
                "/spec/c/[name=app]/image | {spec: {c: [{name: app, image: i}, {name: side, image: i}]}} | {spec: {c: [{name: app}, {name: side, image: i}]}}",
                "/spec/c/[name=side] | {spec: {c: [{name: app}, {name: side, image: i}]}} | {spec: {c: [{name: app}]}}",
                "/spec/c/[name=app] | {kind: A, spec: {c: [{name: app}]}} | {kind: A}",
                "/spec/p/[port=80]/n | {spec: {p: [{port: 80, n: 1}, {port: 81, n: 1}]}} | {spec: {p: [{port: 80}, {port: 81, n: 1}]}}",
                "/data/0 | {data: {'0': a, b: c}} | {data: {b: c}}",
            })
    void anIgnoredFieldIsNotSent(String path, String object, String rest) {
        ObjectNode written = Written.object(object);
        ObjectNode before = written.deepCopy();

        assertThat(ignored(path).without(written)).isEqualTo(Written.object(rest));
        assertThat(written).isEqualTo(before);
    }

    @ParameterizedTest(name = "{0} of {2} into {1} is {3}")
    @CsvSource(
            delimiter = '|',
            value = {
                "/spec/replicas | {spec: {replicas: 2}} | {spec: {replicas: 5}} | {spec: {replicas: 5}}",
                "/spec/replicas | {kind: A} | {spec: {replicas: 5}} | {kind: A, spec: {replicas: 5}}",
                "/spec/replicas | {kind: A, spec: {replicas: 2}} | {kind: A} | {kind: A}",
                "/c/[name=app]/image | {c: [{name: app, image: i}]} | {c: [{name: side, image: s}, {name: app, image: j}]} | {c: [{name: app, image: j}]}",
                "/c/[name=app]/image | {c: [{name: app, image: i}]} | {c: []} | {c: [{name: app, image: i}]}",
                "/c/[name=side] | {c: [{name: app}]} | {c: [{name: side, image: s}]} | {c: [{name: app}, {name: side, image: s}]}",
                "/c/[name=side] | {c: [{name: side, image: t}, {name: app}]} | {c: [{name: side, image: s}]} | {c: [{name: side, image: s}, {name: app}]}",
            })
    void anIgnoredFieldCanBeTakenFromTheLiveObject(String path, String object, String live, String result) {
        assertThat(ignored(path).asIn(Written.object(live), Written.object(object)))
                .isEqualTo(Written.object(result));
    }

    @ParameterizedTest(name = "{0} of {1} leaves {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "/spec/replicas | {'f:spec': {'f:replicas': {}, 'f:paused': {}}} | {'f:spec': {'f:paused': {}}}",
                "/spec/replicas | {'f:kind': {}, 'f:spec': {'f:replicas': {}}} | {'f:kind': {}}",
                "/m/a | {'f:m': {'.': {}, 'f:a': {}}, 'f:n': {}} | {'f:n': {}}",
                "/m | {'f:m': {'.': {}, 'f:a': {}}, 'f:n': {}} | {'f:n': {}}",
                "/c/[name=app]/image | {'f:c': {'k:{\"name\":\"app\"}': {'.': {}, 'f:name': {}, 'f:image': {}}}} | {'f:c': {'k:{\"name\":\"app\"}': {'.': {}, 'f:name': {}}}}",
                "/c/[name=app] | {'f:d': {}, 'f:c': {'k:{\"name\":\"app\"}': {'.': {}, 'f:name': {}}}} | {'f:d': {}}",
            })
    void ownershipIsGivenUpAsAnApplyWithoutTheFieldWould(String path, String owned, String rest) {
        ObjectNode live = live(owned);

        assertThat(ignored(path).ownedBy(live.path("metadata"), MANAGER)).hasSize(1);
        ObjectNode released =
                (ObjectNode) ignored(path).release(live, MANAGER).orElseThrow().at("/0/value/0/fieldsV1");
        assertThat(released).isEqualTo(Written.object(rest));
    }

    @Test
    void whatIsNotOursNeedsNoRelease() {
        assertThat(ignored("/spec/replicas").release(live("{'f:spec': {'f:paused': {}}}"), MANAGER))
                .isEmpty();
    }

    @Test
    void partOfAListThatIsOwnedAsAWholeIsSentAsItIs() {
        ObjectNode live = live("{'f:spec': {'f:c': {}}}");
        live.setAll(Written.object("{spec: {c: [{name: app, image: live}]}}"));
        ObjectNode desired = Written.object("{spec: {c: [{name: app, image: git, env: []}], n: 1}}");

        ObjectNode sent = ignored("/spec/c/[name=app]/image", "/spec/n").toApply(live, desired, MANAGER);

        assertThat(sent).isEqualTo(Written.object("{spec: {c: [{name: app, image: live, env: []}]}}"));
        assertThat(ignored("/spec/c/[name=app]/image").ownedBy(live.path("metadata"), MANAGER))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "spec/replicas, begins with a slash",
        "/spec/, does not end with one",
        "/spec//a, is empty",
        "/spec/containers/0/image, no lasting number",
        "/spec/containers/[name=app]/name, cannot be left out",
    })
    void aPointerThatCannotBeMeantIsRefused(String path, String reason) {
        assertThatThrownBy(() -> FieldPointer.parse(path))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }

    private static IgnoredFields ignored(String... paths) {
        return new IgnoredFields(
                List.of(paths).stream().map(FieldPointer::parse).toList());
    }

    private static ObjectNode live(String owned) {
        ObjectNode object = Written.object("{metadata: {resourceVersion: '7', managedFields: [{manager: " + MANAGER
                + ", operation: Apply, apiVersion: v1, fieldsType: FieldsV1}]}}");
        ((ObjectNode) object.at("/metadata/managedFields/0")).set("fieldsV1", Written.object(owned));
        return object;
    }
}
