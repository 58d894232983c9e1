package dev.trimtab.kube;

import static dev.trimtab.kube.Objects.CONFIG_MAP;
import static dev.trimtab.kube.Objects.DEPLOYMENT;
import static dev.trimtab.kube.Objects.NAMESPACE;
import static dev.trimtab.kube.Objects.SECRET;
import static dev.trimtab.kube.Objects.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ApiErrorsTest {

    static Stream<Arguments> answers() {
        return Stream.of(
                arguments(CONFIG_MAP, 404, status("NotFound", "{kind:'configmaps',name:'a'}"), ErrorClass.NOT_FOUND),
                arguments(
                        CONFIG_MAP,
                        404,
                        status("NotFound", "{kind:'namespaces',name:'shop'}"),
                        ErrorClass.NAMESPACE_MISSING),
                arguments(NAMESPACE, 404, status("NotFound", "{kind:'namespaces',name:'shop'}"), ErrorClass.NOT_FOUND),
                arguments(CONFIG_MAP, 404, "404 page not found\n", ErrorClass.KIND_MISSING),
                arguments(CONFIG_MAP, 404, status("NotFound", "{}"), ErrorClass.KIND_MISSING),
                arguments(DEPLOYMENT, 409, status("Conflict", "{}"), ErrorClass.CONFLICT),
                arguments(DEPLOYMENT, 409, status("AlreadyExists", "{}"), ErrorClass.ALREADY_EXISTS),
                arguments(DEPLOYMENT, 410, status("Expired", "{}"), ErrorClass.GONE),
                arguments(DEPLOYMENT, 400, status("BadRequest", "{}"), ErrorClass.INVALID),
                arguments(DEPLOYMENT, 413, "", ErrorClass.INVALID),
                arguments(DEPLOYMENT, 415, "", ErrorClass.INVALID),
                arguments(DEPLOYMENT, 422, status("Invalid", "{}"), ErrorClass.INVALID),
                arguments(DEPLOYMENT, 401, "", ErrorClass.FORBIDDEN),
                arguments(DEPLOYMENT, 403, status("Forbidden", "{}"), ErrorClass.FORBIDDEN),
                arguments(
                        DEPLOYMENT,
                        403,
                        status("Forbidden", "{causes:[{reason:'NamespaceTerminating'}]}"),
                        ErrorClass.RETRY),
                arguments(DEPLOYMENT, 429, "", ErrorClass.RETRY),
                arguments(
                        DEPLOYMENT, 500, message("Internal error occurred: failed calling webhook"), ErrorClass.RETRY),
                arguments(
                        DEPLOYMENT,
                        500,
                        message("failed to create typed patch object (shop/web; apps/v1, Kind=Deployment):"
                                + " .spec.replica: field not declared in schema"),
                        ErrorClass.INVALID),
                arguments(
                        DEPLOYMENT,
                        500,
                        message("failed to convert new object (shop/web; apps/v1, Kind=Deployment)"),
                        ErrorClass.INVALID),
                arguments(CONFIG_MAP, 500, message("etcdserver: request is too large"), ErrorClass.INVALID),
                arguments(DEPLOYMENT, 501, "", ErrorClass.INVALID),
                arguments(DEPLOYMENT, 502, "<html>bad gateway</html>", ErrorClass.RETRY),
                arguments(DEPLOYMENT, 503, "", ErrorClass.RETRY),
                arguments(DEPLOYMENT, 504, status("Timeout", "{}"), ErrorClass.RETRY));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void anAnswerHasOneMeaning(ResourceType type, int code, String body, ErrorClass expected) {
        ApiException error = ApiErrors.of("apply it", Optional.of(type), reply(code, body));

        assertThat(error.errorClass()).isEqualTo(expected);
        assertThat(error.status()).isEqualTo(code);
    }

    @Test
    void errorNamesAttemptTextCodeAndReason() {
        String body =
                json("{kind:'Status',reason:'Invalid',message:'spec.replicas: Invalid value: -1: must not be negative',"
                                + "details:{causes:[{field:'spec.replicas',reason:'FieldValueInvalid',message:'Invalid value: -1'}]}}")
                        .toString();

        ApiException error = ApiErrors.of("apply Deployment shop/web", Optional.of(DEPLOYMENT), reply(422, body));

        assertThat(error)
                .hasMessage(
                        "apply Deployment shop/web: spec.replicas: Invalid value: -1: must not be negative (422 Invalid)");
        assertThat(error.causes())
                .containsExactly(new ApiException.Cause("spec.replicas", "FieldValueInvalid", "Invalid value: -1"));
    }

    static Stream<Arguments> secretTexts() {
        return Stream.of(
                arguments(
                        "failed to create typed patch object (d/s; /v1, Kind=Secret): .data.password: expected string, got"
                                + " &value.valueUnstructured{Value:[]interface {}{\"hunter2\"}}"),
                arguments("Secret \"s\" is invalid: data[password]: Invalid value: \"hunter2\": no"),
                arguments("json: cannot unmarshal hunter2 into Go struct field Secret.data"));
    }

    @ParameterizedTest
    @MethodSource("secretTexts")
    void errorAboutASecretHoldsNoValue(String text) {
        String body = json("{kind:'Status',reason:'Invalid',details:{causes:[{field:'data[password]',reason:'x'}]}}")
                .put("message", text)
                .toString();

        for (int code : List.of(400, 409, 422, 500)) {
            ApiException error = ApiErrors.of("apply Secret d/s", Optional.of(SECRET), reply(code, body));
            assertThat(error).hasMessageStartingWith("apply Secret d/s: the server refused the Secret");
            assertThat(error.toString() + error.causes()).doesNotContain("hunter2");
        }
    }

    @Test
    void ofASecretsCausesOnlyThatAFieldIsImmutableIsKept() {
        String body = json("{kind:'Status',reason:'Invalid',details:{causes:[{field:'type',reason:'FieldValueInvalid',"
                        + "message:'Invalid value: \"hunter2\": field is immutable'}]}}")
                .toString();

        assertThat(ApiErrors.of("apply Secret d/s", Optional.of(SECRET), reply(422, body))
                        .causes())
                .containsExactly(new ApiException.Cause("type", "FieldValueInvalid", "field is immutable"));
    }

    @Test
    void errorAboutASecretNamesTheKey() {
        String body = json("{kind:'Status'}")
                .put("message", "failed to create typed patch object: .data.password: expected string, got &value.x{}")
                .toString();

        assertThat(ApiErrors.of("apply Secret d/s", Optional.of(SECRET), reply(500, body)))
                .hasMessageContaining("at data.password");
    }

    static Stream<Arguments> dumps() {
        return Stream.of(
                arguments(
                        ".spec.template.spec.containers: expected list, got &value.v{Value:map[string]interface {}{\"env\":\"hunter2\"}}",
                        ".spec.template.spec.containers: expected list, got (value withheld)"),
                arguments(
                        "spec.template: Invalid value: core.PodTemplateSpec{Spec:core.PodSpec{Env:\"hunter2\"}}: field is immutable",
                        "spec.template: Invalid value: (value withheld): field is immutable"),
                arguments(
                        "spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`\n"
                                + "  core.PodSpec{ Env: \"hunter2\" }",
                        "spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`"),
                arguments(
                        "spec.x: Invalid value: \"" + "hunter2".repeat(12) + "\": too long",
                        "spec.x: Invalid value: (value withheld): too long"),
                arguments(
                        "spec.x: Invalid value: \"Web\": must be lower case",
                        "spec.x: Invalid value: \"Web\": must be lower case"));
    }

    @ParameterizedTest
    @MethodSource("dumps")
    void dumpsOfValuesAreTakenOutOfEveryError(String text, String told) {
        assertThat(Redaction.message(text)).isEqualTo(told);
    }

    private static String status(String reason, String details) {
        return json("{kind:'Status',status:'Failure',message:'no',reason:'" + reason + "',details:" + details + "}")
                .toString();
    }

    private static String message(String message) {
        return json("{kind:'Status'}").put("message", message).toString();
    }

    private static Reply reply(int code, String body) {
        return new Reply(code, body, List.of(), Optional.empty());
    }
}
