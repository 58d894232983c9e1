package dev.trimtab.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.inplace.BroughtKind;
import dev.trimtab.inplace.RolloutRecord;
import dev.trimtab.inplace.UpdateStrategy;
import dev.trimtab.kube.ApiException;
import dev.trimtab.kube.Baseline;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.Applied;
import dev.trimtab.kube.ClusterClient.ApplyOptions;
import dev.trimtab.kube.ErrorClass;
import dev.trimtab.kube.IgnoredFields;
import dev.trimtab.kube.ManagedFields;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.kube.Ownership;
import dev.trimtab.kube.ResourceType;
import dev.trimtab.kube.Takeover;
import dev.trimtab.render.DesiredObject;
import dev.trimtab.render.ScaleTargets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Plans one desired object: one GET, and one dry-run apply whose answer is compared with it. */
final class ObjectPlanner {

    private static final int READS = 3;

    private final ClusterClient cluster;
    private final String syncName;
    private final String manager;
    private final RunningPods pods;
    private final Autoscalers autoscalers;
    private final RecreatePlanner recreates;
    private final UpdateStrategy.Policy policy;
    private final Clock clock;

    ObjectPlanner(ClusterClient cluster, String syncName, PodDetail detail, UpdateStrategy.Policy policy, Clock clock) {
        this.policy = policy;
        this.clock = clock;
        this.cluster = cluster;
        this.syncName = syncName;
        this.manager = Ownership.fieldManager(syncName);
        this.pods = new RunningPods(cluster, detail);
        this.autoscalers = new Autoscalers(cluster, clock);
        this.recreates = new RecreatePlanner(syncName, pods);
    }

    /**
     * @param arriving namespaces that this plan creates first: the server refuses even a dry-run in one that is not there
     * @param request whether Git did not move, and what is known of the object
     * @throws ApiException when the server does not answer at all
     */
    Finding plan(DesiredObject desired, Set<ObjectKey> arriving, PlanRequest request) {
        boolean drift = request.drift();
        Optional<String> known = Optional.ofNullable(request.values().get(desired.key()));
        Optional<DesiredObject> was = Optional.ofNullable(request.was().get(desired.key()));
        try {
            Optional<ResourceType> type =
                    cluster.resource(desired.apiVersion(), desired.key().kind());
            if (type.isPresent()) {
                return misplaced(desired, type.get())
                        .orElseGet(() -> arrives(desired, "Namespace", arriving)
                                ? create(desired, desired.json(), drift, List.of())
                                : was.flatMap(before -> compareWithKnown(desired, type.get(), before, drift))
                                        .orElseGet(() -> compare(desired, type.get(), drift, known)));
            }
            // Where the definition is there already, this version of it is not: the same plan brings the version.
            if (dependsOn(desired, "CustomResourceDefinition")) {
                return create(desired, desired.json(), drift, List.of());
            }
            return BroughtKind.is(desired.apiVersion(), desired.key().kind())
                    ? create(desired, desired.json(), drift, List.of(brought(desired)))
                    : problem(
                            desired,
                            PlanCode.KIND_MISSING,
                            "the cluster serves no " + desired.key().kind() + " of " + desired.apiVersion()
                                    + "; install its CustomResourceDefinition, or add it to the repository");
        } catch (ApiException e) {
            return refused(desired, drift, e);
        }
    }

    /** As with a kind whose definition is in the same plan; this one comes with the controller. */
    private static Plan.ObjectWarning brought(DesiredObject desired) {
        return new Plan.ObjectWarning(
                desired.key(),
                Optional.of(desired.origin()),
                "the cluster does not know " + desired.key().kind() + " yet; " + BroughtKind.ADVICE);
    }

    /** Only a cluster knows the scope of a kind whose definition is not in Git. */
    private static Optional<Finding> misplaced(DesiredObject desired, ResourceType type) {
        ObjectKey key = desired.key();
        if (type.namespaced() == key.namespace().isPresent()) {
            return Optional.empty();
        }
        return Optional.of(
                type.namespaced()
                        ? problem(
                                desired,
                                PlanCode.NAMESPACE_NOT_WRITTEN,
                                key.kind() + " is a namespaced kind; write metadata.namespace")
                        : problem(
                                desired,
                                PlanCode.NAMESPACE_TOO_MUCH,
                                key.kind() + " has no namespaces; remove metadata.namespace"));
    }

    /**
     * Without reading an object that is known to be as {@code was} wants it: the dry-run alone tells what it was, where Git changes
     * plain values.
     */
    private Optional<Finding> compareWithKnown(
            DesiredObject desired, ResourceType type, DesiredObject was, boolean drift) {
        boolean plain = desired.ignored().equals(IgnoredFields.NONE)
                && was.ignored().equals(IgnoredFields.NONE)
                && KnownObject.differsInValues(was.json(), desired.json());
        if (!plain) {
            return Optional.empty();
        }
        Applied answer;
        try {
            answer = dryRun(type, desired.json());
        } catch (ApiException e) {
            // What a refusal means depends on the object.
            return Optional.empty();
        }
        return KnownObject.before(answer.object(), was.json(), desired.json())
                .filter(live -> scaler(desired, live).isEmpty())
                .map(live -> change(
                        desired,
                        live,
                        new AdoptionPlanner.Answer(answer.object(), Optional.empty()),
                        IgnoredFields.NONE,
                        drift,
                        warnings(desired, answer)));
    }

    private Finding compare(DesiredObject desired, ResourceType type, boolean drift, Optional<String> known) {
        return compare(desired, type, drift, known, READS);
    }

    /** @param reads how often the object may still be read when somebody writes it between reading and asking */
    private Finding compare(
            DesiredObject desired, ResourceType type, boolean drift, Optional<String> known, int reads) {
        ObjectKey key = desired.key();
        Optional<ObjectNode> found = cluster.get(type, key.namespace(), key.name());
        Optional<Finding> hindrance = found.flatMap(live -> Hindrances.of(desired, live, syncName));
        if (hindrance.isPresent()) {
            return hindrance.get();
        }
        if (found.isEmpty()) {
            Applied answer = dryRun(type, desired.json());
            return create(desired, answer.object(), drift, warnings(desired, answer));
        }
        ObjectNode live = found.get();
        if (known.isPresent() && isAsKnown(live, known)) {
            return new Finding.Same(desired.key(), metadata(live), Baseline.of(live, manager), List.of());
        }
        Optional<ObjectKey> scaler = scaler(desired, live);
        IgnoredFields ignored = scaler.isPresent() ? desired.ignored().and(ScaleTargets.REPLICAS) : desired.ignored();
        AdoptionPlanner adoptions = new AdoptionPlanner(cluster, manager, desired, type);
        Applied answer;
        try {
            answer = ask(type, live, probe(desired, live, ignored), adoptions);
        } catch (ApiException e) {
            if (e.errorClass() == ErrorClass.INVALID && adoptions.namesStaleVersion(live)) {
                return staleVersion(desired, live);
            }
            if (e.errorClass() != ErrorClass.INVALID) {
                throw e;
            }
            return recreates
                    .plan(desired, live, e, adoptions.alone(), ignored, drift)
                    .orElseThrow(() -> e);
        }
        if (reads > 1 && !version(live).equals(version(answer.object()))) {
            // What others changed in between would pass for what Git changes.
            return compare(desired, type, drift, known, reads - 1);
        }
        List<Plan.ObjectWarning> warnings = new ArrayList<>(warnings(desired, answer));
        scaler.filter(by -> desired.json().path("spec").has("replicas"))
                .ifPresent(by -> warnings.add(new Plan.ObjectWarning(
                        desired.key(),
                        Optional.of(desired.origin()),
                        "spec.replicas is left to " + by + ", which scales it; take it out of Git")));
        return change(desired, live, adoptions.adopt(live, answer.object(), ignored), ignored, drift, warnings);
    }

    private static String version(ObjectNode object) {
        return object.path("metadata").path("resourceVersion").asText("");
    }

    /** What scales the object, according to Git; where it would be scaled by us, according to the cluster. */
    private Optional<ObjectKey> scaler(DesiredObject desired, ObjectNode live) {
        if (desired.scaler().isPresent() || desired.ignored().paths().contains(ScaleTargets.REPLICAS)) {
            return desired.scaler();
        }
        JsonNode replicas = desired.json().path("spec").path("replicas");
        boolean same = replicas.isMissingNode()
                ? IgnoredFields.NONE
                        .and(ScaleTargets.REPLICAS)
                        .ownedBy(live.path("metadata"), manager)
                        .isEmpty()
                : replicas.equals(live.path("spec").path("replicas"));
        return same || !live.path("spec").path("replicas").isNumber()
                ? Optional.empty()
                : autoscalers.of(desired.key());
    }

    /**
     * What shows how the object will be: once we do not own what is ignored, that is simply not sent. While we do, the server would
     * remove it, so it is sent as it is.
     */
    private ObjectNode probe(DesiredObject desired, ObjectNode live, IgnoredFields ignored) {
        // What a rollout in place holds is no difference.
        ObjectNode json = RolloutRecord.marks(live.path("metadata"))
                ? RolloutRecord.sustaining(live, desired.json(), manager)
                : desired.json();
        return ignored.ownedBy(live.path("metadata"), manager).isEmpty()
                ? ignored.toApply(live, json, manager)
                : ignored.asIn(live, json);
    }

    /** The fields of ours and their values are those that were once found as desired, and nobody shares them. */
    private boolean isAsKnown(ObjectNode live, Optional<String> known) {
        return Baseline.valuesOf(live, manager).equals(known)
                && new Takeover(manager, Set.of())
                        .sharers(live.path("metadata"), false)
                        .isEmpty();
    }

    /** Of what is to be taken over, also as it will be then. */
    private Applied ask(ResourceType type, ObjectNode live, ObjectNode probe, AdoptionPlanner adoptions) {
        try {
            return dryRun(type, probe);
        } catch (ApiException refusal) {
            Optional<ObjectNode> other = refusal.errorClass() == ErrorClass.INVALID
                    ? adoptions.withoutPredecessors(live, probe)
                    : Optional.empty();
            if (other.isEmpty()) {
                throw refusal;
            }
            try {
                return dryRun(type, other.get());
            } catch (ApiException again) {
                throw refusal;
            }
        }
    }

    private Applied dryRun(ResourceType type, ObjectNode json) {
        return cluster.apply(type, json, new ApplyOptions(manager, true, true));
    }

    private static List<Plan.ObjectWarning> warnings(DesiredObject desired, Applied answer) {
        return answer.warnings().stream()
                .map(text -> new Plan.ObjectWarning(desired.key(), Optional.of(desired.origin()), text))
                .toList();
    }

    private Finding change(
            DesiredObject desired,
            ObjectNode live,
            AdoptionPlanner.Answer answer,
            IgnoredFields ignored,
            boolean drift,
            List<Plan.ObjectWarning> warnings) {
        FieldChange.Origin origin = drift ? FieldChange.Origin.DRIFT : FieldChange.Origin.GIT;
        List<FieldChange> fields = FieldChanges.of(desired.key(), live, answer.object(), origin, manager);
        Optional<Adoption> adoption = answer.adoption();
        if (fields.isEmpty() && adoption.isEmpty() && ownedFields(live).equals(ownedFields(answer.object()))) {
            return new Finding.Same(desired.key(), metadata(live), Baseline.of(live, manager), warnings);
        }
        WorkloadEffect effect = WorkloadEffect.of(live, answer.object(), desired.json(), policy, pods.facts(live))
                .orElseGet(() -> new WorkloadEffect(
                        Action.APPLY,
                        adoption.filter(a -> !drift || fields.isEmpty())
                                .filter(a -> !a.onlyYields() || fields.isEmpty())
                                .map(a -> new Reason(
                                        a.onlyYields() ? PlanCode.LEFT_TO_OTHERS : PlanCode.ADOPTED,
                                        a.text(),
                                        List.of(),
                                        Optional.empty()))
                                .orElseGet(() -> plainReason(fields, drift)),
                        PodImpact.NONE));
        return new Finding.Differs(
                patch(
                        desired,
                        live,
                        effect,
                        fields,
                        adoption,
                        ignored,
                        sent(desired, live, answer.object(), effect),
                        NetworkChange.of(live, answer.object())),
                warnings);
    }

    /** In the request that brings the template, the workload's own controller is kept from replacing pods for it. */
    private Optional<ObjectNode> sent(
            DesiredObject desired, ObjectNode live, ObjectNode answer, WorkloadEffect effect) {
        if (effect.rollout().isPresent()) {
            WorkloadEffect.InPlaceRollout rollout = effect.rollout().get();
            return Optional.of(RolloutRecord.begin(
                            live,
                            answer,
                            rollout.maxUnavailable(),
                            rollout.containers(),
                            rollout.restarts(),
                            rollout.resizes(),
                            clock.instant())
                    .holding(desired.json()));
        }
        return RolloutRecord.marks(live.path("metadata")) && effect.action() != Action.RECREATE
                ? Optional.of(RolloutRecord.sustaining(live, desired.json(), manager))
                : Optional.empty();
    }

    private static Change patch(
            DesiredObject desired,
            ObjectNode live,
            WorkloadEffect effect,
            List<FieldChange> fields,
            Optional<Adoption> adoption,
            IgnoredFields ignored,
            Optional<ObjectNode> sent,
            Optional<Risk> risk) {
        return new Change(
                desired.key(),
                desired.apiVersion(),
                Optional.of(desired.origin()),
                Optional.of(live.path("metadata").path("uid").asText()),
                effect.action(),
                Operation.PATCH,
                fields,
                effect.reason(),
                effect.pods(),
                adoption,
                ignored,
                sent,
                risk.stream().toList());
    }

    private static Finding staleVersion(DesiredObject desired, ObjectNode live) {
        Reason reason = new Reason(
                PlanCode.VERSION_GONE,
                "its managedFields name an API version that is no longer served; they are rewritten for "
                        + desired.apiVersion() + ", and only then the server can tell what differs",
                List.of(),
                Optional.empty());
        return new Finding.Differs(
                patch(
                        desired,
                        live,
                        new WorkloadEffect(Action.APPLY, reason, PodImpact.NONE),
                        List.of(),
                        Optional.of(new Adoption(List.of(), List.of(), List.of())),
                        desired.ignored(),
                        Optional.empty(),
                        Optional.empty()),
                List.of());
    }

    /** Without this, a field that Git no longer holds would stay ours for ever where its value happens to stay. */
    private Optional<ObjectNode> ownedFields(ObjectNode object) {
        return ManagedFields.ownedBy(object.path("metadata"), manager).map(ManagedFields.Entry::fields);
    }

    private static Reason plainReason(List<FieldChange> fields, boolean drift) {
        if (fields.isEmpty()) {
            return new Reason(
                    PlanCode.OWNERSHIP_DIFFERS,
                    "no value differs; only the ownership of fields moves",
                    List.of(),
                    Optional.empty());
        }
        List<String> paths = fields.stream().map(FieldChange::path).toList();
        return drift
                ? new Reason(PlanCode.DRIFTED, "changed in the cluster, not in Git", paths, Optional.empty())
                : new Reason(
                        PlanCode.FIELDS_DIFFER, "fields differ; no running pod is touched", paths, Optional.empty());
    }

    /**
     * @param shape the server's answer, or what is desired where the server could not be asked
     */
    private Finding create(DesiredObject desired, ObjectNode shape, boolean drift, List<Plan.ObjectWarning> warnings) {
        Reason reason = drift
                ? new Reason(
                        PlanCode.DELETED_IN_CLUSTER,
                        "deleted in the cluster, still in Git",
                        List.of(),
                        Optional.empty())
                : new Reason(PlanCode.NOT_YET_THERE, "not in the cluster yet", List.of(), Optional.empty());
        Change change = new Change(
                desired.key(),
                desired.apiVersion(),
                Optional.of(desired.origin()),
                Optional.empty(),
                Action.CREATE,
                Operation.CREATE,
                List.of(),
                reason,
                WorkloadEffect.created(shape),
                Optional.empty(),
                desired.ignored(),
                Optional.empty(),
                List.of());
        return new Finding.Differs(change, warnings);
    }

    private Finding refused(DesiredObject desired, boolean drift, ApiException refusal) {
        ErrorClass error = refusal.errorClass();
        if (error == ErrorClass.UNREACHABLE) {
            throw refusal;
        }
        boolean placeOnTheWay = (error == ErrorClass.NAMESPACE_MISSING && dependsOn(desired, "Namespace"))
                || (error == ErrorClass.KIND_MISSING && dependsOn(desired, "CustomResourceDefinition"));
        return placeOnTheWay
                ? create(desired, desired.json(), drift, List.of())
                : problem(desired, PlanCode.of(error), String.valueOf(refusal.getMessage()));
    }

    private static boolean dependsOn(DesiredObject desired, String kind) {
        return desired.dependsOn().stream().anyMatch(key -> key.kind().equals(kind));
    }

    private static boolean arrives(DesiredObject desired, String kind, Set<ObjectKey> arriving) {
        return desired.dependsOn().stream().anyMatch(key -> key.kind().equals(kind) && arriving.contains(key));
    }

    private static ObjectNode metadata(ObjectNode live) {
        return live.withObjectProperty("metadata");
    }

    private static Finding problem(DesiredObject desired, PlanCode code, String text) {
        return new Finding.Unknown(new Plan.ObjectProblem(desired.key(), Optional.of(desired.origin()), code, text));
    }
}
