package dev.trimtab.join;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ApiException;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterSettings;
import dev.trimtab.kube.Clusters;
import dev.trimtab.kube.ResourceType;
import dev.trimtab.sandbox.Sandbox;
import dev.trimtab.sandbox.faults.Fault;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class BootstrapTokensTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir
    private Path folder;

    private Sandbox sandbox;
    private ClusterClient cluster;
    private Instant now = NOON;

    @BeforeEach
    void begin() throws Exception {
        sandbox = Sandbox.builder().controllers(false).build().start();
        Path kubeconfig = Files.writeString(folder.resolve("kubeconfig"), sandbox.kubeconfig());
        cluster = Clusters.connect(ClusterSettings.of(kubeconfig));
    }

    @AfterEach
    void end() {
        cluster.close();
        sandbox.close();
    }

    private BootstrapTokens tokens(Duration ttl) {
        Clock clock = Clock.fixed(now, ZoneOffset.UTC);
        return new BootstrapTokens(cluster, clock, ttl);
    }

    private ResourceType secrets() {
        return cluster.resource("v1", "Secret").orElseThrow();
    }

    private List<ObjectNode> all() {
        return cluster.list(secrets(), Optional.of("kube-system"), "");
    }

    private static String data(ObjectNode secret, String key) {
        return new String(Base64.getDecoder().decode(secret.at("/data/" + key).asText()), StandardCharsets.UTF_8);
    }

    @ParameterizedTest(name = "a ttl of {0} ends at {1}")
    @CsvSource({"PT10M, 2026-03-01T12:10:00Z", "PT24H, 2026-03-01T12:15:00Z"})
    void aTokenIsWhatTheClusterTakesForOneAndLivesAQuarterOfAnHourAtMost(Duration ttl, String end) {
        BootstrapTokens.Token token = tokens(ttl).mint("k8s-node1");

        ObjectNode secret = all().get(0);
        assertThat(secret.path("type").asText()).isEqualTo("bootstrap.kubernetes.io/token");
        assertThat(secret.at("/metadata/name").asText()).isEqualTo("bootstrap-token-" + token.id());
        assertThat(data(secret, "token-id")).matches("[a-z0-9]{6}").isEqualTo(token.id());
        assertThat(data(secret, "token-secret")).matches("[a-z0-9]{16}").isEqualTo(token.secret());
        assertThat(data(secret, "expiration")).isEqualTo(end);
        assertThat(data(secret, "usage-bootstrap-authentication")).isEqualTo("true");
        assertThat(data(secret, "usage-bootstrap-signing")).isEqualTo("true");
        assertThat(data(secret, "auth-extra-groups")).isEqualTo("system:bootstrappers:kubeadm:default-node-token");
        assertThat(token.toString()).doesNotContain(token.secret());
    }

    @Test
    void twoTokensShareNothing() {
        BootstrapTokens tokens = tokens(Duration.ofMinutes(15));
        BootstrapTokens.Token one = tokens.mint("a");
        BootstrapTokens.Token other = tokens.mint("b");

        assertThat(one.id()).isNotEqualTo(other.id());
        assertThat(one.secret()).isNotEqualTo(other.secret());
        assertThat(tokens.delete(one)).isEmpty();
        assertThat(all()).hasSize(1);
    }

    @Test
    void anInterruptedProcessLeavesNone() {
        BootstrapTokens tokens = tokens(Duration.ofMinutes(15));
        tokens.mint("a");
        tokens.mint("b");

        tokens.deleteOutstanding();

        assertThat(all()).isEmpty();
    }

    @Test
    void aTokenWhoseAnswerNeverCameIsDeletedToo() {
        sandbox.faults().on("create", "secrets").inject(Fault.cutAfterwards());

        assertThatThrownBy(() -> tokens(Duration.ofMinutes(15)).mint("a")).isInstanceOf(ApiException.class);

        assertThat(all()).isEmpty();
    }

    @Test
    void aTokenThatCannotBeDeletedIsSaidAndTriedAgainAtTheEnd() {
        BootstrapTokens tokens = tokens(Duration.ofMinutes(15));
        BootstrapTokens.Token token = tokens.mint("a");
        var fault = sandbox.faults().on("delete", "secrets").inject(Fault.answer(403, "Forbidden", "no"));

        assertThat(tokens.delete(token)).isPresent();
        assertThat(all()).hasSize(1);

        fault.remove();
        tokens.deleteOutstanding();
        assertThat(all()).isEmpty();
    }

    @Test
    void onlyOurOwnLeftoversThatHaveExpiredAreDeleted() {
        tokens(Duration.ofMinutes(5)).mint("killed");
        tokens(Duration.ofMinutes(15)).mint("running");
        ObjectNode others = all().get(0).deepCopy();
        others.putObject("metadata").put("namespace", "kube-system").put("name", "bootstrap-token-abcdef");
        cluster.create(secrets(), others, "kubeadm");

        now = NOON.plus(Duration.ofMinutes(6));
        assertThat(tokens(Duration.ofMinutes(15)).deleteExpired()).isEqualTo(1);

        assertThat(all())
                .extracting(secret -> secret.at("/metadata/labels")
                        .path(BootstrapTokens.LABEL)
                        .asText("of somebody else"))
                .containsExactlyInAnyOrder("running", "of somebody else");
    }
}
