package dev.trimtab.sandbox.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Writes that lose a race, and preconditions of writes. */
@Conformance
final class OptimisticLockTest {

    private static final String MAPS = "/api/v1/namespaces/{ns}/configmaps";
    private static final String MODIFIED =
            "the object has been modified; please apply your changes to the latest version and try again";
    private static final String NO_UID = "0e7b1b5e-0000-0000-0000-000000000000";

    private final Api api;

    OptimisticLockTest(Api api) {
        this.api = api;
    }

    private Answer create(String name) {
        return api.post(MAPS, "{apiVersion: v1, kind: ConfigMap, metadata: {name: " + name + "}, data: {a: '1'}}")
                .ok();
    }

    @Test
    void anUpdateOfAnOldVersionIsAConflict() {
        Answer old = create("old");
        api.merge(MAPS + "/old", "{data: {a: '2'}}").ok();
        ObjectNode update = old.json();
        update.withObject("data").put("b", "3");
        Answer refused = api.put(MAPS + "/old", update);

        assertThat(refused.code()).isEqualTo(409);
        assertThat(refused.json()).isEqualTo(Api.tree("""
                        kind: Status
                        apiVersion: v1
                        metadata: {}
                        status: Failure
                        message: 'Operation cannot be fulfilled on configmaps "old": %s'
                        reason: Conflict
                        details: {name: old, kind: configmaps}
                        code: 409
                        """.formatted(MODIFIED)));
    }

    @Test
    void anUpdateWithoutAVersionIsUnconditional() {
        ObjectNode update = create("unconditional").json();
        update.withObject("metadata").remove("resourceVersion");
        update.withObject("data").put("a", "2");

        assertThat(api.put(MAPS + "/unconditional", update).ok().text("/data/a"))
                .isEqualTo("2");
    }

    @Test
    void anUpdateThatChangesNothingKeepsTheVersion() {
        Answer created = create("nothing");

        assertThat(api.put(MAPS + "/nothing", created.json()).ok().resourceVersion())
                .isEqualTo(created.resourceVersion());
    }

    @Test
    void anUpdateOfAnotherUidIsAConflict() {
        ObjectNode update = create("uid").json();
        update.withObject("metadata").put("uid", NO_UID).remove("resourceVersion");
        Answer refused = api.put(MAPS + "/uid", update);

        assertThat(refused.code()).isEqualTo(409);
        assertThat(refused.message())
                .startsWith("Operation cannot be fulfilled on configmaps \"uid\": ")
                .endsWith("Precondition failed: UID in precondition: " + NO_UID + ", UID in object meta: "
                        + api.get(MAPS + "/uid").uid());
    }

    @Test
    void aPatchThatSaysAnOldVersionIsAConflict() {
        create("patch");
        Answer refused = api.merge(MAPS + "/patch", "{metadata: {resourceVersion: '1'}, data: {a: '2'}}");

        assertThat(refused.code()).isEqualTo(409);
        assertThat(refused.message()).isEqualTo("Operation cannot be fulfilled on configmaps \"patch\": " + MODIFIED);
    }

    @Test
    void aJsonPatchWhoseTestFailsIsInvalid() {
        create("test");
        Answer refused = api.jsonPatch(
                MAPS + "/test", "[{op: test, path: /data/a, value: 'x'}, {op: replace, path: /data/a, value: 'y'}]");

        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused.reason()).isEqualTo("Invalid");
        assertThat(refused.message()).isEqualTo("the server rejected our request due to an error in our request");
        assertThat(api.get(MAPS + "/test").text("/data/a")).isEqualTo("1");
    }

    @Test
    void aJsonPatchReplacesWhatIsNotThereAsIfItAddedIt() {
        create("replace");

        assertThat(api.jsonPatch(MAPS + "/replace", "[{op: replace, path: /data/b, value: '2'}]")
                        .ok()
                        .text("/data/b"))
                .isEqualTo("2");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            remove  | {op: remove, path: /data/b}
            parent  | {op: add, path: /binaryData/b, value: YQ==}
            replace | {op: replace, path: /binaryData/b, value: YQ==}
            verb    | {op: wish, path: /data/a}
            """)
    void aJsonPatchThatDoesNotFitIsInvalid(String name, String operation) {
        create("unfit-" + name);
        Answer refused = api.jsonPatch(MAPS + "/unfit-" + name, "[" + operation + "]");

        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused.message()).isEqualTo("the server rejected our request due to an error in our request");
    }

    @Test
    void aJsonPatchIsAList() {
        create("list");
        Answer refused = api.jsonPatch(MAPS + "/list", "{op: add}");

        assertThat(refused.code()).isEqualTo(400);
        assertThat(refused.message())
                .isEqualTo("error decoding patch: json: cannot unmarshal object into Go value of type"
                        + " []handlers.jsonPatchOp");
    }

    @Test
    void aCreationOverAnExistingNameIsRefused() {
        create("exists");
        Answer refused = api.post(MAPS, "{apiVersion: v1, kind: ConfigMap, metadata: {name: exists}}");

        assertThat(refused.code()).isEqualTo(409);
        assertThat(refused.reason()).isEqualTo("AlreadyExists");
        assertThat(refused.message()).isEqualTo("configmaps \"exists\" already exists");
        assertThat(refused.at("/details")).isEqualTo(Api.tree("{name: exists, kind: configmaps}"));
    }

    @Test
    void aDeletionOfAnotherUidIsAConflict() {
        String uid = create("other").uid();
        Answer refused = api.delete(MAPS + "/other", "{preconditions: {uid: " + NO_UID + "}}");

        assertThat(refused.code()).isEqualTo(409);
        assertThat(refused.reason()).isEqualTo("Conflict");
        assertThat(refused.message())
                .isEqualTo("Operation cannot be fulfilled on ConfigMap \"other\": the UID in the precondition ("
                        + NO_UID + ") does not match the UID in record (" + uid + "). The object might have been"
                        + " deleted and then recreated");
    }

    @Test
    void aDeletionOfAnotherVersionIsAConflict() {
        String version = create("version").resourceVersion();
        Answer refused = api.delete(MAPS + "/version", "{preconditions: {resourceVersion: '1'}}");

        assertThat(refused.code()).isEqualTo(409);
        assertThat(refused.message())
                .isEqualTo("Operation cannot be fulfilled on ConfigMap \"version\": the ResourceVersion in the"
                        + " precondition (1) does not match the ResourceVersion in record (" + version
                        + "). The object might have been modified");
    }
}
