package dev.trimtab.definition;

import static dev.trimtab.definition.DefinitionCode.CD030;

import dev.trimtab.definition.Inventory.Effect;
import dev.trimtab.definition.Inventory.Role;
import dev.trimtab.definition.Inventory.State;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Reads kind {@link Inventory}: the names of its fields, their types, their defaults and what they mean. */
final class InventoryReader {

    private static final Inventory.Ssh NO_DEFAULTS =
            new Inventory.Ssh(Optional.empty(), "root", 22, Optional.empty(), true, Optional.empty());

    private static final Field.Bounds PREFIX = new Field.Bounds(1, 128);

    private InventoryReader() {}

    /** What holds for the nodes of one document that do not say otherwise. */
    private record Defaults(Inventory.Ssh ssh, String arch, OptionalInt prefixLength) {}

    static Inventory read(Fields document) {
        Fields spec = document.object("spec", "machines of the cluster");
        Fields written = spec.object("defaults", "for the nodes of this document that do not say otherwise");
        Defaults defaults = new Defaults(
                ssh(written.object("ssh", "how machines are reached"), NO_DEFAULTS),
                written.text("arch", "processor architecture", "amd64"),
                written.number("prefixLength", "of the network that the nodes' addresses are part of", PREFIX));
        return new Inventory(
                spec.objects("groups", "labels and taints that several nodes share").stream()
                        .map(InventoryReader::group)
                        .toList(),
                spec.objects("nodes", "one entry a machine").stream()
                        .map(node -> node(node, defaults))
                        .toList());
    }

    private static Inventory.Group group(Fields group) {
        return new Inventory.Group(
                group.required("name", "by which nodes name it"),
                group.map("labels", "of every node of the group"),
                taints(group),
                group.origin());
    }

    private static Inventory.Node node(Fields node, Defaults defaults) {
        return new Inventory.Node(
                node.required("name", "the Node object's name, as the machine's host name"),
                node.required("address", "the node's InternalIP: what the kubelet registers with"),
                prefixLength(node, defaults),
                roles(node),
                ssh(node.object("ssh", "how this machine is reached; else as in `defaults`"), defaults.ssh()),
                node.text("arch", "processor architecture; else as in `defaults`", defaults.arch()),
                node.texts("groups", "names of groups whose labels and taints it carries too"),
                node.map("labels", "of the Node; a label of its own wins over its groups'"),
                node.map("annotations", "of the Node"),
                taints(node),
                node.flag("schedulable", "`false` cordons the node", true),
                node.choice(
                        "state",
                        "`removed` drains it and asks a person before it is taken out; `ignored` is known to be away."
                                + " Deleting the entry is no removal",
                        State.PRESENT),
                node.text("kubeletVersion", "only during an upgrade; not above the control plane's")
                        .map(ClusterReader::version),
                node.text("osImage", "as the kubelet reports it; told when it differs"),
                node.text("kernelVersion", "as the kubelet reports it; told when it differs"),
                node.origin());
    }

    private static OptionalInt prefixLength(Fields node, Defaults defaults) {
        OptionalInt written = node.number(
                "prefixLength", "of the network that the address is part of; else as in `defaults`", PREFIX);
        return written.isPresent() ? written : defaults.prefixLength();
    }

    private static Inventory.Ssh ssh(Fields ssh, Inventory.Ssh defaults) {
        return new Inventory.Ssh(
                ssh.text("address", "when it is another than the node's").or(defaults::address),
                ssh.text("user", "who logs in", defaults.user()),
                ssh.port("port", "of the SSH server", defaults.port()),
                ssh.secretRef("keySecretRef", "the private key").or(defaults::keySecretRef),
                ssh.flag("sudo", "whether commands run through sudo", defaults.sudo()),
                ssh.text("hostKey", "the key that the machine must show: type and key as in `known_hosts`")
                        .or(defaults::hostKey));
    }

    private static Set<Role> roles(Fields node) {
        Set<Role> roles = node.choices("roles", "what it runs; `[worker]` when left out", Role.class, "role");
        return roles.isEmpty() ? EnumSet.of(Role.WORKER) : roles;
    }

    private static List<Inventory.Taint> taints(Fields owner) {
        List<Inventory.Taint> taints = new ArrayList<>();
        for (Fields taint : owner.objects("taints", "as in a Node's `spec.taints`")) {
            String subject = "taints[" + taints.size() + "].effect";
            taints.add(new Inventory.Taint(
                    taint.required("key", "a label key"),
                    taint.text("value", "may be left out", ""),
                    taint.requiredChoice(
                            "effect",
                            "on pods that do not tolerate it",
                            Effect.NO_SCHEDULE,
                            CD030,
                            subject,
                            "invalid")));
        }
        return taints;
    }
}
