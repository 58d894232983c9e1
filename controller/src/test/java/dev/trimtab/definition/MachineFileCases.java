package dev.trimtab.definition;

import static dev.trimtab.definition.DefinitionCode.CD040;
import static dev.trimtab.definition.DefinitionCode.CD045;
import static dev.trimtab.definition.DefinitionCode.CD059;
import static dev.trimtab.definition.RuleCases.PEM;
import static dev.trimtab.definition.RuleCases.cluster;
import static dev.trimtab.definition.RuleCases.error;
import static dev.trimtab.definition.RuleCases.passes;
import static dev.trimtab.definition.RuleCases.registry;

import dev.trimtab.definition.RuleCases.Case;
import dev.trimtab.definition.RuleCases.Edit;
import java.util.List;

/** What is copied to machines as it stands in Git: patches for kubeadm, and certificates of mirrors. */
final class MachineFileCases {

    private static final String CA = """
            -----BEGIN CERTIFICATE-----\\n\
            MIIBkzCCATmgAwIBAgIUVKa2r3tZqsAIUE4f32DWjjq0K/QwCgYIKoZIzj0EAwIw\\n\
            HjEcMBoGA1UEAwwTTWlycm9ycyBvZiB0aGUgZGVtbzAgFw0yNjExMjkwNzQwMDRa\\n\
            GA8yMTI2MTEwNTA3NDAwNFowHjEcMBoGA1UEAwwTTWlycm9ycyBvZiB0aGUgZGVt\\n\
            bzBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABE6MwJk4V2guMW2Ny+Ol/C+YpBRe\\n\
            AJOhROVF+JovCUWwZNb6OG0vU4S6Jvmtyx1W7vRd3OHhOxNT/prn1X6T3KSjUzBR\\n\
            MB0GA1UdDgQWBBShUbY0/ShkQAolcz+yKB0IC53zIzAfBgNVHSMEGDAWgBShUbY0\\n\
            /ShkQAolcz+yKB0IC53zIzAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gA\\n\
            MEUCIQC4czc38HIBOj0yiATAmhQ5Z1IEJGGLK6SfsFUHB+c/WgIgeCjaLxMbVb2t\\n\
            PGrG1hVfuO4NSbtxhs80d1zbA9V6NGY=\\n\
            -----END CERTIFICATE-----""";

    static final List<Case> BROKEN = List.of(
            error(
                    CD045,
                    "kubeadm.patches: \"../kube-apiserver.yaml\" is no path below the definition's folder",
                    patches("«../kube-apiserver.yaml")),
            error(
                    CD045,
                    "kubeadm.patches: patches/etcd.yaml is no file of this revision",
                    patches("«patches/etcd.yaml")),
            error(
                    CD045,
                    "kubeadm.patches: the name kube-apisrver.yaml names nothing that kubeadm patches; kubeadm would ignore it",
                    patches("«p/kube-apisrver.yaml"),
                    file("p/kube-apisrver.yaml", "spec: {}\n")),
            error(
                    CD045,
                    "kubeadm.patches: the name etcd.yml must end with .json or .yaml; kubeadm would ignore it",
                    patches("«p/etcd.yml"),
                    file("p/etcd.yml", "spec: {}\n")),
            error(
                    CD045,
                    "kubeadm.patches: the name etcd+merg.yaml has no patch type after +, or a dot or + too many; kubeadm would refuse or"
                            + " misread it",
                    patches("«p/etcd+merg.yaml"),
                    file("p/etcd+merg.yaml", "spec: {}\n")),
            error(
                    CD045,
                    "kubeadm.patches: p/etcd.yaml and q/etcd.yaml have one name, and come to lie in one folder",
                    patches("p/etcd.yaml, «q/etcd.yaml"),
                    file("p/etcd.yaml", "spec: {}\n"),
                    file("q/etcd.yaml", "spec: {}\n")),
            error(
                    CD045,
                    "a patch of type json must be a list of operations, each with op and path; found a mapping",
                    patches("p/etcd+json.yaml"),
                    file("p/etcd+json.yaml", "«spec: {}\n")),
            error(
                    CD045,
                    "a patch must be a mapping; found a list",
                    patches("p/etcd.yaml"),
                    file("p/etcd.yaml", "«- {op: remove, path: /spec}\n")),
            error(CD045, "a patch that holds nothing", patches("p/etcd.yaml"), file("p/etcd.yaml", "«# nothing\n")),
            error(
                    CD040,
                    "a private key is not allowed in Git",
                    patches("p/etcd.yaml"),
                    file("p/etcd.yaml", "«spec: {a: \"" + PEM + "\"}\n")),
            error(
                    CD059,
                    "endpoints[0].ca holds no certificates that can be read",
                    registry("docker.io", "{url: \"https://m\", ca: «\"-----BEGIN CERTIFICATE-----\"}")),
            error(
                    CD059,
                    "endpoints[0].ca and caSecretRef are both there",
                    registry(
                            "docker.io",
                            "{url: \"https://m\", caSecretRef: {name: ca, key: crt}, ca: «\"" + CA + "\"}")),
            error(
                    CD059,
                    "endpoints[0].ca is of no use with http://m",
                    registry("docker.io", "{url: \"http://m\", ca: «\"" + CA + "\"}")));

    static final List<Case> KEPT = List.of(
            passes(
                    CD045,
                    patches("patches/kube-apiserver0+json.yaml, kubeletconfiguration.json, etcd-slow+merge.yaml"),
                    file("patches/kube-apiserver0+json.yaml", "- {op: remove, path: /spec/priority}\n"),
                    file("kubeletconfiguration.json", "{\"maxPods\": 50}\n"),
                    file("etcd-slow+merge.yaml", "kind: Pod\napiVersion: v1\nspec: {priority: 1}\n---\nspec: {}\n")),
            passes(CD040, patches("p/etcd.yaml"), file("p/etcd.yaml", "spec: {a: b}\n")),
            passes(CD059, registry("docker.io", "{url: \"https://m\", ca: \"" + CA + "\"}")));

    private MachineFileCases() {}

    private static Edit patches(String files) {
        return cluster("", "  kubeadm: {patches: [" + files + "]}\n");
    }

    private static Edit file(String path, String text) {
        return new Edit(path, "", text);
    }
}
