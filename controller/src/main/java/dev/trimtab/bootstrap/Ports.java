package dev.trimtab.bootstrap;

import dev.trimtab.definition.Flannel;
import dev.trimtab.definition.Inventory;
import java.util.ArrayList;
import java.util.List;

/** Which ports a firewall has to let through (Kubernetes documentation, "Ports and Protocols"; flannel, "Firewalls"). */
final class Ports {

    private record Port(String protocol, String number, String direction, String from, String purpose) {

        String line() {
            return String.format("%-4s %-12s %-4s %-15s %s%n", protocol, number, direction, from, purpose)
                    .replace(System.lineSeparator(), "\n");
        }
    }

    private final Facts facts;
    private final Inventory.Node node;
    private final List<Port> ports = new ArrayList<>();

    Ports(Facts facts, Inventory.Node node) {
        this.facts = facts;
        this.node = node;
    }

    String text() {
        if (node.isControlPlane()) {
            in("tcp", String.valueOf(facts.bindPort()), "everybody", "the API server");
            if (facts.controlPlanes().size() > 1) {
                in("tcp", "2379-2380", "control-plane", "etcd");
            }
        }
        in("tcp", "10250", "nodes", "the kubelet, for logs, exec and metrics");
        in("tcp", "10256", "load-balancers", "health of kube-proxy");
        in("tcp", "30000-32767", "clients", "Services of type NodePort");
        facts.flannel().ifPresent(this::flannel);
        return Text.header(
                        "#",
                        "What a firewall in front of " + node.name()
                                + " has to let through; ports that only the machine itself uses are not here.",
                        "protocol, port, direction, from or to, what for")
                + ports.stream().map(Port::line).reduce("", String::concat);
    }

    private void flannel(Flannel flannel) {
        switch (flannel.backend().type()) {
            case VXLAN -> in("udp", String.valueOf(flannel.backend().vxlan().port()), "nodes", "pod network, VXLAN");
            case WIREGUARD -> {
                in(
                        "udp",
                        String.valueOf(flannel.backend().wireguard().listenPort()),
                        "nodes",
                        "pod network, WireGuard");
                if (facts.hasIpv6()) {
                    in(
                            "udp",
                            String.valueOf(flannel.backend().wireguard().listenPortV6()),
                            "nodes",
                            "pod network, WireGuard over IPv6");
                }
            }
            case HOST_GW -> {}
        }
    }

    private void in(String protocol, String number, String from, String purpose) {
        ports.add(new Port(protocol, number, "in", from, purpose));
    }
}
