package dev.trimtab.sandbox.api.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/** Kinds of the core group, and the others that have columns of their own. */
final class CoreColumns {

    private static final String ROLE = "node-role.kubernetes.io/";

    static final Map<String, List<Column>> BY_RESOURCE = Map.ofEntries(
            Map.entry("configmaps", List.of(Column.objectName(), size("Data", "/data", "/binaryData"), Column.age())),
            Map.entry(
                    "secrets",
                    List.of(Column.objectName(), Column.text("Type", "/type"), size("Data", "/data"), Column.age())),
            Map.entry("namespaces", List.of(Column.objectName(), Column.text("Status", "/status/phase"), Column.age())),
            Map.entry(
                    "nodes",
                    List.of(
                            Column.objectName(),
                            Column.text("Status", CoreColumns::nodeStatus),
                            Column.text("Roles", CoreColumns::roles),
                            Column.age(),
                            Column.text("Version", "/status/nodeInfo/kubeletVersion"),
                            Column.text("Internal-IP", node -> address(node, "InternalIP"))
                                    .wide(),
                            Column.text("External-IP", node -> address(node, "ExternalIP"))
                                    .wide(),
                            Column.text("OS-Image", "/status/nodeInfo/osImage").wide(),
                            Column.text("Kernel-Version", "/status/nodeInfo/kernelVersion")
                                    .wide(),
                            Column.text("Container-Runtime", "/status/nodeInfo/containerRuntimeVersion")
                                    .wide())),
            Map.entry(
                    "services",
                    List.of(
                            Column.objectName(),
                            Column.text("Type", "/spec/type"),
                            Column.text("Cluster-IP", service -> PodColumns.orNone(service.at("/spec/clusterIP"))),
                            Column.text("External-IP", CoreColumns::externalAddress),
                            Column.text("Port(s)", CoreColumns::ports),
                            Column.age(),
                            Column.text("Selector", service -> WorkloadColumns.pairs(service.at("/spec/selector")))
                                    .wide())),
            Map.entry(
                    "events",
                    List.of(
                            new Column("Last Seen", "string", "", 0, "", CoreColumns::lastSeen),
                            Column.text("Type", "/type"),
                            Column.text("Reason", "/reason"),
                            Column.text("Object", CoreColumns::involved),
                            Column.text("Subobject", "/involvedObject/fieldPath")
                                    .wide(),
                            Column.text("Source", CoreColumns::source).wide(),
                            Column.text(
                                    "Message",
                                    event -> event.path("message").asText().strip()),
                            Column.since("First Seen", "/firstTimestamp").wide(),
                            Column.number("Count", "/count").wide(),
                            Column.objectName().wide())),
            Map.entry(
                    "persistentvolumeclaims",
                    List.of(
                            Column.objectName(),
                            Column.text("Status", "/status/phase"),
                            Column.text("Volume", "/spec/volumeName"),
                            Column.text("Capacity", "/status/capacity/storage"),
                            Column.text("Access Modes", claim -> accessModes(claim.at("/status/accessModes"))),
                            Column.text("StorageClass", "/spec/storageClassName"),
                            Column.text(
                                    "VolumeAttributesClass",
                                    claim -> unset(claim.at("/spec/volumeAttributesClassName"))),
                            Column.age(),
                            Column.text("VolumeMode", "/spec/volumeMode").wide())),
            Map.entry(
                    "persistentvolumes",
                    List.of(
                            Column.objectName(),
                            Column.text("Capacity", "/spec/capacity/storage"),
                            Column.text("Access Modes", volume -> accessModes(volume.at("/spec/accessModes"))),
                            Column.text("Reclaim Policy", "/spec/persistentVolumeReclaimPolicy"),
                            Column.text("Status", "/status/phase"),
                            Column.text("StorageClass", "/spec/storageClassName"),
                            Column.age())),
            Map.entry(
                    "ingresses.networking.k8s.io",
                    List.of(
                            Column.objectName(),
                            Column.text("Class", ingress -> PodColumns.orNone(ingress.at("/spec/ingressClassName"))),
                            Column.text("Hosts", CoreColumns::hosts),
                            Column.text("Address", CoreColumns::balancer),
                            Column.text(
                                    "Ports", ingress -> ingress.at("/spec/tls").isEmpty() ? "80" : "80, 443"),
                            Column.age())),
            Map.entry(
                    "poddisruptionbudgets.policy",
                    List.of(
                            Column.objectName(),
                            Column.text("Min Available", budget -> orNotSet(budget.at("/spec/minAvailable"))),
                            Column.text("Max Unavailable", budget -> orNotSet(budget.at("/spec/maxUnavailable"))),
                            Column.number("Allowed Disruptions", "/status/disruptionsAllowed"),
                            Column.age())),
            Map.entry(
                    "leases.coordination.k8s.io",
                    List.of(Column.objectName(), Column.text("Holder", "/spec/holderIdentity"), Column.age())),
            Map.entry(
                    "storageclasses.storage.k8s.io",
                    List.of(
                            Column.objectName(),
                            Column.text("Provisioner", "/provisioner"),
                            Column.text("ReclaimPolicy", "/reclaimPolicy"),
                            Column.text("VolumeBindingMode", "/volumeBindingMode"),
                            Column.age())),
            Map.entry(
                    "podtemplates",
                    List.of(
                            Column.objectName(),
                            WorkloadColumns.ofContainers("Containers", "/template/spec/containers", "name"),
                            WorkloadColumns.ofContainers("Images", "/template/spec/containers", "image"),
                            Column.text(
                                    "Pod Labels",
                                    template -> WorkloadColumns.pairs(template.at("/template/metadata/labels"))))),
            Map.entry("roles.rbac.authorization.k8s.io", nameAndCreated()),
            Map.entry("clusterroles.rbac.authorization.k8s.io", nameAndCreated()),
            Map.entry("customresourcedefinitions.apiextensions.k8s.io", nameAndCreated()));

    private CoreColumns() {}

    private static List<Column> nameAndCreated() {
        return List.of(
                Column.objectName(),
                new Column(
                        "Created At",
                        "date",
                        "",
                        0,
                        "",
                        (object, now) ->
                                object.at("/metadata/creationTimestamp").asText()));
    }

    private static Column size(String name, String... pointers) {
        return new Column(name, "string", "", 0, "", (object, now) -> {
            int size = 0;
            for (String pointer : pointers) {
                size += object.at(pointer).size();
            }
            return Integer.toString(size);
        });
    }

    private static String unset(JsonNode value) {
        return value.asText("").isEmpty() ? "<unset>" : value.asText();
    }

    private static String orNotSet(JsonNode value) {
        return value.isMissingNode() ? "N/A" : value.asText();
    }

    private static String nodeStatus(ObjectNode node) {
        String status = "Unknown";
        for (JsonNode condition : node.at("/status/conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                status = condition.path("status").asText().equals("True") ? "Ready" : "NotReady";
            }
        }
        return node.at("/spec/unschedulable").asBoolean() ? status + ",SchedulingDisabled" : status;
    }

    private static String roles(ObjectNode node) {
        List<String> roles = new ArrayList<>();
        node.at("/metadata/labels").properties().forEach(label -> {
            if (label.getKey().startsWith(ROLE)) {
                roles.add(label.getKey().substring(ROLE.length()));
            }
        });
        return roles.isEmpty()
                ? "<none>"
                : String.join(",", roles.stream().sorted().toList());
    }

    private static String address(ObjectNode node, String type) {
        for (JsonNode address : node.at("/status/addresses")) {
            if (address.path("type").asText().equals(type)) {
                return address.path("address").asText();
            }
        }
        return "<none>";
    }

    private static String externalAddress(ObjectNode service) {
        String type = service.at("/spec/type").asText();
        if (type.equals("ExternalName")) {
            return service.at("/spec/externalName").asText();
        }
        String addresses = balancer(service);
        return !addresses.isEmpty() ? addresses : type.equals("LoadBalancer") ? "<pending>" : "<none>";
    }

    private static String balancer(ObjectNode object) {
        return join(
                object.at("/status/loadBalancer/ingress"),
                each -> each.path("ip").asText(each.path("hostname").asText()));
    }

    private static String ports(ObjectNode service) {
        String ports = join(
                service.at("/spec/ports"),
                port -> port.path("port").asText()
                        + (port.has("nodePort") ? ":" + port.path("nodePort").asText() : "")
                        + "/" + port.path("protocol").asText("TCP"));
        return ports.isEmpty() ? "<none>" : ports;
    }

    private static String hosts(ObjectNode ingress) {
        String hosts = join(ingress.at("/spec/rules"), rule -> rule.path("host").asText("*"));
        return hosts.isEmpty() ? "*" : hosts;
    }

    private static String lastSeen(ObjectNode event, Instant now) {
        for (String pointer : List.of("/series/lastObservedTime", "/lastTimestamp", "/firstTimestamp", "/eventTime")) {
            JsonNode time = event.at(pointer);
            if (time.isTextual()) {
                return Ages.since(time, now);
            }
        }
        return "<unknown>";
    }

    private static String involved(ObjectNode event) {
        return event.at("/involvedObject/kind").asText().toLowerCase(Locale.ROOT) + "/"
                + event.at("/involvedObject/name").asText();
    }

    private static String source(ObjectNode event) {
        String component = event.at("/source/component")
                .asText(event.path("reportingComponent").asText());
        String host = event.at("/source/host").asText("");
        return host.isEmpty() ? component : component + ", " + host;
    }

    private static String accessModes(JsonNode modes) {
        return join(modes, mode -> switch (mode.asText()) {
            case "ReadWriteOnce" -> "RWO";
            case "ReadOnlyMany" -> "ROX";
            case "ReadWriteMany" -> "RWX";
            case "ReadWriteOncePod" -> "RWOP";
            default -> mode.asText();
        });
    }

    private static String join(JsonNode array, Function<JsonNode, String> text) {
        return String.join(
                ",", StreamSupport.stream(array.spliterator(), false).map(text).toList());
    }
}
