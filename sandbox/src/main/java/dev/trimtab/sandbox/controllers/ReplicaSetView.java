package dev.trimtab.sandbox.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Comparator;

/** What a Deployment reads of a ReplicaSet. */
record ReplicaSetView(ObjectNode json) {

    static final String REVISION = "deployment.kubernetes.io/revision";
    static final String DESIRED_REPLICAS = "deployment.kubernetes.io/desired-replicas";
    static final String MAX_REPLICAS = "deployment.kubernetes.io/max-replicas";

    static final Comparator<ReplicaSetView> OLDEST_FIRST = Comparator.<ReplicaSetView, Instant>comparing(
                    set -> ObjectMeta.created(set.json))
            .thenComparing(ReplicaSetView::name);

    Key key() {
        return Key.of(json);
    }

    String name() {
        return ObjectMeta.name(json);
    }

    JsonNode template() {
        return json.path("spec").path("template");
    }

    /** What it is asked for. */
    int size() {
        return json.path("spec").path("replicas").asInt(1);
    }

    /** What it has. */
    int replicas() {
        return json.path("status").path("replicas").asInt();
    }

    int ready() {
        return json.path("status").path("readyReplicas").asInt();
    }

    int available() {
        return json.path("status").path("availableReplicas").asInt();
    }

    int terminating() {
        return json.path("status").path("terminatingReplicas").asInt();
    }

    long revision() {
        return number(REVISION);
    }

    int desiredReplicas() {
        return (int) number(DESIRED_REPLICAS);
    }

    int maxReplicas() {
        return (int) number(MAX_REPLICAS);
    }

    private long number(String annotation) {
        try {
            return Long.parseLong(ObjectMeta.annotation(json, annotation));
        } catch (NumberFormatException absent) {
            return 0;
        }
    }
}
