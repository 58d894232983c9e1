package dev.trimtab.definition;

import java.util.Optional;

/**
 * Kind {@code KuboardAgent} of {@code cluster.trimtab.dev/v1alpha1}: connects the cluster to a Kuboard v3 server.
 *
 * @param endpoint root URL of the Kuboard server
 * @param remotePort the port that the server gave to this cluster
 * @param clusterName the cluster's name in Kuboard
 * @param nameSuffix of the agents' Deployments; empty for an agent beside its server
 * @param replicas of each of the two agents; 1
 * @param server what the server publishes, only to check the endpoint against
 */
public record KuboardAgent(
        String endpoint,
        AgentServer agentServer,
        int remotePort,
        String clusterName,
        Optional<String> nameSuffix,
        SecretRef keySecretRef,
        SecretRef tokenSecretRef,
        Optional<String> proxy,
        String image,
        int replicas,
        Rbac rbac,
        Optional<Server> server,
        Origin origin)
        implements Addon {

    /** Whether an agent key is the one printed in Kuboard's public manifests, with which anybody could pose as an agent. */
    public static boolean isPublishedKey(String key) {
        return SecretRules.isPublishedAgentKey(key);
    }

    @Override
    public String name() {
        return "kuboard-agent";
    }

    /**
     * @param host empty means the host of the endpoint
     * @param port 10081
     * @param protocol {@code tcp}
     */
    public record AgentServer(Optional<String> host, int port, Protocol protocol) {}

    /** Of the tunnel to the server. */
    public enum Protocol implements Choice {
        TCP,
        KCP
    }

    /**
     * ClusterRoles that the two agents are bound to.
     *
     * @param admin {@code cluster-admin}
     * @param viewer {@code view}
     */
    public record Rbac(String admin, String viewer) {}

    /** Ports of the Kuboard server as they are reached from the cluster. */
    public record Server(int publishedWebPort, int publishedAgentPort) {}
}
