package dev.trimtab.sync;

import dev.trimtab.apply.Outcome;
import dev.trimtab.apply.Result;
import dev.trimtab.drift.Drift;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.plan.Plan;
import dev.trimtab.source.Revision;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** Tells what is new: what is tried again and comes out the same is not told again. */
final class News {

    private final String sync;
    private final SyncListener listener;
    private final Clock clock;
    private final StatusFold status;
    private Optional<Revision> toldSettled = Optional.empty();
    private Optional<ToldPlan> toldPlan = Optional.empty();
    private Optional<ToldFailure> toldFailure = Optional.empty();
    private Optional<SyncEvent.Held> toldHeld = Optional.empty();

    private record ToldPlan(String id, List<Plan.ObjectProblem> problems) {}

    private record ToldFailure(String planId, SortedMap<ObjectKey, Result> results) {}

    News(ClusterSync spec, SyncListener listener, Clock clock) {
        this.sync = spec.name();
        this.status = new StatusFold(spec.mode());
        this.listener = listener;
        this.clock = clock;
    }

    void tell(SyncEvent event) {
        if (event instanceof SyncEvent.ClusterReplaced) {
            toldSettled = Optional.empty();
        }
        listener.on(sync, event);
        status.after(event, clock.instant())
                .ifPresent(changed -> listener.on(sync, new SyncEvent.StatusChanged(changed)));
    }

    /** The cluster was brought to this revision, by this process or an earlier one. */
    void settled(Revision revision) {
        if (!toldSettled.map(Revision::commit).equals(Optional.of(revision.commit()))) {
            toldSettled = Optional.of(revision);
            tell(new SyncEvent.Settled(revision));
        }
    }

    void planned(Plan plan) {
        ToldPlan news = new ToldPlan(plan.id(), plan.problems());
        if (!toldPlan.equals(Optional.of(news))) {
            tell(new SyncEvent.Planned(plan));
        }
        toldPlan = Optional.of(news);
    }

    /** A plan that could be made to its end, after one that could not, is news though it says nothing else. */
    void complete(Plan plan) {
        if (toldPlan.filter(told -> !told.problems().isEmpty()).isPresent()) {
            planned(plan);
        }
    }

    void held(Plan plan, List<Hold> holds) {
        SyncEvent.Held news = new SyncEvent.Held(plan, holds);
        if (!toldHeld.filter(told -> same(told, news)).isPresent()) {
            tell(news);
        }
        toldHeld = Optional.of(news);
    }

    void released() {
        toldHeld.ifPresent(told -> tell(new SyncEvent.Released(told.holds())));
        toldHeld = Optional.empty();
    }

    /** Which plan it is matters only to one who may approve it. */
    private static boolean same(SyncEvent.Held told, SyncEvent.Held news) {
        boolean approvable = news.holds().stream().anyMatch(Hold::approvable);
        return told.holds().equals(news.holds())
                && (!approvable || told.plan().id().equals(news.plan().id()));
    }

    void drifted(List<Drift> drifts, Plan plan, boolean healing) {
        if (!drifts.isEmpty()) {
            tell(new SyncEvent.DriftFound(drifts, plan, healing));
        }
    }

    void driftEnded(List<Drift> drifts, boolean healed) {
        if (!drifts.isEmpty()) {
            tell(new SyncEvent.DriftEnded(drifts, healed));
        }
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
