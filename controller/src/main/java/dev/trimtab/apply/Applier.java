package dev.trimtab.apply;

import dev.trimtab.kube.ApiException;
import dev.trimtab.kube.Baseline;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.Fanout;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.plan.Change;
import dev.trimtab.plan.Operation;
import dev.trimtab.plan.Plan;
import dev.trimtab.render.Desired;
import dev.trimtab.render.DesiredObject;
import dev.trimtab.render.Digest;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out plans of one sync in one cluster. */
public final class Applier {

    private static final Logger log = LoggerFactory.getLogger(Applier.class);

    /** How many objects are written side by side. */
    private static final int WIDTH = 8;

    private final ClusterClient cluster;
    private final String syncName;
    private final Inventory inventory;
    private final ObjectWriter writer;
    private final Establishment establishment;
    private final Pruning pruning;
    private final Fanout fanout = new Fanout(WIDTH);

    public Applier(ClusterClient cluster, String syncName, Inventory inventory, Clock clock) {
        this(cluster, syncName, inventory, clock, Retries.standard());
    }

    Applier(ClusterClient cluster, String syncName, Inventory inventory, Clock clock, Retries retries) {
        this.cluster = cluster;
        this.syncName = syncName;
        this.inventory = inventory;
        this.writer = new ObjectWriter(cluster, syncName, retries);
        this.establishment = new Establishment(cluster, clock, retries);
        this.pruning = new Pruning(writer, fanout, retries);
    }

    /** As {@link #apply(Plan, Desired, Consent)} when nobody was asked. */
    public Outcome apply(Plan plan, Desired desired) {
        return apply(plan, desired, Consent.STANDARD);
    }

    /**
     * Writes what the plan says: one PATCH an object in the order of waves and dependencies, then deletes in reverse order. An object
     * that fails or is held stops itself and what depends on it; one that others wait for and that is not well yet stops those, and
     * nobody waits here for it. Deletes wait until everything else is applied.
     *
     * @param desired what the plan was made of
     * @throws ApiException when the inventory cannot be written; nothing else was written then. After
     *     {@link dev.trimtab.kube.ErrorClass#CONFLICT} the inventory has to be loaded anew
     */
    public Outcome apply(Plan plan, Desired desired, Consent consent) {
        Map<ObjectKey, Result.Held> holds =
                consent.approved() ? Map.of() : PlanGuards.holds(plan, desired, inventory.keys(), consent.guards());
        List<Change> writes = plan.changes().stream()
                .filter(change -> change.operation() != Operation.DELETE)
                .toList();
        List<Change> deletes = plan.changes().stream()
                .filter(change -> change.operation() == Operation.DELETE)
                .toList();
        inventory.intend(desired);

        Map<ObjectKey, Result> results = new TreeMap<>();
        Run run = new Run(plan, desired, writes);
        Awaited awaited = new Awaited(cluster, syncName, desired);
        for (List<Change> level : ApplyOrder.levels(writes, desired)) {
            Map<ObjectKey, Result> before = Map.copyOf(results);
            Map<ObjectKey, Result.Waiting> waits = awaited.waits(level, before);
            List<Result> written = fanout.map(
                    level,
                    change -> Optional.<Result>ofNullable(holds.get(change.object()))
                            .or(() -> Optional.ofNullable(waits.get(change.object())))
                            .orElseGet(() -> run.write(change, before)));
            for (int i = 0; i < level.size(); i++) {
                results.put(level.get(i).object(), written.get(i));
            }
        }
        pruning.run(plan, deletes, holds, results);
        Outcome outcome = new Outcome(plan, new TreeMap<>(results));
        settle(outcome, desired);
        return outcome;
    }

    /** One plan on its way. */
    private final class Run {

        private final Desired desired;
        private final Set<ObjectKey> unwell;
        private final Set<ObjectKey> created;
        private final Set<ObjectKey> needed;
        private final AtomicBoolean silent = new AtomicBoolean();

        Run(Plan plan, Desired desired, List<Change> writes) {
            this.desired = desired;
            this.unwell =
                    plan.problems().stream().map(Plan.ObjectProblem::object).collect(Collectors.toSet());
            this.created = writes.stream()
                    .filter(change -> change.operation() == Operation.CREATE)
                    .map(Change::object)
                    .collect(Collectors.toSet());
            this.needed = writes.stream()
                    .flatMap(change -> object(change).stream())
                    .flatMap(object -> object.dependsOn().stream())
                    .collect(Collectors.toSet());
        }

        Result write(Change change, Map<ObjectKey, Result> before) {
            Optional<DesiredObject> object = object(change);
            if (object.isEmpty()) {
                throw new IllegalArgumentException("the plan was not made of these objects: " + change.object());
            }
            Set<ObjectKey> dependencies = object.get().dependsOn();
            Optional<Result> blocked = dependencies.stream()
                    .sorted()
                    .filter(key -> unwell.contains(key)
                            || (before.containsKey(key) && !(before.get(key) instanceof Result.Applied)))
                    .findFirst()
                    .map(Result.Blocked::new);
            return blocked.orElseGet(
                    () -> write(change, object.get(), dependencies.stream().anyMatch(created::contains)));
        }

        private Result write(Change change, DesiredObject object, boolean placeIsNew) {
            if (silent.get()) {
                // One time limit is waited for, not one for every object.
                return new Result.Failed(
                        ApplyCode.UNREACHABLE, "not tried, because the server stopped answering", true);
            }
            Result result = writer.apply(change, object, placeIsNew);
            if (result instanceof Result.Failed failed && failed.code() == ApplyCode.UNREACHABLE) {
                silent.set(true);
            }
            return result instanceof Result.Applied && Establishment.isDefinition(object.key())
                    ? usable(object, result)
                    : result;
        }

        /** A definition that nothing in this plan waits for may take its time. */
        private Result usable(DesiredObject definition, Result applied) {
            if (!needed.contains(definition.key())) {
                return applied;
            }
            try {
                if (establishment.await(definition)) {
                    return applied;
                }
            } catch (ApiException e) {
                return new Result.Failed(ApplyCode.of(e.errorClass()), String.valueOf(e.getMessage()), true);
            }
            return new Result.Failed(
                    ApplyCode.NOT_ESTABLISHED,
                    "it was written, but the cluster did not serve its kind in time; look at its conditions with kubectl describe",
                    true);
        }

        private Optional<DesiredObject> object(Change change) {
            return Optional.ofNullable(desired.objects().get(change.object()));
        }
    }

    /** What is lost when this write fails costs requests of the next plan, nothing else. */
    private void settle(Outcome outcome, Desired desired) {
        Plan plan = outcome.plan();
        Map<ObjectKey, Digest> applied = new HashMap<>();
        Map<ObjectKey, Baseline> seen = new HashMap<>(plan.baselines());
        Set<ObjectKey> gone = new HashSet<>(plan.released().keySet());
        List<ObjectKey> asDesired = new ArrayList<>(plan.unchanged().keySet());
        outcome.results().forEach((key, result) -> {
            if (result instanceof Result.Applied written) {
                asDesired.add(key);
                written.baseline().ifPresent(baseline -> seen.put(key, baseline));
            } else if (result instanceof Result.Deleted) {
                gone.add(key);
            }
        });
        for (ObjectKey key : asDesired) {
            DesiredObject object = desired.objects().get(key);
            if (object != null) {
                applied.put(key, object.digest());
            }
        }
        boolean whole = plan.complete() && outcome.succeeded();
        try {
            inventory.settle(applied, seen, gone, whole ? Optional.of(plan.head()) : Optional.empty());
        } catch (ApiException e) {
            log.warn("inventory of {} was not brought up to date: {}", syncName, e.getMessage());
        }
    }
}
