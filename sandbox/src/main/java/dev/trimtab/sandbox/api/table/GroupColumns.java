package dev.trimtab.sandbox.api.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/** Kinds of other groups than the core group that neither run pods nor are plain enough for name and age. */
final class GroupColumns {

    private static final int SHOWN_PORTS = 3;

    static final Map<String, List<Column>> BY_RESOURCE = Map.of(
            "controllerrevisions.apps",
                    List.of(
                            Column.objectName(),
                            Column.text("Controller", GroupColumns::controller),
                            Column.number("Revision", "/revision"),
                            Column.age()),
            "networkpolicies.networking.k8s.io",
                    List.of(
                            Column.objectName(),
                            Column.text(
                                    "Pod-Selector", policy -> WorkloadColumns.labels(policy.at("/spec/podSelector"))),
                            Column.age()),
            "horizontalpodautoscalers.autoscaling",
                    List.of(
                            Column.objectName(),
                            Column.text(
                                    "Reference",
                                    object -> object.at("/spec/scaleTargetRef/kind")
                                                    .asText() + "/"
                                            + object.at("/spec/scaleTargetRef/name")
                                                    .asText()),
                            Column.text("Targets", GroupColumns::targets),
                            Column.text("MinPods", object -> orUnset(object.at("/spec/minReplicas"))),
                            Column.number("MaxPods", "/spec/maxReplicas"),
                            Column.number("Replicas", "/status/currentReplicas"),
                            Column.age()),
            "endpointslices.discovery.k8s.io",
                    List.of(
                            Column.objectName(),
                            Column.text("AddressType", "/addressType"),
                            Column.text("Ports", slice -> ports(slice.path("ports"))),
                            Column.text("Endpoints", slice -> endpoints(slice.path("endpoints"))),
                            Column.age()),
            "rolebindings.rbac.authorization.k8s.io", binding(),
            "clusterrolebindings.rbac.authorization.k8s.io", binding());

    private GroupColumns() {}

    private static List<Column> binding() {
        return List.of(
                Column.objectName(),
                Column.text(
                        "Role",
                        object -> object.at("/roleRef/kind").asText() + "/"
                                + object.at("/roleRef/name").asText()),
                Column.age(),
                subjects("Users", "User"),
                subjects("Groups", "Group"),
                subjects("ServiceAccounts", "ServiceAccount"));
    }

    private static Column subjects(String name, String kind) {
        return Column.text(name, object -> {
                    List<String> names = new ArrayList<>();
                    for (JsonNode subject : object.path("subjects")) {
                        if (subject.path("kind").asText().equals(kind)) {
                            String namespace = kind.equals("ServiceAccount")
                                    ? subject.path("namespace").asText() + "/"
                                    : "";
                            names.add(namespace + subject.path("name").asText());
                        }
                    }
                    return String.join(", ", names);
                })
                .wide();
    }

    private static String controller(ObjectNode revision) {
        for (JsonNode owner : revision.at("/metadata/ownerReferences")) {
            if (owner.path("controller").asBoolean()) {
                String version = owner.path("apiVersion").asText();
                int slash = version.indexOf('/');
                return owner.path("kind").asText().toLowerCase(Locale.ROOT)
                        + (slash < 0 ? "" : "." + version.substring(0, slash)) + "/"
                        + owner.path("name").asText();
            }
        }
        return "<none>";
    }

    /** Nobody measures pods here: every target is what it was before its first measurement. */
    private static String targets(ObjectNode autoscaler) {
        List<String> targets = new ArrayList<>();
        for (JsonNode metric : autoscaler.at("/spec/metrics")) {
            JsonNode resource = metric.path("resource");
            JsonNode target = resource.path("target");
            String wanted = target.has("averageUtilization")
                    ? target.path("averageUtilization").asText() + "%"
                    : target.path("averageValue").asText("<auto>");
            targets.add(resource.path("name").asText(metric.path("type").asText()) + ": <unknown>/" + wanted);
        }
        return targets.isEmpty() ? "<none>" : String.join(", ", targets);
    }

    private static String orUnset(JsonNode value) {
        return value.isMissingNode() ? "<unset>" : value.asText();
    }

    private static String ports(JsonNode ports) {
        TreeSet<Integer> numbers = new TreeSet<>();
        ports.forEach(port -> numbers.add(port.path("port").asInt()));
        return some(numbers.stream().map(String::valueOf).toList(), "<unset>");
    }

    private static String endpoints(JsonNode endpoints) {
        List<String> addresses = new ArrayList<>();
        endpoints.forEach(endpoint -> endpoint.path("addresses").forEach(address -> addresses.add(address.asText())));
        return some(addresses, "<unset>");
    }

    private static String some(List<String> all, String none) {
        if (all.isEmpty()) {
            return none;
        }
        return all.size() <= SHOWN_PORTS
                ? String.join(",", all)
                : String.join(",", all.subList(0, SHOWN_PORTS)) + " + " + (all.size() - SHOWN_PORTS) + " more...";
    }
}
