package dev.trimtab.nodes;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.render.Digest;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What is to be done to the nodes of a cluster, and what is only told.
 *
 * @param id digest of the changes: {@code sha256:…}
 * @param declared what it was made for
 * @param live the Nodes as they were read, by name; a change is computed anew when one has moved on
 * @param changes by node, in the order in which they are done
 * @param observations the most severe first
 * @param lookAt when time alone may bring another observation
 */
public record NodePlan(
        String id,
        DeclaredNodes declared,
        SortedMap<String, ObjectNode> live,
        List<NodeChange> changes,
        List<Observation> observations,
        Optional<Instant> lookAt) {

    public NodePlan {
        live = Collections.unmodifiableSortedMap(new TreeMap<>(live));
        changes = List.copyOf(changes);
        observations = List.copyOf(observations);
    }

    static NodePlan of(
            DeclaredNodes declared,
            List<LiveNode> live,
            List<NodeChange> changes,
            List<Observation> observations,
            Optional<Instant> lookAt) {
        SortedMap<String, ObjectNode> nodes = new TreeMap<>();
        live.forEach(node -> nodes.put(node.name(), node.json()));
        List<NodeChange> sorted = changes.stream().sorted().toList();
        return new NodePlan(digest(sorted), declared, nodes, sorted, observations, lookAt);
    }

    /** The plan of some of its changes, with the digest that a plan of only these has. */
    public NodePlan only(Predicate<NodeChange> wanted) {
        List<NodeChange> some = changes.stream().filter(wanted).toList();
        return new NodePlan(digest(some), declared, live, some, observations, lookAt);
    }

    /** How many observations are at least this severe. */
    public int count(Severity least) {
        return (int) observations.stream()
                .filter(observation -> observation.severity().compareTo(least) >= 0)
                .count();
    }

    /** Whether it moves pods. */
    public boolean drains() {
        return changes.stream().anyMatch(change -> change.kind() == NodeChange.Kind.DRAIN);
    }

    private static String digest(List<NodeChange> changes) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (NodeChange change : changes) {
            ObjectNode one = list.addObject()
                    .put("node", change.node())
                    .put("kind", change.kind().name());
            ArrayNode fields = one.putArray("fields");
            change.fields().forEach(field -> {
                ObjectNode json = fields.addObject().put("path", field.path());
                field.before().ifPresent(value -> json.set("before", value));
                field.after().ifPresent(value -> json.set("after", value));
            });
        }
        return Digest.of(list).value();
    }
}
