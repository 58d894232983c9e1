package dev.trimtab.definition;

import static dev.trimtab.definition.DefinitionCode.CD070;
import static dev.trimtab.definition.DefinitionCode.CD071;
import static dev.trimtab.definition.DefinitionCode.CD072;
import static dev.trimtab.definition.DefinitionCode.CD073;
import static dev.trimtab.definition.DefinitionCode.CD074;
import static dev.trimtab.definition.DefinitionCode.CD077;
import static dev.trimtab.definition.DefinitionCode.CD078;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** The Kuboard agents: that they find their server, and what they may do. */
final class KuboardRules {

    /** {@code v3} and {@code v3.5} move with every release; so do words. */
    private static final Pattern FLOATING_TAG = Pattern.compile("[A-Za-z][A-Za-z_-]*|v?\\d+(\\.\\d+)?");

    private final KuboardAgent agent;
    private final Parts parts;
    private final Problems problems;

    private KuboardRules(KuboardAgent agent, Parts parts, Problems problems) {
        this.agent = agent;
        this.parts = parts;
        this.problems = problems;
    }

    static void check(Parts parts, Problems problems) {
        parts.kuboardAgents().forEach(agent -> new KuboardRules(agent, parts, problems).check());
    }

    private void check() {
        endpoint();
        agent.server().ifPresent(server -> {
            if (agent.agentServer().port() != server.publishedAgentPort()) {
                problems.error(
                        CD074,
                        at("/agentServer/port"),
                        "agentServer.port " + agent.agentServer().port() + " but the server publishes "
                                + server.publishedAgentPort(),
                        "write agentServer.port: " + server.publishedAgentPort());
            }
        });
        image();
        if (agent.rbac().admin().equals("cluster-admin")) {
            problems.warn(
                    CD077,
                    at("/rbac/admin"),
                    "rbac.admin cluster-admin lets whoever holds the agent key do anything in the cluster",
                    "name a ClusterRole with less, where Kuboard's users need less");
        }
        if (agent.replicas() != 1) {
            problems.error(
                    CD078,
                    at("/replicas"),
                    "both agents share one remotePort; more than one replica would fight for it",
                    "write replicas: 1, or leave it out");
        }
    }

    private Position at(String pointer) {
        return agent.origin().at("/spec" + pointer);
    }

    private void endpoint() {
        String written = agent.endpoint();
        if (written.isEmpty()) {
            return;
        }
        Optional<URI> root = root(written);
        if (root.isEmpty()) {
            problems.error(
                    CD071,
                    at("/endpoint"),
                    "endpoint must be scheme://host[:port] without a path (Kuboard needs the root context)",
                    "write for instance http://kuboard.internal:8080");
            return;
        }
        String host = root.get().getHost().replaceAll("[\\[\\]]", "");
        unreachable(host)
                .ifPresent(why -> problems.error(
                        CD070,
                        at("/endpoint"),
                        "endpoint " + written + " is " + why + "; agents inside the cluster would call themselves",
                        "write the address or DNS name by which pods reach the server"));
        int port = port(root.get());
        agent.server()
                .filter(server -> server.publishedWebPort() != port)
                .ifPresent(server -> problems.error(
                        CD073,
                        at("/endpoint"),
                        "endpoint port " + port + " but the server publishes " + server.publishedWebPort()
                                + "; agents would be refused",
                        "write the port " + server.publishedWebPort() + " in the endpoint"));
        parts.cluster()
                .filter(cluster -> cluster.hosts().extra().stream()
                        .anyMatch(entry -> entry.names().contains(host)))
                .ifPresent(cluster -> problems.warn(
                        CD072,
                        at("/endpoint"),
                        "agent pods do not read node /etc/hosts; " + host + " must resolve in DNS",
                        "make sure that the cluster's DNS knows it, or write an address"));
    }

    private static Optional<URI> root(String written) {
        try {
            URI uri = new URI(written);
            String scheme = Optional.ofNullable(uri.getScheme()).orElse("").toLowerCase(Locale.ROOT);
            String path = Optional.ofNullable(uri.getPath()).orElse("");
            boolean plain = (scheme.equals("http") || scheme.equals("https"))
                    && uri.getHost() != null
                    && uri.getUserInfo() == null
                    && uri.getQuery() == null
                    && uri.getFragment() == null
                    && uri.getPort() <= 65_535
                    && (path.isEmpty() || path.equals("/"));
            return plain ? Optional.of(uri) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().equalsIgnoreCase("https") ? 443 : 80;
    }

    private static Optional<String> unreachable(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        if (name.equals("localhost") || name.endsWith(".localhost")) {
            return Optional.of("a loopback address");
        }
        return Addresses.address(host)
                .filter(address -> address.isLoopback() || address.isAnyLocal())
                .flatMap(Addresses::unreachable);
    }

    private void image() {
        String image = agent.image();
        String name = image.substring(image.lastIndexOf('/') + 1);
        if (name.contains("@")) {
            return;
        }
        int colon = name.indexOf(':');
        String tag = colon < 0 ? "latest" : name.substring(colon + 1);
        if (FLOATING_TAG.matcher(tag).matches()) {
            problems.warn(
                    CD077,
                    at("/image"),
                    "image tag " + tag + " moves; pin a digest",
                    "write the image with @sha256:… after its tag");
        }
    }
}
