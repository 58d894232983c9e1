package dev.trimtab.sandbox.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Status bodies, whole. */
@Conformance
final class ErrorBodyTest {

    private static final String MAPS = "/api/v1/namespaces/{ns}/configmaps";

    private final Api api;

    ErrorBodyTest(Api api) {
        this.api = api;
    }

    @Test
    void anAbsentObject() {
        Answer answer = api.get(MAPS + "/absent");

        assertThat(answer.code()).isEqualTo(404);
        assertThat(answer.contentType()).isEqualTo("application/json");
        assertThat(answer.json()).isEqualTo(Api.tree("""
                        kind: Status
                        apiVersion: v1
                        metadata: {}
                        status: Failure
                        message: configmaps "absent" not found
                        reason: NotFound
                        details: {name: absent, kind: configmaps}
                        code: 404
                        """));
    }

    @Test
    void anAbsentObjectOfAGroup() {
        assertThat(api.get("/apis/apps/v1/namespaces/{ns}/deployments/absent").at("/details"))
                .isEqualTo(Api.tree("{name: absent, group: apps, kind: deployments}"));
    }

    @Test
    void anAbsentPathOfAServedVersion() {
        Answer answer = api.get("/api/v1/namespaces/{ns}/nothings/a");

        assertThat(answer.code()).isEqualTo(404);
        assertThat(answer.json()).isEqualTo(Api.tree("""
                        kind: Status
                        apiVersion: v1
                        metadata: {}
                        status: Failure
                        message: the server could not find the requested resource
                        reason: NotFound
                        details: {}
                        code: 404
                        """));
    }

    @Test
    void aCollectionCannotBePut() {
        Answer answer = api.put(MAPS, Api.tree("{apiVersion: v1, kind: ConfigMap}"));

        assertThat(answer.code()).isEqualTo(405);
        assertThat(answer.reason()).isEqualTo("MethodNotAllowed");
        assertThat(answer.message()).isEqualTo("the server does not allow this method on the requested resource");
    }

    @Test
    void anUnknownPatchType() {
        api.post(MAPS, "{apiVersion: v1, kind: ConfigMap, metadata: {name: media}}")
                .ok();
        Answer answer = api.send("PATCH", MAPS + "/media", "text/plain", "{}", Api.JSON);

        assertThat(answer.code()).isEqualTo(415);
        assertThat(answer.reason()).isEqualTo("UnsupportedMediaType");
        assertThat(answer.message()).isEqualTo("415: Unsupported Media Type");
    }

    @Test
    void anUnknownTypeOfAnObject() {
        Answer answer = api.send("POST", MAPS, "text/plain", "{}", Api.JSON);

        assertThat(answer.code()).isEqualTo(415);
        assertThat(answer.message())
                .isEqualTo("the body of the request was in an unknown format - accepted media types include:"
                        + " application/json, application/yaml, application/vnd.kubernetes.protobuf");
    }

    @Test
    void aBodyThatIsNotJson() {
        Answer answer = api.send("POST", MAPS, Api.JSON, "{broken", Api.JSON);

        assertThat(answer.code()).isEqualTo(400);
        assertThat(answer.reason()).isEqualTo("BadRequest");
    }

    @Test
    void aBodyOfAnotherKind() {
        Answer answer = api.post(MAPS, "{apiVersion: v1, kind: Secret, metadata: {name: kind}}");

        assertThat(answer.code()).isEqualTo(400);
        assertThat(answer.message())
                .isEqualTo("Secret in version \"v1\" cannot be handled as a ConfigMap: converting (v1.Secret) to"
                        + " (core.ConfigMap): unknown conversion");
    }

    @Test
    void aBodyOfAnotherNamespace() {
        Answer answer =
                api.post(MAPS, "{apiVersion: v1, kind: ConfigMap, metadata: {name: elsewhere, namespace: elsewhere}}");

        assertThat(answer.code()).isEqualTo(400);
        assertThat(answer.message())
                .isEqualTo("the namespace of the provided object does not match the namespace sent on the request");
    }

    @Test
    void aNameIsRequired() {
        Answer answer = api.post(MAPS, "{apiVersion: v1, kind: ConfigMap, metadata: {}}");

        assertThat(answer.code()).isEqualTo(422);
        assertThat(answer.json()).isEqualTo(Api.tree("""
                        kind: Status
                        apiVersion: v1
                        metadata: {}
                        status: Failure
                        message: 'ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required'
                        reason: Invalid
                        details:
                          kind: ConfigMap
                          causes:
                          - reason: FieldValueRequired
                            message: 'Required value: name or generateName is required'
                            field: metadata.name
                        code: 422
                        """));
    }

    @Test
    void anInvalidNameSaysWhatAValidOneIs() {
        Answer answer = api.post(MAPS, "{apiVersion: v1, kind: ConfigMap, metadata: {name: Not_Valid}}");

        assertThat(answer.code()).isEqualTo(422);
        assertThat(answer.message())
                .startsWith("ConfigMap \"Not_Valid\" is invalid: metadata.name: Invalid value: \"Not_Valid\": a"
                        + " lowercase RFC 1123 subdomain must consist of");
    }

    @Test
    void aValueOfTheWrongTypeNamesItsField() {
        Answer answer = api.post(
                "/apis/apps/v1/namespaces/{ns}/deployments",
                "{apiVersion: apps/v1, kind: Deployment, metadata: {name: type}, spec: {replicas: three}}");

        assertThat(answer.code()).isEqualTo(400);
        assertThat(answer.message())
                .isEqualTo(
                        "Deployment in version \"v1\" cannot be handled as a Deployment: json: cannot unmarshal string"
                                + " into Go struct field DeploymentSpec.spec.replicas of type int32");
    }

    @Test
    void requiredFieldsAreAllNamed() {
        Answer answer = api.post(
                "/apis/apps/v1/namespaces/{ns}/deployments",
                "{apiVersion: apps/v1, kind: Deployment, metadata: {name: required}, spec: {template: {metadata:"
                        + " {labels: {app: a}}, spec: {containers: [{name: c}]}}}}");

        assertThat(answer.code()).isEqualTo(422);
        assertThat(answer.at("/details/causes").findValuesAsText("field"))
                .contains("spec.selector", "spec.template.spec.containers[0].image");
    }

    @Test
    void aConfigMapIsOneMebibyteAtMost() {
        String value = "x".repeat(1024 * 1024 + 1);
        Answer answer =
                api.post(MAPS, "{apiVersion: v1, kind: ConfigMap, metadata: {name: long}, data: {a: " + value + "}}");

        assertThat(answer.code()).isEqualTo(422);
        assertThat(answer.message())
                .isEqualTo("ConfigMap \"long\" is invalid: []: Too long: may not be more than 1048576 bytes");
    }

    @Test
    void aCreationSaysNoVersion() {
        Answer answer =
                api.post(MAPS, "{apiVersion: v1, kind: ConfigMap, metadata: {name: version, resourceVersion: '5'}}");

        assertThat(answer.code()).isEqualTo(500);
        assertThat(answer.at("/reason").isMissingNode()).isTrue();
        assertThat(answer.message()).isEqualTo("resourceVersion should not be set on objects to be created");
    }

    @Test
    void aBodyOfNoKnownKind() {
        Answer answer = api.post(MAPS, "{apiVersion: v1, kind: Foo, metadata: {name: kind}}");

        assertThat(answer.code()).isEqualTo(400);
        assertThat(answer.message())
                .startsWith("Foo in version \"v1\" cannot be handled as a ConfigMap: no kind \"Foo\" is registered for"
                        + " version \"v1\"");
    }

    @Test
    void aBodyOfAnotherVersion() {
        Answer answer = api.post(
                "/apis/apps/v1/namespaces/{ns}/deployments",
                "{apiVersion: extensions/v1beta1, kind: Deployment, metadata: {name: version}}");

        assertThat(answer.code()).isEqualTo(400);
        assertThat(answer.message())
                .isEqualTo("the API version in the data (extensions/v1beta1) does not match the expected API version"
                        + " (apps/v1)");
    }

    @Test
    void anUnknownFieldInStrictValidation() {
        Answer answer = api.post(
                MAPS + "?fieldValidation=Strict",
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: strict}, foo: 1}");

        assertThat(answer.code()).isEqualTo(400);
        assertThat(answer.message())
                .isEqualTo(
                        "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: strict decoding error: unknown"
                                + " field \"foo\"");
    }

    /** What a patch makes of an object is refused as a patch, without saying whose. */
    @Test
    void aPatchToAWrongType() {
        api.post(MAPS, "{apiVersion: v1, kind: ConfigMap, metadata: {name: wrong}, data: {a: b}}")
                .ok();
        Answer answer = api.merge(MAPS + "/wrong", "{data: {a: 1}}");

        assertThat(answer.code()).isEqualTo(422);
        assertThat(answer.reason()).isEqualTo("Invalid");
        assertThat(answer.message())
                .startsWith(" \"\" is invalid: patch: Invalid value: \"{\\\"")
                .contains("\\\"data\\\":{\\\"a\\\":1}")
                .endsWith("json: cannot unmarshal number into Go struct field ConfigMap.data of type string");
        assertThat(answer.text("/details/causes/0/field")).isEqualTo("patch");
    }

    record Options(String method, String query, String message) {
        @Override
        public String toString() {
            return method + " " + query;
        }
    }

    static Stream<Options> options() {
        String dryRun = " \"\" is invalid: dryRun: Unsupported value: [\"yes\"]: supported values: \"All\"";
        return Stream.of(
                new Options("POST", "dryRun=yes", "CreateOptions.meta.k8s.io" + dryRun),
                new Options("PUT", "dryRun=yes", "UpdateOptions.meta.k8s.io" + dryRun),
                new Options("PATCH", "dryRun=yes", "PatchOptions.meta.k8s.io" + dryRun),
                new Options("DELETE", "dryRun=yes", "DeleteOptions.meta.k8s.io" + dryRun),
                new Options(
                        "POST",
                        "fieldValidation=yes",
                        "CreateOptions.meta.k8s.io \"\" is invalid: fieldValidation: Unsupported value: \"yes\": supported"
                                + " values: \"\", \"Ignore\", \"Strict\", \"Warn\""),
                new Options(
                        "PATCH",
                        "force=true",
                        "PatchOptions.meta.k8s.io \"\" is invalid: force: Forbidden: may not be specified for non-apply"
                                + " patch"),
                new Options(
                        "DELETE",
                        "propagationPolicy=Foo",
                        "DeleteOptions.meta.k8s.io \"\" is invalid: propagationPolicy: Unsupported value: \"Foo\": supported"
                                + " values: \"Foreground\", \"Background\", \"Orphan\", \"nil\""));
    }

    @ParameterizedTest
    @MethodSource("options")
    void optionsThatAreNotValidAreNamedByTheVerb(Options options) {
        boolean post = options.method().equals("POST");
        String type = options.method().equals("PATCH")
                ? Api.MERGE_PATCH
                : post || options.method().equals("PUT") ? Api.JSON : "";
        Answer answer = api.send(
                options.method(),
                MAPS + (post ? "?" : "/options?") + options.query(),
                type,
                type.isEmpty() ? "" : "{\"metadata\":{\"name\":\"options\"}}",
                Api.JSON);

        assertThat(answer.code()).isEqualTo(422);
        assertThat(answer.message()).isEqualTo(options.message());
    }
}
