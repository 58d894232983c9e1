package dev.trimtab.bootstrap.intake;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.definition.YamlText;
import dev.trimtab.render.Written;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Files with nearly every field that kubeadm knows: what has no place in a definition is told, and nothing goes without a word. */
class WholeKubeadmFileTest {

    /** Fields that say what holds anyway, or are part of something that is told as a whole. */
    private static final String SAYS_NOTHING = String.join(
            "|",
            "/nodeRegistration/criSocket",
            "/nodeRegistration/imagePullPolicy",
            "/localAPIEndpoint/advertiseAddress|/nodeRegistration/kubeletExtraArgs/(node-ip|0(/.*)?)", // the same
            // address
            "/nodeRegistration/kubeletExtraArgs/1(/.*)?", // given again
            "/(apiServer|controllerManager|scheduler)/extraArgs/\\d+/value", // told by their names
            "/etcd/local/extraArgs/0/.*",
            "/bootstrapTokens/0/(groups|ttl|usages|description)(/.*)?",
            "/imageRepository",
            "/networking/(dnsDomain|serviceSubnet)",
            "/dns/disabled",
            "/apiServer/certSANs/[01]", // the endpoint and the node itself
            "/apiServer/extraArgs/0(/.*)?|/apiServer/extraArgs/authorization-mode",
            "/apiServer/timeoutForControlPlane",
            "/apiServer/extra(Envs|Volumes)/0/.*",
            "/etcd/local/extraEnvs/0/.*",
            "/nodeRegistration/taints/0(/.*)?", // the control plane's own
            "/cgroupDriver",
            "/failSwapOn|/memorySwap(/.*)?", // either alone says the same or nothing
            "/staticPodURLHeader/.*",
            "/clusterDNS/0",
            "/mode",
            "/clusterCIDR",
            "/conntrack/.*",
            "/nodePortAddresses/0",
            "/skipPhases/0",
            "/featureGates/(ControlPlaneKubeletLocalMode|NodeLocalCRISocket)",
            "/etcd/local/(server|peer)CertSANs/0");

    static Stream<Arguments> fields() {
        return Stream.of("everything-v1beta3.yaml", "everything-v1beta4.yaml").flatMap(file -> {
            List<ObjectNode> documents = documents(file);
            List<Arguments> fields = new ArrayList<>();
            for (int i = 0; i < documents.size(); i++) {
                int document = i;
                pointers(documents.get(i), "").stream()
                        .filter(pointer -> !pointer.matches("/(apiVersion|kind)|" + SAYS_NOTHING))
                        .forEach(pointer -> fields.add(Arguments.of(file, document, pointer)));
            }
            return fields.stream();
        });
    }

    @ParameterizedTest(name = "{0} document {1} {2}")
    @MethodSource("fields")
    void aFieldThatIsTakenOutIsMissed(String file, int document, String pointer) {
        List<ObjectNode> fewer = documents(file);
        int slash = pointer.lastIndexOf('/');
        JsonNode owner = fewer.get(document).at(pointer.substring(0, slash));
        String name = pointer.substring(slash + 1).replace("~1", "/").replace("~0", "~");
        if (owner instanceof ObjectNode object) {
            object.remove(name);
        } else if (owner instanceof ArrayNode array) {
            array.remove(Integer.parseInt(name));
        }

        assertThat(outcome(fewer)).isNotEqualTo(outcome(documents(file)));
    }

    @ParameterizedTest(name = "{0}:{1}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "everything-v1beta4.yaml | patches.directory       | name them in spec.kubeadm.patches",
                "everything-v1beta4.yaml | skipPhases              | --skip-phases",
                "everything-v1beta4.yaml | localAPIEndpoint.bindPort | spec.controlPlaneEndpoint.port",
                "everything-v1beta4.yaml | apiServer.extraArgs.audit-policy-file | patches/kube-apiserver0+json.yaml",
                "everything-v1beta4.yaml | apiServer.extraArgs.profiling | patches/kube-apiserver0+json.yaml",
                "everything-v1beta4.yaml | apiServer.extraVolumes  | patches/kube-apiserver0+json.yaml",
                "everything-v1beta4.yaml | scheduler.extraArgs.bind-address | patches/kube-scheduler0+json.yaml",
                "everything-v1beta4.yaml | etcd.local.extraArgs    | patches/etcd0+json.yaml",
                "everything-v1beta4.yaml | etcd.local.dataDir      | mount the disk at /var/lib/etcd",
                "everything-v1beta4.yaml | dns.imageTag            | spec.images.repository",
                "everything-v1beta4.yaml | proxy.disabled          | --skip-phases",
                "everything-v1beta4.yaml | featureGates            | a gate of kubeadm's",
                "everything-v1beta4.yaml | certificatesDir         | /etc/kubernetes/pki",
                "everything-v1beta4.yaml | caCertificateValidityPeriod | kubeadm certs renew",
                "everything-v1beta4.yaml | discovery.file.kubeConfigPath | a token of its own",
                "everything-v1beta4.yaml | nodeRegistration.imagePullSerial | nothing",
                "everything-v1beta4.yaml | KubeletConfiguration.clusterDNS | kubeletconfiguration",
                "everything-v1beta4.yaml | KubeProxyConfiguration.nodePortAddresses | ConfigMap kube-system/kube-proxy",
                "everything-v1beta3.yaml | apiServer.extraArgs.profiling | patches/kube-apiserver0+json.yaml",
                "everything-v1beta3.yaml | patches.directory       | name them in spec.kubeadm.patches",
            })
    void aFieldWithoutAPlaceIsNamedWithItsLineAndWhatToDo(String file, String path, String fix) {
        String name = path.substring(path.lastIndexOf('.') + 1);
        String text = Sources.text(file);
        List<String> lines = text.lines().toList();

        assertThat(Sources.kubeadm(text, Wanted.NOTHING).findings())
                .filteredOn(finding -> finding.text().startsWith(path + " is not carried over"))
                .isNotEmpty()
                .allSatisfy(finding -> {
                    assertThat(finding.code()).isEqualTo(IntakeCode.IMP001);
                    assertThat(finding.fix()).contains(fix);
                    int line = Integer.parseInt(finding.place().split(":", -1)[1]);
                    assertThat(lines.get(line - 1)).contains(name);
                });
    }

    @Test
    void aFlagOfTheKubeletThatHasAFieldIsKeptAndTold() {
        Imported imported = Sources.kubeadm(Sources.text("everything-v1beta4.yaml"), Wanted.NOTHING);

        assertThat(imported.findings())
                .filteredOn(finding -> finding.code() == IntakeCode.IMP017)
                .singleElement()
                .satisfies(finding -> assertThat(finding.fix()).contains("spec.kubelet.config.maxPods"));
        assertThat(Sources.documents(imported)).contains("max-pods: \"110\"");
    }

    @Test
    void twoAddressesOfOneMachineAreTold() {
        String text = Sources.text("everything-v1beta4.yaml").replace("    value: 10.0.0.11", "    value: 10.0.0.99");

        Imported imported = Sources.kubeadm(text, Wanted.NOTHING);

        assertThat(Sources.findings(imported)).contains("advertiseAddress 10.0.0.11 and node-ip 10.0.0.99 differ");
        assertThat(Sources.documents(imported)).contains("10.0.0.99");
    }

    @Test
    void etcdElsewhereIsTold() {
        Imported imported = Sources.kubeadm("""
                apiVersion: kubeadm.k8s.io/v1beta3
                kind: ClusterConfiguration
                kubernetesVersion: v1.36.4
                controlPlaneEndpoint: api.prod.internal
                networking: {podSubnet: 10.244.0.0/16}
                etcd:
                  external:
                    endpoints: ["https://10.0.0.5:2379"]
                    keyFile: /etc/etcd/client.key
                """, Wanted.NOTHING);

        assertThat(Sources.findings(imported))
                .contains("etcd.external.endpoints is not carried over", "etcd.external.keyFile is not carried over")
                .contains("it runs etcd on the control-plane nodes");
    }

    @Test
    void noSecretOfAWholeFileReachesAnything() {
        for (String file : List.of("everything-v1beta3.yaml", "everything-v1beta4.yaml")) {
            Imported imported = Sources.kubeadm(Sources.text(file), Wanted.NOTHING);
            assertThat(Sources.documents(imported) + Sources.findings(imported))
                    .doesNotContain("r6t5y4u3i2o1p0a9", "9f3a1c5d7e8b", "hunter2");
            assertThat(Sources.definition(imported).refused()).isFalse();
        }
    }

    /** What comes of documents, without the places, which move. */
    private static String outcome(List<ObjectNode> documents) {
        String text = documents.stream().map(YamlText::of).collect(Collectors.joining("---\n"));
        Imported imported = Sources.kubeadm(text, Wanted.NOTHING);
        return Sources.documents(imported)
                + imported.findings().stream()
                        .map(finding -> finding.code() + finding.text())
                        .sorted()
                        .collect(Collectors.joining("\n"));
    }

    private static List<ObjectNode> documents(String file) {
        return Arrays.stream(Sources.text(file).split("(?m)^---\\n"))
                .map(Written::object)
                .toList();
    }

    /** Of all values that are no mapping, and of the items of lists. */
    private static List<String> pointers(JsonNode tree, String pointer) {
        List<String> pointers = new ArrayList<>();
        if (tree instanceof ObjectNode object) {
            object.properties()
                    .forEach(field -> pointers.addAll(pointers(
                            field.getValue(),
                            pointer + "/" + field.getKey().replace("~", "~0").replace("/", "~1"))));
        } else {
            pointers.add(pointer);
            for (int i = 0; i < tree.size(); i++) {
                pointers.addAll(pointers(tree.get(i), pointer + "/" + i));
                if (tree.get(i).isObject()) {
                    pointers.add(pointer + "/" + i);
                }
            }
        }
        return pointers.stream().distinct().toList();
    }
}
