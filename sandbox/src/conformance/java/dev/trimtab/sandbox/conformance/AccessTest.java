package dev.trimtab.sandbox.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What roles and bindings let people do. Each test has a user of its own, for whom the administrator speaks. */
@Conformance
final class AccessTest {

    private static final String RBAC = "/apis/rbac.authorization.k8s.io/v1/";
    private static final String ROLES = RBAC + "namespaces/{ns}/roles";
    private static final String BINDINGS = RBAC + "namespaces/{ns}/rolebindings";
    private static final String MAPS = "/api/v1/namespaces/{ns}/configmaps";
    private static final String REVIEWS = "/apis/authorization.k8s.io/v1/";

    private final Api api;
    private String user = "";

    AccessTest(Api api) {
        this.api = api;
    }

    @BeforeEach
    void name(TestInfo test) {
        user = api.namespace() + "-"
                + test.getTestMethod().orElseThrow().getName().toLowerCase(Locale.ROOT);
    }

    private Api theUser() {
        return api.as(user);
    }

    /** A role of the user's name with these rules, bound to somebody. */
    private void grant(String rules, String subject) {
        api.post(
                        ROLES,
                        "{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: " + user + "}, rules: "
                                + rules + "}")
                .ok();
        api.post(
                        BINDINGS,
                        "{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: " + user
                                + "}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: " + user
                                + "}, subjects: [" + subject + "]}")
                .ok();
    }

    private void grant(String rules) {
        grant(rules, "{apiGroup: rbac.authorization.k8s.io, kind: User, name: " + user + "}");
    }

    /** A real server learns of roles by watching them. */
    private void awaitAllowed(Api who, String path) {
        await().until(() -> who.get(path).code() != 403);
    }

    @Test
    void aRoleAllowsWhatItSaysAndNothingElse() {
        grant("[{apiGroups: [''], resources: [configmaps], verbs: [get]}]");
        awaitAllowed(theUser(), MAPS + "/absent");

        assertThat(theUser().get(MAPS + "/absent").code()).isEqualTo(404);
        assertThat(theUser().get(MAPS).message())
                .isEqualTo("configmaps is forbidden: User \"" + user + "\" cannot list resource \"configmaps\" in API"
                        + " group \"\" in the namespace \"" + api.namespace() + "\"");
        assertThat(theUser().get("/api/v1/namespaces/default/configmaps/a").code())
                .isEqualTo(403);
        assertThat(theUser().delete(MAPS + "/absent", "{}").code()).isEqualTo(403);
    }

    @Test
    void aRuleMayBeForSomeNamesOnly() {
        grant("[{apiGroups: [''], resources: [configmaps], resourceNames: [mine], verbs: [get, list]}]");
        awaitAllowed(theUser(), MAPS + "/mine");

        assertThat(theUser().get(MAPS + "/mine").code()).isEqualTo(404);
        assertThat(theUser().get(MAPS + "/other").code()).isEqualTo(403);
        assertThat(theUser().get(MAPS).code()).isEqualTo(403);
        assertThat(theUser().get(MAPS + "?fieldSelector=metadata.name%3Dmine").code())
                .isEqualTo(200);
    }

    @Test
    void aSubresourceIsNamedWithItsResource() {
        grant("[{apiGroups: [apps], resources: [deployments], verbs: ['*']}]");
        awaitAllowed(theUser(), "/apis/apps/v1/namespaces/{ns}/deployments/web");

        assertThat(theUser()
                        .get("/apis/apps/v1/namespaces/{ns}/deployments/web/scale")
                        .json())
                .isEqualTo(Api.tree("""
                        kind: Status
                        apiVersion: v1
                        metadata: {}
                        status: Failure
                        message: 'deployments.apps "web" is forbidden: User "%s" cannot get resource "deployments/scale" in API group "apps" in the namespace "%s"'
                        reason: Forbidden
                        details: {name: web, group: apps, kind: deployments}
                        code: 403
                        """.formatted(user, api.namespace())));
    }

    @Test
    void whatIsInNoNamespaceIsAtTheScopeOfTheCluster() {
        assertThat(theUser().get("/api/v1/nodes").message())
                .isEqualTo("nodes is forbidden: User \"" + user
                        + "\" cannot list resource \"nodes\" in API group \"\" at the cluster scope");
        assertThat(theUser().get("/api/v1/namespaces/{ns}").message())
                .isEqualTo("namespaces \"" + api.namespace() + "\" is forbidden: User \"" + user
                        + "\" cannot get resource \"namespaces\" in API group \"\" in the namespace \""
                        + api.namespace() + "\"");
    }

    @Test
    void aPathThatIsNoResourceIsForbiddenAsAPath() {
        assertThat(theUser().get("/no/such/path").json()).isEqualTo(Api.tree("""
                        kind: Status
                        apiVersion: v1
                        metadata: {}
                        status: Failure
                        message: 'forbidden: User "%s" cannot get path "/no/such/path"'
                        reason: Forbidden
                        details: {}
                        code: 403
                        """.formatted(user)));
    }

    @ParameterizedTest
    @CsvSource({"/api", "/apis", "/apis/apps/v1", "/openapi/v3", "/version", "/readyz"})
    void whoIsKnownMayFindOut(String path) {
        assertThat(theUser().get(path).code()).isEqualTo(200);
    }

    @Test
    void anApplyThatFindsNothingHasToBeAllowedToCreate() {
        grant("[{apiGroups: [''], resources: [configmaps], verbs: [get, patch]}]");
        awaitAllowed(theUser(), MAPS + "/absent");
        String map = "{apiVersion: v1, kind: ConfigMap, metadata: {name: %s}, data: {a: '1'}}";
        api.apply(MAPS + "/present", "admin", map.formatted("present")).ok();

        Answer refused = theUser().apply(MAPS + "/absent", "ours", map.formatted("absent"));

        assertThat(refused.code()).isEqualTo(403);
        assertThat(refused.message())
                .isEqualTo("configmaps \"absent\" is forbidden: User \"" + user
                        + "\" cannot create resource \"configmaps\" in API group \"\" in the namespace \""
                        + api.namespace() + "\"");
        assertThat(theUser()
                        .apply(MAPS + "/present", "ours", map.formatted("present"))
                        .code())
                .isEqualTo(200);
    }

    @Test
    void aGroupAndAServiceAccountAreSubjectsToo() {
        grant(
                "[{apiGroups: [''], resources: [configmaps], verbs: [list]}]",
                "{apiGroup: rbac.authorization.k8s.io, kind: Group, name: " + user + "-people},"
                        + " {kind: ServiceAccount, name: robot, namespace: " + api.namespace() + "}");
        Api member = api.as("somebody", user + "-people");
        awaitAllowed(member, MAPS);

        assertThat(member.get(MAPS).code()).isEqualTo(200);
        assertThat(api.as("system:serviceaccount:" + api.namespace() + ":robot")
                        .get(MAPS)
                        .code())
                .isEqualTo(200);
        assertThat(api.as("somebody").get(MAPS).code()).isEqualTo(403);
    }

    @Test
    void aReviewTellsByWhichRoleSomethingIsAllowed() {
        grant("[{apiGroups: [''], resources: [configmaps], verbs: [list]}]");
        awaitAllowed(theUser(), MAPS);
        String attributes = "{verb: %s, resource: configmaps, namespace: " + api.namespace() + "}";

        assertThat(theUser()
                        .post(
                                REVIEWS + "selfsubjectaccessreviews",
                                "{apiVersion: authorization.k8s.io/v1, kind: SelfSubjectAccessReview, spec:"
                                        + " {resourceAttributes: " + attributes.formatted("list") + "}}")
                        .at("/status"))
                .isEqualTo(Api.tree("{allowed: true, reason: 'RBAC: allowed by RoleBinding \"" + user + "/"
                        + api.namespace() + "\" of Role \"" + user + "\" to User \"" + user + "\"'}"));
        assertThat(api.post(
                                REVIEWS + "subjectaccessreviews",
                                "{apiVersion: authorization.k8s.io/v1, kind: SubjectAccessReview, spec: {user: " + user
                                        + ", resourceAttributes: " + attributes.formatted("delete") + "}}")
                        .at("/status"))
                .isEqualTo(Api.tree("{allowed: false}"));
    }

    @Test
    void whoSpeaksForAnotherIsTheOther() {
        ObjectNode review = api.as(user, "people")
                .post(
                        "/apis/authentication.k8s.io/v1/selfsubjectreviews",
                        "{apiVersion: authentication.k8s.io/v1, kind: SelfSubjectReview}")
                .ok()
                .json();

        assertThat(review.at("/status/userInfo"))
                .isEqualTo(Api.tree("{username: " + user + ", groups: [people, 'system:authenticated']}"));
    }
}
