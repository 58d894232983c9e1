package dev.trimtab.inplace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ApiException;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.PatchType;
import dev.trimtab.kube.ClusterClient.Propagation;
import dev.trimtab.kube.ErrorClass;
import dev.trimtab.kube.Fanout;
import dev.trimtab.kube.ResourceType;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the writes that were decided on, and remembers each until the caches show it. Decides nothing. */
final class StepExecutor {

    static final String FIELD_MANAGER = "trimtab-cloneset";

    private static final Logger LOG = LoggerFactory.getLogger(StepExecutor.class);

    /** How many pods of one CloneSet are patched side by side. */
    private static final int WIDTH = 8;

    /** The kinds that are written. */
    record Kinds(ResourceType cloneSets, ResourceType pods, ResourceType revisions, ResourceType claims) {}

    /**
     * @param retry something did not go through, and no event need come of it
     */
    record Outcome(Optional<String> scaleProblem, Optional<String> updateProblem, boolean retry) {}

    private final ClusterClient cluster;
    private final Kinds kinds;
    private final Expectations expectations;
    private final RandomGenerator random;
    private final Clock clock;
    private volatile boolean stopped;

    StepExecutor(ClusterClient cluster, Kinds kinds, Expectations expectations, RandomGenerator random, Clock clock) {
        this.cluster = cluster;
        this.kinds = kinds;
        this.expectations = expectations;
        this.random = random;
        this.clock = clock;
    }

    /** Makes the write under way the last. */
    void stop() {
        stopped = true;
    }

    boolean stopped() {
        return stopped;
    }

    Outcome execute(CloneSet cloneSet, List<Step> steps) {
        Optional<String> scaleProblem = Optional.empty();
        Optional<String> updateProblem = Optional.empty();
        boolean retry = false;
        for (List<Step> together : sideBySide(steps)) {
            boolean scales = scales(together.get(0));
            if (stopped) {
                break;
            }
            if (scales && scaleProblem.isPresent()) {
                continue;
            }
            boolean silent = false;
            for (Refusal refusal : attempt(cloneSet, together)) {
                Step step = refusal.step();
                ApiException refused = refusal.why();
                retry = true;
                if (refused.errorClass() == ErrorClass.CONFLICT) {
                    LOG.debug("{}: decided on an older version, deciding again: {}", cloneSet, refused.getMessage());
                    continue;
                }
                LOG.warn("{}: {} failed: {}", cloneSet, named(step), refused.getMessage());
                if (refusal.silent()) {
                    silent = true;
                    continue;
                }
                String problem = named(step) + ": " + refused.getMessage();
                if (scales) {
                    scaleProblem = Optional.of(problem);
                } else {
                    updateProblem = Optional.of(problem);
                }
            }
            if (silent) {
                break;
            }
        }
        return new Outcome(scaleProblem, updateProblem, retry);
    }

    private record Refusal(Step step, ApiException why) {

        /** The server has no answer at all, or none for now. */
        boolean silent() {
            return why.errorClass() == ErrorClass.RETRY || why.errorClass() == ErrorClass.UNREACHABLE;
        }
    }

    private static boolean scales(Step step) {
        return step instanceof Step.CreatePod || step instanceof Step.DeletePod;
    }

    /** Patches of pods have nothing to do with each other; everything else keeps its order. */
    private static List<List<Step>> sideBySide(List<Step> steps) {
        List<List<Step>> groups = new ArrayList<>();
        boolean open = false;
        for (Step step : steps) {
            boolean patches =
                    step instanceof Step.PatchPod || step instanceof Step.PatchStatus || step instanceof Step.ResizePod;
            if (!patches || !open) {
                groups.add(new ArrayList<>());
            }
            groups.get(groups.size() - 1).add(step);
            open = patches;
        }
        return groups;
    }

    /** The first goes alone: a server that does not answer is not asked eight times. */
    private List<Refusal> attempt(CloneSet cloneSet, List<Step> together) {
        List<Refusal> refusals =
                new ArrayList<>(attempt(cloneSet, together.get(0)).stream().toList());
        if (refusals.stream().noneMatch(Refusal::silent)) {
            List<Step> others = together.subList(1, together.size());
            new Fanout(WIDTH)
                    .map(others, step -> stopped ? Optional.<Refusal>empty() : attempt(cloneSet, step))
                    .forEach(refusal -> refusal.ifPresent(refusals::add));
        }
        return refusals;
    }

    private Optional<Refusal> attempt(CloneSet cloneSet, Step step) {
        try {
            run(cloneSet, step);
            return Optional.empty();
        } catch (ApiException refused) {
            return gone(step, refused) ? Optional.empty() : Optional.of(new Refusal(step, refused));
        }
    }

    /** A pod that went away between the decision and the write: its event is on the way. */
    private static boolean gone(Step step, ApiException refused) {
        return refused.errorClass() == ErrorClass.NOT_FOUND && !(step instanceof Step.CreatePod);
    }

    private void run(CloneSet cloneSet, Step step) {
        Optional<String> namespace = Optional.of(cloneSet.namespace());
        if (step instanceof Step.CreateRevision create) {
            createRevision(cloneSet, create.revision());
        } else if (step instanceof Step.RenumberRevision renumber) {
            ObjectNode patch = JsonNodeFactory.instance.objectNode().put("revision", renumber.number());
            patched(
                    cloneSet,
                    patch(kinds.revisions(), namespace, renumber.revision().name(), "", PatchType.MERGE, patch));
        } else if (step instanceof Step.DeleteRevision delete) {
            deleteRevision(cloneSet, namespace, delete.revision());
        } else if (step instanceof Step.CreatePod create) {
            createPod(cloneSet, create.revision(), create.instance().orElseGet(() -> NewPod.instanceId(random)));
        } else if (step instanceof Step.DeletePod delete) {
            PodView pod = delete.pod();
            LOG.info("{}: deleting {}: {}", cloneSet, pod, delete.why());
            delete.claims().forEach(claim -> giveTo(cloneSet, pod, claim));
            cluster.delete(kinds.pods(), namespace, pod.name(), pod.uid(), Propagation.BACKGROUND);
            expectations.deleted(cloneSet.uid(), identity("Pod", pod.name(), pod.uid()));
        } else if (step instanceof Step.PatchSpec spec) {
            LOG.info("{}: {}", cloneSet, spec.why());
            patched(cloneSet, patch(kinds.cloneSets(), namespace, cloneSet.name(), "", PatchType.MERGE, spec.patch()));
        } else if (step instanceof Step.PatchClaim claim) {
            patched(
                    cloneSet,
                    patch(kinds.claims(), namespace, claim.claim().name(), "", PatchType.MERGE, claim.patch()));
        } else if (step instanceof Step.DeleteClaim delete) {
            ClaimView claim = delete.claim();
            LOG.info("{}: deleting {}: its pod is gone, and it is not to be used again", cloneSet, claim);
            cluster.delete(kinds.claims(), namespace, claim.name(), claim.uid(), Propagation.BACKGROUND);
            expectations.deleted(cloneSet.uid(), identity("PersistentVolumeClaim", claim.name(), claim.uid()));
        } else if (step instanceof Step.PatchStatus status) {
            LOG.debug("{}: {} readiness gate: {}", cloneSet, status.pod(), status.why());
            patched(
                    cloneSet,
                    patch(kinds.pods(), namespace, status.pod().name(), "status", PatchType.STRATEGIC, status.patch()));
        } else if (step instanceof Step.ResizePod resize) {
            LOG.info("{}: resizing {}: {}", cloneSet, resize.pod(), resize.why());
            patched(
                    cloneSet,
                    patch(kinds.pods(), namespace, resize.pod().name(), "resize", PatchType.STRATEGIC, resize.patch()));
        } else if (step instanceof Step.PatchLifecycle state) {
            LOG.info("{}: lifecycle of {}: {}", cloneSet, state.pod(), state.why());
            patched(
                    cloneSet,
                    patch(kinds.pods(), namespace, state.pod().name(), "", PatchType.STRATEGIC, state.patch()));
        } else if (step instanceof Step.PatchPod update) {
            LOG.info("{}: updating {} in place: {}", cloneSet, update.pod(), update.why());
            patched(
                    cloneSet,
                    patch(kinds.pods(), namespace, update.pod().name(), "", PatchType.STRATEGIC, update.patch()));
        }
    }

    private void createPod(CloneSet cloneSet, TemplateRevision revision, String instance) {
        for (ObjectNode claim : NewClaim.all(cloneSet, instance)) {
            createClaim(cloneSet, claim);
        }
        ObjectNode pod = NewPod.of(cloneSet, revision, instance, clock.instant());
        ObjectNode created = cluster.create(kinds.pods(), pod, FIELD_MANAGER);
        LOG.info(
                "{}: created pod {} at revision {}",
                cloneSet,
                created.path("metadata").path("name").asText(),
                revision.name());
        expectations.created(cloneSet.uid(), created);
    }

    private void createClaim(CloneSet cloneSet, ObjectNode claim) {
        try {
            expectations.created(cloneSet.uid(), cluster.create(kinds.claims(), claim, FIELD_MANAGER));
        } catch (ApiException refused) {
            String name = claim.path("metadata").path("name").asText();
            boolean ours = refused.errorClass() == ErrorClass.ALREADY_EXISTS
                    && cluster.get(kinds.claims(), Optional.of(cloneSet.namespace()), name)
                            .filter(there -> Owners.owns(cloneSet, there))
                            .isPresent();
            if (!ours) {
                throw refused;
            }
        }
    }

    private void giveTo(CloneSet cloneSet, PodView pod, ClaimView claim) {
        if (claim.ownedBy(pod.uid())) {
            return;
        }
        try {
            patched(
                    cloneSet,
                    patch(
                            kinds.claims(),
                            Optional.of(cloneSet.namespace()),
                            claim.name(),
                            "",
                            PatchType.MERGE,
                            claim.givenTo(pod, cloneSet)));
        } catch (ApiException refused) {
            if (refused.errorClass() != ErrorClass.NOT_FOUND) {
                throw refused;
            }
        }
    }

    private void createRevision(CloneSet cloneSet, TemplateRevision revision) {
        try {
            expectations.created(
                    cloneSet.uid(), cluster.create(kinds.revisions(), revision.toJson(cloneSet), FIELD_MANAGER));
        } catch (ApiException refused) {
            if (refused.errorClass() != ErrorClass.ALREADY_EXISTS) {
                throw refused;
            }
            Optional<ObjectNode> holder =
                    cluster.get(kinds.revisions(), Optional.of(cloneSet.namespace()), revision.name());
            if (holder.isPresent() && !Owners.owns(cloneSet, holder.get())) {
                // Counted in the status, so that every later decision comes to the same other name.
                ObjectNode patch = JsonNodeFactory.instance.objectNode();
                patch.putObject("status").put("collisionCount", cloneSet.collisionCount() + 1);
                patchStatus(cloneSet, patch);
                LOG.info("{}: revision name {} is taken by another owner", cloneSet, revision.name());
            }
        }
    }

    private void deleteRevision(CloneSet cloneSet, Optional<String> namespace, TemplateRevision revision) {
        Optional<ObjectNode> found = cluster.get(kinds.revisions(), namespace, revision.name());
        if (found.isPresent() && Owners.owns(cloneSet, found.get())) {
            String uid = found.get().path("metadata").path("uid").asText();
            cluster.delete(kinds.revisions(), namespace, revision.name(), uid, Propagation.BACKGROUND);
            expectations.deleted(cloneSet.uid(), identity("ControllerRevision", revision.name(), uid));
        }
    }

    /** The CloneSet is among the expected objects too: a status must not be computed from one that is behind. */
    void patchStatus(CloneSet cloneSet, JsonNode patch) {
        patched(
                cloneSet,
                patch(
                        kinds.cloneSets(),
                        Optional.of(cloneSet.namespace()),
                        cloneSet.name(),
                        "status",
                        PatchType.MERGE,
                        patch));
    }

    private ObjectNode patch(
            ResourceType type,
            Optional<String> namespace,
            String name,
            String subresource,
            PatchType patchType,
            JsonNode body) {
        return cluster.patch(type, namespace, name, subresource, patchType, body, FIELD_MANAGER);
    }

    private void patched(CloneSet cloneSet, ObjectNode answer) {
        expectations.patched(cloneSet.uid(), answer);
    }

    private static ObjectNode identity(String kind, String name, String uid) {
        ObjectNode object = JsonNodeFactory.instance.objectNode().put("kind", kind);
        object.putObject("metadata").put("name", name).put("uid", uid);
        return object;
    }

    private static String named(Step step) {
        if (step instanceof Step.CreatePod) {
            return "creating a pod";
        }
        if (step instanceof Step.DeletePod delete) {
            return "deleting " + delete.pod();
        }
        if (step instanceof Step.PatchPod update) {
            return "updating " + update.pod();
        }
        if (step instanceof Step.ResizePod resize) {
            return "resizing " + resize.pod();
        }
        if (step instanceof Step.PatchStatus status) {
            return "setting the readiness gate of " + status.pod();
        }
        if (step instanceof Step.PatchLifecycle state) {
            return "changing the lifecycle state of " + state.pod();
        }
        if (step instanceof Step.PatchSpec) {
            return "clearing spec.scaleStrategy.podsToDelete";
        }
        if (step instanceof Step.PatchClaim claim) {
            return "changing the owner of " + claim.claim();
        }
        if (step instanceof Step.DeleteClaim claim) {
            return "deleting " + claim.claim();
        }
        return "keeping revisions";
    }
}
