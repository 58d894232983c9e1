package dev.trimtab.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.trimtab.kube.ClusterClient.PatchType;
import dev.trimtab.render.Written;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a workload costs that something else scales all day long. */
@Timeout(90)
class ScaledWorkloadTest {

    private static final String AUTOSCALER = """
            apiVersion: autoscaling/v2
            kind: HorizontalPodAutoscaler
            metadata:
              name: web
              namespace: NAMESPACE
            spec:
              scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
              maxReplicas: 9
            """;

    @TempDir
    private Path folder;

    private DriftRig rig;

    @BeforeEach
    void open() {
        rig = new DriftRig(folder).with("web.yaml", DriftScenarioTest.DEPLOYMENT);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void anAutoscalerInGitCostsOneGetEachTimeItScalesAndKeepsItsNumberThroughACommit() {
        rig.with("scaler.yaml", AUTOSCALER).settled("");
        rig.forget();

        scale(3);
        await().until(() -> !rig.requests().isEmpty());
        rig.settle();
        assertThat(rig.requests()).containsExactly("get Deployment web");
        assertThat(rig.of(SyncEvent.DriftFound.class)).isEmpty();

        rig.with("web.yaml", DriftScenarioTest.DEPLOYMENT.replace("web:1", "web:2"))
                .repository
                .commit("second");
        await().until(() -> image().equals("web:2"));
        assertThat(replicas()).isEqualTo(3);
    }

    @Test
    void anAutoscalerOfTheClusterIsAskedForOnceAndThenRemembered() {
        rig.settled("");
        rig.client()
                .create(
                        rig.client()
                                .resource("autoscaling/v2", "HorizontalPodAutoscaler")
                                .orElseThrow(),
                        Written.object(AUTOSCALER.replace("NAMESPACE", rig.name)),
                        "kubectl-create");
        rig.forget();

        scale(3);
        await().until(() -> rig.requests().contains("dry-run Deployment web"));
        rig.settle();
        assertThat(rig.requests())
                .containsExactly("get Deployment web", "list HorizontalPodAutoscaler", "dry-run Deployment web");
        rig.forget();

        scale(4);
        await().until(() -> !rig.requests().isEmpty());
        rig.settle();
        assertThat(rig.requests()).containsExactly("get Deployment web");
        assertThat(rig.of(SyncEvent.DriftFound.class)).isEmpty();
        assertThat(replicas()).isEqualTo(4);
    }

    private void scale(int replicas) {
        rig.patch(
                "apps/v1",
                "Deployment",
                "web",
                "scale",
                PatchType.MERGE,
                "kube-controller-manager",
                "{spec:{replicas:" + replicas + "}}");
    }

    private int replicas() {
        return rig.at("apps/v1", "Deployment", "web", "/spec/replicas").asInt();
    }

    private String image() {
        return rig.at("apps/v1", "Deployment", "web", "/spec/template/spec/containers/0/image")
                .asText();
    }
}
