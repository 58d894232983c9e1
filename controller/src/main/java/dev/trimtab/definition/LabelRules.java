package dev.trimtab.definition;

import static dev.trimtab.definition.DefinitionCode.CD031;
import static dev.trimtab.definition.DefinitionCode.CD032;
import static dev.trimtab.definition.DefinitionCode.CD033;
import static dev.trimtab.definition.DefinitionCode.CD034;
import static dev.trimtab.definition.DefinitionCode.CD035;

import dev.trimtab.definition.Inventory.Effect;
import dev.trimtab.definition.Inventory.Group;
import dev.trimtab.definition.Inventory.Node;
import dev.trimtab.definition.Inventory.Role;
import dev.trimtab.definition.Inventory.Taint;
import dev.trimtab.kube.Ownership;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Labels and taints of nodes: their form, who owns them, and that groups and nodes agree. */
final class LabelRules {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");
    private static final Pattern PREFIX = Pattern.compile("(?=.{1,253}$)[a-z0-9]([-a-z0-9.]*[a-z0-9])?");

    private static final String CONTROL_PLANE = "node-role.kubernetes.io/control-plane";
    private static final String FORMER_CONTROL_PLANE = "node-role.kubernetes.io/master";

    /** The only one of its domain that people set. */
    private static final String OUT_OF_SERVICE = "node.kubernetes.io/out-of-service";

    private static final Set<String> OF_THE_KUBELET = Set.of(
            "kubernetes.io/hostname",
            "kubernetes.io/arch",
            "kubernetes.io/os",
            "beta.kubernetes.io/arch",
            "beta.kubernetes.io/os",
            "beta.kubernetes.io/instance-type",
            "node.kubernetes.io/instance-type");

    private final Inventory inventory;
    private final Problems problems;

    private LabelRules(Inventory inventory, Problems problems) {
        this.inventory = inventory;
        this.problems = problems;
    }

    static void check(Parts parts, Problems problems) {
        new LabelRules(parts.inventory(), problems).check();
    }

    /** Who has labels or taints: {@code group gpu}, {@code node k8s-node1}. */
    private record Owner(String name, Map<String, String> labels, List<Taint> taints, Origin origin) {

        static Owner of(Group group) {
            return new Owner("group " + group.name(), group.labels(), group.taints(), group.origin());
        }

        static Owner of(Node node) {
            return new Owner("node " + node.name(), node.labels(), node.taints(), node.origin());
        }
    }

    private void check() {
        List<Owner> owners = new ArrayList<>();
        inventory.groups().forEach(group -> owners.add(Owner.of(group)));
        inventory.nodes().forEach(node -> owners.add(Owner.of(node)));
        owners.forEach(this::labels);
        owners.forEach(this::taints);
        for (Node node : inventory.nodes()) {
            List<Owner> ofNode = new ArrayList<>();
            inventory.groupsOf(node).forEach(group -> ofNode.add(Owner.of(group)));
            ofNode.add(Owner.of(node));
            oneTaintAKeyAndEffect(ofNode);
            oneValueALabel(node);
            if (!node.isControlPlane()) {
                noControlPlaneTaint(ofNode, node);
            }
        }
        somewhereForPods();
    }

    private void labels(Owner owner) {
        owner.labels().forEach((key, value) -> {
            Position at = owner.origin().positions().keyAt(owner.origin().pointer() + "/labels/" + Types.escape(key));
            if (!isKey(key)) {
                problems.error(
                        CD033,
                        at,
                        "label key \"" + key + "\" of " + owner.name() + " is not valid",
                        "use letters, digits, -, _ and ., at most 63, and a DNS name with a slash before it if at all");
            } else if (OF_THE_KUBELET.contains(key)) {
                problems.error(
                        CD033,
                        at,
                        "label " + key + " is set by the kubelet and cannot be declared",
                        "take it out, or choose a key of your own");
            }
            if (!isValue(value)) {
                problems.error(
                        CD033,
                        owner.origin().at("/labels/" + Types.escape(key)),
                        "value \"" + value + "\" of label " + key + " of " + owner.name() + " is not valid",
                        "use letters, digits, -, _ and ., at most 63, with a letter or digit at both ends");
            }
        });
    }

    static boolean isKey(String key) {
        int slash = key.indexOf('/');
        return NAME.matcher(key.substring(slash + 1)).matches()
                && (slash < 0 || PREFIX.matcher(key.substring(0, slash)).matches());
    }

    static boolean isValue(String value) {
        return value.isEmpty() || NAME.matcher(value).matches();
    }

    private void taints(Owner owner) {
        for (int i = 0; i < owner.taints().size(); i++) {
            Taint taint = owner.taints().get(i);
            Position at = owner.origin().at("/taints/" + i + "/key");
            if (!taint.key().isEmpty() && !isKey(taint.key())) {
                problems.error(
                        CD033,
                        at,
                        "taint key \"" + taint.key() + "\" of " + owner.name() + " is not valid",
                        "write it as a label key");
            }
            if (!isValue(taint.value())) {
                problems.error(
                        CD033,
                        owner.origin().at("/taints/" + i + "/value"),
                        "value \"" + taint.value() + "\" of taint " + taint.key() + " of " + owner.name()
                                + " is not valid",
                        "write it as a label's value");
            }
            if (taint.key().equals(Ownership.UNINITIALIZED_TAINT)) {
                problems.error(
                        CD032,
                        at,
                        "taint " + taint.key() + " is Trimtab's own; a node that joins has it until its labels are on",
                        "take the taint out; schedulable: false keeps pods off a node");
            }
            reserved(taint.key())
                    .ifPresent(hint -> problems.error(
                            CD032,
                            at,
                            "taint " + taint.key() + " is owned by Kubernetes" + hint,
                            "take the taint out"));
        }
    }

    /** What to do instead of a taint that only Kubernetes sets. */
    private static Optional<String> reserved(String key) {
        if (key.equals("node.kubernetes.io/unschedulable")) {
            return Optional.of("; use schedulable: false");
        }
        if (key.equals(FORMER_CONTROL_PLANE)) {
            return Optional.of(" and gone since 1.24; use " + CONTROL_PLANE);
        }
        boolean ofKubernetes =
                key.startsWith("node.kubernetes.io/") || key.startsWith("node.cloudprovider.kubernetes.io/");
        return ofKubernetes && !key.equals(OUT_OF_SERVICE)
                ? Optional.of(", which sets and removes it by itself")
                : Optional.empty();
    }

    private void oneTaintAKeyAndEffect(List<Owner> owners) {
        record Listed(Taint taint, Owner owner) {}
        Map<String, Listed> seen = new HashMap<>();
        for (Owner owner : owners) {
            for (int i = 0; i < owner.taints().size(); i++) {
                Taint taint = owner.taints().get(i);
                String name = taint.key() + ":" + taint.effect().written();
                Position at = owner.origin().at("/taints/" + i);
                Optional.ofNullable(seen.putIfAbsent(name, new Listed(taint, owner)))
                        .filter(first -> !first.taint().equals(taint))
                        .ifPresent(first -> problems.errorOnce(
                                CD031,
                                at,
                                "taint " + name + " is listed twice ("
                                        + (first.owner().equals(owner)
                                                ? owner.name()
                                                : first.owner().name() + ", " + owner.name())
                                        + ")",
                                "keep one of the two; a node has one value for a key and effect"));
            }
        }
    }

    private void oneValueALabel(Node node) {
        Map<String, Group> seen = new TreeMap<>();
        for (Group group : inventory.groupsOf(node)) {
            group.labels()
                    .forEach((key, value) -> Optional.ofNullable(seen.putIfAbsent(key, group))
                            .filter(first -> !value.equals(first.labels().get(key)))
                            .filter(first -> !node.labels().containsKey(key))
                            .ifPresent(first -> problems.error(
                                    CD034,
                                    node.origin().at("/groups"),
                                    "label " + key + ": group " + first.name() + " says \""
                                            + first.labels().get(key) + "\", group " + group.name() + " says \"" + value
                                            + "\" for " + node.name(),
                                    "write the label on the node itself; that wins over its groups")));
        }
    }

    private void noControlPlaneTaint(List<Owner> owners, Node node) {
        for (Owner owner : owners) {
            for (int i = 0; i < owner.taints().size(); i++) {
                if (owner.taints().get(i).key().equals(CONTROL_PLANE)) {
                    problems.errorOnce(
                            CD032,
                            owner.origin().at("/taints/" + i + "/key"),
                            "taint " + CONTROL_PLANE + " on worker " + node.name() + " belongs to control-plane nodes",
                            "use a key of your own, or give the node the role control-plane");
                }
            }
        }
    }

    private void somewhereForPods() {
        List<Node> present =
                inventory.effectiveNodes().stream().filter(Node::isPresent).toList();
        if (present.isEmpty() || present.stream().anyMatch(LabelRules::acceptsOrdinaryPods)) {
            return;
        }
        problems.warn(
                CD035,
                present.get(0).origin().at(),
                "no node accepts ordinary pods",
                "add a worker that is schedulable and has no taint NoSchedule or NoExecute");
    }

    private static boolean acceptsOrdinaryPods(Node node) {
        return node.roles().contains(Role.WORKER)
                && node.schedulable()
                && node.taints().stream().allMatch(taint -> taint.effect() == Effect.PREFER_NO_SCHEDULE);
    }
}
