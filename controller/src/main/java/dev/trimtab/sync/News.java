package dev.trimtab.sync;

import dev.trimtab.apply.Outcome;
import dev.trimtab.apply.Result;
import dev.trimtab.drift.Drift;
import dev.trimtab.drift.Sighting;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.kube.Ownership;
import dev.trimtab.plan.Change;
import dev.trimtab.plan.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** Tells what is new: what is tried again and comes out the same is not told again. */
final class News {

    private final String sync;
    private final SyncListener listener;
    private Optional<ToldPlan> toldPlan = Optional.empty();
    private Optional<ToldFailure> toldFailure = Optional.empty();

    private record ToldPlan(String id, List<Plan.ObjectProblem> problems) {}

    private record ToldFailure(String planId, SortedMap<ObjectKey, Result> results) {}

    News(String sync, SyncListener listener) {
        this.sync = sync;
        this.listener = listener;
    }

    void tell(SyncEvent event) {
        listener.on(sync, event);
    }

    void planned(Plan plan) {
        ToldPlan news = new ToldPlan(plan.id(), plan.problems());
        if (!toldPlan.equals(Optional.of(news))) {
            tell(new SyncEvent.Planned(plan));
        }
        toldPlan = Optional.of(news);
    }

    void drifted(Plan plan, List<Change> changes, boolean healing, Instant now) {
        if (changes.isEmpty()) {
            planned(plan);
            return;
        }
        tell(new SyncEvent.DriftFound(
                changes.stream()
                        .map(change ->
                                Drift.of(change, new Sighting(now, "", Optional.empty()), Ownership.fieldManager(sync)))
                        .toList(),
                plan,
                healing));
    }

    void applied(Outcome outcome, Duration took) {
        Optional<ToldFailure> news = outcome.succeeded()
                ? Optional.empty()
                : Optional.of(new ToldFailure(outcome.plan().id(), outcome.results()));
        if (news.isEmpty() || !news.equals(toldFailure)) {
            tell(new SyncEvent.Applied(outcome, took));
        }
        toldFailure = news;
    }
}
