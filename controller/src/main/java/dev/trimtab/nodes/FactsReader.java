package dev.trimtab.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ApiException;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ErrorClass;
import dev.trimtab.kube.ResourceType;
import dev.trimtab.nodes.Surroundings.BootstrapToken;
import dev.trimtab.nodes.Surroundings.Component;
import dev.trimtab.nodes.Surroundings.SandboxFailure;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** Reads what a plan of nodes is made from. It writes nothing, and of Secrets it asks for bootstrap tokens only. */
public final class FactsReader {

    private static final String SYSTEM = "kube-system";
    private static final String TOKEN_TYPE = "bootstrap.kubernetes.io/token";
    private static final Set<ErrorClass> ABSENT =
            EnumSet.of(ErrorClass.NOT_FOUND, ErrorClass.NAMESPACE_MISSING, ErrorClass.KIND_MISSING);

    private final ClusterClient cluster;

    public FactsReader(ClusterClient cluster) {
        this.cluster = cluster;
    }

    /** All Nodes. */
    public List<ObjectNode> nodes() {
        return cluster.list(type("v1", "Node"), Optional.empty(), "");
    }

    /** Everything else, with about eight requests and one look at the certificate that the server shows. What may not be read becomes an observation that says so. */
    public Surroundings surroundings() {
        List<Observation> unreadable = new ArrayList<>();
        Reading reading = new Reading(unreadable);
        Map<String, JsonNode> leases = new HashMap<>();
        reading.list(
                        "Leases in kube-node-lease",
                        () -> list("coordination.k8s.io/v1", "Lease", "kube-node-lease", "", ""))
                .forEach(lease -> leases.put(lease.path("metadata").path("name").asText(""), lease));
        return new Surroundings(
                cluster.version(),
                cluster.servingCertificateEnd(),
                leases,
                reading.config("kubeadm-config", "ClusterConfiguration"),
                reading.config("kubelet-config", "kubelet"),
                reading.config("kube-proxy", "config.conf"),
                reading.list("bootstrap tokens", () -> list("v1", "Secret", SYSTEM, "", "type=" + TOKEN_TYPE)).stream()
                        .map(FactsReader::token)
                        .toList(),
                reading
                        .list(
                                "Events",
                                () -> cluster.list(
                                        type("v1", "Event"), Optional.empty(), "", "reason=FailedCreatePodSandBox"))
                        .stream()
                        .flatMap(event -> sandboxFailure(event).stream())
                        .toList(),
                reading.list("static pods", () -> list("v1", "Pod", SYSTEM, "tier=control-plane", "")).stream()
                        .flatMap(pod -> component(pod).stream())
                        .toList(),
                unreadable);
    }

    /** What is on a node that is to go. */
    public NodeLoad load(String node) {
        List<ObjectNode> attachments = cluster
                .resource("storage.k8s.io/v1", "VolumeAttachment")
                .map(type -> cluster.list(type, Optional.empty(), ""))
                .orElse(List.of())
                .stream()
                .filter(one -> one.path("spec").path("nodeName").asText("").equals(node))
                .toList();
        List<ObjectNode> budgets = cluster.resource("policy/v1", "PodDisruptionBudget")
                .map(type -> cluster.list(type, Optional.empty(), ""))
                .orElse(List.of());
        return NodeLoad.of(
                cluster.list(type("v1", "Pod"), Optional.empty(), "", "spec.nodeName=" + node), attachments, budgets);
    }

    private List<ObjectNode> list(
            String apiVersion, String kind, String namespace, String labelSelector, String fieldSelector) {
        return cluster.list(type(apiVersion, kind), Optional.of(namespace), labelSelector, fieldSelector);
    }

    private ResourceType type(String apiVersion, String kind) {
        return cluster.resource(apiVersion, kind)
                .orElseThrow(() -> new ApiException(
                        404,
                        ErrorClass.KIND_MISSING,
                        "the cluster serves no " + kind + " of " + apiVersion,
                        List.of(),
                        Optional.empty()));
    }

    /** Attempts of which one that is not allowed does not spoil the others. */
    private final class Reading {

        private final List<Observation> unreadable;

        Reading(List<Observation> unreadable) {
            this.unreadable = unreadable;
        }

        List<ObjectNode> list(String what, Supplier<List<ObjectNode>> attempt) {
            try {
                return attempt.get();
            } catch (ApiException e) {
                return refused(what, e, List.of());
            }
        }

        Optional<JsonNode> config(String name, String key) {
            String what = "ConfigMap kube-system/" + name;
            Optional<ObjectNode> found;
            try {
                found = cluster.get(type("v1", "ConfigMap"), Optional.of(SYSTEM), name);
            } catch (ApiException e) {
                found = refused(what, e, Optional.empty());
            }
            return found.map(map -> map.path("data").path(key).asText("")).flatMap(text -> parsed(what, text));
        }

        private Optional<JsonNode> parsed(String what, String text) {
            try {
                JsonNode tree =
                        new ObjectMapper().valueToTree(new Yaml(new SafeConstructor(new LoaderOptions())).load(text));
                return Optional.of(tree).filter(JsonNode::isObject);
            } catch (YAMLException | IllegalArgumentException e) {
                unreadable(what, "it is not YAML");
                return Optional.empty();
            }
        }

        private <T> T refused(String what, ApiException e, T nothing) {
            if (e.errorClass() == ErrorClass.FORBIDDEN) {
                unreadable(what, "the server does not allow it");
            } else if (!ABSENT.contains(e.errorClass())) {
                throw e;
            }
            return nothing;
        }

        private void unreadable(String what, String why) {
            unreadable.add(Observation.notReadable(what, why));
        }
    }

    /** All of the Secret but its name and its end is forgotten here. */
    private static BootstrapToken token(ObjectNode secret) {
        String name = secret.path("metadata").path("name").asText("");
        JsonNode data = secret.path("data");
        return new BootstrapToken(
                name,
                decoded(data.path("token-id")).orElse(name.replaceFirst("^bootstrap-token-", "")),
                decoded(data.path("expiration")));
    }

    private static Optional<String> decoded(JsonNode value) {
        try {
            return Optional.of(new String(Base64.getDecoder().decode(value.asText("")), StandardCharsets.UTF_8))
                    .filter(text -> !text.isBlank());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<SandboxFailure> sandboxFailure(ObjectNode event) {
        String message = event.path("message").asText("");
        String host = event.path("source").path("host").asText("");
        return message.contains("failed to get sandbox image")
                ? Optional.of(new SandboxFailure(
                        host.isEmpty() ? event.path("reportingInstance").asText("") : host, message))
                : Optional.empty();
    }

    private static Optional<Component> component(ObjectNode pod) {
        String image = pod.path("spec").path("containers").path(0).path("image").asText("");
        int tag = image.lastIndexOf(':');
        String name = pod.path("metadata").path("labels").path("component").asText("");
        return tag < 0 || name.isEmpty() || image.contains("@")
                ? Optional.empty()
                : Optional.of(
                        new Component(name, pod.path("spec").path("nodeName").asText(""), image.substring(tag + 1)));
    }
}
