package dev.trimtab.inplace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * A cluster on paper: one CloneSet, its pods and revisions, a kubelet that starts and restarts containers. Images tagged {@code bad}
 * never start. It obeys steps as an API server would: a write that was decided on an older version of a pod is refused.
 */
final class CloneSetWorld {

    private static final String CLONE_SET = """
            apiVersion: apps.kruise.io/v1alpha1
            kind: CloneSet
            metadata: {name: web, namespace: shop, uid: set-uid, generation: 1}
            spec:
              replicas: 3
              selector: {matchLabels: {app: web}}
              updateStrategy: {type: InPlaceIfPossible, maxUnavailable: 1}
              template:
                metadata: {labels: {app: web}}
                spec:
                  containers:
                  - {name: app, image: "app:1"}
            """;

    static final String DRAIN = "x/drain";

    final ObjectNode cloneSet = Trees.yaml(CLONE_SET);
    final Map<String, ObjectNode> pods = new TreeMap<>();
    final Map<String, ObjectNode> claims = new TreeMap<>();
    final Map<String, TemplateRevision> revisions = new TreeMap<>();
    final List<Step> written = new ArrayList<>();
    /** Whether somebody takes finalizer {@value #DRAIN} off and puts it back as the lifecycle asks for it. */
    boolean answersHooks;

    private final Map<String, Map<String, String>> running = new TreeMap<>();
    private final Set<String> broken = new HashSet<>();
    private final Map<String, String> tooLarge = new TreeMap<>();
    private final RandomGenerator random;
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private long version = 1;
    private int containers;

    CloneSetWorld(RandomGenerator random) {
        this.random = random;
    }

    /** Changes the CloneSet's spec as an edit does. */
    ObjectNode spec() {
        ((ObjectNode) cloneSet.path("metadata"))
                .put("generation", cloneSet.path("metadata").path("generation").asLong() + 1);
        return (ObjectNode) cloneSet.path("spec");
    }

    ObjectNode strategy() {
        return (ObjectNode) spec().path("updateStrategy");
    }

    ObjectNode app() {
        return (ObjectNode) spec().at("/template/spec/containers/0");
    }

    ObjectNode templateLabels() {
        return (ObjectNode) spec().at("/template/metadata/labels");
    }

    Instant now() {
        return now;
    }

    void pass(int seconds) {
        now = now.plusSeconds(seconds);
    }

    CloneSetState state() {
        return CloneSetState.of(
                        CloneSet.of(cloneSet.deepCopy()),
                        pods.values().stream()
                                .map(pod -> new PodView(pod.deepCopy()))
                                .toList(),
                        List.copyOf(revisions.values()),
                        claims.values().stream()
                                .map(claim -> new ClaimView(claim.deepCopy()))
                                .toList(),
                        now)
                .able(Abilities.WITH_RESIZE);
    }

    ObjectNode pod(String name) {
        return Optional.ofNullable(pods.get(name)).orElseThrow();
    }

    ObjectNode claim(String name) {
        return Optional.ofNullable(claims.get(name)).orElseThrow();
    }

    List<PodView> views() {
        return state().pods();
    }

    /** One round of the controller: decide, write, report. */
    Decision reconcile() {
        CloneSetState state = state();
        Decision decision = CloneSetPlanner.decide(state);
        decision.steps().forEach(this::apply);
        report(state, decision);
        return decision;
    }

    /** Writes the status; true when there was anything to write. */
    boolean report(CloneSetState state, Decision decision) {
        ObjectNode status = CloneSetStatus.of(state, decision, decision.scaleProblem(), decision.updateProblem());
        Optional<ObjectNode> patch = CloneSetStatus.patch(state.cloneSet(), status);
        patch.ifPresent(changes -> cloneSet.withObjectProperty("status").setAll((ObjectNode) changes.path("status")));
        return patch.isPresent();
    }

    /** Controller and kubelet take turns until neither has anything to do; false when that does not come about. */
    boolean settle() {
        for (int round = 0; round < 2000; round++) {
            boolean decided = !reconcile().steps().isEmpty();
            boolean moved = kubelet(1.0);
            moved |= answersHooks && drain(1.0);
            CloneSetState state = state();
            Decision next = CloneSetPlanner.decide(state);
            if (!decided && !moved && next.steps().isEmpty() && next.again().isEmpty() && !report(state, next)) {
                return true;
            }
            pass(1);
        }
        return false;
    }

    void apply(Step step) {
        if (step instanceof Step.CreateRevision create) {
            revisions.put(create.revision().name(), create.revision());
        } else if (step instanceof Step.RenumberRevision renumber) {
            TemplateRevision old = renumber.revision();
            revisions.put(old.name(), new TemplateRevision(old.name(), old.hash(), renumber.number(), old.template()));
        } else if (step instanceof Step.DeleteRevision delete) {
            revisions.remove(delete.revision().name());
        } else if (step instanceof Step.CreatePod create) {
            CloneSet set = CloneSet.of(cloneSet);
            String instance = create.instance().orElseGet(() -> NewPod.instanceId(random));
            for (ObjectNode claim : NewClaim.all(set, instance)) {
                String name = claim.path("metadata").path("name").asText();
                claim.withObject("/metadata").put("uid", "uid-" + name + ++version);
                claims.putIfAbsent(name, claim);
            }
            create(NewPod.of(set, create.revision(), instance, now));
        } else if (step instanceof Step.DeletePod delete) {
            delete.claims().forEach(claim -> patch(claim, claim.givenTo(delete.pod(), CloneSet.of(cloneSet))));
            remove(delete.pod().name());
        } else if (step instanceof Step.PatchSpec patch) {
            spec().withObject("/scaleStrategy")
                    .setAll((ObjectNode) patch.patch().at("/spec/scaleStrategy"));
        } else if (step instanceof Step.PatchClaim patch) {
            patch(patch.claim(), patch.patch());
        } else if (step instanceof Step.DeleteClaim delete) {
            claims.remove(delete.claim().name());
        } else if (step instanceof Step.PatchStatus patch) {
            patch(patch.pod(), patch.patch());
        } else if (step instanceof Step.PatchPod patch) {
            patch(patch.pod(), patch.patch());
        } else if (step instanceof Step.PatchLifecycle patch) {
            patch(patch.pod(), patch.patch());
        } else if (step instanceof Step.ResizePod resize) {
            patch(resize.pod(), resize.patch());
        }
        written.add(step);
    }

    private void patch(ClaimView claim, JsonNode patch) {
        Optional.ofNullable(claims.get(claim.name()))
                .ifPresent(there -> there.withObject("/metadata")
                        .set("ownerReferences", patch.path("metadata").path("ownerReferences")));
    }

    /** As a person deletes it. What it owned alone goes with it. */
    void remove(String pod) {
        ObjectNode removed = pods.remove(pod);
        if (removed != null) {
            String uid = removed.path("metadata").path("uid").asText();
            claims.values().removeIf(claim -> new ClaimView(claim).ownedBy(uid));
        }
        running.remove(pod);
        broken.remove(pod);
    }

    /** The pod's probe fails from now on, or no longer. */
    void breakPod(String pod, boolean fails) {
        if (fails) {
            broken.add(pod);
        } else {
            broken.remove(pod);
        }
    }

    /** @param reason Infeasible or Deferred; empty once the node can give it */
    void nodeCannotResize(String pod, String reason) {
        tooLarge.put(pod, reason);
    }

    private void create(ObjectNode pod) {
        String name = pod.path("metadata").path("name").asText();
        ObjectNode metadata = (ObjectNode) pod.path("metadata");
        metadata.put("uid", "uid-" + name + "-" + version).put("creationTimestamp", now.toString());
        pod.putObject("status").put("phase", "Pending");
        bump(pod);
        pods.put(name, pod);
        running.put(name, new TreeMap<>());
    }

    private void bump(ObjectNode pod) {
        ((ObjectNode) pod.path("metadata")).put("resourceVersion", Long.toString(++version));
    }

    private void patch(PodView decidedOn, JsonNode patch) {
        ObjectNode pod = pods.get(decidedOn.name());
        String locked = patch.path("metadata").path("resourceVersion").asText();
        if (pod == null
                || !pod.path("metadata").path("resourceVersion").asText().equals(locked)) {
            return;
        }
        JsonNode metadata = patch.path("metadata");
        merge(pod.withObject("/metadata/labels"), metadata.path("labels"));
        merge(pod.withObject("/metadata/annotations"), metadata.path("annotations"));
        Set<String> finalizers = new TreeSet<>(new PodView(pod).finalizers());
        metadata.path("finalizers").forEach(added -> finalizers.add(added.asText()));
        metadata.path("$deleteFromPrimitiveList/finalizers").forEach(gone -> finalizers.remove(gone.asText()));
        finalizers(pod, finalizers);
        byKey(pod, "/spec/containers", patch.at("/spec/containers"), "name");
        byKey(pod, "/status/conditions", patch.at("/status/conditions"), "type");
        bump(pod);
    }

    boolean drain(double probability) {
        boolean moved = false;
        for (ObjectNode pod : pods.values()) {
            PodView view = new PodView(pod);
            boolean off = Set.of(CloneSetKeys.PREPARING_UPDATE, CloneSetKeys.PREPARING_DELETE)
                    .contains(view.lifecycle());
            boolean on = Set.of(CloneSetKeys.UPDATED, CloneSetKeys.NORMAL).contains(view.lifecycle());
            boolean has = view.finalizers().contains(DRAIN);
            if (((off && has) || (on && !has)) && random.nextDouble() < probability) {
                finalizers(pod, has ? Set.of() : Set.of(DRAIN));
                moved = true;
            }
        }
        return moved;
    }

    /** As somebody who takes part by a hook writes them. */
    void finalizers(ObjectNode pod, Set<String> finalizers) {
        ArrayNode list = pod.withObject("/metadata").putArray("finalizers");
        finalizers.forEach(list::add);
        bump(pod);
    }

    private static void merge(ObjectNode into, JsonNode changes) {
        changes.properties().forEach(entry -> {
            if (entry.getValue().isNull()) {
                into.remove(entry.getKey());
            } else {
                into.set(entry.getKey(), entry.getValue());
            }
        });
    }

    private static void byKey(ObjectNode pod, String pointer, JsonNode changes, String key) {
        for (JsonNode change : changes) {
            ArrayNode list = pod.withArray(pointer);
            Optional<JsonNode> entry = Containers.stream(list)
                    .filter(has ->
                            has.path(key).asText().equals(change.path(key).asText()))
                    .findFirst();
            merge((ObjectNode) entry.orElseGet(list::addObject), change);
        }
    }

    /** Every pod makes one move with this probability; false when none had one to make. */
    boolean kubelet(double probability) {
        boolean moved = false;
        for (ObjectNode pod : List.copyOf(pods.values())) {
            if (random.nextDouble() < probability) {
                moved |= move(pod);
            }
        }
        return moved;
    }

    /** A container goes from the old image by way of nothing to the new one; conditions follow. */
    private boolean move(ObjectNode pod) {
        JsonNode before = pod.path("status").deepCopy();
        String name = pod.path("metadata").path("name").asText();
        ((ObjectNode) pod.path("spec")).put("nodeName", "node-1");
        Map<String, String> runs = running.computeIfAbsent(name, any -> new TreeMap<>());
        ObjectNode status = (ObjectNode) pod.path("status");
        status.put("phase", "Running");
        boolean allRun = true;
        for (JsonNode container : pod.at("/spec/containers")) {
            String image = container.path("image").asText();
            allRun &= container(status, container.path("name").asText(), image, runs);
        }
        resize(pod, name);
        boolean gate = new PodView(pod).gateOpen();
        condition(status, allRun && gate && !broken.contains(name));
        if (!pod.path("status").equals(before)) {
            bump(pod);
            return true;
        }
        return false;
    }

    /** The node gives what the pod says, or tells that it cannot. */
    private void resize(ObjectNode pod, String name) {
        ObjectNode podStatus = (ObjectNode) pod.path("status");
        for (JsonNode container : pod.at("/spec/containers")) {
            ObjectNode status = (ObjectNode) Containers.stream(podStatus.path("containerStatuses"))
                    .filter(has -> has.path("name").equals(container.path("name")))
                    .findFirst()
                    .orElseThrow();
            JsonNode wanted = container.path("resources");
            if (!wanted.isObject() || wanted.equals(status.path("resources"))) {
                continue;
            }
            String cannot = status.has("resources") ? tooLarge.getOrDefault(name, "") : "";
            if (cannot.isEmpty()) {
                status.set("resources", wanted.deepCopy());
                removeCondition(podStatus, "PodResizePending");
            } else {
                byKey(
                        pod,
                        "/status/conditions",
                        Trees.yaml("{conditions: [{type: PodResizePending, status: 'True', reason: " + cannot
                                        + ", message: too much}]}")
                                .path("conditions"),
                        "type");
            }
        }
    }

    private static void removeCondition(ObjectNode status, String type) {
        ArrayNode left = status.arrayNode();
        status.path("conditions").forEach(condition -> {
            if (!condition.path("type").asText().equals(type)) {
                left.add(condition);
            }
        });
        status.set("conditions", left);
    }

    private boolean container(ObjectNode podStatus, String name, String image, Map<String, String> runs) {
        ArrayNode statuses = podStatus.withArrayProperty("containerStatuses");
        ObjectNode status = (ObjectNode) Containers.stream(statuses)
                .filter(has -> has.path("name").asText().equals(name))
                .findFirst()
                .orElseGet(() -> statuses.addObject().put("name", name).put("restartCount", -1));
        if (image.equals(runs.get(name))) {
            return true;
        }
        if (runs.remove(name) != null || image.endsWith(":bad")) {
            status.put("ready", false).set("state", Trees.yaml("{waiting: {reason: ErrImagePull}}"));
            return false;
        }
        runs.put(name, image);
        status.put("restartCount", status.path("restartCount").asInt() + 1)
                .put("containerID", "containerd://" + ++containers)
                // The runtime's own spelling, which is not the template's, and one content behind two tags.
                .put("image", "docker.io/library/" + image.replace("same", "1"))
                .put("imageID", "sha256:" + image.replace("same", "1"));
        status.put("ready", true).set("state", Trees.yaml("{running: {}}"));
        return true;
    }

    private void condition(ObjectNode status, boolean ready) {
        ArrayNode conditions = status.withArrayProperty("conditions");
        ObjectNode condition = (ObjectNode) Containers.stream(conditions)
                .filter(has -> has.path("type").asText().equals("Ready"))
                .findFirst()
                .orElseGet(() -> conditions.addObject().put("type", "Ready").put("status", ""));
        String wanted = ready ? "True" : "False";
        if (!condition.path("status").asText().equals(wanted)) {
            condition.put("status", wanted).put("lastTransitionTime", now.toString());
        }
    }
}
