package dev.trimtab.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.kube.ApiException;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.ApplyOptions;
import dev.trimtab.kube.ErrorClass;
import dev.trimtab.kube.FieldPointer;
import dev.trimtab.kube.IgnoredFields;
import dev.trimtab.kube.ManagedFields;
import dev.trimtab.kube.Ownership;
import dev.trimtab.kube.ResourceType;
import dev.trimtab.kube.Takeover;
import dev.trimtab.render.DesiredObject;
import java.util.List;
import java.util.Optional;

/** What becomes of an object that is there and not, or not alone, ours. */
final class AdoptionPlanner {

    /** @param object how the live object will be */
    record Answer(ObjectNode object, Optional<Adoption> adoption) {}

    private final ClusterClient cluster;
    private final String manager;
    private final DesiredObject desired;
    private final ResourceType type;
    private final Takeover takeover;

    AdoptionPlanner(ClusterClient cluster, String manager, DesiredObject desired, ResourceType type) {
        this.cluster = cluster;
        this.manager = manager;
        this.desired = desired;
        this.type = type;
        this.takeover = new Takeover(
                manager,
                FormerTool.managers(Ownership.adoptedFrom(desired.json().path("metadata"))));
    }

    /** @param answer to the dry-run of a forced apply: who loses a field shows in its managedFields */
    Answer adopt(ObjectNode live, ObjectNode answer, IgnoredFields ignored) {
        JsonNode metadata = live.path("metadata");
        List<String> yields = ignored.ownedBy(metadata, manager).stream()
                .map(FieldPointer::toString)
                .toList();
        if (ManagedFields.ownedBy(metadata, manager).isPresent()) {
            List<String> sharers = takeover.sharers(metadata, false);
            return new Answer(
                    answer,
                    sharers.isEmpty() && yields.isEmpty()
                            ? Optional.empty()
                            : Optional.of(new Adoption(sharers, List.of(), yields)));
        }
        List<String> from = takeover.predecessors(metadata);
        ObjectNode next =
                from.isEmpty() ? answer : ignored.asIn(live, takeover.preview(live, answer, alone().orElse(live)));
        return new Answer(
                next, Optional.of(new Adoption(from, takeover.losses(metadata, answer.path("metadata")), yields)));
    }

    /**
     * How the server would have the desired object if there were none before: a dry-run under another name. Of what a predecessor
     * owns, much are defaults that the server would only write again.
     *
     * @return empty where the server takes no such object; what would go cannot be told then
     */
    Optional<ObjectNode> alone() {
        ObjectNode other = desired.json().deepCopy();
        other.withObjectProperty("metadata")
                .put("name", "trimtab-plan-" + desired.digest().shortForm());
        try {
            ObjectNode answer = cluster.apply(type, other, new ApplyOptions(manager, true, true))
                    .object();
            ownName(answer, other.at("/metadata/name").asText());
            return Optional.of(answer);
        } catch (ApiException e) {
            if (e.errorClass() == ErrorClass.UNREACHABLE) {
                throw e;
            }
            return Optional.empty();
        }
    }

    /** What to ask with in place of {@code probe}, which the server has refused; empty when predecessors have no part in that. */
    Optional<ObjectNode> withoutPredecessors(ObjectNode live, ObjectNode probe) {
        JsonNode metadata = live.path("metadata");
        return ManagedFields.ownedBy(metadata, manager).isPresent()
                        || takeover.predecessors(metadata).isEmpty()
                ? Optional.empty()
                : alone().flatMap(plain -> takeover.emptied(live, probe, plain));
    }

    /** The server labels a Namespace with its name (Kubernetes documentation, "Automatic labelling"). */
    private void ownName(ObjectNode answer, String standIn) {
        answer.withObjectProperty("metadata").put("name", desired.key().name());
        if (answer.at("/metadata/labels") instanceof ObjectNode labels) {
            labels.properties().stream()
                    .filter(label -> label.getValue().asText().equals(standIn))
                    .forEach(label ->
                            label.setValue(TextNode.valueOf(desired.key().name())));
        }
    }

    /** Whether an entry of managedFields is of a version that the server does not know any more: then it refuses every apply. */
    boolean namesStaleVersion(ObjectNode live) {
        return ManagedFields.entries(live.path("metadata")).stream()
                .map(ManagedFields.Entry::apiVersion)
                .distinct()
                .anyMatch(version ->
                        cluster.resource(version, desired.key().kind()).isEmpty());
    }
}
