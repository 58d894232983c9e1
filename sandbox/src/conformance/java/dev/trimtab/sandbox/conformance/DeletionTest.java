package dev.trimtab.sandbox.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a DELETE answers, and what holds an object back. */
@Conformance
final class DeletionTest {

    private static final String MAPS = "/api/v1/namespaces/{ns}/configmaps";

    private final Api api;

    DeletionTest(Api api) {
        this.api = api;
    }

    private Answer create(String metadata) {
        return api.post(MAPS, "{apiVersion: v1, kind: ConfigMap, metadata: " + metadata + "}")
                .ok();
    }

    @Test
    void aFinishedDeletionIsASuccessWithTheUid() {
        Answer created = create("{name: gone}");
        Answer deleted = api.delete(MAPS + "/gone", "{}").ok();

        assertThat(deleted.json()).isEqualTo(Api.tree("""
                        kind: Status
                        apiVersion: v1
                        metadata: {}
                        status: Success
                        details: {name: gone, kind: configmaps, uid: %s}
                        """.formatted(created.uid())));
        assertThat(api.get(MAPS + "/gone").code()).isEqualTo(404);
    }

    @Test
    void whatIsNotThereIsNotFound() {
        Answer refused = api.delete(MAPS + "/never", "{}");

        assertThat(refused.code()).isEqualTo(404);
        assertThat(refused.message()).isEqualTo("configmaps \"never\" not found");
    }

    @Test
    void aFinalizerKeepsTheObjectAndItsRemovalLetsItGo() {
        create("{name: held, finalizers: [example.com/hold]}");
        Answer deleting = api.delete(MAPS + "/held", "{}").ok();

        assertThat(deleting.text("/kind")).isEqualTo("ConfigMap");
        assertThat(deleting.text("/metadata/deletionTimestamp")).isNotEmpty();
        assertThat(deleting.at("/metadata/deletionGracePeriodSeconds").asInt(-1))
                .isZero();
        assertThat(api.merge(MAPS + "/held", "{metadata: {finalizers: null}}").code())
                .isEqualTo(200);
        assertThat(api.get(MAPS + "/held").code()).isEqualTo(404);
    }

    @Test
    void aFinalizerCannotBeAddedToWhatIsBeingDeleted() {
        create("{name: late, finalizers: [example.com/hold]}");
        api.delete(MAPS + "/late", "{}").ok();
        Answer refused = api.merge(MAPS + "/late", "{metadata: {finalizers: [example.com/hold, example.com/late]}}");

        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused.message())
                .isEqualTo("ConfigMap \"late\" is invalid: metadata.finalizers: Forbidden: no new finalizers can be"
                        + " added if the object is being deleted, found new finalizers []string{\"example.com/late\"}");
        api.merge(MAPS + "/late", "{metadata: {finalizers: null}}").ok();
    }

    @Test
    void foregroundAndOrphanAreFinalizers() {
        for (String policy : new String[] {"Foreground", "Orphan"}) {
            String name = policy.toLowerCase(Locale.ROOT);
            create("{name: " + name + ", finalizers: [example.com/hold]}");
            Answer deleting = api.delete(MAPS + "/" + name, "{propagationPolicy: " + policy + "}")
                    .ok();

            assertThat(deleting.at("/metadata/finalizers").toString())
                    .contains(policy.equals("Orphan") ? "\"orphan\"" : "\"foregroundDeletion\"");
            api.merge(MAPS + "/" + name, "{metadata: {finalizers: null}}").ok();
        }
    }

    @Test
    void anUnboundPodGoesAtOnce() {
        String pods = "/api/v1/namespaces/{ns}/pods";
        api.post(
                        pods,
                        "{apiVersion: v1, kind: Pod, metadata: {name: unbound}, spec: {schedulerName: nobody,"
                                + " containers: [{name: c, image: 'a:1'}]}}")
                .ok();
        Answer deleted = api.delete(pods + "/unbound", "{}").ok();

        assertThat(deleted.text("/kind")).isEqualTo("Pod");
        assertThat(api.get(pods + "/unbound").code()).isEqualTo(404);
    }

    @Test
    void aCollectionIsDeletedBySelector() {
        create("{name: some-1, labels: {t: some}}");
        create("{name: some-2, labels: {t: some}}");
        create("{name: some-3, labels: {t: others}}");
        Answer deleted = api.delete(MAPS + "?labelSelector=t%3Dsome", "{}").ok();

        assertThat(deleted.text("/kind")).isEqualTo("ConfigMapList");
        assertThat(deleted.at("/items").size()).isEqualTo(2);
        assertThat(api.get(MAPS + "/some-1").code()).isEqualTo(404);
        assertThat(api.get(MAPS + "/some-3").code()).isEqualTo(200);
    }

    @Test
    void aCollectionIsDeletedByFieldsToo() {
        create("{name: field-1, labels: {t: field}}");
        create("{name: field-2, labels: {t: field}}");
        Answer deleted = api.delete(MAPS + "?labelSelector=t%3Dfield&fieldSelector=metadata.name%3Dfield-2", "{}")
                .ok();

        assertThat(deleted.at("/items").size()).isEqualTo(1);
        assertThat(api.get(MAPS + "/field-1").code()).isEqualTo(200);
        assertThat(api.get(MAPS + "/field-2").code()).isEqualTo(404);
    }

    @Test
    void aCollectionIsDeletedPageByPage() {
        create("{name: page-1, labels: {t: page}}");
        create("{name: page-2, labels: {t: page}}");
        Answer deleted =
                api.delete(MAPS + "?labelSelector=t%3Dpage&limit=1", "{}").ok();

        assertThat(deleted.at("/items").size()).isEqualTo(1);
        assertThat(deleted.text("/metadata/continue")).isNotEmpty();
        assertThat(api.get(MAPS + "/page-1").code()).isEqualTo(404);
        assertThat(api.get(MAPS + "/page-2").code()).isEqualTo(200);
    }

    @Test
    void aDryRunOfACollectionDeletesNothing() {
        create("{name: dry, labels: {t: dry}}");
        Answer answer = api.send("DELETE", MAPS + "?labelSelector=t%3Ddry&dryRun=All", "", "", Api.JSON)
                .ok();

        assertThat(answer.at("/items").size()).isEqualTo(1);
        assertThat(api.get(MAPS + "/dry").code()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            labelSelector=a%20b     | 400 | unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt
            fieldSelector=data%3Da  | 400 | "data" is not a known field selector: only "metadata.name", "metadata.namespace"
            propagationPolicy=Foo   | 422 | DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: "Foo": supported values: "Foreground", "Background", "Orphan", "nil"
            """)
    void whatCannotBeReadDeletesNothing(String query, int code, String message) {
        create("{generateName: unread-, labels: {t: unread}}");
        Answer refused = api.send("DELETE", MAPS + "?" + query, "", "", Api.JSON);

        assertThat(refused.code()).isEqualTo(code);
        assertThat(refused.message()).isEqualTo(message);
        assertThat(api.get(MAPS + "?labelSelector=t%3Dunread").ok().at("/items").isEmpty())
                .isFalse();
    }

    @Test
    void namespacesAreDeletedOneByOne() {
        assertThat(api.send("DELETE", "/api/v1/namespaces?labelSelector=none%3Dx", "", "", Api.JSON)
                        .code())
                .isEqualTo(405);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            configmaps      | ConfigMap      | {}                              | Status
            secrets         | Secret         | {}                              | Status
            services        | Service        | {spec: {ports: [{port: 80}]}}   | Service
            serviceaccounts | ServiceAccount | {}                              | ServiceAccount
            podtemplates    | PodTemplate    | {template: {spec: {containers: [{name: c, image: 'a:1'}]}}} | PodTemplate
            """)
    void someKindsAreReturnedWhenTheyAreGone(String plural, String kind, String body, String returned) {
        String collection = "/api/v1/namespaces/{ns}/" + plural;
        ObjectNode object = (ObjectNode) Api.tree(body);
        object.put("apiVersion", "v1").put("kind", kind).putObject("metadata").put("name", "returned");
        api.send("POST", collection, Api.JSON, object.toString(), Api.JSON).ok();

        assertThat(api.delete(collection + "/returned", "{}").ok().text("/kind"))
                .isEqualTo(returned);
        assertThat(api.get(collection + "/returned").code()).isEqualTo(404);
    }

    @Test
    void aJobLeavesItsPodsBehindUnlessToldOtherwise() {
        String jobs = "/apis/batch/v1/namespaces/{ns}/jobs";
        api.post(
                        jobs,
                        "{apiVersion: batch/v1, kind: Job, metadata: {name: job, finalizers: [example.com/hold]}, spec:"
                                + " {suspend: true, template: {spec: {restartPolicy: Never, containers: [{name: c, image:"
                                + " 'a:1'}]}}}}")
                .ok();

        assertThat(api.delete(jobs + "/job", "{}").ok().at("/metadata/finalizers"))
                .contains(TextNode.valueOf("orphan"));
        api.merge(jobs + "/job", "{metadata: {finalizers: null}}").ok();
    }
}
