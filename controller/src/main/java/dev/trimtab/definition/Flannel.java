package dev.trimtab.definition;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Kind {@code Flannel} of {@code cluster.trimtab.dev/v1alpha1}: the pod network.
 *
 * @param version of flannel, with its leading {@code v}
 * @param network empty means the cluster's pod subnets, which it must equal when it is set
 * @param nftables whether flannel writes nftables instead of iptables rules; false
 * @param healthPort on every node, 0 is off; 8081 from v0.28.9, off before
 * @param resources as in a container
 * @param extraArgs for flanneld
 * @param selector further labels of flannel's pods by which its DaemonSet finds them, beside {@code app: flannel}; fixed once the
 *     DaemonSet is there
 * @param allowBackendChange confirms that pod traffic may stop while the backend changes; false
 */
public record Flannel(
        String version,
        Optional<String> network,
        Backend backend,
        Interface nodeInterface,
        boolean nftables,
        Images images,
        int healthPort,
        ObjectNode resources,
        List<String> extraArgs,
        SortedMap<String, String> selector,
        boolean allowBackendChange,
        Origin origin)
        implements Addon {

    public Flannel {
        extraArgs = List.copyOf(extraArgs);
        selector = Collections.unmodifiableSortedMap(new TreeMap<>(selector));
    }

    /** The first version whose manifest has a health port and probes. */
    static final String HEALTH_SINCE = "v0.28.9";

    @Override
    public String name() {
        return "flannel";
    }

    /** How packets travel between nodes; options of a type that is not chosen carry their defaults. */
    public record Backend(BackendType type, Vxlan vxlan, Wireguard wireguard) {}

    /** {@code vxlan} unless written. */
    public enum BackendType implements Choice {
        VXLAN,
        HOST_GW,
        WIREGUARD
    }

    /**
     * @param vni 1
     * @param port UDP; 8472
     * @param directRouting whether nodes of one subnet skip the tunnel; false
     * @param mtu 0 lets flannel decide
     */
    public record Vxlan(int vni, int port, boolean directRouting, int mtu) {}

    /**
     * @param listenPort UDP; 51820
     * @param listenPortV6 UDP; 51821
     * @param mode {@code separate}
     * @param persistentKeepalive seconds; 0 is off
     */
    public record Wireguard(
            int listenPort,
            int listenPortV6,
            WireguardMode mode,
            int persistentKeepalive,
            Optional<SecretRef> pskSecretRef) {}

    /** Tunnels for IPv4 and IPv6 apart, chosen by flannel, or one of the two only. */
    public enum WireguardMode implements Choice {
        SEPARATE,
        AUTO,
        IPV4,
        IPV6
    }

    /** Which network interface of a node flannel uses; all empty means the one of the default route. */
    public record Interface(List<String> names, List<String> regexes, Optional<String> canReach) {
        public Interface {
            names = List.copyOf(names);
            regexes = List.copyOf(regexes);
        }
    }

    /** Repositories to take the images from; tags follow {@link Flannel#version()}. */
    public record Images(Optional<String> flannel, Optional<String> cniPlugin, List<String> pullSecrets) {
        public Images {
            pullSecrets = List.copyOf(pullSecrets);
        }
    }
}
