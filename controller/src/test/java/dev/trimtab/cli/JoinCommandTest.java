package dev.trimtab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.join.Authorities;
import dev.trimtab.join.FakeHost;
import dev.trimtab.sandbox.faults.Fault;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code trimtab bootstrap join} from the command line to machines behind SSH servers and to a cluster. */
@Timeout(120)
class JoinCommandTest extends JoinedMachines {

    @Test
    void firstRunJoinsSecondChangesNothingAndAChangedMirrorRestartsNothing() throws Exception {
        FakeHost host = host("k8s-node1");

        assertThat(join("k8s-node1", "--yes")).as(everything()).isZero();
        assertThat(out.toString()).containsPattern("k8s-node1 +joined +\\d+ +is a node, ready");
        assertThat(err.toString())
                .contains("facts:", "plan: absent; join", "prepare: /etc/containerd/config.toml", "token:", "seal:");
        assertThat(host.machine().calls()).contains("systemctl restart containerd");
        assertThat(tokens()).isEmpty();
        assertThat(host.isClean()).isTrue();

        host.forget();
        assertThat(join("k8s-node1", "--yes")).as(everything()).isZero();
        assertThat(out.toString()).containsPattern("k8s-node1 +unchanged +0 ");
        assertThat(host.machine().calls()).isEmpty();
        assertThat(host.lines()).noneMatch(JoinCommandTest::changes);

        define("https://mirror-b.internal", "");
        host.forget();
        assertThat(join("k8s-node1", "--yes")).as(everything()).isZero();
        assertThat(out.toString()).containsPattern("k8s-node1 +updated +1 ");
        assertThat(out.toString()).contains("containerd is not restarted");
        assertThat(host.machine().read("root/etc/containerd/certs.d/docker.io/hosts.toml"))
                .contains("mirror-b.internal");
        assertThat(host.machine().calls()).noneMatch(call -> call.startsWith("systemctl restart"));
        assertThat(host.machine().calls()).noneMatch(call -> call.startsWith("kubeadm"));

        define("https://mirror-b.internal", "  images: {sandbox: \"registry.k8s.io/pause:3.10.1\"}\n");
        host.forget();
        assertThat(join("k8s-node1", "--yes")).as(everything()).isZero();
        assertThat(out.toString()).contains("containerd is restarted once");
        assertThat(host.machine().calls().stream().filter("systemctl restart containerd"::equals))
                .hasSize(1);
    }

    @Test
    void anUnreachableHostDoesNotKeepOthersFromJoining() throws Exception {
        host("k8s-node1").close();

        assertThat(join("k8s-node1", "k8s-node2", "--yes")).isEqualTo(ExitCode.ERROR);

        assertThat(out.toString())
                .containsPattern("k8s-node1 +failed +0 +JOI001")
                .containsPattern("k8s-node2 +joined ");
    }

    @Test
    void aPatchThatPreparingRemovesIsInThePlan() {
        FakeHost host = host("k8s-node1");
        host.machine().write("root/etc/kubernetes/trimtab/patches/kubeletconfiguration.yaml", "maxPods: 50\n");

        assertThat(join("k8s-node1")).as(everything()).isZero();
        assertThat(out.toString())
                .containsPattern(
                        "file +/etc/kubernetes/trimtab/patches/kubeletconfiguration.yaml [0-9a-f]{12} -> none");
        assertThat(join("k8s-node1", "--yes")).as(everything()).isZero();

        assertThat(err.toString())
                .contains("prepare: removed /etc/kubernetes/trimtab/patches/kubeletconfiguration.yaml");
        assertThat(join("k8s-node1")).as(everything()).isZero();
        assertThat(out.toString()).contains("k8s-node1: joined, nothing");
    }

    @Test
    void withoutApprovalItOnlyLooksAndAPlanIsCarriedOutOnlyAsItWasShown() {
        assertThat(join("k8s-node1")).as(everything()).isZero();

        assertThat(out.toString())
                .contains(
                        "k8s-node1: absent, join",
                        "/etc/crictl.yaml none -> ",
                        "command  sh /run/trimtab-join/prepare.sh")
                .contains("command  env CA_CERT_HASH=sha256:");
        assertThat(err.toString()).contains("nothing was changed");
        assertThat(host("k8s-node1").lines()).isNotEmpty().noneMatch(JoinCommandTest::changes);
        Matcher digest = Pattern.compile("plan +(sha256:[0-9a-f]{64})").matcher(out.toString());
        assertThat(digest.find()).isTrue();

        host("k8s-node1").machine().write("root/etc/crictl.yaml", "changed in between\n");
        assertThat(join("k8s-node1", "--plan", digest.group(1))).isEqualTo(ExitCode.REFUSED);
        assertThat(out.toString()).contains("JOI012");
        assertThat(host("k8s-node1").lines()).noneMatch(JoinCommandTest::changes);

        host("k8s-node1").machine().root.resolve("etc/crictl.yaml").toFile().delete();
        assertThat(join("k8s-node1", "--plan", digest.group(1)))
                .as(everything())
                .isZero();
        assertThat(out.toString()).containsPattern("k8s-node1 +joined ");
    }

    @ParameterizedTest(name = "{1} at {0}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "of=/run/trimtab-join/verify.sh | DROP | JOI001 | false",
                "prepare.sh                     | HANG | JOI005 | false",
                "uname                          | HANG | JOI005 | false",
                "of=/run/trimtab-join/token     | DROP | JOI001 | true",
                "sh /run/trimtab-join/join.sh   | DROP | JOI001 | true",
                "sh /run/trimtab-join/join.sh   | HANG | JOI005 | true",
            })
    void aFaultEndsThatMachineAndLeavesNoToken(String part, FakeHost.Fault fault, String code, boolean minted) {
        // Only the exact command: others name the file, too.
        host("k8s-node1").fault(part.equals("prepare.sh") ? "sh /run/trimtab-join/prepare.sh" : part, fault);

        assertThat(join("k8s-node1", "--yes", "--command-timeout", "3s")).isEqualTo(ExitCode.ERROR);

        assertThat(out.toString()).contains(code);
        assertThat(err.toString().contains("k8s-node1: token: ")).isEqualTo(minted);
        assertThat(tokens()).isEmpty();
        assertNoSecretWasTold();
    }

    @Test
    void aJoinThatFailsLeavesNoTokenAndTheNextRunAsksForAReset() {
        host("k8s-node1").kubeadmEndsWith(1);
        assertThat(join("k8s-node1", "--yes")).isEqualTo(ExitCode.ERROR);
        assertThat(out.toString()).contains("JOI006: kubeadm join on k8s-node1 ended with 1", "--reset");
        assertThat(tokens()).isEmpty();
        assertThat(host("k8s-node1").isClean()).isTrue();

        host("k8s-node1").kubeadmEndsWith(0);
        host("k8s-node1").forget();
        assertThat(join("k8s-node1", "--yes")).isEqualTo(ExitCode.REFUSED);
        assertThat(out.toString()).contains("JOI007", "half joined", "kubeadm reset");
        assertThat(host("k8s-node1").lines()).noneMatch(JoinCommandTest::changes);

        assertThat(join("k8s-node1", "--yes", "--reset")).as(everything()).isZero();
        assertThat(host("k8s-node1").lines()).contains("sudo -n -- kubeadm reset --force");
        assertThat(out.toString()).containsPattern("k8s-node1 +joined ");
        assertNoSecretWasTold();
    }

    @Test
    void aTokenThatCannotBeDeletedIsTheWorstAndIsNamed() {
        sandbox.faults().on("delete", "secrets").inject(Fault.answer(403, "Forbidden", "no"));

        assertThat(join("k8s-node1", "--yes")).isEqualTo(ExitCode.ERROR);

        assertThat(out.toString())
                .containsPattern("k8s-node1 +failed .*JOI017: k8s-node1 has joined, but Secret"
                        + " kube-system/bootstrap-token-[a-z0-9]{6} could not be deleted");
        assertNoSecretWasTold();
    }

    @Test
    void aControlPlaneGetsTheCertificatesFromAnotherOneAndNoSecretIsToldAnywhere() {
        host("k8s-master").machine().write("root/etc/kubernetes/kubelet.conf", Authorities.kubeletConf(ca));
        register("k8s-master", "192.168.16.200");

        assertThat(join("k8s-node1", "k8s-master2", "--yes")).as(everything()).isZero();

        assertThat(host("k8s-master").lines())
                .anyMatch(
                        line -> line.startsWith("sudo -n -- kubeadm init phase upload-certs --upload-certs --config"));
        assertThat(host("k8s-master").isClean()).isTrue();
        String key = given("k8s-master2", "certificateKey: \"?([0-9a-f]{64})");
        assertThat(told.toString()).doesNotContain(key);
        assertThat(err.toString().indexOf("k8s-master2: report"))
                .as("control planes first")
                .isBetween(0, err.toString().indexOf("k8s-node1: token"));
        Stream.of("k8s-master", "k8s-master2")
                .forEach(name -> assertThat(host(name).lines()).noneMatch(line -> line.contains(key)));
        assertNoSecretWasTold();
    }

    /** Neither to people nor in the words of any command, whole or in part. */
    private void assertNoSecretWasTold() {
        Pattern token = Pattern.compile("token: \"?([a-z0-9]{6}\\.[a-z0-9]{16})");
        hosts.forEach((name, host) -> {
            if (host.machine().has("state/join")) {
                Matcher found = token.matcher(host.machine().read("state/join"));
                assertThat(found.find()).isTrue();
                String secret = found.group(1).substring(7);
                assertThat(told.toString()).doesNotContain(secret);
                assertThat(host.lines()).noneMatch(line -> line.contains(secret));
                assertThat(host.machine().calls()).noneMatch(call -> call.contains(secret));
            }
        });
        assertThat(told.toString()).doesNotContainPattern("[a-z0-9]{6}\\.[a-z0-9]{16}(?![a-z0-9])");
    }
}
