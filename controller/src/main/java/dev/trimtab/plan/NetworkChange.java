package dev.trimtab.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.Ownership;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Whether a change of flannel's ConfigMap, rendered or somebody's own, moves the pod network to another backend or address range. Two
 * texts that flannel reads alike are no change: names of fields in any case, defaults written or not (flannel, "Configuration" and
 * "Backends").
 */
final class NetworkChange {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FILE = "net-conf.json";
    private static final String BACKEND = "backend";

    private static final Map<String, Map<String, String>> DEFAULTS = Map.of(
            "vxlan",
            Map.of(
                    "vni",
                    "1",
                    "port",
                    "8472",
                    "directrouting",
                    "false",
                    "gbp",
                    "false",
                    "learning",
                    "false",
                    "mtu",
                    "0"),
            "wireguard",
            Map.of(
                    "listenport",
                    "51820",
                    "listenportv6",
                    "51821",
                    "mode",
                    "separate",
                    "persistentkeepaliveinterval",
                    "0",
                    "mtu",
                    "0"));

    private NetworkChange() {}

    /**
     * @param live as it is
     * @param answer as it would be
     * @return empty for other objects, and where nothing of the kind changes
     */
    static Optional<Risk> of(ObjectNode live, ObjectNode answer) {
        Optional<SortedMap<String, String>> before = settings(live);
        Optional<SortedMap<String, String>> after = settings(answer);
        if (before.isEmpty() || after.isEmpty()) {
            return Optional.empty();
        }
        List<String> differences = differences(before.get(), after.get());
        return differences.isEmpty()
                ? Optional.empty()
                : Optional.of(new Risk(
                        RiskCode.POD_NETWORK,
                        Risk.Level.DANGER,
                        "the pod network of the whole cluster changes (" + String.join(", ", differences)
                                + "): traffic between nodes stops until flannel has restarted on every node, and pods"
                                + " keep their old addresses until they are recreated",
                        Ownership.networkChangeAllowed(answer.path("metadata"))
                                ? Optional.empty()
                                : Optional.of(Ownership.NETWORK_CHANGE_ADVICE)));
    }

    private static List<String> differences(SortedMap<String, String> before, SortedMap<String, String> after) {
        List<String> differences = new ArrayList<>();
        TreeSet<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        if (!Objects.equals(before.get(BACKEND), after.get(BACKEND))) {
            // The options of one backend mean nothing to another.
            names.retainAll(Set.of(BACKEND, "network", "ipv6network"));
        }
        for (String name : names) {
            String old = before.getOrDefault(name, "");
            String now = after.getOrDefault(name, "");
            if (!Objects.equals(old, now)) {
                differences.add(name + " " + shown(old) + " -> " + shown(now));
            }
        }
        return differences;
    }

    private static String shown(String value) {
        return value.isEmpty() ? "(none)" : value;
    }

    /** What flannel takes from the file; empty where there is none, or none that flannel could read. */
    private static Optional<SortedMap<String, String>> settings(ObjectNode object) {
        String text = object.path("data").path(FILE).asText("");
        if (!object.path("kind").asText().equals("ConfigMap") || text.isEmpty()) {
            return Optional.empty();
        }
        try {
            JsonNode conf = JSON.readTree(text);
            return conf.isObject() ? Optional.of(settings(lowered(conf))) : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static SortedMap<String, String> settings(Map<String, JsonNode> conf) {
        SortedMap<String, String> settings = new TreeMap<>();
        Map<String, JsonNode> backend =
                lowered(Optional.ofNullable(conf.get(BACKEND)).orElseGet(JSON::createObjectNode));
        String type = text(backend, "type").orElse("udp").toLowerCase(Locale.ROOT);
        settings.put(BACKEND, type);
        settings.putAll(DEFAULTS.getOrDefault(type, Map.of()));
        backend.forEach((name, value) -> {
            // The key itself is no setting of the network, and must not be shown.
            if (!name.equals("type") && !name.equals("psk")) {
                settings.put(name, value.asText());
            }
        });
        if (type.equals("vxlan") && "0".equals(settings.get("port"))) {
            settings.put("port", "8472");
        }
        if (!"false".equals(text(conf, "enableipv4").orElse("true"))) {
            settings.put("network", text(conf, "network").orElse(""));
        }
        if ("true".equals(text(conf, "enableipv6").orElse("false"))) {
            settings.put("ipv6network", text(conf, "ipv6network").orElse(""));
        }
        return settings;
    }

    private static Map<String, JsonNode> lowered(JsonNode object) {
        Map<String, JsonNode> fields = new TreeMap<>();
        object.properties().forEach(field -> fields.put(field.getKey().toLowerCase(Locale.ROOT), field.getValue()));
        return fields;
    }

    private static Optional<String> text(Map<String, JsonNode> fields, String name) {
        return Optional.ofNullable(fields.get(name)).map(JsonNode::asText);
    }
}
