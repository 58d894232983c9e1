package dev.trimtab.render;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.definition.Cluster;
import dev.trimtab.definition.Flannel;
import dev.trimtab.definition.SecretRef;
import dev.trimtab.kube.Ownership;
import java.util.List;
import java.util.Optional;

/**
 * The objects of the pod network, in the form of flannel's own manifest for the release that is asked for and, where nothing else is
 * asked for, equal to it but for two annotations of the DaemonSet.
 */
final class FlannelRenderer {

    private static final String NAME = "flannel";
    private static final String NAMESPACE = "kube-flannel";
    private static final String CONFIG = "kube-flannel-cfg";
    private static final String CONFIG_FOLDER = "/etc/kube-flannel/";
    private static final String NET_CONF = "net-conf.json";

    /** Where net-conf.json lies when it holds a key: in memory, not in a ConfigMap. */
    private static final String KEYED_FOLDER = "/run/kube-flannel-keyed/";

    /** The kubelet puts the variable's value here when it starts the container. */
    private static final String PSK = "$(WIREGUARD_PSK)";

    private final Flannel flannel;
    private final Cluster.Network network;
    private final FlannelRelease release;

    FlannelRenderer(Flannel flannel, Cluster cluster) {
        this.flannel = flannel;
        this.network = cluster.network();
        this.release = FlannelRelease.of(flannel.version());
    }

    List<ObjectNode> objects() {
        return List.of(namespace(), clusterRole(), clusterRoleBinding(), serviceAccount(), config(), daemonSet());
    }

    private static ObjectNode namespace() {
        ObjectNode namespace = ObjectParts.clusterScoped("v1", "Namespace", NAMESPACE);
        // Its pods work on the network of their node.
        labelled(namespace).put("pod-security.kubernetes.io/enforce", "privileged");
        return namespace;
    }

    private static ObjectNode clusterRole() {
        ObjectNode role = ObjectParts.clusterScoped(ObjectParts.RBAC, "ClusterRole", NAME);
        labelled(role);
        ArrayNode rules = role.putArray("rules");
        ObjectParts.rule(rules, "pods", "get");
        ObjectParts.rule(rules, "nodes", "get", "list", "watch");
        ObjectParts.rule(rules, "nodes/status", "patch");
        return role;
    }

    private static ObjectNode clusterRoleBinding() {
        ObjectNode binding = ObjectParts.clusterRoleBinding(NAME, NAME, NAMESPACE, NAME);
        labelled(binding);
        return binding;
    }

    private static ObjectNode serviceAccount() {
        ObjectNode account = ObjectParts.namespaced("v1", "ServiceAccount", NAMESPACE, NAME);
        labelled(account);
        return account;
    }

    private ObjectNode config() {
        ObjectNode config = ObjectParts.namespaced("v1", "ConfigMap", NAMESPACE, CONFIG);
        labelled(config).put("tier", "node").put("app", NAME);
        if (flannel.allowBackendChange()) {
            ObjectParts.annotations(config).put(Ownership.NETWORK_CHANGE_ANNOTATION, "allow");
        }
        config.putObject("data")
                .put("cni-conf.json", FlannelConf.text(FlannelConf.cni()))
                .put(NET_CONF, FlannelConf.text(netConf(Optional.empty())));
        return config;
    }

    private ObjectNode netConf(Optional<String> psk) {
        return FlannelConf.net(flannel, network, psk);
    }

    private ObjectNode daemonSet() {
        ObjectNode set = ObjectParts.namespaced("apps/v1", "DaemonSet", NAMESPACE, "kube-flannel-ds");
        labelled(set).put("tier", "node").put("app", NAME);
        // A container that restarts where it runs would not run what installs the CNI plugin and its configuration, and
        // may
        // still see the ConfigMap as it was.
        ObjectParts.annotations(set).put("trimtab.dev/update-policy", "ReCreate");
        ObjectNode spec = set.putObject("spec");
        ObjectNode selector =
                spec.putObject("selector").putObject("matchLabels").put("app", NAME);
        ObjectNode template = spec.putObject("template");
        ObjectNode metadata = template.putObject("metadata");
        ObjectNode labels = metadata.putObject("labels").put("tier", "node").put("app", NAME);
        flannel.selector().forEach(selector::put);
        flannel.selector().forEach(labels::put);
        // flanneld reads its configuration when it starts and never again.
        metadata.putObject("annotations").put("trimtab.dev/flannel-conf", digest());
        pod(template.putObject("spec"));
        return set;
    }

    private String digest() {
        ObjectNode both = ObjectParts.object();
        both.set("cni", FlannelConf.cni());
        both.set("net", netConf(Optional.empty()));
        return Digest.of(both).value();
    }

    private void pod(ObjectNode pod) {
        ObjectParts.required(pod, "kubernetes.io/os", "linux");
        pod.put("hostNetwork", true).put("priorityClassName", "system-node-critical");
        // Nodes have no network and are tainted for it before flannel runs on them.
        pod.putArray("tolerations").addObject().put("operator", "Exists").put("effect", "NoSchedule");
        pod.put("serviceAccountName", NAME);
        if (!flannel.images().pullSecrets().isEmpty()) {
            ArrayNode secrets = pod.putArray("imagePullSecrets");
            flannel.images().pullSecrets().forEach(name -> secrets.addObject().put("name", name));
        }
        ArrayNode before = pod.putArray("initContainers");
        installPlugin(before.addObject());
        installConf(before.addObject());
        psk().ifPresent(key -> writeKey(before.addObject(), key));
        flanneld(pod.putArray("containers").addObject());
        volumes(pod.putArray("volumes"));
    }

    private void installPlugin(ObjectNode container) {
        container
                .put("name", "install-cni-plugin")
                .put("image", release.cniPluginImage(flannel.images().cniPlugin()));
        ObjectParts.texts(container, "command", "cp");
        ObjectParts.texts(container, "args", "-f", "/flannel", "/opt/cni/bin/flannel");
        mount(container.putArray("volumeMounts"), "cni-plugin", "/opt/cni/bin");
    }

    private void installConf(ObjectNode container) {
        container.put("name", "install-cni").put("image", image());
        String from = CONFIG_FOLDER + "cni-conf.json";
        String to = "/etc/cni/net.d/10-flannel.conflist";
        if (release.installsConf()) {
            ObjectParts.texts(container, "command", "/opt/bin/install-conf");
            ObjectParts.texts(container, "args", from, to);
        } else {
            ObjectParts.texts(container, "command", "cp");
            ObjectParts.texts(container, "args", "-f", from, to);
        }
        ArrayNode mounts = container.putArray("volumeMounts");
        mount(mounts, "cni", "/etc/cni/net.d");
        mount(mounts, "flannel-cfg", CONFIG_FOLDER);
    }

    /** flannel takes the key from net-conf.json only, and everybody may read a ConfigMap. */
    private void writeKey(ObjectNode container, SecretRef key) {
        container.put("name", "write-psk").put("image", image());
        ObjectParts.texts(container, "command", "/bin/sh", "-ec");
        ObjectParts.texts(container, "args", "umask 077; printf '%s' \"$NET_CONF\" > " + KEYED_FOLDER + NET_CONF);
        ArrayNode env = container.putArray("env");
        ObjectParts.secret(env, "WIREGUARD_PSK", key);
        env.addObject()
                .put("name", "NET_CONF")
                .put("value", netConf(Optional.of(PSK)).toString());
        mount(container.putArray("volumeMounts"), "keyed-cfg", KEYED_FOLDER);
    }

    private void flanneld(ObjectNode container) {
        container.put("name", "kube-flannel").put("image", image());
        ObjectParts.texts(container, "command", "/opt/bin/flanneld");
        ArrayNode args = container.putArray("args").add("--ip-masq").add("--kube-subnet-mgr");
        boolean probed = release.probes() && flannel.healthPort() > 0;
        if (probed) {
            args.add("--healthz-port=" + flannel.healthPort());
        }
        psk().ifPresent(key -> args.add("--net-config-path=" + KEYED_FOLDER + NET_CONF));
        flannel.nodeInterface().names().forEach(name -> args.add("--iface=" + name));
        flannel.nodeInterface().regexes().forEach(regex -> args.add("--iface-regex=" + regex));
        flannel.nodeInterface().canReach().ifPresent(address -> args.add("--iface-can-reach=" + address));
        flannel.extraArgs().forEach(args::add);
        if (probed) {
            // No hostPort: the server fills in the same number for pods on their node's network.
            container
                    .putArray("ports")
                    .addObject()
                    .put("name", "healthz")
                    .put("containerPort", flannel.healthPort())
                    .put("protocol", "TCP");
            probe(container.putObject("livenessProbe"), "/healthz", 10, 30);
            probe(container.putObject("readinessProbe"), "/readyz", 5, 10);
        }
        if (flannel.resources().isEmpty()) {
            container
                    .putObject("resources")
                    .putObject("requests")
                    .put("cpu", "100m")
                    .put("memory", "50Mi");
        } else {
            container.set("resources", flannel.resources().deepCopy());
        }
        ObjectNode security = container.putObject("securityContext").put("privileged", false);
        security.putObject("capabilities").putArray("add").add("NET_ADMIN").add("NET_RAW");
        ArrayNode env = container.putArray("env");
        ObjectParts.fieldRef(env, "POD_NAME", "metadata.name");
        ObjectParts.fieldRef(env, "POD_NAMESPACE", "metadata.namespace");
        env.addObject().put("name", "EVENT_QUEUE_DEPTH").put("value", "5000");
        if (release.waitsForCache()) {
            env.addObject().put("name", "CONT_WHEN_CACHE_NOT_READY").put("value", "false");
        }
        ArrayNode mounts = container.putArray("volumeMounts");
        mount(mounts, "run", "/run/flannel");
        mount(mounts, "flannel-cfg", CONFIG_FOLDER);
        mount(mounts, "xtables-lock", "/run/xtables.lock");
        psk().ifPresent(key -> mount(mounts, "keyed-cfg", KEYED_FOLDER));
    }

    private void volumes(ArrayNode volumes) {
        hostPath(volumes, "run", "/run/flannel");
        hostPath(volumes, "cni-plugin", "/opt/cni/bin");
        hostPath(volumes, "cni", "/etc/cni/net.d");
        volumes.addObject().put("name", "flannel-cfg").putObject("configMap").put("name", CONFIG);
        hostPath(volumes, "xtables-lock", "/run/xtables.lock").put("type", "FileOrCreate");
        psk().ifPresent(key -> volumes.addObject()
                .put("name", "keyed-cfg")
                .putObject("emptyDir")
                .put("medium", "Memory"));
    }

    private Optional<SecretRef> psk() {
        return flannel.backend().type() == Flannel.BackendType.WIREGUARD
                ? flannel.backend().wireguard().pskSecretRef()
                : Optional.empty();
    }

    private String image() {
        return release.flannelImage(flannel.images().flannel());
    }

    private static void probe(ObjectNode probe, String path, int delay, int period) {
        probe.putObject("httpGet").put("path", path).put("port", "healthz");
        probe.put("initialDelaySeconds", delay).put("periodSeconds", period);
    }

    private static void mount(ArrayNode mounts, String name, String path) {
        mounts.addObject().put("name", name).put("mountPath", path);
    }

    private static ObjectNode hostPath(ArrayNode volumes, String name, String path) {
        return volumes.addObject().put("name", name).putObject("hostPath").put("path", path);
    }

    private static ObjectNode labelled(ObjectNode object) {
        return ObjectParts.labels(object).put("k8s-app", NAME);
    }
}
