package dev.trimtab.definition;

import static dev.trimtab.definition.DefinitionCode.CD033;
import static dev.trimtab.definition.DefinitionCode.CD060;
import static dev.trimtab.definition.DefinitionCode.CD062;
import static dev.trimtab.definition.DefinitionCode.CD063;
import static dev.trimtab.definition.DefinitionCode.CD065;
import static dev.trimtab.definition.DefinitionCode.CD066;
import static dev.trimtab.definition.DefinitionCode.CD067;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.definition.Cluster.KubeProxyMode;
import dev.trimtab.definition.Flannel.BackendType;
import inet.ipaddr.IPAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The pod network against the cluster it is for, its own version, and the nodes. */
final class FlannelRules {

    private static final String OLDEST = "v0.25.0";

    /** Arguments of flanneld by the first version that knows them. */
    private static final Map<String, String> ARGUMENT_SINCE = Map.of("--ip-blackhole-route", "v0.27.1");

    private final Flannel flannel;
    private final Parts parts;
    private final Problems problems;

    private FlannelRules(Flannel flannel, Parts parts, Problems problems) {
        this.flannel = flannel;
        this.parts = parts;
        this.problems = problems;
    }

    static void check(Parts parts, Problems problems) {
        parts.flannels().forEach(flannel -> new FlannelRules(flannel, parts, problems).check());
    }

    private void check() {
        parts.cluster().ifPresent(cluster -> {
            network(cluster);
            ruleSets(cluster);
        });
        version();
        otherBackends();
        oneSubnet();
        healthPort();
        selector();
    }

    private void selector() {
        flannel.selector().forEach((key, value) -> {
            Position at = at("/selector/" + Types.escape(key));
            if (key.equals("app")) {
                problems.error(
                        CD033,
                        at,
                        "selector has the label app, which is flannel's own: app: flannel",
                        "take it out; it is part of every selector");
            } else if (!LabelRules.isKey(key) || !LabelRules.isValue(value)) {
                problems.error(
                        CD033,
                        at,
                        "selector label \"" + key + ": " + value + "\" is not valid",
                        "write it as a label of Kubernetes");
            }
        });
    }

    private Position at(String pointer) {
        return flannel.origin().at("/spec" + pointer);
    }

    private void network(Cluster cluster) {
        if (flannel.network().isEmpty()) {
            return;
        }
        String written = flannel.network().get();
        List<String> pods = cluster.network().podSubnets();
        if (!canonical(Arrays.asList(written.split(",", -1))).equals(canonical(pods))) {
            problems.error(
                    CD060,
                    at("/network"),
                    "Flannel.spec.network " + written + " must equal Cluster podSubnets " + String.join(",", pods)
                            + "; flannel would refuse every node's podCIDR",
                    "leave network out, or correct podSubnets at "
                            + Rules.place(cluster.origin().at("/spec/network/podSubnets")));
        }
    }

    private static Set<String> canonical(List<String> networks) {
        return networks.stream()
                .map(String::strip)
                .map(network -> Addresses.cidr(network)
                        .map(IPAddress::toCanonicalString)
                        .orElse(network))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void ruleSets(Cluster cluster) {
        KubeProxyMode mode = cluster.network().kubeProxyMode();
        if (flannel.nftables() != (mode == KubeProxyMode.NFTABLES)) {
            problems.warn(
                    CD066,
                    at("/nftables"),
                    "Flannel.nftables " + flannel.nftables() + " with kube-proxy " + mode.written()
                            + " mixes rule sets",
                    "set nftables to " + !flannel.nftables() + ", or change network.kubeProxyMode");
        }
    }

    private void version() {
        String version = flannel.version();
        if (version.isEmpty()) {
            return;
        }
        if (!Versions.isFull(version)) {
            problems.error(
                    CD065,
                    at("/version"),
                    "Flannel.spec.version \"" + version + "\" must be a full version such as v0.28.9",
                    "write major.minor.patch");
            return;
        }
        if (!Versions.isAtLeast(version, OLDEST)) {
            problems.error(
                    CD065,
                    at("/version"),
                    "flannel " + version + " is older than " + OLDEST + ", the oldest that can be rendered",
                    "write " + Flannel.HEALTH_SINCE);
            return;
        }
        if (flannel.healthPort() > 0 && !Versions.isAtLeast(version, Flannel.HEALTH_SINCE)) {
            problems.error(
                    CD065,
                    at("/healthPort"),
                    "healthPort needs the flannel " + Flannel.HEALTH_SINCE + " manifest form; version is " + version,
                    "take healthPort out, or write version " + Flannel.HEALTH_SINCE);
        }
        for (int i = 0; i < flannel.extraArgs().size(); i++) {
            String name = flannel.extraArgs().get(i).split("=", 2)[0];
            Position at = at("/extraArgs/" + i);
            Optional.ofNullable(ARGUMENT_SINCE.get(name))
                    .filter(since -> !Versions.isAtLeast(version, since))
                    .ifPresent(since -> problems.error(
                            CD065,
                            at,
                            "argument " + name + " needs flannel " + since + "; version is " + version,
                            "take it out, or write a newer version"));
        }
    }

    private void otherBackends() {
        BackendType type = flannel.backend().type();
        for (BackendType other : List.of(BackendType.VXLAN, BackendType.WIREGUARD)) {
            String pointer = "/backend/" + other.written();
            if (other == type) {
                continue;
            }
            JsonNode options = flannel.origin().value("/spec" + pointer);
            options.properties().stream()
                    .findFirst()
                    .ifPresent(option -> problems.error(
                            CD062,
                            at(pointer + "/" + Types.escape(option.getKey())),
                            "backend." + other.written() + "." + option.getKey() + " is set but backend.type is "
                                    + type.written(),
                            "take backend." + other.written() + " out, or write type: " + other.written()));
        }
    }

    private void oneSubnet() {
        if (flannel.backend().type() != BackendType.HOST_GW) {
            return;
        }
        Set<String> subnets = new TreeSet<>();
        parts.inventory().nodes().stream()
                .filter(Inventory.Node::isPresent)
                .filter(node -> node.prefixLength().isPresent())
                .forEach(node -> Addresses.address(node.address())
                        .filter(address -> node.prefixLength().getAsInt() <= address.getBitCount())
                        .map(address -> address.setPrefixLength(
                                        node.prefixLength().getAsInt(), false)
                                .toPrefixBlock()
                                .toCanonicalString())
                        .ifPresent(subnets::add));
        if (subnets.size() > 1) {
            problems.error(
                    CD063,
                    at("/backend/type"),
                    "host-gw needs one layer-2 network; " + Suggestion.list(List.copyOf(subnets), "and") + " found",
                    "use vxlan, with directRouting for nodes that share a network");
        }
    }

    private void healthPort() {
        int port = flannel.healthPort();
        if (port == 0) {
            return;
        }
        for (Manifest manifest : parts.manifests()) {
            JsonNode spec = manifest.json().at("/spec/template/spec");
            if (!spec.path("hostNetwork").asBoolean(false)) {
                continue;
            }
            spec.path("containers")
                    .forEach(container -> container.path("ports").forEach(declared -> {
                        if (declared.path("hostPort")
                                        .asInt(declared.path("containerPort").asInt())
                                == port) {
                            problems.warn(
                                    CD067,
                                    at("/healthPort"),
                                    port + " is also used by " + manifest.key() + " on hostNetwork",
                                    "choose another healthPort");
                        }
                    }));
        }
    }
}
