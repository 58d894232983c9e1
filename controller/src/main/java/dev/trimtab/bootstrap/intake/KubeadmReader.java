package dev.trimtab.bootstrap.intake;

import static dev.trimtab.bootstrap.intake.IntakeCode.IMP001;
import static dev.trimtab.bootstrap.intake.IntakeCode.IMP002;
import static dev.trimtab.bootstrap.intake.IntakeCode.IMP003;
import static dev.trimtab.bootstrap.intake.IntakeCode.IMP005;
import static dev.trimtab.bootstrap.intake.IntakeCode.IMP007;
import static dev.trimtab.bootstrap.intake.IntakeCode.IMP013;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.definition.DefinitionCode;
import dev.trimtab.definition.SourceDocuments;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads the documents of a kubeadm configuration, in whatever order they stand in the file. */
final class KubeadmReader {

    private static final Set<String> VERSIONS = Set.of("kubeadm.k8s.io/v1beta3", "kubeadm.k8s.io/v1beta4");

    /** Fields that kubeadm knows and a definition has no place for; everything else that is left was never a field. */
    private static final Pattern KNOWN =
            Pattern.compile("(certificateKey|skipPhases|patches|dryRun|etcd|dns|proxy|certificatesDir"
                    + "|featureGates|certificateValidityPeriod|caCertificateValidityPeriod|caCertPath|discovery|clusterName"
                    + "|nodeRegistration\\.(imagePullSerial|criSocket|taints)|localAPIEndpoint\\.bindPort"
                    + "|controlPlane\\.localAPIEndpoint\\.bindPort"
                    + "|(apiServer|controllerManager|scheduler)\\.(extraArgs|extraVolumes|extraEnvs))\\b.*");

    /** A kind that is read, with what it is read by, in the order in which one needs what another said. */
    private enum Part {
        CLUSTER("ClusterConfiguration"),
        INIT("InitConfiguration"),
        JOIN("JoinConfiguration"),
        KUBELET("KubeletConfiguration"),
        PROXY("KubeProxyConfiguration");

        private final String kind;

        Part(String kind) {
            this.kind = kind;
        }

        static Optional<Part> of(String apiVersion, String kind) {
            for (Part part : values()) {
                if (part.kind.equals(kind) && part.reads(apiVersion)) {
                    return Optional.of(part);
                }
            }
            return Optional.empty();
        }

        private boolean reads(String apiVersion) {
            return switch (this) {
                case CLUSTER, INIT, JOIN -> VERSIONS.contains(apiVersion);
                case KUBELET -> apiVersion.startsWith("kubelet.config.k8s.io/");
                case PROXY -> apiVersion.startsWith("kubeproxy.config.k8s.io/");
            };
        }
    }

    private final Findings findings;
    private final Wanted wanted;
    private final Map<Part, List<SourceDocuments.Document>> parts = new LinkedHashMap<>();
    private final List<SourceDocuments.Document> others = new ArrayList<>();
    private final ClusterDraft cluster = new ClusterDraft();
    private final List<NodeDraft> nodes = new ArrayList<>();

    KubeadmReader(Findings findings, Wanted wanted) {
        this.findings = findings;
        this.wanted = wanted;
    }

    void add(SourceDocuments.Document document) {
        Optional<Part> part = Part.of(
                document.json().path("apiVersion").asText(),
                document.json().path("kind").asText());
        part.ifPresentOrElse(
                known -> parts.computeIfAbsent(known, key -> new ArrayList<>()).add(document),
                () -> others.add(document));
    }

    SortedMap<String, ObjectNode> documents(String name) {
        SortedMap<String, ObjectNode> documents = new TreeMap<>();
        others.forEach(document -> other(name, document));
        if (parts.isEmpty()) {
            findings.error(
                    IMP005,
                    name,
                    "it holds no configuration of kubeadm",
                    "name the file that kubeadm init or join was given, or print the one of a cluster with kubectl -n"
                            + " kube-system get configmap kubeadm-config -o yaml and import the cluster instead");
            return documents;
        }
        NodeReader nodeReader = new NodeReader(cluster, wanted, findings);
        for (Part part : Part.values()) {
            int count = 0;
            for (SourceDocuments.Document document : parts.getOrDefault(part, List.of())) {
                Source source = Source.of(document.json(), pointer -> Intake.at(name, document, pointer));
                if (count++ > 0 && part != Part.JOIN) {
                    findings.warn(
                            IMP013,
                            source.place(),
                            "a second " + part.kind + "; only the first is imported",
                            "keep one of the two, as kubeadm itself demands");
                    continue;
                }
                read(part, source, nodeReader);
                rest(part, source);
            }
        }
        boolean wholeCluster = parts.keySet().stream().anyMatch(part -> part != Part.JOIN);
        if (wholeCluster) {
            finish(name);
        }
        wantedNode();
        nodes.stream().filter(node -> !node.complete()).forEach(node -> leftOut(name, node));
        List<NodeDraft> complete = nodes.stream().filter(NodeDraft::complete).toList();
        if (wholeCluster) {
            documents.put(Intake.CLUSTER, cluster.document(complete));
        }
        if (!complete.isEmpty()) {
            documents.put(Intake.INVENTORY, NodeDraft.document(complete));
        }
        return documents;
    }

    private void other(String name, SourceDocuments.Document document) {
        String place = Intake.at(name, document, "");
        if (document.json().path("apiVersion").asText().startsWith("kubeadm.k8s.io/v1")
                && !VERSIONS.contains(document.json().path("apiVersion").asText())) {
            findings.warn(
                    IMP003,
                    place,
                    "a " + document.json().path("kind").asText() + " of "
                            + document.json().path("apiVersion").asText() + "; v1beta3 and v1beta4 are read",
                    "let the kubeadm that it is for convert it: kubeadm config migrate --old-config FILE --new-config FILE");
        } else {
            Intake.unknownKind(findings, place, document.json());
        }
    }

    private void read(Part part, Source source, NodeReader nodeReader) {
        switch (part) {
            case CLUSTER -> new ClusterConfigurationReader(cluster, findings).read(source);
            case INIT -> nodes.add(nodeReader.init(source));
            case JOIN -> nodes.add(nodeReader.join(source));
            case KUBELET -> new KubeletReader(cluster, findings).read(source);
            case PROXY -> new ProxyReader(cluster, findings).read(source);
        }
    }

    private void rest(Part part, Source source) {
        source.rest((path, place) -> {
            if (part == Part.PROXY) {
                notCarried(findings, part.kind + "." + path, place);
            } else if (KNOWN.matcher(path).matches()) {
                notCarried(findings, path, place);
            } else {
                findings.warn(
                        IMP002,
                        place,
                        path + " is no field of a " + part.kind + ", or not of the type that it has there; it is not"
                                + " carried over",
                        "look for a typing error");
            }
        });
    }

    static void notCarried(Findings findings, String path, String place) {
        findings.warn(IMP001, place, path + " is not carried over: a definition has no field for it", Advice.on(path));
    }

    private void finish(String name) {
        ClusterConfigurationReader.version(cluster, wanted, findings, name);
        wanted.name().ifPresent(known -> cluster.name = Optional.of(known));
        if (cluster.podSubnets.isEmpty()) {
            ClusterConfigurationReader.assumeSubnet(cluster, findings, name);
        }
        if (cluster.endpoint.isEmpty()) {
            findings.warn(
                    DefinitionCode.CD012,
                    parts.getOrDefault(Part.CLUSTER, List.of()).stream()
                            .findFirst()
                            .map(document -> Intake.at(name, document, ""))
                            .orElse(name),
                    "there is no controlPlaneEndpoint; adding it later needs new certificates",
                    "set spec.controlPlaneEndpoint to a DNS name or a virtual address before the cluster is built");
        }
    }

    /** Where the file says nothing of a machine, the command line may. */
    private void wantedNode() {
        if (nodes.isEmpty()
                && wanted.nodeName().isPresent()
                && wanted.nodeAddress().isPresent()) {
            NodeDraft node = new NodeDraft();
            node.controlPlane = true;
            node.name = wanted.nodeName();
            node.address = wanted.nodeAddress();
            nodes.add(node);
        }
    }

    private void leftOut(String name, NodeDraft node) {
        String lacks = node.name.isEmpty() ? node.address.isEmpty() ? "name and address" : "name" : "address";
        findings.warn(
                IMP007,
                name,
                (node.controlPlane ? "the control-plane node " : "the node ")
                        + node.name.map(known -> known + " ").orElse("")
                        + "is left out: the file does not tell its " + lacks,
                "import again with --node-name and --node-address, or add the entry to " + Intake.INVENTORY);
    }
}
