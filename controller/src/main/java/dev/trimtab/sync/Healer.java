package dev.trimtab.sync;

import dev.trimtab.apply.Outcome;
import dev.trimtab.apply.Result;
import dev.trimtab.drift.Drift;
import dev.trimtab.drift.Drifts;
import dev.trimtab.drift.Healing;
import dev.trimtab.drift.Healing.Verdict;
import dev.trimtab.drift.Sighting;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.kube.Ownership;
import dev.trimtab.plan.Change;
import dev.trimtab.plan.Operation;
import dev.trimtab.plan.Plan;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Keeps the list of what drifted, and says what of it may be put back now. */
final class Healer {

    private final String manager;
    private final Drifts drifts;
    private final Clock clock;
    private final News news;
    private final Healing healing;
    /** Objects whose fields were set back too often to be healed at once, and until when they wait. */
    private final Map<ObjectKey, Instant> waiting = new HashMap<>();

    Healer(String sync, Drifts drifts, Healing healing, Clock clock, News news) {
        this.manager = Ownership.fieldManager(sync);
        this.drifts = drifts;
        this.healing = healing;
        this.clock = clock;
        this.news = news;
    }

    /** Git moved: nothing that was fought over, or waits, is what it was. */
    void reset() {
        healing.reset();
        waiting.clear();
    }

    /** Objects whose wait is over. */
    Set<ObjectKey> due(Instant now) {
        Set<ObjectKey> due = new HashSet<>();
        waiting.forEach((key, until) -> {
            if (!now.isBefore(until)) {
                due.add(key);
            }
        });
        waiting.keySet().removeAll(due);
        return due;
    }

    /** When the first wait is over. */
    Optional<Instant> wakeAt() {
        return waiting.values().stream().min(Comparator.naturalOrder());
    }

    /**
     * Records what was found, and tells what of it is news.
     *
     * @param changes of the plan, those that Git did not ask for
     * @param before how the watch showed the objects before they were compared
     * @param heals whether what drifted is to be put back at all
     * @return the objects that may be put back now
     */
    Set<ObjectKey> found(
            Session open, Plan plan, Collection<Change> changes, Map<ObjectKey, Sighting> before, boolean heals) {
        Instant now = clock.instant();
        Set<ObjectKey> permitted = new HashSet<>();
        List<Drift> healed = new ArrayList<>();
        List<Drift> left = new ArrayList<>();
        List<ObjectKey> harmless = new ArrayList<>();
        for (Change change : changes) {
            ObjectKey key = change.object();
            Sighting sighting = before.getOrDefault(key, new Sighting(now, "", Optional.empty()));
            if (!heals && isUnseenOwnership(change, sighting)) {
                // The watch is about to show it, and asks for a look then.
                continue;
            }
            if (!heals && Drift.isHarmless(change, sighting, manager)) {
                open.tolerate(key, sighting);
                harmless.add(key);
                continue;
            }
            Drift drift = Drift.of(change, sighting, manager);
            Verdict verdict = verdict(drift, now);
            if (verdict == Verdict.FIGHT) {
                drift = drift.fight();
            }
            if (!heals || verdict == Verdict.FIGHT) {
                open.contest(key, drift.paths(), sighting);
            }
            if (heals && verdict == Verdict.NOW) {
                permitted.add(key);
            }
            List<Drift> told = heals && verdict != Verdict.FIGHT ? healed : left;
            drifts.put(drift).ifPresent(told::add);
        }
        news.drifted(healed, plan, true);
        news.drifted(left, plan, false);
        asDesired(harmless);
        return permitted;
    }

    private static boolean isUnseenOwnership(Change change, Sighting sighting) {
        return change.operation() == Operation.PATCH
                && change.fields().isEmpty()
                && sighting.metadata().isEmpty();
    }

    private Verdict verdict(Drift drift, Instant now) {
        ObjectKey key = drift.object();
        healing.ended(key, drift.paths());
        waiting.remove(key);
        Set<Verdict> verdicts = new HashSet<>();
        drift.paths().forEach(path -> verdicts.add(healing.verdict(key, path, now)));
        if (verdicts.contains(Verdict.FIGHT)) {
            return Verdict.FIGHT;
        }
        if (verdicts.contains(Verdict.LATER)) {
            healing.due(key, drift.paths(), now).ifPresent(until -> waiting.put(key, until));
            return Verdict.LATER;
        }
        return Verdict.NOW;
    }

    /**
     * A plan was made of some objects: those that it neither changes nor cannot compare are as desired, without a write of ours.
     *
     * @param desired all that Git holds
     */
    void compared(Set<ObjectKey> desired, Set<ObjectKey> objects, Plan plan) {
        drifts.retain(desired);
        Set<ObjectKey> same = new HashSet<>(objects);
        plan.changes().forEach(change -> same.remove(change.object()));
        plan.problems().forEach(problem -> same.remove(problem.object()));
        asDesired(same);
    }

    private void asDesired(Collection<ObjectKey> objects) {
        List<Drift> ended = new ArrayList<>();
        for (ObjectKey key : objects) {
            healing.ended(key, Set.of());
            waiting.remove(key);
            drifts.clear(key).ifPresent(ended::add);
        }
        news.driftEnded(ended, false);
    }

    /** What was written is as desired now. */
    void applied(Outcome outcome) {
        Instant now = clock.instant();
        List<Drift> ended = new ArrayList<>();
        outcome.results().forEach((key, result) -> {
            if (result instanceof Result.Applied) {
                drifts.clear(key).ifPresent(drift -> {
                    healing.healed(key, drift.paths(), now);
                    ended.add(drift);
                });
            }
        });
        news.driftEnded(ended, true);
    }
}
