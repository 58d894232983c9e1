package dev.trimtab.bootstrap.intake;

import static dev.trimtab.bootstrap.intake.IntakeCode.IMP009;
import static dev.trimtab.bootstrap.intake.IntakeCode.IMP010;
import static dev.trimtab.bootstrap.intake.IntakeCode.IMP013;
import static dev.trimtab.bootstrap.intake.IntakeCode.IMP016;
import static dev.trimtab.bootstrap.intake.IntakeCode.IMP020;

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
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads a running cluster: kubeadm's ConfigMaps say what it was built with, its nodes what became of it. */
final class LiveReader {

    private static final String API_SERVER = "the API server";

    /** What Semantic Versioning calls build metadata. */
    private static final Pattern BUILD = Pattern.compile("\\+.*$");

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
        configuration(
                LiveCluster.KUBEADM_CONFIG, live.kubeadmConfig(), "ClusterConfiguration", json -> json, source -> {
                    new ClusterConfigurationReader(cluster, findings).read(source);
                    source.rest((path, place) -> KubeadmReader.notCarried(findings, path, place));
                });
        podNetworks();
        FlannelReader flannel = new FlannelReader(findings);
        Optional<ObjectNode> addon =
                live.podNetworks().flannel().map(daemonSet -> flannel.read(daemonSet, live.flannelConfig()));
        network(flannel);
        configuration(
                LiveCluster.KUBELET_CONFIG,
                live.kubeletConfig(),
                "kubelet",
                json -> json,
                source -> new KubeletReader(cluster, findings).read(source));
        configuration(LiveCluster.KUBE_PROXY, live.kubeProxy(), "config.conf", ProxyReader::meant, source -> {
            new ProxyReader(cluster, findings).read(source);
            source.rest((path, place) -> KubeadmReader.notCarried(findings, "KubeProxyConfiguration." + path, place));
        });
        identity();
        List<NodeDraft> nodes = nodes();
        notRead(LiveCluster.KUBOARD, "agents of Kuboard are left out if there are any");
        notRead(LiveCluster.ROLE_BINDINGS, "the usual roles of Kuboard's agents were taken");
        SortedMap<String, ObjectNode> documents = new TreeMap<>();
        documents.put(Intake.CLUSTER, cluster.document(nodes));
        documents.put(Intake.INVENTORY, NodeDraft.document(nodes));
        addon.ifPresent(document -> documents.put(Intake.FLANNEL, document));
        credentials.addAll(flannel.credentials());
        return documents;
    }

    private void notRead(String title, String consequence) {
        if (live.forbidden().contains(title)) {
            findings.warn(
                    IMP016,
                    title,
                    "not allowed to read them; " + consequence,
                    "import again with a kubeconfig that may read the cluster, for instance kubeadm's admin.conf");
        }
    }

    private void configuration(
            String title,
            Optional<ObjectNode> configMap,
            String key,
            UnaryOperator<ObjectNode> meant,
            Consumer<Source> reader) {
        Optional<String> text =
                configMap.map(map -> map.path("data").path(key).asText()).filter(written -> !written.isEmpty());
        if (text.isEmpty()) {
            boolean forbidden = live.forbidden().contains(title);
            findings.warn(
                    IMP016,
                    title,
                    (forbidden ? "not allowed to read it" : "it is not there or has no key " + key)
                            + "; usual values were taken for what it says",
                    forbidden
                            ? "import again with a kubeconfig that may read it, or correct the documents where the"
                                    + " cluster was built otherwise"
                            : "correct the documents where the cluster was built otherwise");
            return;
        }
        String name = title + " " + key;
        SourceDocuments read = SourceDocuments.read(
                new RepoPath("configuration.yaml"), text.get().getBytes(StandardCharsets.UTF_8));
        read.problems().forEach(problem -> findings.add(name, problem));
        read.documents()
                .forEach(document -> reader.accept(
                        Source.of(meant.apply(document.json()), pointer -> Intake.at(name, document, pointer))));
    }

    private void podNetworks() {
        PodNetworks networks = live.podNetworks();
        for (ObjectNode other : networks.others()) {
            String project = PodNetworks.project(other);
            boolean alone = networks.flannels().isEmpty();
            findings.warn(
                    IMP020,
                    place(other, ""),
                    alone
                            ? "the pod network is " + project + ", of which a definition knows nothing; it is not"
                                    + " imported"
                            : project + " runs beside flannel: two pod networks fight over the nodes' interfaces",
                    alone
                            ? "keep its manifests in the definition as they are"
                            : "find out which one gives pods their addresses, and delete the other one");
        }
        if (networks.flannels().size() > 1) {
            findings.warn(
                    IMP020,
                    place(networks.flannels().get(0), ""),
                    "flannel runs more than once: "
                            + networks.flannels().stream()
                                    .map(set -> ObjectKey.of(set).toString())
                                    .collect(Collectors.joining(", "))
                            + "; the first one was taken",
                    "find out which one the nodes use, and delete the other one");
        }
        networks.flannel()
                .filter(set -> !PodNetworks.isAtItsPlace(set))
                .ifPresent(set -> findings.warn(
                        IMP020,
                        place(set, ""),
                        "flannel does not run as DaemonSet kube-flannel/kube-flannel-ds, under which Trimtab keeps it;"
                                + " a second one would be started beside it",
                        "delete this DaemonSet right before the first apply; the network of running pods stays as long as"
                                + " the nodes do"));
        boolean forbidden = live.forbidden().contains(LiveCluster.DAEMON_SETS);
        notRead(LiveCluster.DAEMON_SETS, "nothing is known of the pod network");
        if (!forbidden && networks.flannels().isEmpty() && networks.others().isEmpty()) {
            findings.warn(
                    IMP020,
                    LiveCluster.DAEMON_SETS,
                    "none of them is a flannel; the pod network is left out",
                    "write a document of kind Flannel for a new pod network, or keep the manifests of another one in the"
                            + " definition");
        }
    }

    private void network(FlannelReader flannel) {
        if (cluster.podSubnets.isEmpty()) {
            cluster.podSubnets = flannel.networks();
        }
        if (cluster.podSubnets.isEmpty()) {
            ClusterConfigurationReader.assumeSubnet(cluster, findings, LiveCluster.KUBEADM_CONFIG);
        } else if (cluster.podSubnets.equals(flannel.networks())) {
            flannel.networkIsImplied();
        }
    }

    /** What a cluster's API server runs counts more than what kubeadm wrote down. */
    private void identity() {
        String running = BUILD.matcher(live.version()).replaceFirst("");
        if (wanted.kubernetesVersion().isEmpty()) {
            if (!running.equals(live.version())) {
                findings.warn(
                        IMP010,
                        API_SERVER,
                        "it runs " + live.version() + ", a build of somebody's own; " + running + " was taken",
                        "import again with --kubernetes-version where packages of another version are to be installed");
            }
            cluster.kubernetesVersion
                    .filter(written -> !("v" + written).replace("vv", "v").equals(running))
                    .ifPresent(written -> findings.warn(
                            IMP013,
                            LiveCluster.KUBEADM_CONFIG,
                            "kubernetesVersion is " + written + ", but the API server runs " + running
                                    + ", which was taken",
                            "finish the upgrade with kubeadm, or leave it: kubeadm upgrade writes it anew"));
        }
        cluster.kubernetesVersion = Optional.of(running);
        ClusterConfigurationReader.version(cluster, wanted, findings, API_SERVER);
        // kubeadm calls every cluster so.
        cluster.name = wanted.name()
                .or(() -> cluster.name.filter(name -> !name.equals("kubernetes")))
                .or(() -> Optional.of(live.name()).filter(name -> name.matches("[a-z0-9]([-a-z0-9.]*[a-z0-9])?")));
        if (cluster.endpoint.isEmpty()) {
            findings.warn(
                    DefinitionCode.CD012,
                    LiveCluster.KUBEADM_CONFIG,
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
