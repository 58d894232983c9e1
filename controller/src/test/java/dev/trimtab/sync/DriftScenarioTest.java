package dev.trimtab.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.trimtab.drift.Drift;
import dev.trimtab.drift.DriftClass;
import dev.trimtab.kube.ClusterClient.PatchType;
import dev.trimtab.kube.Ownership;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What people do to managed objects, and what a sync does then. */
@Timeout(90)
class DriftScenarioTest {

    private static final String IMAGE = "spec.template.spec.containers[web].image";
    private static final String IMAGE_AT = "/spec/template/spec/containers/0/image";

    static final String DEPLOYMENT = """
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: web
              namespace: NAMESPACE
            spec:
              replicas: 0
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec:
                  containers:
                  - name: web
                    image: web:1
            """;

    static final String CONFIG = """
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: conf
              namespace: NAMESPACE
            data:
              value: "1"
            """;

    @TempDir
    private Path folder;

    private DriftRig rig;

    @BeforeEach
    void open() {
        rig = new DriftRig(folder).with("web.yaml", DEPLOYMENT).with("conf.yaml", CONFIG);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void foreignEditOfAnOwnedFieldIsHealedByOnePatchAndNamesWhoDidIt() {
        Sync sync = rig.settled("");
        rig.forget();

        setImage("web:2");

        await().until(() -> image().equals("web:1"));
        await().until(() -> !rig.of(SyncEvent.DriftEnded.class).isEmpty());
        rig.settle();
        assertThat(rig.writes()).containsExactly("apply Deployment web");
        assertThat(rig.requests())
                .containsExactly("get Deployment web", "dry-run Deployment web", "apply Deployment web");
        assertThat(rig.of(SyncEvent.DriftFound.class)).singleElement().satisfies(found -> {
            assertThat(found.healing()).isTrue();
            assertThat(found.drifts()).singleElement().satisfies(drift -> {
                assertThat(drift.type()).isEqualTo(DriftClass.CHANGED);
                assertThat(drift.manager()).contains("kubectl-set");
                assertThat(drift.changedAt()).isPresent();
                assertThat(drift.paths()).containsExactly(IMAGE);
            });
        });
        assertThat(rig.of(SyncEvent.DriftEnded.class))
                .singleElement()
                .satisfies(ended -> assertThat(ended.healed()).isTrue());
        assertThat(sync.drifts()).isEmpty();
    }

    @Test
    void whatOthersAddIsLeftAloneWithoutAWrite() {
        Sync sync = rig.settled("");
        rig.forget();

        rig.patch("apps/v1", "Deployment", "web", "kubectl-annotate", "{metadata:{annotations:{x:'y'}}}");
        rig.patch(
                "apps/v1",
                "Deployment",
                "web",
                "mesh",
                "{spec:{template:{spec:{containers:[{name:'sidecar',image:'mesh:1'}]}}}}");
        rig.patch("v1", "ConfigMap", "conf", "kubectl-edit", "{data:{other:'x'}}");

        rig.settle();
        assertThat(rig.writes()).isEmpty();
        assertThat(rig.of(SyncEvent.DriftFound.class)).isEmpty();
        assertThat(sync.drifts()).isEmpty();
        assertThat(rig.at("apps/v1", "Deployment", "web", "/spec/template/spec/containers"))
                .hasSize(2);
    }

    @Test
    void statusChurnCostsNoRequest() {
        rig.settled("");
        rig.forget();

        for (int i = 0; i < 20; i++) {
            rig.patch(
                    "apps/v1",
                    "Deployment",
                    "web",
                    "status",
                    PatchType.MERGE,
                    "kcm",
                    "{status:{observedGeneration:1,collisionCount:" + i + "}}");
        }

        rig.settle();
        assertThat(rig.requests()).isEmpty();
    }

    @Test
    void observeReportsSinceWhenAndForgetsWhatIsChangedBackWithoutAWrite() {
        rig.settled("").close();
        rig.forget();
        Sync sync = rig.sync("  mode: observe\n");
        await().until(() -> !rig.of(SyncEvent.Planned.class).isEmpty());
        rig.settle();

        setImage("web:2");
        rig.patch("v1", "ConfigMap", "conf", "kubectl-edit", "{data:{value:'2'}}");

        await().until(() -> sync.drifts().size() == 2);
        Drift config = sync.drifts().get(0);
        assertThat(config.type()).isEqualTo(DriftClass.CHANGED);
        assertThat(config.fields()).singleElement().satisfies(field -> {
            assertThat(field.path()).isEqualTo("data[value]");
            assertThat(field.before().orElseThrow().asText()).isEqualTo("2");
            assertThat(field.after().orElseThrow().asText()).isEqualTo("1");
        });
        assertThat(sync.drifts().get(1).paths()).containsExactly(IMAGE);
        rig.settle();
        int asked = rig.requests().size();
        rig.settle();
        assertThat(rig.requests()).as("at rest, drifted or not").hasSize(asked);

        rig.patch("v1", "ConfigMap", "conf", "kubectl-edit", "{data:{value:'1'}}");
        setImage("web:1");

        await().until(() -> sync.drifts().isEmpty());
        assertThat(ended()).allMatch(ended -> !ended.healed());
        assertThat(rig.writes()).isEmpty();

        rig.settle();
        rig.patch("v1", "ConfigMap", "conf", "kubectl-edit", "{data:{value:'3'}}");
        await().until(() -> sync.drifts().size() == 1);
        assertThat(rig.writes()).isEmpty();
    }

    @Test
    void deletedObjectIsMissingWhereNothingIsHealed() {
        Sync sync = rig.settled("  selfHeal: false\n");
        rig.forget();

        rig.delete("v1", "ConfigMap", "conf");

        await().until(() -> !sync.drifts().isEmpty());
        assertThat(sync.drifts())
                .singleElement()
                .satisfies(drift -> assertThat(drift.type()).isEqualTo(DriftClass.MISSING));
        assertThat(rig.writes()).isEmpty();
    }

    /** No generation, no other owner, and likely the same second: only the version tells. */
    @Test
    void valueThatIsChangedUnderOurNameIsHealed() {
        rig.settled("");
        rig.forget();

        rig.apply(
                Ownership.fieldManager(rig.name),
                "{apiVersion:'v1',kind:'ConfigMap',metadata:{name:'conf',labels:{'trimtab.dev/sync':'" + rig.name
                        + "'}},data:{value:'2'}}");

        await().until(() ->
                rig.at("v1", "ConfigMap", "conf", "/data/value").asText().equals("1"));
        assertThat(rig.of(SyncEvent.DriftFound.class).get(0).drifts().get(0).manager())
                .contains(Ownership.fieldManager(rig.name));
    }

    @Test
    void objectWhoseLabelIsTakenIsReadAndNotCreatedAnew() {
        rig.settled("");
        String uid = rig.at("v1", "ConfigMap", "conf", "/metadata/uid").asText();
        rig.forget();

        rig.patch("v1", "ConfigMap", "conf", "kubectl-label", "{metadata:{labels:{'trimtab.dev/sync':null}}}");

        await().until(() -> rig.at("v1", "ConfigMap", "conf", "/metadata/labels/trimtab.dev~1sync")
                .asText()
                .equals(rig.name));
        assertThat(rig.requests().get(0)).isEqualTo("get ConfigMap conf");
        assertThat(rig.at("v1", "ConfigMap", "conf", "/metadata/uid").asText()).isEqualTo(uid);
    }

    @Test
    void whoSetsAFieldBackEachTimeIsFoughtFiveTimesAndThenLeftUntilACommit() {
        Sync sync = rig.settled("");
        rig.forget();

        for (int round = 1; round <= 6; round++) {
            setImage("web:theirs");
            if (round <= 5) {
                await().until(() -> image().equals("web:1"));
            }
        }

        await().until(() -> sync.drifts().stream().anyMatch(drift -> drift.type() == DriftClass.FIGHT));
        rig.settle();
        assertThat(image()).isEqualTo("web:theirs");
        assertThat(sync.drifts().get(0).manager()).contains("kubectl-set");
        assertThat(rig.writes()).hasSize(5).containsOnly("apply Deployment web");

        rig.patch("v1", "ConfigMap", "conf", "kubectl-edit", "{data:{value:'2'}}");
        await().until(() ->
                rig.at("v1", "ConfigMap", "conf", "/data/value").asText().equals("1"));

        rig.with("web.yaml", DEPLOYMENT.replace("web:1", "web:3")).repository.commit("second");
        await().until(() -> image().equals("web:3"));
        await().until(() -> sync.drifts().isEmpty());
    }

    @Test
    void fightEndsWhenTheOtherSideGivesIn() {
        Sync sync = rig.settled("");
        for (int round = 1; round <= 6; round++) {
            rig.patch("v1", "ConfigMap", "conf", "robot", "{data:{value:'theirs'}}");
            if (round <= 5) {
                await().until(() -> rig.at("v1", "ConfigMap", "conf", "/data/value")
                        .asText()
                        .equals("1"));
            }
        }
        await().until(() -> sync.drifts().stream().anyMatch(drift -> drift.type() == DriftClass.FIGHT));

        rig.patch("v1", "ConfigMap", "conf", "robot", "{data:{value:'1'}}");

        await().until(() -> sync.drifts().isEmpty());
    }

    private Stream<SyncEvent.DriftEnded> ended() {
        List<SyncEvent.DriftEnded> ended = rig.of(SyncEvent.DriftEnded.class);
        assertThat(ended).isNotEmpty();
        return ended.stream();
    }

    private void setImage(String image) {
        rig.patch(
                "apps/v1",
                "Deployment",
                "web",
                "kubectl-set",
                "{spec:{template:{spec:{containers:[{name:'web',image:'" + image + "'}]}}}}");
    }

    private String image() {
        return rig.at("apps/v1", "Deployment", "web", IMAGE_AT).asText();
    }

    static {
        org.awaitility.Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
    }
}
