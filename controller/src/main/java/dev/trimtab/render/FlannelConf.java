package dev.trimtab.render;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.core.util.Separators.Spacing;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.definition.Cluster;
import dev.trimtab.definition.Flannel;
import java.util.List;
import java.util.Optional;

/**
 * The two files that flannel reads. Options that have flannel's own default are left out, as in its manifest: where flannel was
 * installed by that, the files stay as they are when it is taken over.
 */
final class FlannelConf {

    private static final ObjectMapper JSON = new ObjectMapper();

    private FlannelConf() {}

    /** How containers get their interfaces: {@code cni-conf.json}. */
    static ObjectNode cni() {
        ObjectNode conf = object().put("name", "cbr0").put("cniVersion", "0.3.1");
        var plugins = conf.putArray("plugins");
        plugins.addObject()
                .put("type", "flannel")
                .putObject("delegate")
                .put("hairpinMode", true)
                .put("isDefaultGateway", true);
        plugins.addObject().put("type", "portmap").putObject("capabilities").put("portMappings", true);
        return conf;
    }

    /**
     * How packets travel between nodes: {@code net-conf.json}.
     *
     * @param psk WireGuard's pre-shared key, or what stands for it
     */
    static ObjectNode net(Flannel flannel, Cluster.Network network, Optional<String> psk) {
        List<String> subnets = flannel.network()
                .map(written -> List.of(written.split("\\s*,\\s*")))
                .orElseGet(network::podSubnets);
        Optional<String> four =
                subnets.stream().filter(subnet -> !subnet.contains(":")).findFirst();
        Optional<String> six =
                subnets.stream().filter(subnet -> subnet.contains(":")).findFirst();
        ObjectNode conf = object();
        four.ifPresent(subnet -> conf.put("Network", subnet));
        if (six.isPresent()) {
            // Without a word, flannel takes IPv4 for granted and IPv6 for unwanted.
            conf.put("EnableIPv4", four.isPresent()).put("EnableIPv6", true).put("IPv6Network", six.get());
        }
        conf.put("EnableNFTables", flannel.nftables());
        // Always written: without a backend flannel takes udp, which copies every packet through a process.
        conf.set("Backend", backend(flannel.backend(), psk));
        return conf;
    }

    private static ObjectNode backend(Flannel.Backend written, Optional<String> psk) {
        ObjectNode backend = object().put("Type", written.type().written());
        switch (written.type()) {
            case VXLAN -> {
                Flannel.Vxlan vxlan = written.vxlan();
                unless(backend, "VNI", vxlan.vni(), 1);
                unless(backend, "Port", vxlan.port(), 8472);
                unless(backend, "MTU", vxlan.mtu(), 0);
                if (vxlan.directRouting()) {
                    backend.put("DirectRouting", true);
                }
            }
            case WIREGUARD -> {
                Flannel.Wireguard wireguard = written.wireguard();
                unless(backend, "ListenPort", wireguard.listenPort(), 51820);
                unless(backend, "ListenPortV6", wireguard.listenPortV6(), 51821);
                unless(backend, "PersistentKeepaliveInterval", wireguard.persistentKeepalive(), 0);
                if (wireguard.mode() != Flannel.WireguardMode.SEPARATE) {
                    backend.put("Mode", wireguard.mode().written());
                }
                psk.ifPresent(key -> backend.put("PSK", key));
            }
            case HOST_GW -> {}
        }
        return backend;
    }

    private static void unless(ObjectNode backend, String name, int value, int flannelsOwn) {
        if (value != flannelsOwn) {
            backend.put(name, value);
        }
    }

    /** Laid out as in flannel's own manifest, so that the ConfigMap of that is the same to the letter. */
    static String text(JsonNode conf) {
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        Separators separators = Separators.createDefaultInstance().withObjectFieldValueSpacing(Spacing.AFTER);
        try {
            return JSON.writer(new DefaultPrettyPrinter(separators)
                                    .withObjectIndenter(indenter)
                                    .withArrayIndenter(indenter))
                            .writeValueAsString(conf)
                    + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree can always be written", e);
        }
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
