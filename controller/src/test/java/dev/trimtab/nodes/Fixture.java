package dev.trimtab.nodes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.definition.Definitions;
import dev.trimtab.definition.Limits;
import dev.trimtab.source.DirectoryTree;
import dev.trimtab.source.RepoPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Three nodes as a healthy cluster has them, and a definition that says so. */
final class Fixture {

    static final JsonMapper JSON = new JsonMapper();
    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    static final String SYNC = "demo";
    static final String US = "trimtab-demo";

    static final String CLUSTER = """
            apiVersion: cluster.trimtab.dev/v1alpha1
            kind: Cluster
            metadata: {name: demo}
            spec:
              kubernetesVersion: v1.36.2
              controlPlaneEndpoint: {host: 192.168.0.10, port: 6443}
              network: {podSubnets: [10.244.0.0/16]}
            %s
            ---
            apiVersion: cluster.trimtab.dev/v1alpha1
            kind: Inventory
            metadata: {name: nodes}
            spec:
              nodes:
            """;

    private Fixture() {}

    /** @param nodes entries of the inventory, each a flow mapping on a line */
    static DeclaredNodes declared(String... nodes) {
        return declaredWith("", nodes);
    }

    /** @param spec more of the Cluster's spec, for instance {@code policy: {cordon: enforce}} */
    static DeclaredNodes declaredWith(String spec, String... nodes) {
        return read(text(spec, nodes));
    }

    /** @param text one file with a whole definition */
    static DeclaredNodes read(String text) {
        try (DirectoryTree tree = tree(text)) {
            return DeclaredNodes.of(new Definitions(Limits.DEFAULT).read(tree, RepoPath.ROOT))
                    .orElseThrow();
        }
    }

    static String text(String spec, String... nodes) {
        StringBuilder text = new StringBuilder(CLUSTER.formatted(spec.isEmpty() ? "" : "  " + spec));
        for (String node : nodes) {
            text.append("    - {").append(node).append("}\n");
        }
        return text.toString();
    }

    private static DirectoryTree tree(String text) {
        try {
            Path folder = Files.createTempDirectory("definition");
            Path file = Files.writeString(folder.resolve("cluster.yaml"), text);
            file.toFile().deleteOnExit();
            folder.toFile().deleteOnExit();
            return new DirectoryTree(folder, Clock.systemUTC());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A ready worker with address 192.168.0.{@code number}, as the sandbox numbers them, without managedFields. */
    static ObjectNode node(String name, int number) {
        return json("""
                {"apiVersion": "v1", "kind": "Node",
                 "metadata": {"name": "%1$s", "uid": "uid-%1$s", "resourceVersion": "7",
                              "labels": {"kubernetes.io/hostname": "%1$s"},
                              "annotations": {"trimtab.dev/machine": "m-%1$s/s-%1$s"}},
                 "spec": {"podCIDR": "10.244.%2$d.0/24", "podCIDRs": ["10.244.%2$d.0/24"]},
                 "status": {
                   "addresses": [{"type": "InternalIP", "address": "192.168.0.%2$d"}],
                   "conditions": [
                     {"type": "Ready", "status": "True", "reason": "KubeletReady",
                      "lastTransitionTime": "2026-01-01T00:00:00Z"},
                     {"type": "MemoryPressure", "status": "False", "reason": "KubeletHasSufficientMemory"}],
                   "nodeInfo": {"architecture": "amd64", "containerRuntimeVersion": "containerd://2.3.1",
                                "kubeletVersion": "v1.36.2", "machineID": "m-%1$s", "systemUUID": "s-%1$s"}}}
                """.formatted(name, number));
    }

    /** Says in managedFields that {@code manager} holds keys of a metadata map. */
    static ObjectNode owned(ObjectNode node, String manager, String operation, String map, String... keys) {
        ArrayNode entries = node.withObjectProperty("metadata").withArray("managedFields");
        ObjectNode fields = entries.addObject()
                .put("manager", manager)
                .put("operation", operation)
                .put("apiVersion", "v1")
                .put("time", "2026-01-01T00:00:00Z")
                .putObject("fieldsV1")
                .putObject("f:metadata")
                .putObject("f:" + map);
        for (String key : keys) {
            fields.putObject("f:" + key);
        }
        return node;
    }

    static ObjectNode label(ObjectNode node, String key, String value) {
        node.withObject("/metadata/labels").put(key, value);
        return node;
    }

    static ObjectNode taint(ObjectNode node, String key, String value, String effect) {
        ObjectNode taint =
                node.withObject("/spec").withArray("taints").addObject().put("key", key);
        if (!value.isEmpty()) {
            taint.put("value", value);
        }
        taint.put("effect", effect);
        return node;
    }

    static ObjectNode json(String text) {
        try {
            return (ObjectNode) JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    static Surroundings surroundings() {
        return surroundings("v1.36.2");
    }

    static Surroundings surroundings(String serverVersion) {
        return Surroundings.unknown(serverVersion);
    }

    static NodePlan plan(DeclaredNodes declared, List<ObjectNode> nodes, Surroundings around) {
        return new NodePlanner(SYNC, DrainTerms.CONTROLLER).plan(declared, nodes, around, Map.of(), NOW);
    }

    static NodePlan plan(DeclaredNodes declared, ObjectNode... nodes) {
        return plan(declared, List.of(nodes), surroundings());
    }

    static JsonNode yaml(String text) {
        return JSON.valueToTree(new org.yaml.snakeyaml.Yaml().load(text));
    }
}
