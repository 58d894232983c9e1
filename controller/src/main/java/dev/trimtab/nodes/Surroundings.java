package dev.trimtab.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What of a cluster tells about its nodes besides the Nodes themselves, at one moment.
 *
 * @param serverVersion of the API server that answered
 * @param servingCertificateEnd of the API server that answered; empty where it shows none
 * @param leases in which kubelets say that they live, by node
 * @param kubeadm the {@code ClusterConfiguration} that kubeadm keeps; a cluster that another tool made has none
 * @param kubelet the {@code KubeletConfiguration} that kubeadm gives new nodes
 * @param kubeProxy the {@code KubeProxyConfiguration}
 * @param unreadable what could not be read, and so says nothing
 */
public record Surroundings(
        String serverVersion,
        Optional<Instant> servingCertificateEnd,
        Map<String, JsonNode> leases,
        Optional<JsonNode> kubeadm,
        Optional<JsonNode> kubelet,
        Optional<JsonNode> kubeProxy,
        List<BootstrapToken> tokens,
        List<SandboxFailure> sandboxFailures,
        List<Component> components,
        List<Observation> unreadable) {

    public Surroundings {
        leases = Map.copyOf(leases);
        tokens = List.copyOf(tokens);
        sandboxFailures = List.copyOf(sandboxFailures);
        components = List.copyOf(components);
        unreadable = List.copyOf(unreadable);
    }

    /** Where nothing else is asked. */
    static Surroundings unknown(String serverVersion) {
        return new Surroundings(
                serverVersion,
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    /**
     * A bootstrap token without the token.
     *
     * @param expiration as it is written; empty when it is not
     */
    public record BootstrapToken(String secret, String id, Optional<String> expiration) {}

    /** A pod that did not start for want of the sandbox image, as an Event tells it. */
    public record SandboxFailure(String node, String message) {}

    /** A part of the control plane that runs as a static pod. */
    public record Component(String name, String node, String version) {}
}
