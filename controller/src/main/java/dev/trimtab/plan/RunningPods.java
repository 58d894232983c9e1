package dev.trimtab.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.inplace.ImageName;
import dev.trimtab.inplace.LabelSelector;
import dev.trimtab.inplace.PodView;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.kube.ResourceType;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;

/** Which pods of an object run at this moment. The selector finds them, and the owner reference proves them. */
final class RunningPods {

    /**
     * @param names in alphabetical order; none where only their number was asked for
     */
    record Pods(int count, List<String> names) {

        static Pods named(List<String> names) {
            return new Pods(names.size(), names);
        }
    }

    private final ClusterClient cluster;
    private final PodDetail detail;

    RunningPods(ClusterClient cluster, PodDetail detail) {
        this.cluster = cluster;
        this.detail = detail;
    }

    /**
     * The pods that would feel it if the workload {@code live} changed. Their number is in its status, as long as that is of the
     * workload as it is; their names cost requests.
     */
    Pods of(ObjectNode live) {
        JsonNode status = live.path("status");
        boolean current = status.path("observedGeneration").asLong(-1)
                == live.path("metadata").path("generation").asLong(0);
        int count = status.path("replicas")
                .asInt(status.path("currentNumberScheduled").asInt(0));
        boolean none = count == 0 && live.path("spec").path("replicas").asInt(-1) == 0;
        return none || (current && detail == PodDetail.COUNT) ? new Pods(count, List.of()) : Pods.named(names(live));
    }

    /** Of the rollout of a workload. */
    RolloutFacts facts(ObjectNode live) {
        return new LiveFacts(cluster, this, live);
    }

    /** Why a container of the workload cannot restart where it is with the image it has; empty when each can. */
    Optional<String> withoutOtherReference(ObjectNode live, Set<String> containers) {
        PodView template = PodView.ofTemplate(live.path("spec").path("template"));
        return objects(live).stream()
                .map(PodView::new)
                .flatMap(pod -> containers.stream()
                        .filter(name -> pod.containerStatus(name)
                                .map(status -> status.path("imageID").asText(""))
                                .filter(id -> !id.isEmpty())
                                .filter(id -> ImageName.other(pod.image(name), template.image(name), id)
                                        .isEmpty())
                                .isPresent())
                        .map(name -> "container " + name + " of " + pod.name() + " runs " + pod.image(name)
                                + ", of which the runtime reports no digest in its repository"))
                .findFirst();
    }

    /** Names of the pods that would feel it if {@code live} changed or went, in alphabetical order. */
    List<String> names(ObjectNode live) {
        return objects(live).stream()
                .map(pod -> pod.path("metadata").path("name").asText())
                .sorted()
                .toList();
    }

    private List<ObjectNode> objects(ObjectNode live) {
        ObjectKey key = ObjectKey.of(live);
        if (key.group().isEmpty() && key.kind().equals("Pod")) {
            return runs(live) ? List.of(live) : List.of();
        }
        if (key.group().isEmpty() && key.kind().equals("Namespace")) {
            return running(list("v1", "Pod", Optional.of(key.name()), ""), pod -> true);
        }
        if (!live.path("spec").path("template").isObject()) {
            return List.of();
        }
        Optional<String> selector = selector(live.path("spec").path("selector"));
        if (selector.isEmpty()) {
            return List.of();
        }
        Set<String> owners =
                new HashSet<>(Set.of(live.path("metadata").path("uid").asText()));
        if (key.kind().equals("Deployment")) {
            list("apps/v1", "ReplicaSet", key.namespace(), selector.get()).stream()
                    .filter(replicaSet -> ownedBy(replicaSet, owners))
                    .map(replicaSet -> replicaSet.path("metadata").path("uid").asText())
                    .toList()
                    .forEach(owners::add);
        }
        return running(list("v1", "Pod", key.namespace(), selector.get()), pod -> ownedBy(pod, owners));
    }

    private List<ObjectNode> list(String apiVersion, String kind, Optional<String> namespace, String selector) {
        Optional<ResourceType> type = cluster.resource(apiVersion, kind);
        return type.isEmpty() ? List.of() : cluster.list(type.get(), namespace, selector);
    }

    private static List<ObjectNode> running(List<ObjectNode> pods, Predicate<ObjectNode> counts) {
        return pods.stream().filter(pod -> runs(pod) && counts.test(pod)).toList();
    }

    private static boolean runs(JsonNode pod) {
        String phase = pod.path("status").path("phase").asText("");
        return !phase.equals("Succeeded")
                && !phase.equals("Failed")
                && !pod.path("metadata").hasNonNull("deletionTimestamp");
    }

    private static boolean ownedBy(JsonNode object, Set<String> uids) {
        return StreamSupport.stream(
                        object.path("metadata").path("ownerReferences").spliterator(), false)
                .anyMatch(owner -> owner.path("controller").asBoolean(false)
                        && uids.contains(owner.path("uid").asText()));
    }

    /** A LabelSelector, or the plain map of a ReplicationController, as a query; empty when it selects nothing. */
    static Optional<String> selector(JsonNode selector) {
        if (selector.path("matchLabels").isObject()
                || selector.path("matchExpressions").isArray()) {
            return LabelSelector.query(selector);
        }
        ObjectNode struct = JsonNodeFactory.instance.objectNode();
        struct.set("matchLabels", selector);
        return LabelSelector.query(struct);
    }
}
