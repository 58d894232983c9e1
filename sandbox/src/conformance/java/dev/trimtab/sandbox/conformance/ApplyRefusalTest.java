package dev.trimtab.sandbox.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Applies that the server does not take, and how it says so. */
@Conformance
final class ApplyRefusalTest {

    private static final String MAPS = "/api/v1/namespaces/{ns}/configmaps";

    private final Api api;

    ApplyRefusalTest(Api api) {
        this.api = api;
    }

    @Test
    void anUnknownFieldOfATypedKindIsAServerErrorThatNamesIt() {
        Answer refused = api.apply("/apis/apps/v1/namespaces/{ns}/deployments/typo", "ours", """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: typo}
                spec:
                  replicas: 0
                  selector: {matchLabels: {app: a}}
                  template:
                    metadata: {labels: {app: a}}
                    spec: {containers: [{name: c, image: 'a:1', imagePulPolicy: Always}]}
                """);

        assertThat(refused.code()).isEqualTo(500);
        assertThat(refused.at("/reason").isMissingNode()).isTrue();
        assertThat(refused.message())
                .isEqualTo("failed to create typed patch object (/typo; apps/v1, Kind=Deployment):"
                        + " .spec.template.spec.containers[name=\"c\"].imagePulPolicy: field not declared in schema");
    }

    @Test
    void aFieldManagerIsRequired() {
        Answer refused = api.patch(
                MAPS + "/nobody", Api.APPLY_PATCH, "{apiVersion: v1, kind: ConfigMap, metadata: {name: nobody}}");

        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused.reason()).isEqualTo("Invalid");
        assertThat(refused.message())
                .isEqualTo("PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for"
                        + " apply patch");
    }

    @Test
    void managedFieldsMustNotBeApplied() {
        Answer refused = api.apply(
                MAPS + "/managed",
                "ours",
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: managed, managedFields: [{manager: a}]}}");

        assertThat(refused.code()).isEqualTo(400);
        assertThat(refused.reason()).isEqualTo("BadRequest");
        assertThat(refused.message()).isEqualTo("metadata.managedFields must be nil");
    }

    @Test
    void theNameInTheBodyIsTheOneInThePath() {
        Answer refused =
                api.apply(MAPS + "/one", "ours", "{apiVersion: v1, kind: ConfigMap, metadata: {name: another}}");

        assertThat(refused.code()).isEqualTo(400);
        assertThat(refused.message())
                .isEqualTo("the name of the object (another) does not match the name on the URL (one)");
    }

    @Test
    void anAbsentNamespaceIsA404OfKindNamespaces() {
        Answer refused = api.apply(
                "/api/v1/namespaces/nowhere-at-all/configmaps/a",
                "ours",
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}");

        assertThat(refused.code()).isEqualTo(404);
        assertThat(refused.message()).isEqualTo("namespaces \"nowhere-at-all\" not found");
        assertThat(refused.at("/details")).isEqualTo(Api.tree("{name: nowhere-at-all, kind: namespaces}"));
    }

    @Test
    void anAbsentKindIsA404InPlainText() {
        Answer refused = api.apply(
                "/apis/absent.example.com/v1/namespaces/{ns}/things/a",
                "ours",
                "{apiVersion: absent.example.com/v1, kind: Thing, metadata: {name: a}}");

        assertThat(refused.code()).isEqualTo(404);
        assertThat(refused.contentType()).startsWith("text/plain");
        assertThat(refused.body()).isEqualTo("404 page not found\n");
    }

    @Test
    void aStaleResourceVersionInTheBodyIsAConflictWithoutCauses() {
        api.apply(MAPS + "/stale", "ours", "{apiVersion: v1, kind: ConfigMap, metadata: {name: stale}, data: {a: '1'}}")
                .ok();
        Answer refused = api.apply(
                MAPS + "/stale",
                "ours",
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: stale, resourceVersion: '1'}, data: {a: '2'}}");

        assertThat(refused.code()).isEqualTo(409);
        assertThat(refused.message())
                .isEqualTo("Operation cannot be fulfilled on configmaps \"stale\": the object has been modified; please"
                        + " apply your changes to the latest version and try again");
        assertThat(refused.at("/details/causes").isMissingNode()).isTrue();
    }

    @Test
    void anotherUidIsInvalidAndSaysSoTwice() {
        api.apply(MAPS + "/uid", "ours", "{apiVersion: v1, kind: ConfigMap, metadata: {name: uid}}")
                .ok();
        Answer refused = api.apply(
                MAPS + "/uid",
                "ours",
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: uid, uid: 0e7b1b5e-0000-0000-0000-000000000000}}");

        String immutable = "Invalid value: \"0e7b1b5e-0000-0000-0000-000000000000\": field is immutable";
        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused.message()).isEqualTo("ConfigMap \"uid\" is invalid: metadata.uid: " + immutable);
        assertThat(refused.at("/details/causes").findValuesAsText("message")).containsExactly(immutable, immutable);
    }

    @Test
    void theNamespaceOfAnUnknownFieldIsTheOneInTheBody() {
        Answer refused = api.apply(
                MAPS + "/typo",
                "ours",
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: typo, namespace: " + api.namespace()
                        + "}, foo: 1}");

        assertThat(refused.message())
                .isEqualTo("failed to create typed patch object (" + api.namespace()
                        + "/typo; /v1, Kind=ConfigMap): .foo: field not declared in schema");
    }

    @Test
    void anotherKindIsRefused() {
        Answer refused = api.apply(MAPS + "/kind", "ours", "{apiVersion: v1, kind: Secret, metadata: {name: kind}}");

        assertThat(refused.code()).isEqualTo(400);
        assertThat(refused.message()).isEqualTo("invalid object type: /v1, Kind=Secret");
    }

    @Test
    void anUidOfAnObjectThatIsNotThereIsAConflict() {
        Answer refused = api.apply(
                MAPS + "/ghost",
                "ours",
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: ghost, uid: 0e7b1b5e-0000-0000-0000-000000000000}}");

        assertThat(refused.code()).isEqualTo(409);
        assertThat(refused.message())
                .isEqualTo("Operation cannot be fulfilled on configmaps \"ghost\": uid mismatch: the provided object"
                        + " specified uid 0e7b1b5e-0000-0000-0000-000000000000, and no existing object was found");
    }

    /** Its value is in the message: whoever logs it tells the secret. */
    @Test
    void aWrongTypeIsAServerErrorThatQuotesTheValue() {
        Answer refused = api.apply(
                "/api/v1/namespaces/{ns}/secrets/leak",
                "ours",
                "{apiVersion: v1, kind: Secret, metadata: {name: leak}, stringData: {a: [hunter2]}}");

        assertThat(refused.code()).isEqualTo(500);
        assertThat(refused.message()).contains("hunter2");
    }
}
