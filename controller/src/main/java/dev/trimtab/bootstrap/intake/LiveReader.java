package dev.trimtab.bootstrap.intake;

import static dev.trimtab.bootstrap.intake.IntakeCode.IMP009;
import static dev.trimtab.bootstrap.intake.IntakeCode.IMP013;
import static dev.trimtab.bootstrap.intake.IntakeCode.IMP016;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.definition.DefinitionCode;
import dev.trimtab.definition.SourceDocuments;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.source.RepoPath;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Reads a running cluster: kubeadm's ConfigMaps say what it was built with, its nodes what became of it. */
final class LiveReader {

    private static final Pattern CONTAINERD = Pattern.compile("containerd://v?(\\d+\\.\\d+\\.\\d+)\\b.*");

    private final LiveCluster live;
    private final Wanted wanted;
    private final Findings findings;
    private final ClusterDraft cluster = new ClusterDraft();
    private final List<Credential> credentials = new ArrayList<>();

    LiveReader(LiveCluster live, Wanted wanted, Findings findings) {
        this.live = live;
        this.wanted = wanted;
        this.findings = findings;
    }

    static String place(JsonNode object, String pointer) {
        return ObjectKey.of(object) + (pointer.isEmpty() ? "" : " " + pointer);
    }

    List<Credential> credentials() {
        return List.copyOf(credentials);
    }

    SortedMap<String, ObjectNode> documents() {
        configuration(live.kubeadmConfig(), "ConfigMap kube-system/kubeadm-config", "ClusterConfiguration", source -> {
            new ClusterConfigurationReader(cluster, findings).read(source);
            source.rest((path, place) -> KubeadmReader.notCarried(findings, path, place));
        });
        FlannelReader flannel = new FlannelReader(findings);
        Optional<ObjectNode> addon =
                live.flannelDaemonSet().map(daemonSet -> flannel.read(daemonSet, live.flannelConfig()));
        network(flannel);
        configuration(
                live.kubeletConfig(),
                "ConfigMap kube-system/kubelet-config",
                "kubelet",
                source -> new KubeletReader(cluster, findings).read(source));
        configuration(live.kubeProxy(), "ConfigMap kube-system/kube-proxy", "config.conf", source -> {
            new ProxyReader(cluster, findings).read(source);
            source.rest((path, place) -> KubeadmReader.notCarried(findings, path, place));
        });
        identity();
        List<NodeDraft> nodes = nodes();
        SortedMap<String, ObjectNode> documents = new TreeMap<>();
        documents.put(Intake.CLUSTER, cluster.document(nodes));
        documents.put(Intake.INVENTORY, NodeDraft.document(nodes));
        addon.ifPresent(document -> documents.put(Intake.FLANNEL, document));
        credentials.addAll(flannel.credentials());
        return documents;
    }

    private void configuration(Optional<ObjectNode> configMap, String title, String key, Consumer<Source> reader) {
        Optional<String> text =
                configMap.map(map -> map.path("data").path(key).asText()).filter(written -> !written.isEmpty());
        if (text.isEmpty()) {
            findings.warn(
                    IMP016,
                    title,
                    "it is not there or has no key " + key + "; usual values were taken for what it says",
                    "correct the documents where the cluster was built otherwise");
            return;
        }
        String name = title + " " + key;
        SourceDocuments read = SourceDocuments.read(
                new RepoPath("configuration.yaml"), text.get().getBytes(StandardCharsets.UTF_8));
        read.problems().forEach(problem -> findings.add(name, problem));
        read.documents().stream().findFirst().ifPresent(document -> {
            ObjectNode meant = Noise.without(
                    document.json(), value -> List.of("false", "0").contains(value.asText()));
            // What the kubelet is told may be false or zero on purpose.
            ObjectNode json = key.equals("kubelet") ? document.json() : meant;
            reader.accept(Source.of(json, pointer -> Intake.at(name, document, pointer)));
        });
    }

    private void network(FlannelReader flannel) {
        if (cluster.podSubnets.isEmpty()) {
            cluster.podSubnets = flannel.networks();
        }
        if (cluster.podSubnets.isEmpty()) {
            ClusterConfigurationReader.assumeSubnet(cluster, findings, "ConfigMap kube-system/kubeadm-config");
        } else if (cluster.podSubnets.equals(flannel.networks())) {
            flannel.networkIsImplied();
        }
    }

    /** What a cluster's API server runs counts more than what kubeadm wrote down. */
    private void identity() {
        cluster.kubernetesVersion = wanted.kubernetesVersion().or(() -> Optional.of(live.version()));
        ClusterConfigurationReader.version(cluster, wanted, findings, "the API server");
        // kubeadm calls every cluster so.
        cluster.name = wanted.name()
                .or(() -> cluster.name.filter(name -> !name.equals("kubernetes")))
                .or(() -> Optional.of(live.name()).filter(name -> name.matches("[a-z0-9]([-a-z0-9.]*[a-z0-9])?")));
        if (cluster.endpoint.isEmpty()) {
            findings.warn(
                    DefinitionCode.CD012,
                    "ConfigMap kube-system/kubeadm-config",
                    "there is no controlPlaneEndpoint; adding it later needs new certificates",
                    "as long as there is one control-plane node, plan the change before you add a second");
        }
    }

    private List<NodeDraft> nodes() {
        NodesReader reader = new NodesReader(findings);
        List<NodeDraft> drafts = live.nodes().stream()
                .map(reader::read)
                .flatMap(Optional::stream)
                .toList();
        String version = cluster.kubernetesVersion.orElse("");
        drafts.forEach(draft -> draft.kubeletVersion = draft.kubeletVersion.filter(own -> !own.equals(version)));
        containerd();
        return drafts;
    }

    private void containerd() {
        Set<String> versions = new TreeSet<>();
        for (ObjectNode node : live.nodes()) {
            String runtime = node.at("/status/nodeInfo/containerRuntimeVersion").asText();
            var matcher = CONTAINERD.matcher(runtime);
            if (matcher.matches()) {
                versions.add(matcher.group(1));
            } else if (!runtime.isEmpty()) {
                findings.warn(
                        IMP009,
                        place(node, "/status/nodeInfo/containerRuntimeVersion"),
                        "the node runs " + runtime,
                        "Trimtab sets machines up with containerd: move the node to it, one at a time");
            }
        }
        if (versions.size() == 1) {
            cluster.containerdVersion = Optional.of(versions.iterator().next());
        } else if (versions.size() > 1) {
            findings.warn(
                    IMP013,
                    "the nodes",
                    "they run different versions of containerd (" + String.join(", ", versions)
                            + "); spec.containerd.version is left out",
                    "write the version that all of them should have");
        }
    }
}
