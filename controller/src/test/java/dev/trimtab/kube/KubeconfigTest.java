package dev.trimtab.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubeconfigTest {

    private static final String TWO = """
            apiVersion: v1
            kind: Config
            current-context: blue
            contexts:
              - {name: blue, context: {cluster: blue, user: reader}}
              - {name: red, context: {cluster: red, user: plugin}}
              - {name: old, context: {cluster: blue, user: gcp}}
              - {name: torn, context: {cluster: nowhere, user: reader}}
            clusters:
              - {name: blue, cluster: {server: "https://me:secret@10.0.0.1:6443/"}}
              - {name: red, cluster: {server: "https://10.0.0.2/k8s/c-1"}}
            users:
              - {name: reader, user: {tokenFile: token}}
              - {name: plugin, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: touch, args: [ran]}}}
              - {name: gcp, user: {auth-provider: {name: gcp}}}
            """;

    @TempDir
    Path directory;

    @Test
    void clusterIsNamedWithoutCredentials() throws IOException {
        Kubeconfig kubeconfig = load(TWO, Optional.empty());

        assertThat(kubeconfig.name()).isEqualTo("blue");
        assertThat(kubeconfig.described()).isEqualTo("blue (https://10.0.0.1:6443)");
        assertThat(kubeconfig.server()).isEqualTo("https://10.0.0.1:6443");
    }

    @Test
    void tokenFileIsReadAgainForEachUse() throws IOException {
        Kubeconfig kubeconfig = load(TWO, Optional.empty());

        Files.writeString(directory.resolve("token"), "first\n");
        assertThat(kubeconfig.config().getOauthTokenProvider().getToken()).isEqualTo("first");
        Files.writeString(directory.resolve("token"), "second\n");
        assertThat(kubeconfig.config().getOauthTokenProvider().getToken()).isEqualTo("second");
    }

    @Test
    void unknownContextIsRefusedAndNotReplacedByTheCurrentOne() {
        assertThatThrownBy(() -> load(TWO, Optional.of("bleu")))
                .isInstanceOf(KubeconfigException.class)
                .hasMessageContaining("has no context bleu: there are blue, red, old, torn");
    }

    @Test
    void programsAreNeverStarted() {
        assertThatThrownBy(() -> load(TWO, Optional.of("red")))
                .isInstanceOf(KubeconfigException.class)
                .hasMessageContaining("user plugin logs in by exec")
                .hasMessageContaining("use a token or a client certificate");
        assertThatThrownBy(() -> load(TWO, Optional.of("old"))).hasMessageContaining("auth-provider");
        assertThat(Path.of("ran")).doesNotExist();
    }

    @Test
    void contextWithoutItsClusterIsRefused() {
        assertThatThrownBy(() -> load(TWO, Optional.of("torn")))
                .isInstanceOf(KubeconfigException.class)
                .hasMessageContaining("names the cluster nowhere, which the file does not describe");
    }

    @Test
    void unreadableFileIsNamedAndNotQuoted() {
        assertThatThrownBy(() -> load("users: [{name: a, user: {token: \"hunter2", Optional.empty()))
                .isInstanceOf(KubeconfigException.class)
                .hasMessageContaining(directory.resolve("kubeconfig").toString())
                .hasMessageNotContaining("hunter2")
                .hasNoCause();
    }

    @Test
    void missingFileIsNamed() {
        assertThatThrownBy(() -> Clusters.connect(ClusterSettings.of(directory.resolve("nothing"))))
                .isInstanceOf(KubeconfigException.class)
                .hasMessageContaining("nothing is not there");
    }

    private Kubeconfig load(String text, Optional<String> context) throws IOException {
        Path file = Files.writeString(directory.resolve("kubeconfig"), text);
        return Kubeconfig.load(new ClusterSettings(Optional.of(file), context, Duration.ofSeconds(5), 0));
    }
}
