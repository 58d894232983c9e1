package dev.trimtab.bootstrap.intake;

import static dev.trimtab.bootstrap.intake.IntakeCode.IMP007;
import static dev.trimtab.bootstrap.intake.IntakeCode.IMP013;
import static dev.trimtab.bootstrap.intake.IntakeCode.IMP019;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.bootstrap.intake.NodeDraft.Taint;
import dev.trimtab.definition.DefinitionCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Makes entries of an inventory out of Node objects: what people decide about a node, without what Kubernetes does. */
final class NodesReader {

    private static final String OUT_OF_SERVICE = "node.kubernetes.io/out-of-service";

    /** Which flannel takes from people. Those that it writes itself are not among them. */
    private static final Set<String> ANNOTATIONS = Set.of(
            "flannel.alpha.coreos.com/public-ip-overwrite",
            "flannel.alpha.coreos.com/public-ipv6-overwrite",
            "flannel.alpha.coreos.com/node-public-ip",
            "flannel.alpha.coreos.com/node-public-ipv6");

    private final Findings findings;

    NodesReader(Findings findings) {
        this.findings = findings;
    }

    Optional<NodeDraft> read(ObjectNode node) {
        NodeDraft draft = new NodeDraft();
        draft.name = Optional.of(node.at("/metadata/name").asText());
        address(node, draft);
        draft.arch = Optional.of(node.at("/status/nodeInfo/architecture").asText("amd64"));
        JsonNode labels = node.at("/metadata/labels");
        boolean cloud = !node.at("/spec/providerID").asText().isEmpty();
        draft.controlPlane = labels.has(NodeDraft.CONTROL_PLANE) || labels.has(NodeDraft.FORMER_CONTROL_PLANE);
        labels.properties().forEach(label -> {
            if (NodeLabels.areDeclared(label.getKey(), cloud)) {
                draft.labels.put(label.getKey(), label.getValue().asText());
            }
        });
        node.at("/metadata/annotations").properties().forEach(annotation -> {
            if (ANNOTATIONS.contains(annotation.getKey())) {
                draft.annotations.put(annotation.getKey(), annotation.getValue().asText());
            }
        });
        taints(node, draft);
        draft.schedulable = !node.at("/spec/unschedulable").asBoolean(false);
        if (!draft.schedulable) {
            findings.warn(
                    IMP019,
                    LiveReader.place(node, "/spec/unschedulable"),
                    "the node is cordoned now; its entry says schedulable: false",
                    "take that out of " + Intake.INVENTORY + " unless it should stay cordoned");
        }
        draft.kubeletVersion =
                Optional.of(node.at("/status/nodeInfo/kubeletVersion").asText()).filter(text -> !text.isEmpty());
        if (draft.address.isEmpty()) {
            findings.warn(
                    IMP007,
                    LiveReader.place(node, "/status/addresses"),
                    "the node has no InternalIP and is left out",
                    "add the entry to " + Intake.INVENTORY + " with the address that its kubelet registers with");
            return Optional.empty();
        }
        if (draft.name.equals(Optional.of("node"))) {
            findings.warn(
                    DefinitionCode.CD020,
                    LiveReader.place(node, ""),
                    "\"node\" is the name in kubeadm's example; the machine was never given its own",
                    "leave it: a node cannot be renamed. Join the machine anew under its host name when there is time");
        }
        return Optional.of(draft);
    }

    private void address(ObjectNode node, NodeDraft draft) {
        List<String> addresses = new ArrayList<>();
        for (JsonNode address : node.at("/status/addresses")) {
            if (address.path("type").asText().equals("InternalIP")) {
                addresses.add(address.path("address").asText());
            }
        }
        draft.address = addresses.stream().findFirst();
        if (addresses.size() > 1) {
            findings.warn(
                    IMP013,
                    LiveReader.place(node, "/status/addresses"),
                    "the node has several InternalIPs; the first one was taken",
                    "nothing where the others are of another address family");
        }
    }

    private static void taints(ObjectNode node, NodeDraft draft) {
        boolean reserved = false;
        for (JsonNode written : node.at("/spec/taints")) {
            Taint taint = new Taint(
                    written.path("key").asText(),
                    written.path("value").asText(),
                    written.path("effect").asText());
            if (taint.ofTheControlPlane()) {
                reserved |= !taint.effect().equals("PreferNoSchedule");
            } else if (!isOfKubernetes(taint.key())) {
                draft.taints.add(taint);
            }
        }
        draft.worker = !draft.controlPlane || !reserved;
    }

    private static boolean isOfKubernetes(String key) {
        return (key.startsWith("node.kubernetes.io/") || key.startsWith("node.cloudprovider.kubernetes.io/"))
                && !key.equals(OUT_OF_SERVICE);
    }
}
