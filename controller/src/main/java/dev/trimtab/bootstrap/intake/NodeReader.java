package dev.trimtab.bootstrap.intake;

import static dev.trimtab.bootstrap.intake.IntakeCode.IMP004;
import static dev.trimtab.bootstrap.intake.IntakeCode.IMP006;
import static dev.trimtab.bootstrap.intake.IntakeCode.IMP009;
import static dev.trimtab.bootstrap.intake.IntakeCode.IMP013;
import static dev.trimtab.bootstrap.intake.IntakeCode.IMP015;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.bootstrap.intake.NodeDraft.Taint;
import dev.trimtab.definition.DefinitionCode;
import dev.trimtab.definition.SecretMaterial;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads what kubeadm's {@code InitConfiguration} and {@code JoinConfiguration} say of one machine. */
final class NodeReader {

    /** Of {@code kubeadm config print init-defaults}. */
    private static final String EXAMPLE_ADDRESS = "1.2.3.4";

    private static final String EXAMPLE_NAME = "node";

    private static final List<String> TIMEOUTS = List.of(
            "controlPlaneComponentHealthCheck",
            "kubeletHealthCheck",
            "kubernetesAPICall",
            "etcdAPICall",
            "tlsBootstrap",
            "discovery",
            "upgradeManifests");

    private final ClusterDraft cluster;
    private final Wanted wanted;
    private final Findings findings;

    NodeReader(ClusterDraft cluster, Wanted wanted, Findings findings) {
        this.cluster = cluster;
        this.wanted = wanted;
        this.findings = findings;
    }

    NodeDraft init(Source init) {
        NodeDraft node = new NodeDraft();
        node.controlPlane = true;
        int index = 0;
        for (JsonNode token : init.take("bootstrapTokens")) {
            token(token.path("token").asText(), "bootstrapTokens[" + index + "]", init.place("bootstrapTokens"));
            index++;
        }
        init.takeDefault("dryRun", "false");
        init.mapping("patches");
        certificateKey(init);
        address(node, init.mapping("localAPIEndpoint"));
        registration(node, init.mapping("nodeRegistration"));
        timeouts(init);
        return wanted(node);
    }

    NodeDraft join(Source join) {
        NodeDraft node = new NodeDraft();
        node.controlPlane = join.has("controlPlane");
        join.takeDefault("dryRun", "false");
        join.mapping("patches");
        Source discovery = join.mapping("discovery");
        discovery.mapping("file");
        discovery
                .text("tlsBootstrapToken")
                .ifPresent(token -> token(token, "discovery.tlsBootstrapToken", discovery.place("tlsBootstrapToken")));
        discovery
                .text("timeout")
                .ifPresent(timeout ->
                        timeout("discovery", ClusterConfigurationReader.duration(timeout), discovery.place("timeout")));
        Source bootstrap = discovery.mapping("bootstrapToken");
        bootstrap
                .text("token")
                .ifPresent(token -> token(token, "discovery.bootstrapToken.token", bootstrap.place("token")));
        // Both are made for each join: the endpoint is the cluster's, the hash that of its authority.
        bootstrap.text("apiServerEndpoint");
        bootstrap.take("caCertHashes");
        bootstrap.takeDefault("unsafeSkipCAVerification", "false");
        join.takeDefault("caCertPath", "/etc/kubernetes/pki/ca.crt");
        Source controlPlane = join.mapping("controlPlane");
        certificateKey(controlPlane);
        address(node, controlPlane.mapping("localAPIEndpoint"));
        registration(node, join.mapping("nodeRegistration"));
        timeouts(join);
        node.worker |= !node.controlPlane;
        return wanted(node);
    }

    /** Only one machine can be meant by the command line. */
    private NodeDraft wanted(NodeDraft node) {
        node.name = wanted.nodeName().or(() -> node.name);
        node.address = wanted.nodeAddress().or(() -> node.address);
        return node;
    }

    private void token(String token, String path, String place) {
        if (token.isEmpty()) {
            return;
        }
        if (token.equals(SecretMaterial.PUBLISHED_TOKEN)) {
            findings.warn(
                    DefinitionCode.CD042,
                    place,
                    path + " is the published example, with which anybody can join machines; it is left out",
                    "delete it in a running cluster: kubeadm token delete "
                            + SecretMaterial.PUBLISHED_TOKEN.substring(0, 6)
                            + ". A definition needs none: each join is given one of its own");
        } else {
            findings.warn(
                    IMP004,
                    place,
                    path + " is secret and left out",
                    "nothing: each join is given a token of its own, which lives for minutes");
        }
    }

    private void certificateKey(Source owner) {
        owner.text("certificateKey")
                .ifPresent(key -> findings.warn(
                        IMP004,
                        owner.place("certificateKey"),
                        owner.path("certificateKey") + " is secret and left out",
                        "nothing: kubeadm makes one for each upload of certificates, and it is void after two hours"));
    }

    private void address(NodeDraft node, Source endpoint) {
        Optional<String> written = endpoint.text("advertiseAddress");
        if (written.equals(Optional.of(EXAMPLE_ADDRESS))) {
            findings.warn(
                    IMP006,
                    endpoint.place("advertiseAddress"),
                    "advertiseAddress " + EXAMPLE_ADDRESS
                            + " is kubeadm's example; no machine would find the API server",
                    "import again with --node-address and the machine's own address");
        } else {
            node.address = written;
        }
        // The endpoint's port says the same where there is one; kubeadm's default says nothing.
        cluster.endpoint.ifPresent(one -> endpoint.takeDefault("bindPort", String.valueOf(one.port())));
        endpoint.takeDefault("bindPort", String.valueOf(ClusterDraft.API_PORT));
    }

    private void registration(NodeDraft node, Source registration) {
        node.name = registration.text("name");
        if (node.name.equals(Optional.of(EXAMPLE_NAME)) && wanted.nodeName().isEmpty()) {
            findings.warn(
                    DefinitionCode.CD020,
                    registration.place("name"),
                    "nodeRegistration.name \"" + EXAMPLE_NAME + "\" is kubeadm's example: the machine registers under"
                            + " this name, whatever its host name is",
                    "import again with --node-name and the host name, unless a running cluster has it under this name");
        }
        registration.text("criSocket").ifPresent(socket -> socket(socket, registration.place("criSocket")));
        registration.takeDefault("imagePullSerial", "true");
        registration
                .text("imagePullPolicy")
                .ifPresent(policy -> pullPolicy(policy, registration.place("imagePullPolicy")));
        for (String check : registration.texts("ignorePreflightErrors")) {
            preflight(check, registration.place("ignorePreflightErrors"));
        }
        taints(node, registration);
        new KubeletFlags(cluster, node, findings)
                .read(registration.arguments(
                        "kubeletExtraArgs",
                        (name, place) -> findings.warn(
                                IMP013,
                                place,
                                "the kubelet's flag " + name + " is given twice; the last one counts",
                                "keep one of the two")));
    }

    private void pullPolicy(String policy, String place) {
        String first = cluster.pullPolicy.orElse(policy);
        if (!first.equals(policy)) {
            findings.warn(
                    IMP013,
                    place,
                    "machines have different values for imagePullPolicy; the first one was taken",
                    "decide for one value in spec.images.pullPolicy");
        }
        cluster.pullPolicy = Optional.of(first);
    }

    private void socket(String socket, String place) {
        if (!socket.endsWith("/containerd/containerd.sock")) {
            findings.warn(
                    IMP009,
                    place,
                    "criSocket names another container runtime than containerd; it is not carried over",
                    "Trimtab sets machines up with containerd: move the node to it, one at a time");
        }
    }

    private void preflight(String check, String place) {
        if (check.toLowerCase(Locale.ROOT).equals("all")) {
            findings.warn(
                    DefinitionCode.CD041,
                    place,
                    "ignorePreflightErrors \"all\" hides real faults; it is not carried over",
                    "name the one check that you know to be wrong, for instance NumCPU");
        } else {
            cluster.ignorePreflightErrors.add(check);
        }
    }

    /** No list means kubeadm's own taint, an empty one none. */
    private void taints(NodeDraft node, Source registration) {
        List<Taint> taints = registration.mappings("taints").stream()
                .map(taint -> new Taint(
                        taint.text("key").orElse(""),
                        taint.text("value").orElse(""),
                        taint.text("effect").orElse("")))
                .toList();
        boolean written =
                registration.has("taints") && registration.take("taints").isArray();
        node.worker = node.controlPlane ? written && taints.stream().noneMatch(Taint::ofTheControlPlane) : node.worker;
        for (Taint taint : taints) {
            if (!taint.ofTheControlPlane()) {
                node.taints.add(taint);
            } else if (taint.key().equals(NodeDraft.FORMER_CONTROL_PLANE)) {
                findings.warn(
                        IMP015,
                        registration.place("taints"),
                        "the taint " + NodeDraft.FORMER_CONTROL_PLANE + " is gone since Kubernetes 1.24; it became the"
                                + " role control-plane",
                        "nothing, or give the node the role worker as well if pods should run there");
            }
        }
    }

    private void timeouts(Source owner) {
        Source timeouts = owner.mapping("timeouts");
        TIMEOUTS.forEach(name -> timeouts.text(name)
                .ifPresent(
                        timeout -> timeout(name, ClusterConfigurationReader.duration(timeout), timeouts.place(name))));
    }

    private void timeout(String name, String value, String place) {
        String before = cluster.timeouts.putIfAbsent(name, value);
        if (before != null && !before.equals(value)) {
            findings.warn(
                    IMP013,
                    place,
                    "machines wait for different times (timeouts." + name + " " + before + " and " + value
                            + "); the first one was taken",
                    "decide for one value in spec.kubeadm.timeouts." + name);
        }
    }
}
