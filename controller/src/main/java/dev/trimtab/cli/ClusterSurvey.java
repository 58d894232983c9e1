package dev.trimtab.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.bootstrap.intake.LiveCluster;
import dev.trimtab.kube.ApiException;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ErrorClass;
import dev.trimtab.kube.ResourceType;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads what an import needs to know of a running cluster: objects only, no Secrets, and nothing through a node's proxy. */
final class ClusterSurvey {

    private static final List<String> FLANNEL_NAMESPACES = List.of("kube-flannel", "kube-system");
    private static final List<String> FLANNEL_DAEMON_SETS =
            List.of("kube-flannel-ds", "kube-flannel-ds-amd64", "kube-flannel");
    private static final String KUBOARD = "kuboard";

    private final ClusterClient client;
    private final PrintWriter err;

    ClusterSurvey(ClusterClient client, PrintWriter err) {
        this.client = client;
        this.err = err;
    }

    LiveCluster read() {
        List<ObjectNode> nodes = type("v1", "Node")
                .map(type -> client.list(type, Optional.empty(), ""))
                .orElse(List.of());
        if (nodes.isEmpty()) {
            throw new UserError("cluster " + client.name() + " has no nodes", "name another kubeconfig or context");
        }
        Optional<ObjectNode> daemonSet = flannel();
        return new LiveCluster(
                client.name(),
                client.version(),
                configMap("kube-system", "kubeadm-config"),
                configMap("kube-system", "kubelet-config"),
                configMap("kube-system", "kube-proxy"),
                nodes,
                daemonSet.flatMap(
                        found -> configMap(found.at("/metadata/namespace").asText(), "kube-flannel-cfg")),
                daemonSet,
                kuboard());
    }

    private Optional<ObjectNode> configMap(String namespace, String name) {
        return allowed(
                "ConfigMap " + namespace + "/" + name,
                Optional.empty(),
                () -> type("v1", "ConfigMap").flatMap(type -> client.get(type, Optional.of(namespace), name)));
    }

    /** It moved to a namespace of its own with v0.20. */
    private Optional<ObjectNode> flannel() {
        for (String namespace : FLANNEL_NAMESPACES) {
            for (String name : FLANNEL_DAEMON_SETS) {
                Optional<ObjectNode> found = allowed(
                        "DaemonSet " + namespace + "/" + name,
                        Optional.empty(),
                        () -> type("apps/v1", "DaemonSet")
                                .flatMap(type -> client.get(type, Optional.of(namespace), name)));
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private List<ObjectNode> kuboard() {
        List<ObjectNode> objects = new ArrayList<>();
        objects.addAll(allowed(
                "the Deployments in namespace " + KUBOARD,
                List.of(),
                () -> type("apps/v1", "Deployment")
                        .map(type -> client.list(type, Optional.of(KUBOARD), ""))
                        .orElse(List.of())));
        if (objects.isEmpty()) {
            return objects;
        }
        allowed(
                        "ClusterRoleBindings",
                        List.<ObjectNode>of(),
                        () -> type("rbac.authorization.k8s.io/v1", "ClusterRoleBinding")
                                .map(type -> client.list(type, Optional.empty(), ""))
                                .orElse(List.of()))
                .stream()
                .filter(ClusterSurvey::isOfKuboard)
                .forEach(objects::add);
        objects.forEach(object -> object.remove("status"));
        return objects;
    }

    private static boolean isOfKuboard(ObjectNode binding) {
        for (JsonNode subject : binding.path("subjects")) {
            if (subject.path("namespace").asText().equals(KUBOARD)) {
                return true;
            }
        }
        return false;
    }

    private Optional<ResourceType> type(String apiVersion, String kind) {
        return client.resource(apiVersion, kind);
    }

    /** What may not be read is told and does without; anything else stops the import. */
    private <T> T allowed(String what, T otherwise, Supplier<T> read) {
        try {
            return read.get();
        } catch (ApiException e) {
            if (e.errorClass() != ErrorClass.FORBIDDEN) {
                throw e;
            }
            err.println("warning: not allowed to read " + what);
            return otherwise;
        }
    }
}
