package dev.trimtab.sandbox.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.LocalApi.Propagation;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The StatefulSet controller: pods by ordinal, created and removed one after the other unless the policy is Parallel. Which
 * revision a pod is of, its label alone decides; images are never compared. Pods below the partition keep, and come back with,
 * the current revision.
 */
final class StatefulSets implements Controller {

    private static final String MANAGER = "kube-controller-manager";
    private static final String REVISION = "controller-revision-hash";

    private final Loop loop;
    private final Informer statefulSets;
    private final Informer pods;
    private final Informer claims;
    private final Ownership ownership;
    private final TemplateRevisions revisions;

    StatefulSets(Loop loop, Informers informers) {
        this.loop = loop;
        this.statefulSets = informers.of("statefulsets.apps");
        this.pods = informers.of("pods");
        this.claims = informers.of("persistentvolumeclaims");
        this.ownership = new Ownership(statefulSets, pods, "apps/v1", "StatefulSet");
        this.revisions = new TemplateRevisions(
                informers.of("controllerrevisions.apps"), ownership, "controller.kubernetes.io/hash");
    }

    void start() {
        statefulSets.onChange((before, after) -> {
            if (after != null) {
                loop.enqueue(this, Key.of(after));
            }
        });
        pods.onChange(this::podChanged);
    }

    private void podChanged(@Nullable ObjectNode before, @Nullable ObjectNode after) {
        for (ObjectNode pod : new @Nullable ObjectNode[] {before, after}) {
            if (pod != null) {
                ownership.forOwnersOf(pod, key -> loop.enqueue(this, key));
            }
        }
    }

    @Override
    public void reconcile(Key key) {
        statefulSets.get(key).filter(set -> !ObjectMeta.deleting(set)).ifPresent(set -> {
            ownership.claim(set, Selector.of(set.path("spec").path("selector")));
            ObjectNode update = revisions.newest(set);
            ObjectNode current = revisions
                    .named(set, set.path("status").path("currentRevision").asText())
                    .orElse(update);
            step(set, members(set), current, update);
            writeStatus(set, current, update);
            Set<String> inUse = new HashSet<>(List.of(ObjectMeta.name(current), ObjectMeta.name(update)));
            members(set).values().forEach(pod -> inUse.add(revision(pod)));
            revisions.prune(set, inUse);
        });
    }

    /** Owned pods by ordinal; those on their way out are among them. */
    private Map<Integer, ObjectNode> members(ObjectNode set) {
        Map<Integer, ObjectNode> members = new TreeMap<>();
        String prefix = ObjectMeta.name(set) + "-";
        for (ObjectNode pod : pods.ownedBy(ObjectMeta.uid(set))) {
            String ordinal = ObjectMeta.name(pod).replaceFirst("^" + prefix, "");
            if (ObjectMeta.controlledBy(pod, set) && ordinal.matches("\\d{1,9}")) {
                members.put(Integer.parseInt(ordinal), pod);
            }
        }
        return members;
    }

    private static String revision(JsonNode pod) {
        return ObjectMeta.labels(pod).getOrDefault(REVISION, "");
    }

    private static int replicas(JsonNode set) {
        return set.path("spec").path("replicas").asInt(1);
    }

    private static int firstOrdinal(JsonNode set) {
        return set.path("spec").path("ordinals").path("start").asInt(0);
    }

    private static boolean rolling(JsonNode set) {
        return !set.path("spec").path("updateStrategy").path("type").asText().equals("OnDelete");
    }

    private static int partition(JsonNode set) {
        return set.path("spec")
                .path("updateStrategy")
                .path("rollingUpdate")
                .path("partition")
                .asInt(0);
    }

    private boolean available(JsonNode set, JsonNode pod) {
        long minReadySeconds = set.path("spec").path("minReadySeconds").asLong();
        return !ObjectMeta.deleting(pod) && PodState.available(pod, minReadySeconds, loop.now());
    }

    /** Everything that may be done now: with ordered pods one thing, and nothing while a pod is not available. */
    private void step(ObjectNode set, Map<Integer, ObjectNode> members, ObjectNode current, ObjectNode update) {
        boolean ordered = !set.path("spec").path("podManagementPolicy").asText().equals("Parallel");
        int first = firstOrdinal(set);
        int end = first + replicas(set);
        for (int ordinal = first; ordinal < end; ordinal++) {
            ObjectNode pod = members.get(ordinal);
            boolean settled = pod != null && available(set, pod);
            if (pod == null) {
                boolean old = rolling(set) && ordinal < first + partition(set);
                create(set, ordinal, old ? current : update);
            } else if (PodState.finished(pod) && !ObjectMeta.deleting(pod)) {
                pods.delete(pod, Propagation.BACKGROUND);
            }
            if (ordered && !settled) {
                return;
            }
        }
        List<Integer> surplus = members.keySet().stream()
                .filter(ordinal -> ordinal < first || ordinal >= end)
                .sorted(Comparator.reverseOrder())
                .toList();
        for (Integer ordinal : surplus) {
            ObjectNode pod = members.get(ordinal);
            if (pod != null && !ObjectMeta.deleting(pod)) {
                pods.delete(pod, Propagation.BACKGROUND);
            }
            if (ordered) {
                return;
            }
        }
        if (rolling(set)) {
            roll(set, members, ObjectMeta.name(update), first + partition(set), end);
        }
    }

    private void roll(ObjectNode set, Map<Integer, ObjectNode> members, String update, int from, int end) {
        for (int ordinal = end - 1; ordinal >= from; ordinal--) {
            ObjectNode pod = members.get(ordinal);
            if (pod != null && !revision(pod).equals(update) && !ObjectMeta.deleting(pod)) {
                pods.delete(pod, Propagation.BACKGROUND);
                return;
            }
            if (pod == null || !available(set, pod)) {
                return;
            }
        }
    }

    private void create(ObjectNode set, int ordinal, ObjectNode revision) {
        String name = ObjectMeta.name(set) + "-" + ordinal;
        ObjectNode pod = PodTemplate.pod(name, TemplateRevisions.template(revision), set, ownership.reference(set));
        pod.withObject("metadata")
                .withObject("labels")
                .put("statefulset.kubernetes.io/pod-name", name)
                .put("apps.kubernetes.io/pod-index", Integer.toString(ordinal))
                .put(REVISION, ObjectMeta.name(revision));
        ObjectNode spec = pod.withObject("spec");
        spec.put("hostname", name);
        String service = set.path("spec").path("serviceName").asText();
        if (!service.isEmpty()) {
            spec.put("subdomain", service);
        }
        for (JsonNode template : set.path("spec").path("volumeClaimTemplates")) {
            mount(spec, ObjectMeta.name(template), claim(set, template, name));
        }
        pods.create(pod, MANAGER);
    }

    private String claim(ObjectNode set, JsonNode template, String podName) {
        String name = ObjectMeta.name(template) + "-" + podName;
        Key key = new Key(Key.of(set).namespace(), name);
        if (claims.get(key).isEmpty()) {
            ObjectNode claim = JsonNodeFactory.instance
                    .objectNode()
                    .put("apiVersion", "v1")
                    .put("kind", "PersistentVolumeClaim");
            ObjectNode metadata = claim.putObject("metadata");
            metadata.put("namespace", key.namespace()).put("name", name);
            ObjectNode labels = metadata.putObject("labels");
            ObjectMeta.labels(template).forEach(labels::put);
            ObjectMeta.strings(set.path("spec").path("selector").path("matchLabels"))
                    .forEach(labels::put);
            claim.set("spec", template.path("spec").deepCopy());
            claims.create(claim, MANAGER);
        }
        return name;
    }

    /** A volume of the claim in place of one of that name in the template. */
    private static void mount(ObjectNode spec, String volume, String claim) {
        ArrayNode volumes = JsonNodeFactory.instance.arrayNode();
        for (JsonNode present : spec.path("volumes")) {
            if (!present.path("name").asText().equals(volume)) {
                volumes.add(present);
            }
        }
        volumes.addObject()
                .put("name", volume)
                .putObject("persistentVolumeClaim")
                .put("claimName", claim);
        spec.set("volumes", volumes);
    }

    /**
     * What pods say after this pass. All updated and ready makes the update revision the current one, but only of a rolling
     * update.
     */
    private void writeStatus(ObjectNode set, ObjectNode current, ObjectNode update) {
        List<ObjectNode> members = List.copyOf(members(set).values());
        int updated = ofRevision(members, update);
        int ready = (int) members.stream().filter(PodState::ready).count();
        boolean promoted =
                rolling(set) && updated == replicas(set) && ready == replicas(set) && members.size() == replicas(set);
        ObjectNode present = promoted ? update : current;
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.put("observedGeneration", ObjectMeta.generation(set));
        status.put("replicas", members.size());
        count(status, "readyReplicas", ready);
        count(status, "currentReplicas", ofRevision(members, present));
        count(status, "updatedReplicas", updated);
        status.put("currentRevision", ObjectMeta.name(present));
        status.put("updateRevision", ObjectMeta.name(update));
        status.put("collisionCount", 0);
        status.put("availableReplicas", (int)
                members.stream().filter(pod -> available(set, pod)).count());
        if (!Trees.same(status, set.path("status"))) {
            ObjectNode changed = set.deepCopy();
            changed.set("status", status);
            statefulSets.updateStatus(changed, MANAGER);
        }
        long minReadySeconds = set.path("spec").path("minReadySeconds").asLong();
        Instant now = loop.now();
        members.stream()
                .filter(PodState::ready)
                .map(pod -> PodState.availableFrom(pod, minReadySeconds))
                .filter(at -> minReadySeconds > 0 && at.isAfter(now))
                .min(Comparator.naturalOrder())
                .ifPresent(at -> loop.enqueueAt(this, Key.of(set), at));
    }

    private static int ofRevision(List<ObjectNode> members, ObjectNode revision) {
        return (int) members.stream()
                .filter(pod -> !ObjectMeta.deleting(pod) && revision(pod).equals(ObjectMeta.name(revision)))
                .count();
    }

    private static void count(ObjectNode status, String field, int number) {
        if (number > 0) {
            status.put(field, number);
        }
    }
}
