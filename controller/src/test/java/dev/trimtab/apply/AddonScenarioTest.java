package dev.trimtab.apply;

import static dev.trimtab.render.Written.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.definition.Definition;
import dev.trimtab.definition.MemoryTree;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.plan.Action;
import dev.trimtab.plan.Change;
import dev.trimtab.plan.Plan;
import dev.trimtab.render.Desired;
import dev.trimtab.render.Renderer;
import dev.trimtab.render.Written;
import dev.trimtab.review.PlanText;
import dev.trimtab.review.Style;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pod network and the Kuboard agent of a definition go the way of every other object. */
class AddonScenarioTest {

    private static final ObjectKey CONFIG = key("", "ConfigMap", "kube-flannel", "kube-flannel-cfg");
    private static final ObjectKey DAEMON_SET = key("apps", "DaemonSet", "kube-flannel", "kube-flannel-ds");

    private final SyncRig rig = new SyncRig(true);

    @AfterEach
    void stop() {
        rig.close();
    }

    @ParameterizedTest(name = "flannel {0}")
    @ValueSource(strings = {"v0.25.0", "v0.26.4", "v0.28.6", "v0.28.9"})
    void whatIsAppliedOnceIsAsItShouldBe(String version) {
        Desired desired = desired("version: " + version);

        Outcome outcome = rig.apply(rig.plan(desired, Set.of(), false), desired);

        assertThat(outcome.succeeded()).as(outcome.results().toString()).isTrue();
        assertThat(outcome.results()).hasSize(13);
        rig.restart();
        Plan again = rig.plan(desired, Set.of(), false);
        assertThat(again.changes())
                .as("defaults of the server are no difference")
                .isEmpty();
        assertThat(again.complete()).isTrue();
    }

    @Test
    void anotherBackendIsADangerAndHeldUntilTheDocumentAllowsIt() {
        apply("version: v0.28.9");
        Desired hostGw = desired("version: v0.28.9\n  backend: {type: host-gw}");

        Plan plan = rig.plan(hostGw, Set.of(), false);
        Outcome held = rig.apply(plan, hostGw);

        Change first = plan.changes().get(0);
        assertThat(first.object()).isEqualTo(CONFIG);
        assertThat(first.isDangerous()).isTrue();
        assertThat(new PlanText(Style.PLAIN, PlanText.Detail.FULL).render(plan, plan.readAt()))
                .contains("DANGER   the pod network of the whole cluster changes (backend vxlan -> host-gw)")
                .contains("[NET001]")
                .contains("blocked  until you write allowBackendChange: true in the Flannel document");
        assertThat(held.results().get(CONFIG)).isInstanceOfSatisfying(Result.Held.class, why -> {
            assertThat(why.code()).isEqualTo(ApplyCode.DANGER_CONSENT);
            assertThat(why.text())
                    .contains("vxlan -> host-gw", "NET001", "allowBackendChange: true", "approve the plan");
        });
        assertThat(held.results().get(DAEMON_SET)).isInstanceOf(Result.Blocked.class);
        assertThat(netConf()).contains("vxlan");

        Outcome allowed = apply("version: v0.28.9\n  backend: {type: host-gw}\n  allowBackendChange: true");
        assertThat(allowed.succeeded()).as(allowed.results().toString()).isTrue();
        assertThat(netConf()).contains("host-gw");
    }

    @Test
    void anApprovedPlanChangesTheBackendWithoutTheFlag() {
        apply("version: v0.28.9");
        Desired wireguard = desired("version: v0.28.9\n  backend: {type: wireguard}");

        Outcome outcome =
                rig.apply(rig.plan(wireguard, Set.of(), false), wireguard, new Consent(Guards.STANDARD, true));

        assertThat(outcome.succeeded()).as(outcome.results().toString()).isTrue();
        assertThat(netConf()).contains("wireguard");
    }

    @Test
    void anotherNetworkIsHeldToo() {
        apply("version: v0.28.9");
        Desired other = desired("version: v0.28.9", "10.32.0.0/16");

        Outcome held = rig.apply(rig.plan(other, Set.of(), false), other);

        assertThat(held.results().get(CONFIG))
                .isInstanceOfSatisfying(
                        Result.Held.class,
                        why -> assertThat(why.text()).contains("network 10.244.0.0/16 -> 10.32.0.0/16"));
    }

    @Test
    void aNewReleaseReplacesThePodsAndAsksNobody() {
        apply("version: v0.28.8");
        Desired next = desired("version: v0.28.9");

        Plan plan = rig.plan(next, Set.of(), false);

        assertThat(plan.changes()).extracting(Change::object).containsExactly(DAEMON_SET);
        assertThat(plan.changes().get(0).action()).isEqualTo(Action.RECREATE);
        assertThat(rig.apply(plan, next).succeeded()).isTrue();
        assertThat(rig.live("apps/v1", "DaemonSet", "kube-flannel", "kube-flannel-ds")
                        .orElseThrow()
                        .at("/spec/template/spec/containers/0/image")
                        .asText())
                .isEqualTo("ghcr.io/flannel-io/flannel:v0.28.9");
    }

    private Outcome apply(String flannel) {
        Desired desired = desired(flannel);
        Outcome outcome = rig.apply(rig.plan(desired, Set.of(), false), desired);
        assertThat(outcome.succeeded()).as(outcome.results().toString()).isTrue();
        return outcome;
    }

    private String netConf() {
        return rig.live("v1", "ConfigMap", "kube-flannel", "kube-flannel-cfg")
                .orElseThrow()
                .at("/data/net-conf.json")
                .asText();
    }

    private static Desired desired(String flannel) {
        return desired(flannel, "10.244.0.0/16");
    }

    private static Desired desired(String flannel, String network) {
        Definition definition = Written.read(MemoryTree.of("cluster.yaml", """
                        apiVersion: cluster.trimtab.dev/v1alpha1
                        kind: Cluster
                        metadata: {name: demo}
                        spec:
                          kubernetesVersion: v1.36.4
                          controlPlaneEndpoint: {host: api.demo.internal, port: 6443}
                          network: {podSubnets: [%s]}
                        ---
                        apiVersion: cluster.trimtab.dev/v1alpha1
                        kind: Inventory
                        spec:
                          nodes: [{name: m1, address: 192.168.16.200, roles: [control-plane]}]
                        """.formatted(network))
                .with("addons/flannel.yaml", """
                        apiVersion: cluster.trimtab.dev/v1alpha1
                        kind: Flannel
                        spec:
                          %s
                        """.formatted(flannel))
                .with("addons/kuboard-agent.yaml", """
                        apiVersion: cluster.trimtab.dev/v1alpha1
                        kind: KuboardAgent
                        spec:
                          endpoint: http://kuboard.internal:8080
                          remotePort: 35001
                          clusterName: demo
                          nameSuffix: 25i3sy
                          keySecretRef: {name: kuboard-agent, key: agentKey}
                          tokenSecretRef: {name: kuboard-agent, key: anonymousToken}
                        """));
        assertThat(definition.refused()).as(definition.problems().toString()).isFalse();
        return new Renderer().render(definition, SyncRig.SYNC);
    }
}
