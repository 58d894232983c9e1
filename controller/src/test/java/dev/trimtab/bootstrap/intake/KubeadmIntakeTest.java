package dev.trimtab.bootstrap.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.bootstrap.Bootstrap;
import dev.trimtab.definition.Problem.Severity;
import dev.trimtab.render.Written;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a kubeadm configuration becomes. */
class KubeadmIntakeTest {

    private static final List<String> SECRETS = List.of(
            "9f3a1c5d7e8b2a4f6c0d1e3b5a7f9c8d2e4f6a8b0c1d3e5f7a9b2c4d6e8f0a1b", "p4ss0w0rdt0k3n99", "ralzalpha0123456");

    private static final Wanted ARTICLE =
            new Wanted(Optional.of("demo"), Optional.of("1.36.4"), Optional.of("k8s-master"), Optional.empty());

    @Test
    void aHandBuiltClusterBecomesClusterAndInventory() {
        Imported imported = Sources.kubeadm(Sources.text("article-v1beta3.yaml"), ARTICLE);

        assertThat(imported.documents()).containsOnlyKeys("cluster.yaml", "inventory/nodes.yaml");
        assertThat(imported.documents().get("cluster.yaml")).isEqualTo(Written.object("""
                apiVersion: cluster.trimtab.dev/v1alpha1
                kind: Cluster
                metadata: {name: demo}
                spec:
                  kubernetesVersion: v1.36.4
                  network: {podSubnets: [10.244.0.0/16]}
                  images: {repository: registry.aliyuncs.com/google_containers}
                  kubeadm: {timeouts: {controlPlaneComponentHealthCheck: 4m}}
                """));
        assertThat(imported.documents().get("inventory/nodes.yaml")).isEqualTo(Written.object("""
                apiVersion: cluster.trimtab.dev/v1alpha1
                kind: Inventory
                spec:
                  nodes: [{name: k8s-master, address: 192.168.16.200, roles: [control-plane]}]
                """));
        assertThat(Sources.definition(imported).refused()).isFalse();
    }

    @ParameterizedTest(name = "{0} at {1} with [{2}]")
    @CsvSource(
            delimiter = '|',
            value = {
                "article-v1beta3.yaml | 3:1  | CD042  | the published example",
                "article-v1beta3.yaml | 18:3 | CD020  | kubeadm's example: the machine registers under this name",
                "article-v1beta3.yaml | 21:1 | CD012  | there is no controlPlaneEndpoint",
                "article-v1beta3.yaml | 22:3 | IMP008 | controlPlaneComponentHealthCheck since v1beta4",
                "article-v1beta3.yaml | 31:1 | IMP012 | registry.aliyuncs.com/google_containers must hold",
                "full-v1beta3.yaml    | 3:1  | IMP004 | certificateKey is secret and left out",
                "full-v1beta3.yaml    | 4:1  | IMP004 | bootstrapTokens[0] is secret and left out",
                "full-v1beta3.yaml    | 11:3 | CD041  | \"all\" hides real faults",
                "full-v1beta3.yaml    | 16:5 | CD056  | pod-infra-container-image was removed in Kubernetes 1.35",
                "full-v1beta3.yaml    | 26:48| IMP001 | apiServer.extraArgs.audit-log-path is not carried over",
                "full-v1beta3.yaml    | 28:42| IMP001 | controllerManager.extraArgs.bind-address is not carried over",
                "full-v1beta3.yaml    | 29:16| IMP001 | etcd.local.dataDir is not carried over",
                "full-v1beta3.yaml    | 32:1 | IMP002 | imageRepositry is no field of a ClusterConfiguration",
                "full-v1beta3.yaml    | 39:5 | IMP004 | discovery.bootstrapToken.token is secret and left out",
                "full-v1beta3.yaml    | 41:5 | IMP001 | unsafeSkipCAVerification is not carried over",
                "full-v1beta3.yaml    | 44:42| IMP013 | different values for the kubelet's flag v",
                "full-v1beta3.yaml    | 58:1 | CD057  | mode ipvs is deprecated",
                "full-v1beta3.yaml    | 60:1 | IMP001 | ipvs is not carried over",
                "full-v1beta3.yaml    | 62:1 | IMP003 | kind ConfigMap (v1) is not imported",
            })
    void whatASourceShouldNotSayIsToldWithItsPlace(String file, String place, String code, String text) {
        assertThat(Sources.kubeadm(Sources.text(file), Wanted.NOTHING).findings())
                .filteredOn(finding -> finding.place().equals("kubeadm.yaml:" + place)
                        && finding.code().id().equals(code))
                .singleElement()
                .satisfies(finding -> assertThat(finding.text()).contains(text))
                .satisfies(finding -> assertThat(finding.fix()).isNotBlank());
    }

    @Test
    void bothVersionsOfOneConfigurationBecomeTheSame() {
        Imported older = Sources.kubeadm(Sources.text("full-v1beta3.yaml"), Wanted.NOTHING);
        Imported newer = Sources.kubeadm(Sources.text("full-v1beta4.yaml"), Wanted.NOTHING);

        assertThat(older.documents()).isEqualTo(newer.documents());
        assertThat(newer.findings()).extracting(finding -> finding.code().id()).containsExactly("CD057");
        assertThat(Sources.definition(newer).refused()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"article-v1beta3.yaml", "full-v1beta3.yaml"})
    void whatIsRenderedOfAnImportIsImportedAsTheSame(String file) {
        Wanted wanted = new Wanted(Optional.empty(), Optional.of("v1.36.4"), Optional.empty(), Optional.empty());
        String text = Sources.text(file)
                .replace("imageRepository:", "controlPlaneEndpoint: 192.168.16.200:6443\nimageRepository:");
        Imported first = Sources.kubeadm(text, wanted);
        String rendered = Bootstrap.render(Sources.definition(first)).files().get("bootstrap/kubeadm-init.yaml");

        Imported second = Sources.kubeadm(String.valueOf(rendered), Wanted.NOTHING);

        assertThat(second.documents().get("cluster.yaml"))
                .isEqualTo(first.documents().get("cluster.yaml"));
        assertThat(second.findings())
                .filteredOn(finding -> finding.code() instanceof IntakeCode code && code != IntakeCode.IMP012)
                .isEmpty();
    }

    @Test
    void noSecretReachesDocumentsOrFindings() {
        Imported imported = Sources.kubeadm(Sources.text("full-v1beta3.yaml"), Wanted.NOTHING);
        assertThat(Sources.text("full-v1beta3.yaml")).contains(SECRETS);
        assertThat(Sources.documents(imported) + Sources.findings(imported) + imported)
                .doesNotContain(SECRETS);
    }

    @Test
    void aSecretWhereNobodyExpectsItIsLeftOut() {
        Imported imported = Sources.kubeadm(
                Sources.text("full-v1beta4.yaml")
                        .replace("maxPods: 100", "maxPods: 100\nproviderID: http://admin:hunter2@cloud"),
                Wanted.NOTHING);
        assertThat(Sources.documents(imported) + Sources.findings(imported)).doesNotContain("hunter2");
        assertThat(Sources.findings(imported)).contains("Cluster.spec.kubelet.config.providerID");
    }

    @Test
    void theExampleAddressIsNoAddress() {
        String text = Sources.text("article-v1beta3.yaml").replace("192.168.16.200", "1.2.3.4");

        Imported imported = Sources.kubeadm(text, Wanted.NOTHING);
        assertThat(imported.documents()).containsOnlyKeys("cluster.yaml");
        assertThat(imported.findings())
                .extracting(finding -> finding.code().id())
                .contains("IMP006", "IMP007");

        Wanted wanted = new Wanted(
                Optional.empty(), Optional.of("v1.36.4"), Optional.of("k8s-master"), Optional.of("192.168.16.200"));
        assertThat(Sources.definition(Sources.kubeadm(text, wanted)).inventory().nodes())
                .singleElement()
                .satisfies(node -> assertThat(node.address()).isEqualTo("192.168.16.200"));
    }

    @ParameterizedTest(name = "{0} is the endpoint {1} port {2}")
    @CsvSource({
        "api.internal,       api.internal, 6443",
        "api.internal:8443,  api.internal, 8443",
        "10.0.0.1,           10.0.0.1,     6443",
        "[fd00::1]:7443,     fd00::1,      7443",
        "fd00::1,            fd00::1,      6443",
        "[fd00::1],          fd00::1,      6443",
    })
    void endpointsAreReadAsKubeadmReadsThem(String written, String host, int port) {
        assertThat(ClusterDraft.Endpoint.of(written)).contains(new ClusterDraft.Endpoint(host, port));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "kind: [", "apiVersion: v1\nkind: Pod\nmetadata: {name: a}", "- a"})
    void whatHoldsNoConfigurationIsAnErrorAndGivesNothing(String text) {
        Imported imported = Sources.kubeadm(text, Wanted.NOTHING);
        assertThat(imported.refused()).isTrue();
        assertThat(imported.documents()).isEmpty();
        assertThat(imported.findings()).anySatisfy(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.ERROR);
            assertThat(finding.place()).startsWith("kubeadm.yaml");
        });
    }

    static LongStream seeds() {
        return LongStream.range(0, 100);
    }

    /** A field put anywhere, of any type, is carried over or told: the seed is the test's name. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void nothingIsLostSilently(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<String> lines = Sources.text("article-v1beta3.yaml").lines().toList();
        List<String> anchors = List.of(
                "kind: InitConfiguration",
                "  bindPort: 6443",
                "  imagePullPolicy: IfNotPresent",
                "  timeoutForControlPlane: 4m0s",
                "kind: ClusterConfiguration",
                "    dataDir: /var/lib/etcd",
                "  dnsDomain: cluster.local");
        String anchor = anchors.get(random.nextInt(anchors.size()));
        String indent = " ".repeat(anchor.length() - anchor.stripLeading().length());
        String name = "x" + Long.toString(random.nextLong(1_000_000), 36);
        String value = List.of("1", "true", "text", "[a]", "{b: c}", "[{d: 1}]").get(random.nextInt(6));
        StringBuilder text = new StringBuilder();
        for (String line : lines) {
            text.append(line).append('\n');
            if (line.equals(anchor)) {
                text.append(indent).append(name).append(": ").append(value).append('\n');
            }
        }

        Imported imported = Sources.kubeadm(text.toString(), ARTICLE);

        assertThat(imported.findings())
                .filteredOn(finding -> finding.text().contains(name))
                .singleElement()
                .satisfies(finding -> assertThat(finding.code()).isIn(IntakeCode.IMP001, IntakeCode.IMP002));
    }
}
