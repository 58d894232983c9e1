package dev.trimtab.plan;

import static dev.trimtab.definition.DefinitionCode.CD004;
import static dev.trimtab.definition.DefinitionCode.CD005;
import static dev.trimtab.definition.DefinitionCode.CD064;
import static dev.trimtab.definition.DefinitionCode.CD076;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.trimtab.definition.Addon;
import dev.trimtab.definition.Cluster;
import dev.trimtab.definition.Definition;
import dev.trimtab.definition.DefinitionCode;
import dev.trimtab.definition.Flannel;
import dev.trimtab.definition.KuboardAgent;
import dev.trimtab.definition.Manifest;
import dev.trimtab.definition.Position;
import dev.trimtab.definition.Problem;
import dev.trimtab.definition.SecretRef;
import dev.trimtab.kube.ClusterClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.semver4j.Semver;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * The rules that compare a definition with the cluster that it is for. They read ConfigMaps of kubeadm and flannel, and of Secrets
 * that are named whether they are there and which keys they have. What the cluster does not have is not compared: a definition may
 * come before its cluster.
 */
public final class LiveRules {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ClusterClient cluster;
    private final Definition definition;
    private final List<Problem> problems = new ArrayList<>();

    private LiveRules(ClusterClient cluster, Definition definition) {
        this.cluster = cluster;
        this.definition = definition;
    }

    /**
     * What is wrong beside the problems that the definition tells by itself.
     *
     * @throws dev.trimtab.kube.ApiException when the cluster does not answer, or refuses to be read
     */
    public static List<Problem> check(Definition definition, ClusterClient cluster) {
        LiveRules rules = new LiveRules(cluster, definition);
        definition.cluster().ifPresent(rules::cluster);
        definition.addons().forEach(rules::addon);
        return List.copyOf(rules.problems);
    }

    private void cluster(Cluster written) {
        version(written);
        JsonNode live = embedded("kube-system", "kubeadm-config", "ClusterConfiguration");
        JsonNode networking = live.path("networking");
        fixed(written, "podSubnets", join(written.network().podSubnets()), networking.path("podSubnet"));
        fixed(written, "serviceSubnets", join(written.network().serviceSubnets()), networking.path("serviceSubnet"));
        fixed(written, "dnsDomain", written.network().dnsDomain(), networking.path("dnsDomain"));
        JsonNode arguments = live.path("controllerManager").path("extraArgs");
        fixed(
                written,
                "nodeCIDRMaskSizeIPv4",
                String.valueOf(written.network().nodeCIDRMaskSizeIPv4()),
                either(argument(arguments, "node-cidr-mask-size"), argument(arguments, "node-cidr-mask-size-ipv4")));
        fixed(
                written,
                "nodeCIDRMaskSizeIPv6",
                String.valueOf(written.network().nodeCIDRMaskSizeIPv6()),
                argument(arguments, "node-cidr-mask-size-ipv6"));
    }

    private static String join(List<String> networks) {
        return String.join(",", networks);
    }

    private void version(Cluster written) {
        String live = cluster.version();
        String wanted = written.kubernetesVersion();
        if (!Semver.isValid(live) || !Semver.isValid(wanted)) {
            return;
        }
        Semver from = new Semver(live);
        Semver to = new Semver(wanted);
        Position at = written.origin().at("/spec/kubernetesVersion");
        if (to.isLowerThan(from)) {
            tell(
                    CD004,
                    at,
                    "downgrade from " + live + " to " + wanted + " is not supported",
                    "write " + live + " or newer");
        } else if (to.getMajor() == from.getMajor() && to.getMinor() > from.getMinor() + 1) {
            String next = from.getMajor() + "." + (from.getMinor() + 1);
            tell(
                    CD004,
                    at,
                    "control plane runs " + live + "; kubernetesVersion may move to " + next + " first, not " + wanted,
                    "write a version of " + next);
        }
    }

    private void fixed(Cluster written, String field, String wanted, JsonNode live) {
        if (live.asText("").isEmpty() || live.asText().replace(" ", "").equals(wanted)) {
            return;
        }
        tell(
                CD005,
                written.origin().at("/spec/network/" + field),
                "network." + field + " is fixed after kubeadm init (live: " + live.asText() + ")",
                "write what the cluster has; another value needs another cluster");
    }

    /** kubeadm's v1beta4 has a list of names and values, v1beta3 a mapping. */
    private static JsonNode argument(JsonNode arguments, String name) {
        if (arguments.isObject()) {
            return arguments.path(name);
        }
        for (JsonNode argument : arguments) {
            if (argument.path("name").asText().equals(name)) {
                return argument.path("value");
            }
        }
        return MissingNode.getInstance();
    }

    private static JsonNode either(JsonNode one, JsonNode other) {
        return one.isMissingNode() ? other : one;
    }

    private void addon(Addon addon) {
        if (addon instanceof Flannel flannel) {
            backend(flannel);
            flannel.backend()
                    .wireguard()
                    .pskSecretRef()
                    .ifPresent(ref ->
                            secret("kube-flannel", ref, flannel.origin().at("/spec/backend/wireguard/pskSecretRef")));
            for (int i = 0; i < flannel.images().pullSecrets().size(); i++) {
                pullSecret(flannel, i);
            }
        } else if (addon instanceof KuboardAgent agent) {
            secret("kuboard", agent.keySecretRef(), agent.origin().at("/spec/keySecretRef"));
            secret("kuboard", agent.tokenSecretRef(), agent.origin().at("/spec/tokenSecretRef"));
        }
    }

    private void backend(Flannel flannel) {
        String live = embedded("kube-flannel", "kube-flannel-cfg", "net-conf.json")
                .at("/Backend/Type")
                .asText("");
        String wanted = flannel.backend().type().written();
        if (live.isEmpty() || live.equals(wanted) || flannel.allowBackendChange()) {
            return;
        }
        tell(
                CD064,
                flannel.origin().at("/spec/backend/type"),
                "backend change " + live + " → " + wanted
                        + " interrupts all pod traffic; set allowBackendChange: true and plan node restarts",
                "write type: " + live + ", or confirm the change with allowBackendChange: true");
    }

    private void pullSecret(Flannel flannel, int index) {
        String name = flannel.images().pullSecrets().get(index);
        secret(
                "kube-flannel",
                new SecretRef(name, ".dockerconfigjson"),
                flannel.origin().at("/spec/images/pullSecrets/" + index));
    }

    /** One that the definition itself brings is made with it. */
    private void secret(String namespace, SecretRef ref, Position at) {
        if (ref.name().isEmpty()
                || definition.manifests().stream().anyMatch(manifest -> isSecret(manifest, namespace, ref.name()))) {
            return;
        }
        boolean there = cluster.resource("v1", "Secret")
                .flatMap(type -> cluster.get(type, Optional.of(namespace), ref.name()))
                .filter(secret -> secret.path("data").has(ref.key()))
                .isPresent();
        if (!there) {
            tell(
                    CD076,
                    at,
                    "Secret " + namespace + "/" + ref.name() + " key " + ref.key() + " not found",
                    "make it in the cluster, or correct the name and the key");
        }
    }

    private static boolean isSecret(Manifest manifest, String namespace, String name) {
        return manifest.key().group().isEmpty()
                && manifest.key().kind().equals("Secret")
                && manifest.key().name().equals(name)
                && manifest.key().namespace().orElse(namespace).equals(namespace);
    }

    /** A document that a ConfigMap holds as text; missing when it is not there or cannot be read. */
    private JsonNode embedded(String namespace, String name, String key) {
        String text = cluster.resource("v1", "ConfigMap")
                .flatMap(type -> cluster.get(type, Optional.of(namespace), name))
                .map(map -> map.path("data").path(key).asText(""))
                .orElse("");
        try {
            return JSON.valueToTree(new Yaml(new SafeConstructor(new LoaderOptions())).load(text));
        } catch (YAMLException e) {
            return MissingNode.getInstance();
        }
    }

    private void tell(DefinitionCode code, Position at, String text, String fix) {
        problems.add(new Problem(code, Problem.Severity.ERROR, at, text, Optional.of(fix)));
    }
}
