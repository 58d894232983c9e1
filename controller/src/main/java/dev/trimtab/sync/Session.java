package dev.trimtab.sync;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.apply.Applier;
import dev.trimtab.apply.Consent;
import dev.trimtab.apply.Inventory;
import dev.trimtab.apply.Outcome;
import dev.trimtab.apply.Result;
import dev.trimtab.drift.DriftWatch;
import dev.trimtab.drift.Sighting;
import dev.trimtab.inplace.RolloutRecord;
import dev.trimtab.inplace.UpdateStrategy;
import dev.trimtab.kube.Baseline;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.kube.Ownership;
import dev.trimtab.kube.ResourceType;
import dev.trimtab.plan.Claims;
import dev.trimtab.plan.Plan;
import dev.trimtab.plan.PlanRequest;
import dev.trimtab.plan.Planner;
import dev.trimtab.plan.PodDetail;
import dev.trimtab.render.Desired;
import dev.trimtab.render.DesiredObject;
import dev.trimtab.render.Digest;
import dev.trimtab.source.Revision;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One sync's dealings with one cluster, from the first answer of its API server on. What it remembers saves requests; when it
 * is lost it costs requests, never correctness.
 */
final class Session implements AutoCloseable {

    /** A cluster that takes longer to list metadata is asked object by object instead. */
    private static final Duration FIRST_LISTS = Duration.ofSeconds(10);

    private final ClusterClient cluster;
    private final Claims claims;
    private final String sync;
    private final Planner planner;
    private final Applier applier;
    private final Inventory inventory;
    private final DriftWatch driftWatch;
    /** What is known of objects that were once as desired; from the inventory at first. */
    private final Map<ObjectKey, Inventory.Recorded> recorded = new HashMap<>();

    private boolean recalled;
    /** What each confirmed object was compared with. */
    private final Map<ObjectKey, DesiredObject> confirmed = new HashMap<>();

    /** Confirmed workloads of which a rollout in place holds fields: they are not just what Git says. */
    private final Set<ObjectKey> rolling = new HashSet<>();

    private Session(
            ClusterClient cluster,
            Claims claims,
            String sync,
            Planner planner,
            Applier applier,
            Inventory inventory,
            DriftWatch driftWatch) {
        this.cluster = cluster;
        this.claims = claims;
        this.sync = sync;
        this.planner = planner;
        this.applier = applier;
        this.inventory = inventory;
        this.driftWatch = driftWatch;
    }

    /** Reads the inventory: the first request of a sync. */
    static Session open(
            ClusterClient cluster,
            Claims claims,
            String sync,
            PodDetail detail,
            UpdateStrategy.Policy policy,
            Clock clock,
            Consumer<ObjectKey> suspect) {
        Inventory inventory = Inventory.load(cluster, sync);
        return new Session(
                cluster,
                claims,
                sync,
                new Planner(cluster, sync, claims, detail, policy, clock),
                new Applier(cluster, sync, inventory, clock),
                inventory,
                new DriftWatch(cluster, sync, Ownership.fieldManager(sync), clock, suspect));
    }

    Optional<Revision> lastApplied() {
        return inventory.lastApplied();
    }

    /** Compares; remembers what turned out to be as desired. */
    Plan plan(String repository, Desired desired, boolean prune, boolean drift) {
        // Watches first: what somebody changes while we compare must not slip between the two.
        watch(desired);
        recall(desired);
        Set<ObjectKey> managed = prune ? inventory.keys() : Set.of();
        Plan plan = planner.plan(new PlanRequest(
                repository,
                inventory.lastApplied(),
                desired,
                managed,
                inventory.kept(),
                unchanged(desired),
                drift,
                values(desired),
                asBefore(desired)));
        remember(desired, plan);
        plan.released().keySet().forEach(this::forget);
        return plan;
    }

    /** Compares only these objects with what is desired, whatever is known of the others; remembers as {@link #plan} does. */
    Plan look(String repository, Desired desired, Set<ObjectKey> objects) {
        watch(desired);
        Set<ObjectKey> others = new HashSet<>(desired.objects().keySet());
        others.removeAll(objects);
        Plan plan = planner.plan(new PlanRequest(
                repository,
                inventory.lastApplied(),
                desired,
                Set.of(),
                Set.of(),
                others,
                true,
                values(desired),
                Map.of()));
        remember(desired, plan);
        return plan;
    }

    /** As {@link #look}, but nothing that was recorded of the objects spares their comparison. */
    Plan audit(String repository, Desired desired, Set<ObjectKey> objects) {
        Set<ObjectKey> others = new HashSet<>(desired.objects().keySet());
        others.removeAll(objects);
        return planner.plan(new PlanRequest(
                repository, inventory.lastApplied(), desired, Set.of(), Set.of(), others, true, Map.of(), Map.of()));
    }

    /** The object is not what it is held to be. */
    void doubt(ObjectKey key) {
        forget(key);
    }

    /** How the watch last showed those of these objects that may not be as desired. */
    Map<ObjectKey, Sighting> sightings(Collection<ObjectKey> objects) {
        Map<ObjectKey, Sighting> sightings = new HashMap<>();
        objects.forEach(key -> driftWatch.sighting(key).ifPresent(sighting -> sightings.put(key, sighting)));
        return sightings;
    }

    /** See {@link DriftWatch#tolerate}. */
    void tolerate(ObjectKey key, Sighting sighting) {
        driftWatch.tolerate(key, sighting);
    }

    /** See {@link DriftWatch#contest}. */
    void contest(ObjectKey key, Set<String> fields, Sighting sighting) {
        driftWatch.contest(key, fields, sighting);
    }

    /** Carries out a plan; remembers what the server answered. */
    Outcome apply(Plan plan, Desired desired, Consent consent) {
        Outcome outcome = applier.apply(plan, desired, consent);
        outcome.results().forEach((key, result) -> {
            if (result instanceof Result.Applied applied) {
                confirm(desired, key, applied.metadata());
                applied.baseline().ifPresent(baseline -> remember(desired, key, baseline));
            } else if (result instanceof Result.Deleted) {
                forget(key);
            }
        });
        // Kinds that this plan brought are served only now.
        watch(desired);
        return outcome;
    }

    /** Up to when the watches told of everything. */
    Optional<Instant> heard() {
        return driftWatch.heard();
    }

    void recordApplied(Revision revision) {
        inventory.recordApplied(revision);
    }

    /** Watches the kinds that are in use; objects that somebody touches are told as suspects from then on. */
    private void watch(Desired desired) {
        Set<ResourceType> types = new LinkedHashSet<>();
        for (DesiredObject object : desired.objects().values()) {
            cluster.resource(object.apiVersion(), object.key().kind()).ifPresent(types::add);
        }
        driftWatch.watch(types);
    }

    /** What is as desired right now, as far as an open watch can tell. */
    Set<ObjectKey> unchanged(Desired desired) {
        Set<ObjectKey> unchanged = new HashSet<>();
        for (ObjectKey key : driftWatch.confirmed()) {
            DesiredObject object = desired.objects().get(key);
            if (object != null && digest(key).equals(Optional.of(object.digest()))) {
                unchanged.add(key);
            }
        }
        return unchanged;
    }

    /** What those objects were last compared with that still are as they were then, and of which Git now wants something else. */
    private Map<ObjectKey, DesiredObject> asBefore(Desired desired) {
        Map<ObjectKey, DesiredObject> before = new HashMap<>();
        for (ObjectKey key : driftWatch.confirmed()) {
            DesiredObject wanted = desired.objects().get(key);
            DesiredObject was = confirmed.get(key);
            if (wanted != null
                    && was != null
                    && !rolling.contains(key)
                    && !was.digest().equals(wanted.digest())) {
                before.put(key, was);
            }
        }
        return before;
    }

    private Optional<Digest> digest(ObjectKey key) {
        return Optional.ofNullable(confirmed.get(key)).map(DesiredObject::digest);
    }

    /** Whether the object was once found as it is desired now. */
    boolean wasAsDesired(Desired desired, ObjectKey key) {
        return Optional.ofNullable(desired.objects().get(key))
                .map(DesiredObject::digest)
                .equals(digest(key));
    }

    /**
     * After a restart: one metadata list of each kind, which the watches need anyway, tells which objects are as they were when they
     * were last as desired.
     */
    private void recall(Desired desired) {
        if (recalled) {
            return;
        }
        recalled = true;
        recorded.putAll(inventory.recorded());
        if (recorded.isEmpty() || !driftWatch.awaitFirstLists(FIRST_LISTS)) {
            return;
        }
        String manager = Ownership.fieldManager(sync);
        recorded.forEach((key, known) -> driftWatch
                .sighting(key)
                .flatMap(Sighting::metadata)
                .filter(metadata ->
                        isOf(desired, key, known) && known.baseline().holds(metadata, manager))
                .ifPresent(metadata -> confirm(desired, key, (ObjectNode) metadata)));
    }

    /** The values that objects had when they were as desired now. */
    private Map<ObjectKey, String> values(Desired desired) {
        Map<ObjectKey, String> values = new HashMap<>();
        recorded.forEach((key, known) -> {
            if (isOf(desired, key, known)) {
                values.put(key, known.baseline().values());
            }
        });
        return values;
    }

    private static boolean isOf(Desired desired, ObjectKey key, Inventory.Recorded known) {
        return Optional.ofNullable(desired.objects().get(key))
                .map(DesiredObject::digest)
                .equals(Optional.of(known.desired()));
    }

    private void remember(Desired desired, Plan plan) {
        plan.unchanged().forEach((key, metadata) -> confirm(desired, key, metadata));
        plan.baselines().forEach((key, baseline) -> remember(desired, key, baseline));
    }

    private void remember(Desired desired, ObjectKey key, Baseline baseline) {
        Optional.ofNullable(desired.objects().get(key))
                .ifPresent(object -> recorded.put(key, new Inventory.Recorded(object.digest(), baseline)));
    }

    private void forget(ObjectKey key) {
        recorded.remove(key);
        confirmed.remove(key);
        rolling.remove(key);
        driftWatch.forget(key);
    }

    private void confirm(Desired desired, ObjectKey key, ObjectNode metadata) {
        DesiredObject object = desired.objects().get(key);
        if (object != null) {
            confirmed.put(key, object);
            if (RolloutRecord.marks(metadata)) {
                rolling.add(key);
            } else {
                rolling.remove(key);
            }
            driftWatch.confirm(key, metadata);
        }
    }

    @Override
    public void close() {
        claims.claim(sync, Set.of());
        driftWatch.close();
    }
}
