package dev.trimtab.bootstrap.intake;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.definition.MemoryTree;
import dev.trimtab.definition.YamlText;
import dev.trimtab.render.Renderer;
import dev.trimtab.render.Written;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the manifests of a Kuboard server become. */
class KuboardIntakeTest {

    private static final String KEY = "S3cr3tAgentKeyForTests32bytes000";
    private static final String TOKEN = "S3cr3tAnonymousToken.ForTests";
    private static final KuboardServer PUBLISHED = new KuboardServer(OptionalInt.of(8080), OptionalInt.of(10081));

    static final String CLUSTER = """
            apiVersion: cluster.trimtab.dev/v1alpha1
            kind: Cluster
            metadata: {name: demo}
            spec:
              kubernetesVersion: v1.36.4
              network: {podSubnets: [10.244.0.0/16]}
            """;

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "kuboard-agent-newer.yaml, 25i3sy, swr.cn-east-2.myhuaweicloud.com/kuboard/kuboard-agent:v3",
        "kuboard-agent-older.yaml, 7xk2,   eipwork/kuboard-agent:v3",
    })
    void bothGenerationsBecomeADocumentAndASecret(String file, String suffix, String image) {
        Imported imported = Sources.kuboard(Sources.text(file), PUBLISHED);

        assertThat(imported.documents()).containsOnlyKeys("addons/kuboard-agent.yaml");
        assertThat(imported.documents().get("addons/kuboard-agent.yaml"))
                .isEqualTo(Written.object("""
                apiVersion: cluster.trimtab.dev/v1alpha1
                kind: KuboardAgent
                spec:
                  endpoint: http://192.168.16.200:8080
                  remotePort: 35001
                  clusterName: demo
                  nameSuffix: %s
                  keySecretRef: {name: kuboard-agent, key: agentKey}
                  tokenSecretRef: {name: kuboard-agent, key: anonymousToken}
                  image: %s
                  server: {publishedWebPort: 8080, publishedAgentPort: 10081}
                """.formatted(suffix, image)));
        assertThat(Credential.manifests(imported.credentials()))
                .containsExactly(Written.object("""
                apiVersion: v1
                kind: Secret
                metadata: {name: kuboard-agent, namespace: kuboard}
                type: Opaque
                stringData: {agentKey: %s, anonymousToken: %s}
                """.formatted(KEY, TOKEN)));
    }

    @ParameterizedTest(name = "{0} at line {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "IMP014 | 84  | has port 80; a server that was started with -p 8080:80 publishes 8080",
                "IMP013 | 148 | KUBOARD_ENDPOINT differs between kuboard-agent-25i3sy and kuboard-agent-25i3sy-2",
                "IMP015 | 76  | tolerate node-role.kubernetes.io/master",
            })
    void whatIsWrongWithTheManifestsIsToldWithItsPlace(String code, int line, String text) {
        assertThat(Sources.kuboard(Sources.text("kuboard-agent-newer.yaml"), KuboardServer.UNKNOWN)
                        .findings())
                .filteredOn(finding -> finding.code().id().equals(code))
                .singleElement()
                .satisfies(finding -> assertThat(finding.place()).startsWith("agent.yaml:" + line + ":"))
                .satisfies(finding -> assertThat(finding.text()).contains(text));
    }

    @Test
    void aPortThatIsKnownCorrectsTheEndpoint() {
        Imported imported = Sources.kuboard(Sources.text("kuboard-agent-newer.yaml"), PUBLISHED);
        assertThat(imported.findings())
                .filteredOn(finding -> finding.code().id().equals("CD073"))
                .singleElement()
                .satisfies(finding -> assertThat(finding.text()).contains("port 80 but the server publishes 8080"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"kuboard-agent-newer.yaml", "kuboard-agent-older.yaml"})
    void theKeyAndTheTokenAreInNothingButTheCredentials(String file) {
        Imported imported = Sources.kuboard(Sources.text(file), KuboardServer.UNKNOWN);
        assertThat(Sources.documents(imported) + Sources.findings(imported) + imported)
                .doesNotContain(KEY, TOKEN);
        assertThat(imported.credentials()).extracting(Credential::value).containsExactly(KEY, TOKEN);
    }

    @Test
    void whatIsImportedInADefinitionIsValidAndMoves() {
        Imported imported = Sources.kuboard(Sources.text("kuboard-agent-newer.yaml"), PUBLISHED);
        var problems = Written.read(tree(imported)).problems();
        assertThat(problems)
                .filteredOn(problem -> problem.at().file().value().startsWith("addons/"))
                .extracting(problem -> problem.code().id())
                .containsOnly("CD077")
                .hasSize(2);
    }

    @Test
    void whatIsRenderedOfAnImportIsImportedAsTheSame() {
        Imported first = Sources.kuboard(Sources.text("kuboard-agent-newer.yaml"), PUBLISHED);
        String rendered = new Renderer()
                .render(Written.read(tree(first)), "demo").objects().values().stream()
                        .map(object -> YamlText.of(object.json()))
                        .collect(Collectors.joining("---\n"));

        Imported second = Sources.kuboard(rendered, PUBLISHED);

        assertThat(second.documents()).isEqualTo(first.documents());
        assertThat(second.credentials()).isEmpty();
        assertThat(second.findings()).isEmpty();
    }

    @Test
    void loginsOfAProxyAreLeftOut() {
        String text = Sources.text("kuboard-agent-older.yaml")
                .replace(
                        "KUBOARD_AGENT_PROXY\n              value: \"\"",
                        "KUBOARD_AGENT_PROXY\n              value: \"http://me:hunter2@proxy:3128\"");
        Imported imported = Sources.kuboard(text, KuboardServer.UNKNOWN);
        assertThat(text).contains("hunter2");
        assertThat(Sources.documents(imported) + Sources.findings(imported)).doesNotContain("hunter2");
        assertThat(Sources.findings(imported)).contains("KUBOARD_AGENT_PROXY holds a login");
    }

    @Test
    void aFileWithoutAgentsIsAnError() {
        Imported imported = Sources.kuboard("{apiVersion: v1, kind: Namespace, metadata: {name: kuboard}}", PUBLISHED);
        assertThat(imported.refused()).isTrue();
        assertThat(imported.findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.code()).isEqualTo(IntakeCode.IMP005));
    }

    private static MemoryTree tree(Imported imported) {
        MemoryTree tree = MemoryTree.of("cluster.yaml", CLUSTER);
        for (var document : imported.documents().entrySet()) {
            ObjectNode json = document.getValue();
            tree.with(document.getKey(), YamlText.of(json));
        }
        return tree;
    }
}
