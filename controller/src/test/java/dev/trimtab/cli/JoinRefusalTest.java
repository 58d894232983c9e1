package dev.trimtab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.bootstrap.join.Authority;
import dev.trimtab.join.Authorities;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is not joined, and what is said instead. */
@Timeout(120)
class JoinRefusalTest extends JoinedMachines {

    @Test
    void aKubeletConfWithAnotherCaIsRefusedWithBothHashes() throws Exception {
        String other = Authorities.create();
        host("k8s-node1").machine().write("root/etc/kubernetes/kubelet.conf", Authorities.kubeletConf(other));

        assertThat(join("k8s-node1", "--yes")).isEqualTo(ExitCode.REFUSED);

        assertThat(out.toString())
                .contains(
                        "JOI008",
                        Authority.hashes(ca).get(0),
                        Authority.hashes(other).get(0));
        assertThat(host("k8s-node1").lines()).noneMatch(JoinCommandTest::changes);
        assertThat(tokens()).isEmpty();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "k8s-node9 --yes             | the inventory has no node k8s-node9",
                "--yes                       | which machines?",
                "k8s-node1 --all             | which machines?",
                "k8s-node1 --yes --dry-run   | exclude each other",
                "k8s-node1 --plan sha256:12  | is not the digest of a plan",
                "k8s-node1 --parallel 0      | less than one machine",
            })
    void whatMakesNoSenseIsSaid(String words, String text) {
        assertThat(join(words.split(" +"))).isNotZero();
        assertThat(err.toString()).contains(text);
        assertThat(host("k8s-node1").lines()).isEmpty();
    }

    @Test
    void aHostKeyThatIsNotPinnedIsRefusedWithBothFingerprintsAndGetsNoLogin() throws Exception {
        Path inventory = folder.resolve("definition/inventory.yaml");
        Files.writeString(
                inventory,
                Files.readString(inventory)
                        .replace(host("k8s-node1").hostKey(), host("k8s-node2").hostKey()));

        assertThat(join("k8s-node1", "--yes")).isEqualTo(ExitCode.REFUSED);

        assertThat(out.toString())
                .containsPattern("JOI002.*shows the host key SHA256:\\S+, the inventory pins SHA256:");
        assertThat(host("k8s-node1").lines()).isEmpty();
    }

    @Test
    void aMissingHostKeyIsNotTakenOnTrust() throws Exception {
        Path inventory = folder.resolve("definition/inventory.yaml");
        Files.writeString(
                inventory,
                Files.readString(inventory)
                        .replace(", hostKey: \"" + host("k8s-node1").hostKey() + "\"", ""));

        assertThat(join("k8s-node1", "--yes")).isEqualTo(ExitCode.ERROR);

        assertThat(out.toString()).contains("JOI003", "inventory.yaml:", "has no ssh.hostKey");
        assertThat(host("k8s-node1").lines()).isEmpty();
    }

    @Test
    void aLoginThatIsNotLetInIsSaid() throws Exception {
        KeyPair stranger = KeyUtils.generateKeyPair("ssh-ed25519", 256);
        try (var key = Files.newOutputStream(folder.resolve("stranger"))) {
            OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(stranger, "x", null, key);
        }

        Files.move(folder.resolve("stranger"), folder.resolve("key"), StandardCopyOption.REPLACE_EXISTING);

        assertThat(join("k8s-node1", "--yes")).isEqualTo(ExitCode.ERROR);
        assertThat(out.toString()).contains("JOI004", "refuses the login of ops");
    }

    @Test
    void aMachineThatTookTheNameOfANodeIsRefused() {
        register("k8s-node1", "192.168.16.202");
        host("k8s-node1").machine().write("root/etc/machine-id", "somebody-else\n");
        host("k8s-node1").machine().write("root/etc/kubernetes/kubelet.conf", Authorities.kubeletConf(ca));

        assertThat(join("k8s-node1", "--yes")).isEqualTo(ExitCode.REFUSED);

        assertThat(out.toString()).contains("JOI010", "192.168.16.202-id", "somebody-else");
    }

    @Test
    void twoCopiesOfOneMachineDoNotBothJoin() {
        host("k8s-node2").machine().write("root/etc/machine-id", "192.168.16.202-id\n");

        assertThat(join("k8s-node1", "k8s-node2", "--yes")).isEqualTo(ExitCode.REFUSED);

        assertThat(out.toString())
                .containsPattern("k8s-node1 +joined ")
                .containsPattern("k8s-node2 +refused .*JOI010: k8s-node2 has the machine-id of k8s-node1");
    }

    @Test
    void aClockThatIsOffIsRefusedBeforeAnythingIsDone() {
        host("k8s-node1").clock(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(-10)));

        assertThat(join("k8s-node1", "--yes")).isEqualTo(ExitCode.REFUSED);

        assertThat(out.toString()).containsPattern("JOI011: the clock of k8s-node1 is off by (599|600|601) s");
        assertThat(host("k8s-node1").lines()).noneMatch(JoinCommandTest::changes);
    }

    @Test
    void aNodeThatDoesNotBecomeReadyIsToldWithItsReason() {
        ready = "'False', reason: KubeletNotReady, message: cni plugin not initialized";

        assertThat(join("k8s-node1", "--yes", "--timeout", "1s")).isEqualTo(ExitCode.ERROR);

        assertThat(out.toString()).contains("JOI013", "cni plugin not initialized");
        assertThat(tokens()).isEmpty();
    }

    @Test
    void aClusterThatDoesNotAnswerNamesTheWayToBeginOne() throws Exception {
        sandbox.close();

        assertThat(join("k8s-master", "--yes", "--request-timeout", "1")).isEqualTo(ExitCode.ERROR);

        assertThat(err.toString())
                .contains("the cluster does not answer", "--node k8s-master", "prepare.sh")
                .contains("kubeadm init --config kubeadm-init.yaml");
    }

    @Test
    void withoutAnotherControlPlaneNoneCanJoin() {
        assertThat(join("k8s-master", "--yes")).isEqualTo(ExitCode.ERROR);

        assertThat(out.toString()).contains("JOI016", "begins the cluster with kubeadm init");
        assertThat(tokens()).isEmpty();
    }
}
