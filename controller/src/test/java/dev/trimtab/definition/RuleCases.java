package dev.trimtab.definition;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What {@link RulesTest} tries: edits of a sound definition that break a rule, and edits that only come close. */
final class RuleCases {

    /** Stands before the place at which a problem must be told. */
    static final String MARK = "«";

    static final String NODE1 = "- {name: k8s-node1, address: 192.168.16.201}";
    static final String NODE2 = "- {name: k8s-node2, address: 192.168.16.202}";
    static final String MASTER = "- {name: k8s-master, address: 192.168.16.200, roles: [control-plane]}";
    static final String MASTERS =
            MASTER + "\n    - {name: k8s-master2, address: 192.168.16.210, roles: [control-plane]}";
    static final String THREE_MASTERS =
            MASTERS + "\n    - {name: k8s-master3, address: 192.168.16.211, roles: [control-plane]}";
    static final String ENDPOINT = "  controlPlaneEndpoint: {host: api.demo.internal, port: 6443}\n";
    static final String PEM = "-----BEGIN OPENSSH PRIVATE KEY-----";

    /** @param before what is replaced, empty for the end of the file */
    record Edit(String file, String before, String after) {}

    /** @param expected severity and text; empty where nothing may be told with this code */
    record Case(DefinitionCode code, String expected, List<Edit> edits) {

        @Override
        public String toString() {
            return code + " "
                    + (expected.isEmpty()
                            ? "passes with "
                                    + edits.stream()
                                            .map(edit -> edit.after().strip())
                                            .collect(Collectors.joining(" "))
                            : expected);
        }
    }

    static final List<Case> BROKEN = Stream.of(
                    ClusterRuleCases.BROKEN,
                    NetworkRuleCases.BROKEN,
                    NodeRuleCases.BROKEN,
                    AddonRuleCases.BROKEN,
                    MachineFileCases.BROKEN)
            .flatMap(List::stream)
            .toList();

    static final List<Case> KEPT = Stream.of(
                    ClusterRuleCases.KEPT,
                    NetworkRuleCases.KEPT,
                    NodeRuleCases.KEPT,
                    AddonRuleCases.KEPT,
                    MachineFileCases.KEPT)
            .flatMap(List::stream)
            .toList();

    private RuleCases() {}

    static Edit cluster(String before, String after) {
        return new Edit("cluster.yaml", before, after);
    }

    static Edit nodes(String before, String after) {
        return new Edit("nodes.yaml", before, after);
    }

    static Edit flannel(String before, String after) {
        return new Edit("flannel.yaml", before, after);
    }

    static Edit kuboard(String before, String after) {
        return new Edit("kuboard.yaml", before, after);
    }

    static Edit endpoint(String url) {
        return kuboard("http://kuboard.internal:8080", url);
    }

    static Edit registry(String host, String endpoints) {
        return cluster("", "  registries: [{registry: " + host + ", endpoints: [" + endpoints + "]}]\n");
    }

    static Edit packages(String url) {
        String mark = url.startsWith(MARK) ? MARK : "";
        return cluster("", "  packages: {kubernetes: {urlTemplate: " + mark + "\"" + url.replace(MARK, "") + "\"}}\n");
    }

    static String node1(String more) {
        return NODE1.substring(0, NODE1.length() - 1) + ", " + more + "}";
    }

    static String configMap(String suffix) {
        return "{apiVersion: v1, kind: ConfigMap, metadata: {name: a" + suffix + ", namespace: shop}}\n";
    }

    static Edit hostNetwork(int port) {
        return new Edit(
                "probe.yaml",
                "",
                "{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: probe, namespace: ops}, spec: {template: {spec:"
                        + " {hostNetwork: true, containers: [{name: a, ports: [{containerPort: " + port + "}]}]}}}}\n");
    }

    static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    static Case error(DefinitionCode code, String text, Edit... edits) {
        return new Case(code, "error: " + text, List.of(edits));
    }

    static Case warning(DefinitionCode code, String text, Edit... edits) {
        return new Case(code, "warning: " + text, List.of(edits));
    }

    static Case passes(DefinitionCode code, Edit... edits) {
        return new Case(code, "", List.of(edits));
    }
}
