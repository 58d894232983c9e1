package dev.trimtab.definition;

import static dev.trimtab.definition.DefinitionCode.CD001;
import static dev.trimtab.definition.DefinitionCode.CD030;

import dev.trimtab.definition.Inventory.Effect;
import dev.trimtab.definition.Inventory.Role;
import dev.trimtab.definition.Inventory.State;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads kind {@link Inventory}: the names of its fields, their types and their defaults. */
final class InventoryReader {

    private static final Inventory.Ssh NO_DEFAULTS =
            new Inventory.Ssh(Optional.empty(), "root", 22, Optional.empty(), true, Optional.empty());

    private InventoryReader() {}

    static Inventory read(Fields document) {
        Fields spec = document.object("spec");
        Fields defaults = spec.object("defaults");
        Inventory.Ssh ssh = ssh(defaults.object("ssh"), NO_DEFAULTS);
        String arch = defaults.text("arch", "amd64");
        return new Inventory(
                spec.objects("groups").stream().map(InventoryReader::group).toList(),
                spec.objects("nodes").stream()
                        .map(node -> node(node, ssh, arch))
                        .toList());
    }

    private static Inventory.Group group(Fields group) {
        return new Inventory.Group(group.required("name"), group.map("labels"), taints(group), group.origin());
    }

    private static Inventory.Node node(Fields node, Inventory.Ssh ssh, String arch) {
        return new Inventory.Node(
                node.required("name"),
                node.required("address"),
                roles(node),
                ssh(node.object("ssh"), ssh),
                node.text("arch", arch),
                node.texts("groups"),
                node.map("labels"),
                taints(node),
                node.flag("schedulable", true),
                node.choice("state", State.PRESENT),
                node.text("kubeletVersion").map(ClusterReader::version),
                node.origin());
    }

    private static Inventory.Ssh ssh(Fields ssh, Inventory.Ssh defaults) {
        return new Inventory.Ssh(
                ssh.text("address").or(defaults::address),
                ssh.text("user", defaults.user()),
                ssh.number("port", defaults.port()),
                ClusterReader.secretRef(ssh, "keySecretRef").or(defaults::keySecretRef),
                ssh.flag("sudo", defaults.sudo()),
                ssh.text("hostKey").or(defaults::hostKey));
    }

    private static Set<Role> roles(Fields node) {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        int index = 0;
        for (String written : node.texts("roles")) {
            Optional<Role> role = List.of(Role.values()).stream()
                    .filter(known -> known.written().equals(written))
                    .findFirst();
            role.ifPresent(roles::add);
            if (role.isEmpty()) {
                node.wrongAt(
                        CD001,
                        "/roles/" + index,
                        "role \"" + written + "\" is unknown; use control-plane, worker or etcd",
                        "write one of the three");
            }
            index++;
        }
        return roles.isEmpty() ? EnumSet.of(Role.WORKER) : roles;
    }

    private static List<Inventory.Taint> taints(Fields owner) {
        List<Inventory.Taint> taints = new ArrayList<>();
        for (Fields taint : owner.objects("taints")) {
            String subject = "taints[" + taints.size() + "].effect";
            if (taint.text("effect").isEmpty()) {
                taint.missing("effect");
            }
            taints.add(new Inventory.Taint(
                    taint.required("key"),
                    taint.text("value", ""),
                    taint.choice("effect", Effect.NO_SCHEDULE, CD030, subject, "invalid")));
        }
        return taints;
    }
}
