package dev.trimtab.nodes;

import dev.trimtab.definition.Addresses;
import dev.trimtab.definition.Flannel;
import dev.trimtab.definition.Inventory;
import java.util.Optional;

/** What flannel notes of itself on a node. */
final class FlannelMarks {

    private static final String PREFIX = "flannel.alpha.coreos.com/";

    private FlannelMarks() {}

    static void check(LiveNode node, Inventory.Node declared, Flannel flannel, Findings findings) {
        String restart = "delete the flannel pod of the node, so that it starts with the present configuration";
        String wanted = flannel.backend().type().written();
        node.annotation(PREFIX + "backend-type")
                .filter(backend -> !backend.equals(wanted))
                .ifPresent(backend -> findings.of(
                        node.name(),
                        NodeCode.FLANNEL_BACKEND_STALE,
                        Severity.WARNING,
                        "flannel runs with backend " + backend + ", and Git says " + wanted,
                        restart));
        String address = Optional.ofNullable(declared.annotations().get(PREFIX + "public-ip-overwrite"))
                .or(() -> node.annotation(PREFIX + "public-ip-overwrite"))
                .orElse(declared.address());
        node.annotation(PREFIX + "public-ip")
                .filter(ip -> !Addresses.same(ip, address))
                .ifPresent(ip -> findings.of(
                        node.name(),
                        NodeCode.WRONG_INTERFACE,
                        Severity.WARNING,
                        "flannel sends and takes packets at " + ip + ", and the node's address is " + address,
                        "name the interface in the Flannel document (spec.interface), then " + restart));
    }
}
