package dev.trimtab.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.bootstrap.intake.LiveCluster;
import dev.trimtab.bootstrap.intake.PodNetworks;
import dev.trimtab.kube.ApiException;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ErrorClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Reads what an import needs to know of a running cluster: objects only, no Secrets, and nothing through a node's proxy. */
final class ClusterSurvey {

    private static final String NODES = "the nodes";
    private static final String KUBOARD = "kuboard";
    private static final Optional<String> EVERYWHERE = Optional.empty();

    private final ClusterClient client;
    private final Set<String> forbidden = new TreeSet<>();

    ClusterSurvey(ClusterClient client) {
        this.client = client;
    }

    /** @throws UserError when the nodes cannot be read, or there are none: an inventory is what an import is for */
    LiveCluster read() {
        List<ObjectNode> nodes = list(NODES, "v1", "Node", EVERYWHERE);
        if (forbidden.contains(NODES)) {
            throw new UserError(
                    "not allowed to list the nodes of cluster " + client.name() + "; nothing is imported",
                    "use a kubeconfig that may read the cluster, for instance kubeadm's admin.conf");
        }
        if (nodes.isEmpty()) {
            throw new UserError("cluster " + client.name() + " has no nodes", "name another kubeconfig or context");
        }
        PodNetworks networks = PodNetworks.among(list(LiveCluster.DAEMON_SETS, "apps/v1", "DaemonSet", EVERYWHERE));
        return new LiveCluster(
                client.name(),
                client.version(),
                configMap(LiveCluster.KUBEADM_CONFIG, "kube-system", "kubeadm-config"),
                configMap(LiveCluster.KUBELET_CONFIG, "kube-system", "kubelet-config"),
                configMap(LiveCluster.KUBE_PROXY, "kube-system", "kube-proxy"),
                nodes,
                networks,
                networks.flannel().flatMap(this::configOf),
                kuboard(),
                forbidden);
    }

    private Optional<ObjectNode> configOf(ObjectNode flannel) {
        String namespace = flannel.at("/metadata/namespace").asText();
        String name = PodNetworks.configMap(flannel);
        return configMap("ConfigMap " + namespace + "/" + name, namespace, name);
    }

    private Optional<ObjectNode> configMap(String title, String namespace, String name) {
        return allowed(
                title,
                Optional.empty(),
                () -> client.resource("v1", "ConfigMap")
                        .flatMap(type -> client.get(type, Optional.of(namespace), name)));
    }

    private List<ObjectNode> kuboard() {
        List<ObjectNode> objects =
                new ArrayList<>(list(LiveCluster.KUBOARD, "apps/v1", "Deployment", Optional.of(KUBOARD)));
        if (objects.isEmpty()) {
            return objects;
        }
        list(LiveCluster.ROLE_BINDINGS, "rbac.authorization.k8s.io/v1", "ClusterRoleBinding", EVERYWHERE).stream()
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

    private List<ObjectNode> list(String title, String apiVersion, String kind, Optional<String> namespace) {
        return allowed(
                title,
                List.of(),
                () -> client.resource(apiVersion, kind)
                        .map(type -> client.list(type, namespace, ""))
                        .orElse(List.of()));
    }

    /** What may not be read is told later and does without; anything else stops the import. */
    private <T> T allowed(String title, T otherwise, Supplier<T> read) {
        try {
            return read.get();
        } catch (ApiException e) {
            if (e.errorClass() != ErrorClass.FORBIDDEN) {
                throw e;
            }
            forbidden.add(title);
            return otherwise;
        }
    }
}
