package dev.trimtab.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ManagedFields;
import dev.trimtab.kube.ResourceType;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which workload of a cluster a command is about, named as kubectl does. */
final class WorkloadOptions {

    private record Kind(String apiVersion, String name) {}

    private static final List<Kind> KINDS = List.of(
            new Kind("apps/v1", "Deployment"),
            new Kind("apps/v1", "StatefulSet"),
            new Kind("apps/v1", "DaemonSet"),
            new Kind("apps.kruise.io/v1alpha1", "CloneSet"));

    private static final Map<String, String> SHORT =
            Map.of("deploy", "deployment", "sts", "statefulset", "ds", "daemonset", "clone", "cloneset");

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAME",
            defaultValue = "default",
            description = "of the workload (default: ${DEFAULT-VALUE})")
    private String namespace;

    Optional<String> namespace() {
        return Optional.of(namespace);
    }

    ObjectNode get(ClusterClient client, String named) {
        ResourceType type = type(client, named);
        String name = named.substring(named.indexOf('/') + 1);
        return client.get(type, namespace(), name)
                .orElseThrow(() -> new UserError(
                        "no " + type.kind() + " " + namespace + "/" + name + " in cluster " + client.name(),
                        "is the namespace right? give it with -n"));
    }

    ResourceType type(ClusterClient client, String named) {
        int slash = named.indexOf('/');
        String kind = slash < 0 ? "" : named.substring(0, slash).toLowerCase(Locale.ROOT);
        String singular = SHORT.getOrDefault(
                kind, kind.endsWith("s") && !kind.equals("ds") ? kind.substring(0, kind.length() - 1) : kind);
        return KINDS.stream()
                .filter(known -> known.name().toLowerCase(Locale.ROOT).equals(singular))
                .findFirst()
                .flatMap(known -> client.resource(known.apiVersion(), known.name()))
                .orElseThrow(() -> new UserError(
                        "\"" + named + "\" names no workload of this cluster",
                        "write one such as deployment/web, statefulset/db, daemonset/agent or cloneset/cart"));
    }

    /** Without the strategy that only the server wrote: nobody owns what is defaulted. */
    ObjectNode asWritten(ObjectNode live) {
        ObjectNode written = live.deepCopy();
        for (String field : List.of("strategy", "updateStrategy")) {
            boolean owned = ManagedFields.entries(live.path("metadata")).stream()
                    .anyMatch(entry -> entry.fields().path("f:spec").has("f:" + field));
            if (!owned
                    && written.path("spec") instanceof ObjectNode spec
                    && !written.path("kind").asText().equals("CloneSet")) {
                spec.remove(field);
            }
        }
        return written;
    }
}
