package dev.trimtab.sandbox.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.trimtab.sandbox.judge.Part;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What becomes of dependents when their owner is deleted. */
@Conformance
@Needs(Part.CONTROLLERS)
final class PropagationTest {

    private static final String MAPS = "/api/v1/namespaces/{ns}/configmaps";

    private final Api api;

    PropagationTest(Api api) {
        this.api = api;
    }

    private Answer owner(String name) {
        return api.post(MAPS, "{apiVersion: v1, kind: ConfigMap, metadata: {name: " + name + "}}")
                .ok();
    }

    private void dependent(String name, Answer owner, String more) {
        api.post(
                        MAPS,
                        "{apiVersion: v1, kind: ConfigMap, metadata: {name: " + name + more
                                + ", ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: "
                                + owner.text("/metadata/name") + ", uid: " + owner.uid()
                                + ", blockOwnerDeletion: true}]}}")
                .ok();
    }

    private int code(String name) {
        return api.get(MAPS + "/" + name).code();
    }

    @Test
    void inTheBackgroundTheOwnerGoesFirst() {
        dependent("background-child", owner("background"), "");
        Answer deleted = api.delete(MAPS + "/background", "{propagationPolicy: Background}")
                .ok();

        assertThat(deleted.text("/status")).isEqualTo("Success");
        assertThat(code("background")).isEqualTo(404);
        await().atMost(Duration.ofSeconds(20)).until(() -> code("background-child") == 404);
    }

    @Test
    void inTheForegroundTheOwnerWaitsForDependentsThatBlockIt() {
        dependent("foreground-child", owner("foreground"), ", finalizers: [example.com/hold]");
        Answer deleting = api.delete(MAPS + "/foreground", "{propagationPolicy: Foreground}")
                .ok();

        assertThat(deleting.at("/metadata/finalizers")).isEqualTo(Api.tree("[foregroundDeletion]"));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> !api.get(MAPS + "/foreground-child")
                        .at("/metadata/deletionTimestamp")
                        .isMissingNode());
        assertThat(code("foreground")).isEqualTo(200);
        api.merge(MAPS + "/foreground-child", "{metadata: {finalizers: null}}").ok();
        await().atMost(Duration.ofSeconds(20)).until(() -> code("foreground") == 404);
    }

    @Test
    void orphansLoseTheirOwnerAndStay() {
        dependent("orphan-child", owner("orphan"), "");
        api.delete(MAPS + "/orphan", "{propagationPolicy: Orphan}").ok();

        await().atMost(Duration.ofSeconds(20)).until(() -> code("orphan") == 404);
        assertThat(api.get(MAPS + "/orphan-child")
                        .ok()
                        .at("/metadata/ownerReferences")
                        .isMissingNode())
                .isTrue();
    }

    @Test
    void anOwnerOfTheSameNameAndAnotherUidIsNoOwner() {
        Answer before = owner("reborn");
        api.delete(MAPS + "/reborn", "{}").ok();
        owner("reborn");
        dependent("reborn-child", before, "");

        await().atMost(Duration.ofSeconds(20)).until(() -> code("reborn-child") == 404);
        assertThat(code("reborn")).isEqualTo(200);
    }
}
