package dev.trimtab.nodes;

import static dev.trimtab.nodes.Fixture.node;
import static dev.trimtab.nodes.Fixture.plan;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Consumer;
import org.junit.jupiter.params.provider.Arguments;

/** Nodes in a state of interest, and what is told of them. */
abstract class ObservationCases {

    static final String N1 = "name: n1, address: 192.168.0.11";

    static String told(NodePlan plan) {
        return String.join(
                ", ",
                plan.observations().stream()
                        .map(one -> one.code() + " " + one.severity())
                        .toList());
    }

    static Arguments observed(String expected, Consumer<ObjectNode> edit) {
        return arguments(expected, edit);
    }

    static Consumer<ObjectNode> info(String field, String value) {
        return node -> node.withObject("/status/nodeInfo").put(field, value);
    }

    static Consumer<ObjectNode> condition(String type, String status, String reason, String since) {
        return node -> {
            var list = node.withObject("/status").withArray("conditions");
            for (int i = list.size() - 1; i >= 0; i--) {
                if (list.get(i).path("type").asText().equals(type)) {
                    list.remove(i);
                }
            }
            ObjectNode condition = list.addObject()
                    .put("type", type)
                    .put("status", status)
                    .put("reason", reason)
                    .put("message", "as a test wants it");
            if (!since.isEmpty()) {
                condition.put("lastTransitionTime", since);
            }
        };
    }
}
