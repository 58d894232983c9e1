package dev.trimtab.bootstrap.intake;

import static dev.trimtab.bootstrap.intake.IntakeCode.IMP001;
import static dev.trimtab.bootstrap.intake.IntakeCode.IMP016;
import static dev.trimtab.bootstrap.intake.IntakeCode.IMP018;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.definition.Versions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a running flannel: its {@code net-conf.json}, whose keys are compared without regard to case, and its DaemonSet. */
final class FlannelReader {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NAMESPACE = "kube-flannel";
    private static final String PSK_SECRET = "flannel-wireguard";
    private static final String CONTAINER = "kube-flannel";

    private static final Pattern IMAGE = Pattern.compile("(?<name>.+?):(?<tag>v?\\d+\\.\\d+\\.\\d+[^@/:]*)(?:@.*)?");

    /** From where flannel's own manifests take the images, before and since they moved. */
    private static final Pattern FIRST_REPOSITORY = Pattern.compile("(docker\\.io/)?flannel/flannel(-cni-plugin)?");

    private static final Pattern REPOSITORY = Pattern.compile("ghcr\\.io/flannel-io/flannel(-cni-plugin)?");
    private static final String MOVED_SINCE = "v0.26.4";
    private static final String HEALTH_SINCE = "v0.28.9";

    private static final Set<String> USUAL_ARGUMENTS = Set.of("--ip-masq", "--kube-subnet-mgr");

    private static final Set<String> BACKEND_KEYS = Set.of(
            "type",
            "vni",
            "port",
            "mtu",
            "directrouting",
            "listenport",
            "listenportv6",
            "mode",
            "persistentkeepaliveinterval",
            "psk");

    private static final Set<String> CONFIG_KEYS =
            Set.of("network", "ipv6network", "enableipv4", "enableipv6", "enablenftables", "backend");

    private final Findings findings;
    private final List<Credential> credentials = new ArrayList<>();
    private final List<String> networks = new ArrayList<>();
    private final ObjectNode spec = Drafts.object();

    FlannelReader(Findings findings) {
        this.findings = findings;
    }

    /** Of pods, as flannel was told: IPv4 first. */
    List<String> networks() {
        return List.copyOf(networks);
    }

    List<Credential> credentials() {
        return List.copyOf(credentials);
    }

    /** The document need not repeat what the Cluster says. */
    void networkIsImplied() {
        spec.remove("network");
    }

    ObjectNode read(ObjectNode daemonSet, Optional<ObjectNode> configMap) {
        ObjectNode document = Drafts.document("Flannel");
        document.set("spec", spec);
        JsonNode container = container(daemonSet.at("/spec/template/spec/containers"), CONTAINER);
        version(daemonSet, container);
        selector(daemonSet);
        configMap.ifPresentOrElse(
                this::configuration,
                () -> findings.warn(
                        IMP016,
                        LiveReader.place(daemonSet, ""),
                        "its ConfigMap kube-flannel-cfg could not be read; the backend vxlan was taken",
                        "correct spec.backend in " + Intake.FLANNEL));
        keyByReference(daemonSet);
        arguments(container);
        images(daemonSet, container);
        resources(container);
        return document;
    }

    private static JsonNode container(JsonNode containers, String name) {
        for (JsonNode container : containers) {
            if (container.path("name").asText().equals(name)) {
                return container;
            }
        }
        return containers.path(0);
    }

    private void version(ObjectNode daemonSet, JsonNode container) {
        Matcher image = IMAGE.matcher(container.path("image").asText());
        if (image.matches()) {
            String tag = image.group("tag");
            // Images for several architectures once carried it behind the version.
            spec.put("version", tag.replaceFirst("-(amd64|arm64|arm|ppc64le|s390x)$", ""));
        } else {
            findings.warn(
                    IMP018,
                    LiveReader.place(daemonSet, "/spec/template/spec/containers"),
                    "the tag of flannel's image is no version; spec.version is left out",
                    "write the version that runs into " + Intake.FLANNEL);
        }
    }

    /** Nobody can change it: what is applied must have the same one. */
    private void selector(ObjectNode daemonSet) {
        SortedMap<String, String> further = new TreeMap<>();
        daemonSet.at("/spec/selector/matchLabels").properties().forEach(label -> {
            boolean usual =
                    label.getKey().equals("app") && label.getValue().asText().equals("flannel");
            if (!usual) {
                further.put(label.getKey(), label.getValue().asText());
            }
        });
        boolean another =
                !daemonSet.at("/spec/selector/matchLabels/app").asText().equals("flannel")
                        || daemonSet.at("/spec/selector").has("matchExpressions");
        if (another) {
            findings.warn(
                    IMP001,
                    LiveReader.place(daemonSet, "/spec/selector"),
                    "the selector is not carried over: it has no label app: flannel, or more than labels, and cannot be"
                            + " changed",
                    "delete this DaemonSet right before the first apply, with --cascade=orphan, and its pods afterwards");
        } else {
            Drafts.map(spec, "selector", further);
        }
    }

    private void configuration(ObjectNode configMap) {
        JsonNode conf = MissingNode.getInstance();
        try {
            conf = JSON.readTree(configMap.at("/data/net-conf.json").asText());
        } catch (JsonProcessingException e) {
            findings.warn(
                    IMP016,
                    LiveReader.place(configMap, "/data/net-conf.json"),
                    "it is no JSON; the backend vxlan was taken",
                    "correct spec.backend in " + Intake.FLANNEL);
        }
        String place = LiveReader.place(configMap, "/data/net-conf.json");
        if (field(conf, "EnableIPv4").asBoolean(true)) {
            text(conf, "Network").ifPresent(networks::add);
        }
        if (field(conf, "EnableIPv6").asBoolean(false)) {
            text(conf, "IPv6Network").ifPresent(networks::add);
        }
        Drafts.text(spec, "network", Optional.of(String.join(",", networks)), "");
        unknown(conf, "", CONFIG_KEYS, place);
        backend(field(conf, "Backend"), place);
        Drafts.flag(spec, "nftables", field(conf, "EnableNFTables").asBoolean(false), false);
    }

    private void backend(JsonNode written, String place) {
        // Without a type flannel takes udp, whatever its documents say.
        String type = text(written, "Type").orElse("udp").toLowerCase(Locale.ROOT);
        ObjectNode backend = spec.putObject("backend").put("type", type);
        unknown(written, "Backend.", BACKEND_KEYS, place);
        switch (type) {
            case "vxlan" -> {
                ObjectNode vxlan = Drafts.object();
                Drafts.number(vxlan, "vni", field(written, "VNI").asInt(1), 1);
                int port = field(written, "Port").asInt(0);
                Drafts.number(vxlan, "port", port == 0 ? 8472 : port, 8472);
                Drafts.flag(
                        vxlan, "directRouting", field(written, "DirectRouting").asBoolean(false), false);
                Drafts.number(vxlan, "mtu", field(written, "MTU").asInt(0), 0);
                Drafts.part(backend, "vxlan", vxlan);
            }
            case "wireguard" -> {
                ObjectNode wireguard = Drafts.object();
                Drafts.number(
                        wireguard, "listenPort", field(written, "ListenPort").asInt(51820), 51820);
                Drafts.number(
                        wireguard,
                        "listenPortV6",
                        field(written, "ListenPortV6").asInt(51821),
                        51821);
                Drafts.text(wireguard, "mode", text(written, "Mode"), "separate");
                Drafts.number(
                        wireguard,
                        "persistentKeepalive",
                        field(written, "PersistentKeepaliveInterval").asInt(0),
                        0);
                text(written, "PSK").ifPresent(psk -> {
                    credentials.add(new Credential(NAMESPACE, PSK_SECRET, "psk", psk));
                    wireguard.putObject("pskSecretRef").put("name", PSK_SECRET).put("key", "psk");
                });
                Drafts.part(backend, "wireguard", wireguard);
            }
            default -> {}
        }
    }

    /** As Trimtab itself renders it: the key stands in no ConfigMap, an init container writes it. */
    private void keyByReference(ObjectNode daemonSet) {
        JsonNode env = container(daemonSet.at("/spec/template/spec/initContainers"), "write-psk")
                .path("env");
        for (JsonNode variable : env) {
            JsonNode reference = variable.at("/valueFrom/secretKeyRef");
            if (variable.path("name").asText().equals("WIREGUARD_PSK") && reference.isObject()) {
                spec.withObject("/backend/wireguard/pskSecretRef")
                        .put("name", reference.path("name").asText())
                        .put("key", reference.path("key").asText());
            }
        }
    }

    private static JsonNode field(JsonNode object, String name) {
        for (var field : object.properties()) {
            if (field.getKey().equalsIgnoreCase(name)) {
                return field.getValue();
            }
        }
        return MissingNode.getInstance();
    }

    private static Optional<String> text(JsonNode object, String name) {
        return Optional.of(field(object, name).asText()).filter(text -> !text.isEmpty());
    }

    private void unknown(JsonNode object, String path, Set<String> known, String place) {
        object.properties().forEach(field -> {
            if (!known.contains(field.getKey().toLowerCase(Locale.ROOT))) {
                notCarried(path + field.getKey(), place);
            }
        });
    }

    private void notCarried(String what, String place) {
        findings.warn(
                IMP001,
                place,
                what + " is not carried over: a Flannel has no field for it",
                "do without it, or keep flannel as plain manifests");
    }

    private void arguments(JsonNode container) {
        ArrayNode names = Drafts.object().putArray("names");
        ArrayNode regexes = Drafts.object().putArray("regexes");
        ObjectNode nodeInterface = Drafts.object();
        List<String> others = new ArrayList<>();
        String healthPort = "0";
        for (String argument : joined(container.path("args"))) {
            String name = argument.replaceFirst("=.*", "");
            String value = argument.substring(Math.min(argument.length(), name.length() + 1));
            switch (name) {
                case "--iface" -> names.add(value);
                case "--iface-regex" -> regexes.add(value);
                case "--iface-can-reach" -> nodeInterface.put("canReach", value);
                case "--healthz-port" -> healthPort = value;
                default -> {
                    // It goes with a key by reference.
                    if (!USUAL_ARGUMENTS.contains(argument) && !name.equals("--net-config-path")) {
                        others.add(argument);
                    }
                }
            }
        }
        ObjectNode ordered = Drafts.object();
        Drafts.part(ordered, "names", names);
        Drafts.part(ordered, "regexes", regexes);
        Drafts.text(
                ordered, "canReach", Optional.of(nodeInterface.path("canReach").asText()), "");
        Drafts.part(spec, "interface", ordered);
        healthPort(healthPort, others);
        Drafts.texts(spec, "extraArgs", others);
    }

    /** The field goes with the probes of newer manifests; on older versions it can only be an argument. */
    private void healthPort(String written, List<String> others) {
        boolean probed = isAtLeast(HEALTH_SINCE);
        if (probed && written.matches("\\d{1,5}")) {
            Drafts.number(spec, "healthPort", Integer.parseInt(written), 8081);
        } else if (!probed && !written.equals("0")) {
            others.add("--healthz-port=" + written);
        }
    }

    private boolean isAtLeast(String least) {
        return Versions.isAtLeast(spec.path("version").asText(), least);
    }

    /** {@code --iface eth1} and {@code --iface=eth1} are the same to flanneld. */
    private static List<String> joined(JsonNode arguments) {
        List<String> joined = new ArrayList<>();
        for (JsonNode argument : arguments) {
            String text = argument.asText();
            int last = joined.size() - 1;
            if (!text.startsWith("-") && last >= 0 && !joined.get(last).contains("=")) {
                joined.set(last, joined.get(last) + "=" + text);
            } else {
                joined.add(text.replaceFirst("^--?", "--"));
            }
        }
        return joined;
    }

    private void images(ObjectNode daemonSet, JsonNode container) {
        ObjectNode images = Drafts.object();
        repository(container.path("image").asText()).ifPresent(name -> images.put("flannel", name));
        JsonNode plugin = container(daemonSet.at("/spec/template/spec/initContainers"), "install-cni-plugin");
        repository(plugin.path("image").asText())
                .filter(name -> name.contains("plugin"))
                .ifPresent(name -> images.put("cniPlugin", name));
        Drafts.texts(
                images,
                "pullSecrets",
                daemonSet.at("/spec/template/spec/imagePullSecrets").findValuesAsText("name"));
        Drafts.part(spec, "images", images);
    }

    /** Where an image comes from, unless flannel's own manifests say the same. */
    private Optional<String> repository(String image) {
        Matcher named = IMAGE.matcher(image);
        String name = named.matches() ? named.group("name") : image.replaceFirst("@.*", "");
        Pattern usual = isAtLeast(MOVED_SINCE) ? REPOSITORY : FIRST_REPOSITORY;
        return name.isEmpty() || usual.matcher(name).matches() ? Optional.empty() : Optional.of(name);
    }

    private void resources(JsonNode container) {
        JsonNode requests = container.at("/resources/requests");
        boolean usual = container.path("resources").size() <= 1
                && requests.path("cpu").asText().equals("100m")
                && requests.path("memory").asText().equals("50Mi");
        if (!usual) {
            Drafts.part(spec, "resources", container.path("resources"));
        }
    }
}
