package dev.trimtab.render;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.definition.KuboardAgent;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The objects of the Kuboard v3 agent: what a Kuboard server writes when a cluster is added to it, but for the two secret values,
 * which come from a Secret, and the control plane's present role label, which stands beside the one that Kubernetes 1.24 removed.
 */
final class KuboardAgentRenderer {

    private static final String NAMESPACE = "kuboard";
    private static final String LABEL = "k8s.kuboard.cn/name";
    private static final String ADMIN = "kuboard-admin";
    private static final String VIEWER = "kuboard-viewer";
    private static final List<String> CONTROL_PLANE =
            List.of("node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master");

    private final KuboardAgent agent;

    KuboardAgentRenderer(KuboardAgent agent) {
        this.agent = agent;
    }

    List<ObjectNode> objects() {
        String name =
                "kuboard-agent" + agent.nameSuffix().map(suffix -> "-" + suffix).orElse("");
        List<ObjectNode> objects = new ArrayList<>();
        objects.add(ObjectParts.clusterScoped("v1", "Namespace", NAMESPACE));
        objects.add(ObjectParts.namespaced("v1", "ServiceAccount", NAMESPACE, ADMIN));
        objects.add(ObjectParts.namespaced("v1", "ServiceAccount", NAMESPACE, VIEWER));
        objects.add(ObjectParts.clusterRoleBinding(ADMIN + "-crb", agent.rbac().admin(), NAMESPACE, ADMIN));
        objects.add(ObjectParts.clusterRoleBinding(VIEWER + "-crb", agent.rbac().viewer(), NAMESPACE, VIEWER));
        objects.add(deployment(name, ADMIN));
        objects.add(deployment(name + "-2", VIEWER));
        return objects;
    }

    private ObjectNode deployment(String name, String account) {
        ObjectNode deployment = ObjectParts.namespaced("apps/v1", "Deployment", NAMESPACE, name);
        ObjectParts.labels(deployment).put(LABEL, name);
        // Kuboard reads these to show the workload; the values are its own.
        ObjectParts.annotations(deployment)
                .put("k8s.kuboard.cn/ingress", "false")
                .put("k8s.kuboard.cn/service", "none")
                .put("k8s.kuboard.cn/workload", name);
        ObjectNode spec = deployment.putObject("spec").put("replicas", agent.replicas());
        spec.putObject("selector").putObject("matchLabels").put(LABEL, name);
        ObjectNode template = spec.putObject("template");
        template.putObject("metadata").putObject("labels").put(LABEL, name);
        ObjectNode pod = template.putObject("spec");
        affinity(pod.putObject("affinity"));
        ArrayNode tolerations = pod.putArray("tolerations");
        CONTROL_PLANE.forEach(key -> tolerations
                .addObject()
                .put("key", key)
                .put("operator", "Exists")
                .put("effect", "NoSchedule"));
        pod.put("restartPolicy", "Always").put("serviceAccountName", account);
        ObjectNode container = pod.putArray("containers").addObject();
        container.put("name", "kuboard-agent").put("image", agent.image()).put("imagePullPolicy", "Always");
        env(container.putArray("env"), account);
        return deployment;
    }

    private static void affinity(ObjectNode affinity) {
        ArrayNode nodes =
                affinity.putObject("nodeAffinity").putArray("preferredDuringSchedulingIgnoredDuringExecution");
        for (String key : CONTROL_PLANE) {
            nodes.addObject()
                    .put("weight", 100)
                    .putObject("preference")
                    .putArray("matchExpressions")
                    .addObject()
                    .put("key", key)
                    .put("operator", "Exists");
        }
        ObjectNode beside = affinity.putObject("podAffinity")
                .putArray("preferredDuringSchedulingIgnoredDuringExecution")
                .addObject()
                .put("weight", 100)
                .putObject("podAffinityTerm");
        beside.putObject("labelSelector").putObject("matchLabels").put(LABEL, "kuboard-v3");
        beside.put("topologyKey", "kubernetes.io/hostname");
    }

    /** The order is the server's, so that its file and what is rendered here compare line by line. */
    private void env(ArrayNode env, String account) {
        value(env, "KUBOARD_ENDPOINT", agent.endpoint());
        value(env, "KUBOARD_AGENT_HOST", agent.agentServer().host().orElseGet(this::endpointHost));
        value(env, "KUBOARD_AGENT_PORT", String.valueOf(agent.agentServer().port()));
        value(env, "KUBOARD_AGENT_REMOTE_PORT", String.valueOf(agent.remotePort()));
        value(env, "KUBOARD_AGENT_PROTOCOL", agent.agentServer().protocol().written());
        value(env, "KUBOARD_AGENT_PROXY", agent.proxy().orElse(""));
        value(env, "KUBOARD_K8S_CLUSTER_NAME", agent.clusterName());
        ObjectParts.secret(env, "KUBOARD_AGENT_KEY", agent.keySecretRef());
        value(env, "KUBERNETES_TOKEN_NAME", account);
        ObjectParts.secret(env, "KUBOARD_ANONYMOUS_TOKEN", agent.tokenSecretRef());
        ObjectParts.fieldRef(env, "POD_HOST_NAME", "metadata.name");
    }

    private static void value(ArrayNode env, String name, String value) {
        env.addObject().put("name", name).put("value", value);
    }

    private String endpointHost() {
        try {
            // Brackets belong to the URL, not to the address.
            return Optional.ofNullable(new URI(agent.endpoint()).getHost())
                    .orElse("")
                    .replaceAll("[\\[\\]]", "");
        } catch (URISyntaxException e) {
            return "";
        }
    }
}
