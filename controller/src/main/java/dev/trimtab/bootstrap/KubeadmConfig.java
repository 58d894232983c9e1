package dev.trimtab.bootstrap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.definition.Cluster;
import dev.trimtab.definition.Inventory;
import dev.trimtab.definition.YamlText;
import dev.trimtab.kube.Ownership;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * kubeadm's configuration, {@code v1beta4} (Kubernetes documentation, "kubeadm Configuration"). Everything that kubeadm would take
 * a placeholder for, a name or an address, is written.
 */
final class KubeadmConfig {

    private static final String CONTROL_PLANE_TAINT = "node-role.kubernetes.io/control-plane";
    private static final String SOCKET = "unix:///run/containerd/containerd.sock";

    /** A folder of its own: kubeadm takes whatever lies there. */
    static final String PATCHES = "/etc/kubernetes/trimtab/patches";

    private final Facts facts;
    private final Cluster cluster;
    private final Registration registration;

    KubeadmConfig(Facts facts, Registration registration) {
        this.facts = facts;
        this.registration = registration;
        this.cluster = facts.cluster();
    }

    /** What {@code kubeadm init} begins the cluster with. */
    String init() {
        return Text.header(
                        "#",
                        "What the cluster " + cluster.name() + " begins with, on "
                                + facts.first().name() + ":",
                        "",
                        "  kubeadm init --config kubeadm-init.yaml --upload-certs",
                        "",
                        "It holds no token: kubeadm makes one up, and each join is given one of its own.")
                + String.join(
                        "---\n",
                        document("How this first node registers, and how long kubeadm waits.", initConfiguration()),
                        document("The control plane, the same on all of its nodes.", clusterConfiguration()),
                        document("The kubelet of every node.", kubeletConfiguration()),
                        document("kube-proxy of every node.", kubeProxyConfiguration()));
    }

    /**
     * What {@code kubeadm join} takes, with placeholders for what is secret or not known before the cluster is there.
     *
     * @param node empty for a machine that the inventory does not name
     */
    String join(Optional<Inventory.Node> node, boolean controlPlane) {
        ObjectNode join = document(facts.kubeadmApi(), "JoinConfiguration");
        ObjectNode discovery = join.putObject("discovery").putObject("bootstrapToken");
        discovery.put("apiServerEndpoint", facts.endpoint());
        discovery.put("token", "${TOKEN}");
        // Without it, whoever answers at the endpoint would be believed.
        discovery.putArray("caCertHashes").add("${CA_CERT_HASH}");
        ObjectNode own = registration(node, controlPlane);
        if (registration == Registration.TAINTED) {
            own.withArray("taints")
                    .addObject()
                    .put("key", Ownership.UNINITIALIZED_TAINT)
                    .put("effect", "NoSchedule");
        }
        join.set("nodeRegistration", own);
        if (controlPlane) {
            ObjectNode plane = join.putObject("controlPlane");
            plane.putObject("localAPIEndpoint")
                    .put("advertiseAddress", node.map(Inventory.Node::address).orElse("${NODE_ADDRESS}"))
                    .put("bindPort", facts.bindPort());
            plane.put("certificateKey", "${CERTIFICATE_KEY}");
        }
        patches(join, controlPlane);
        timeouts(join);
        return Text.header(
                        "#",
                        "What " + node.map(Inventory.Node::name).orElse("a new machine") + " joins the cluster "
                                + cluster.name() + " with as a " + (controlPlane ? "control-plane" : "worker")
                                + " node. join.sh fills in:",
                        "",
                        "  ${TOKEN}            lives for minutes and is made for one join",
                        "  ${CA_CERT_HASH}     proves that the right cluster answers",
                        controlPlane ? "  ${CERTIFICATE_KEY}  opens the certificates that kubeadm uploaded" : "")
                + (node.isPresent() || facts.patches(controlPlane).isEmpty()
                        ? ""
                        : "# It wants the files of patches/ in " + PATCHES + ".\n")
                + document(
                        node.isPresent()
                                ? "How the node registers."
                                : "How the node registers; ${NODE_NAME} and ${NODE_ADDRESS} are its own.",
                        join);
    }

    private ObjectNode initConfiguration() {
        ObjectNode init = document(facts.kubeadmApi(), "InitConfiguration");
        init.putObject("localAPIEndpoint")
                .put("advertiseAddress", facts.first().address())
                .put("bindPort", facts.bindPort());
        init.set("nodeRegistration", registration(Optional.of(facts.first()), true));
        patches(init, true);
        timeouts(init);
        return init;
    }

    private ObjectNode registration(Optional<Inventory.Node> node, boolean controlPlane) {
        ObjectNode registration = object();
        registration.put("name", node.map(Inventory.Node::name).orElse("${NODE_NAME}"));
        registration.put("criSocket", SOCKET);
        registration.put("imagePullPolicy", cluster.images().pullPolicy().written());
        Map<String, String> flags = new TreeMap<>(cluster.kubelet().extraArgs());
        flags.put("node-ip", node.map(Inventory.Node::address).orElse("${NODE_ADDRESS}"));
        ArrayNode args = registration.putArray("kubeletExtraArgs");
        flags.forEach((name, value) -> args.addObject().put("name", name).put("value", value));
        if (!cluster.kubeadm().ignorePreflightErrors().isEmpty()) {
            ArrayNode ignored = registration.putArray("ignorePreflightErrors");
            cluster.kubeadm().ignorePreflightErrors().forEach(ignored::add);
        }
        // From the first moment: a taint that comes later comes after the first pods.
        ArrayNode taints = registration.putArray("taints");
        List<Inventory.Taint> own = node.map(Inventory.Node::taints).orElse(List.of());
        boolean alone =
                node.filter(one -> one.roles().contains(Inventory.Role.WORKER)).isEmpty();
        if (controlPlane && alone && own.stream().noneMatch(taint -> taint.key().equals(CONTROL_PLANE_TAINT))) {
            taints.addObject().put("key", CONTROL_PLANE_TAINT).put("effect", "NoSchedule");
        }
        own.forEach(taint -> {
            ObjectNode written = taints.addObject().put("key", taint.key());
            if (!taint.value().isEmpty()) {
                written.put("value", taint.value());
            }
            written.put("effect", taint.effect().written());
        });
        return registration;
    }

    private void patches(ObjectNode document, boolean controlPlane) {
        if (!facts.patches(controlPlane).isEmpty()) {
            document.putObject("patches").put("directory", PATCHES);
        }
    }

    private void timeouts(ObjectNode document) {
        if (!cluster.kubeadm().timeouts().isEmpty()) {
            ObjectNode timeouts = document.putObject("timeouts");
            cluster.kubeadm().timeouts().forEach(timeouts::put);
        }
    }

    private ObjectNode clusterConfiguration() {
        ObjectNode configuration = document(facts.kubeadmApi(), "ClusterConfiguration");
        configuration.put("clusterName", cluster.name());
        configuration.put("kubernetesVersion", cluster.kubernetesVersion());
        configuration.put("controlPlaneEndpoint", facts.endpoint());
        configuration.put("imageRepository", cluster.images().repository());
        configuration.put(
                "encryptionAlgorithm", cluster.kubeadm().encryptionAlgorithm().written());
        Cluster.Network network = cluster.network();
        configuration
                .putObject("networking")
                .put("dnsDomain", network.dnsDomain())
                .put("podSubnet", String.join(",", network.podSubnets()))
                .put("serviceSubnet", String.join(",", network.serviceSubnets()));
        TreeSet<String> names = new TreeSet<>(cluster.kubeadm().certSANs());
        cluster.controlPlaneEndpoint().ifPresent(endpoint -> names.add(endpoint.host()));
        facts.controlPlanes().forEach(node -> names.add(node.address()));
        names.forEach(configuration.putObject("apiServer").putArray("certSANs")::add);
        ArrayNode args = configuration.putObject("controllerManager").putArray("extraArgs");
        if (facts.isDualStack()) {
            argument(args, "node-cidr-mask-size-ipv4", network.nodeCIDRMaskSizeIPv4());
            argument(args, "node-cidr-mask-size-ipv6", network.nodeCIDRMaskSizeIPv6());
        } else {
            argument(
                    args,
                    "node-cidr-mask-size",
                    facts.hasIpv6() ? network.nodeCIDRMaskSizeIPv6() : network.nodeCIDRMaskSizeIPv4());
        }
        return configuration;
    }

    private static void argument(ArrayNode args, String name, int value) {
        args.addObject().put("name", name).put("value", String.valueOf(value));
    }

    private ObjectNode kubeletConfiguration() {
        ObjectNode configuration = document("kubelet.config.k8s.io/v1beta1", "KubeletConfiguration");
        configuration.put("cgroupDriver", cluster.containerd().cgroupDriver().written());
        switch (cluster.os().swap()) {
            case DISABLED -> configuration.put("failSwapOn", true);
            case NO_SWAP -> swap(configuration, "NoSwap");
            case LIMITED_SWAP -> swap(configuration, "LimitedSwap");
        }
        merge(configuration, cluster.kubelet().config());
        return configuration;
    }

    private static void swap(ObjectNode configuration, String behavior) {
        configuration.put("failSwapOn", false);
        configuration.putObject("memorySwap").put("swapBehavior", behavior);
    }

    /** Objects are laid over each other field by field; anything else takes the place of what was there. */
    private static void merge(ObjectNode below, ObjectNode above) {
        for (Map.Entry<String, JsonNode> field : above.properties()) {
            if (below.get(field.getKey()) instanceof ObjectNode inner && field.getValue() instanceof ObjectNode outer) {
                merge(inner, outer);
            } else {
                below.set(field.getKey(), field.getValue().deepCopy());
            }
        }
    }

    private ObjectNode kubeProxyConfiguration() {
        return document("kubeproxy.config.k8s.io/v1alpha1", "KubeProxyConfiguration")
                .put("mode", cluster.network().kubeProxyMode().written())
                .put("clusterCIDR", String.join(",", cluster.network().podSubnets()));
    }

    private static ObjectNode document(String apiVersion, String kind) {
        return object().put("apiVersion", apiVersion).put("kind", kind);
    }

    /** No separator before the first: kubeadm refuses a document that is nothing but the comments of the file's head. */
    private static String document(String comment, ObjectNode json) {
        return "# " + comment + "\n" + YamlText.of(json);
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
