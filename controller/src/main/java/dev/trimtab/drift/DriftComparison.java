package dev.trimtab.drift;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.apply.Inventory;
import dev.trimtab.inplace.UpdateStrategy;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.kube.Ownership;
import dev.trimtab.kube.ResourceType;
import dev.trimtab.plan.Change;
import dev.trimtab.plan.Claims;
import dev.trimtab.plan.FieldChange;
import dev.trimtab.plan.Operation;
import dev.trimtab.plan.Plan;
import dev.trimtab.plan.PlanRequest;
import dev.trimtab.plan.Planner;
import dev.trimtab.plan.PodDetail;
import dev.trimtab.render.Desired;
import dev.trimtab.render.DesiredObject;
import dev.trimtab.render.Digest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Compares a cluster once with what was applied to it, by the planner's own comparison, and needs no controller for it. Writes nothing.
 *
 * <p>An object that is as it was applied costs no request of its own: one metadata list of each kind tells it from what the inventory
 * recorded. What Git wants otherwise by now is no drift; such an object is compared with what it was applied as, where that can still be
 * read.
 */
public final class DriftComparison {

    /** A cluster that takes longer to list metadata is asked object by object instead. */
    private static final Duration FIRST_LISTS = Duration.ofSeconds(10);

    private final ClusterClient cluster;
    private final String sync;
    private final String manager;
    private final Planner planner;
    private final Clock clock;

    public DriftComparison(ClusterClient cluster, String sync, UpdateStrategy.Policy policy, Clock clock) {
        this.cluster = cluster;
        this.sync = sync;
        this.manager = Ownership.fieldManager(sync);
        this.planner = new Planner(cluster, sync, new Claims(), PodDetail.COUNT, policy, clock);
        this.clock = clock;
    }

    /**
     * What is compared.
     *
     * @param repository as it may be shown: without credentials
     * @param head what Git wants now
     * @param applied what the revision wanted that was last applied as a whole, where it can still be read
     * @param prune whether what left Git is to be deleted
     */
    public record Subject(String repository, Desired head, Optional<Desired> applied, boolean prune) {}

    /**
     * @param inventory of the sync
     * @throws dev.trimtab.kube.ApiException when the server does not answer at all
     */
    public DriftReport compare(Subject subject, Inventory inventory) {
        Map<ObjectKey, Digest> digests = inventory.digests();
        LastApplied last = LastApplied.of(subject.head(), subject.applied(), digests);
        try (DriftWatch watch = new DriftWatch(cluster, sync, manager, clock, key -> {})) {
            Run run = new Run(subject, inventory, last, watch);
            return run.report(digests);
        }
    }

    /** One comparison. */
    private final class Run {

        private final Subject subject;
        private final Inventory inventory;
        private final Map<ObjectKey, Inventory.Recorded> recorded;
        private final LastApplied last;
        private final DriftWatch watch;
        private final List<Drifted> drifted = new ArrayList<>();
        private final Set<ObjectKey> shared = new HashSet<>();
        private final Set<ObjectKey> pending = new HashSet<>();
        private final List<Plan.ObjectProblem> problems = new ArrayList<>();

        Run(Subject subject, Inventory inventory, LastApplied last, DriftWatch watch) {
            this.subject = subject;
            this.inventory = inventory;
            this.recorded = inventory.recorded();
            this.last = last;
            this.watch = watch;
        }

        DriftReport report(Map<ObjectKey, Digest> digests) {
            Instant readAt = clock.instant();
            Plan plan = planner.plan(drift(new Desired(subject.head().revision(), last.objects()), unchanged()));
            plan.changes().forEach(change -> take(change, last.moved().contains(change.object())));
            problems.addAll(plan.problems());
            pending.addAll(last.moved());
            int compared = last.objects().size() - plan.problems().size();
            compared += beyond(digests);
            return new DriftReport(
                    plan.cluster(),
                    sync,
                    subject.repository(),
                    inventory.lastApplied(),
                    subject.head().revision(),
                    readAt,
                    drifted,
                    0,
                    compared,
                    new TreeSet<>(pending),
                    new TreeSet<>(shared),
                    problems);
        }

        /** What the metadata alone prove to be as it was applied. */
        private Set<ObjectKey> unchanged() {
            watch(last.objects().values());
            Set<ObjectKey> unchanged = new HashSet<>();
            last.objects()
                    .keySet()
                    .forEach(key -> Optional.ofNullable(recorded.get(key))
                            .filter(known -> metadata(key)
                                    .filter(shown -> known.baseline().holds(shown, manager))
                                    .isPresent())
                            .ifPresent(known -> unchanged.add(key)));
            return unchanged;
        }

        private void watch(Collection<DesiredObject> objects) {
            Set<ResourceType> types = new LinkedHashSet<>();
            objects.forEach(object ->
                    cluster.resource(object.apiVersion(), object.key().kind()).ifPresent(types::add));
            watch.watch(types);
            watch.awaitFirstLists(FIRST_LISTS);
        }

        /**
         * Of what Git wants and the inventory does not know so: what waits, and what of it differs from what it was applied as.
         *
         * @return how many objects could be compared with what they were applied as
         */
        private int beyond(Map<ObjectKey, Digest> digests) {
            Set<ObjectKey> managed = subject.prune() ? inventory.keys() : Set.of();
            boolean allKnown = last.unknown().isEmpty()
                    && subject.head().objects().keySet().containsAll(managed);
            if (allKnown) {
                return 0;
            }
            Plan plan = planner.plan(new PlanRequest(
                    subject.repository(),
                    inventory.lastApplied(),
                    subject.head(),
                    managed,
                    inventory.kept(),
                    last.objects().keySet(),
                    false));
            plan.changes().forEach(change -> pending.add(change.object()));
            for (Plan.ObjectProblem problem : plan.problems()) {
                boolean was = digests.containsKey(problem.object())
                        && subject.head().objects().containsKey(problem.object());
                if (was) {
                    problems.add(problem);
                } else {
                    pending.add(problem.object());
                }
            }
            if (digests.isEmpty() && !plan.unchanged().isEmpty()) {
                problems.add(new Plan.ObjectProblem(
                        plan.unchanged().firstKey(),
                        Optional.empty(),
                        DriftCode.MEMORY_LOST,
                        "it belongs to sync " + sync + ", which has no inventory in namespace " + Inventory.NAMESPACE
                                + "; an apply writes a new one"));
                return 0;
            }
            plan.changes().stream()
                    .filter(change -> change.operation() == Operation.CREATE && digests.containsKey(change.object()))
                    .forEach(change -> take(change, true));
            return plan.unchanged().size() + compareWithRecord(plan, digests);
        }

        /** An object that Git wants otherwise, and of which nobody can read any more how it was wanted: its values were recorded. */
        private int compareWithRecord(Plan plan, Map<ObjectKey, Digest> digests) {
            SortedMap<ObjectKey, DesiredObject> objects = new TreeMap<>();
            int missing = 0;
            for (Change change : plan.changes()) {
                DesiredObject wanted = subject.head().objects().get(change.object());
                if (change.operation() == Operation.CREATE) {
                    missing += digests.containsKey(change.object()) ? 1 : 0;
                } else if (wanted != null && recorded.containsKey(change.object())) {
                    objects.put(change.object(), wanted);
                }
            }
            if (objects.isEmpty()) {
                return missing;
            }
            Plan compared = planner.plan(drift(new Desired(subject.head().revision(), objects), Set.of()));
            for (Change change : compared.changes()) {
                List<FieldChange> others = change.fields().stream()
                        .filter(field -> field.liveManager().isPresent()
                                || field.before().isEmpty())
                        .toList();
                if (!others.isEmpty()) {
                    take(change.with(others), true);
                }
            }
            return missing + objects.size() - compared.problems().size();
        }

        private PlanRequest drift(Desired desired, Set<ObjectKey> unchanged) {
            Map<ObjectKey, String> values = new HashMap<>();
            desired.objects()
                    .keySet()
                    .forEach(key -> Optional.ofNullable(recorded.get(key))
                            .ifPresent(known -> values.put(key, known.baseline().values())));
            return new PlanRequest(
                    subject.repository(),
                    inventory.lastApplied(),
                    desired,
                    Set.of(),
                    Set.of(),
                    unchanged,
                    true,
                    values,
                    Map.of());
        }

        private void take(Change change, boolean moved) {
            Sighting sighting = new Sighting(clock.instant(), "", live(change));
            if (Drift.isHarmless(change, sighting, manager)) {
                shared.add(change.object());
                return;
            }
            Drift drift = Drift.of(change, sighting, manager);
            drifted.add(new Drifted(
                    drift,
                    Severity.of(drift),
                    sighting.metadata()
                            .flatMap(metadata -> Drift.writer(change.fields(), metadata, manager))
                            .map(Drifted.Writer::of),
                    change.origin(),
                    change.pods(),
                    moved));
        }

        private Optional<JsonNode> live(Change change) {
            ObjectKey key = change.object();
            return change.operation() == Operation.CREATE
                    ? Optional.empty()
                    : metadata(key)
                            // Whose label was taken away is in no watch.
                            .or(() -> cluster.resource(change.apiVersion(), key.kind())
                                    .flatMap(type -> cluster.get(type, key.namespace(), key.name()))
                                    .map(object -> object.path("metadata")));
        }

        private Optional<JsonNode> metadata(ObjectKey key) {
            return watch.sighting(key).flatMap(Sighting::metadata);
        }
    }
}
