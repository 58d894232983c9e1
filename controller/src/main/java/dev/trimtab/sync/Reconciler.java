package dev.trimtab.sync;

import dev.trimtab.apply.Outcome;
import dev.trimtab.apply.Result;
import dev.trimtab.kube.ApiException;
import dev.trimtab.kube.ErrorClass;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.plan.Change;
import dev.trimtab.plan.Plan;
import dev.trimtab.plan.PlanCode;
import dev.trimtab.render.Desired;
import dev.trimtab.source.Revision;
import dev.trimtab.sync.ClusterSync.Mode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Brings the cluster to what is in force: compares, carries out, and looks again at what somebody touched. */
final class Reconciler implements AutoCloseable {

    private final ClusterSync spec;
    private final String repository;
    private final SharedCluster cluster;
    private final InForce inForce;
    private final Clock clock;
    private final News news;
    private final Consumer<ObjectKey> onSuspect;
    private final Trouble clusterTrouble;
    private final Trouble applyTrouble;

    private Optional<Session> session = Optional.empty();
    private final Set<ObjectKey> suspects = new LinkedHashSet<>();
    private boolean due;

    /**
     * @param repository as it may be shown: without credentials
     * @param onSuspect told by watches, on other threads; what it was told comes back through {@link #suspect}
     */
    Reconciler(
            ClusterSync spec,
            String repository,
            SharedCluster cluster,
            InForce inForce,
            Clock clock,
            RandomGenerator random,
            News news,
            Consumer<ObjectKey> onSuspect) {
        this.spec = spec;
        this.repository = repository;
        this.cluster = cluster;
        this.inForce = inForce;
        this.clock = clock;
        this.news = news;
        this.onSuspect = onSuspect;
        this.clusterTrouble = new Trouble(random);
        this.applyTrouble = new Trouble(random);
    }

    List<Trouble> troubles() {
        return List.of(clusterTrouble, applyTrouble);
    }

    /** The next step compares everything that is not known to be as desired. */
    void request() {
        due = true;
    }

    /** As {@link #request}, where there is anything to compare with. */
    void requestIfInForce() {
        due = inForce.desired().isPresent();
    }

    /** There is something new to try: earlier failures are no reason to wait. */
    void forgetFailures() {
        applyTrouble.recovered();
    }

    void suspect(Set<ObjectKey> keys) {
        suspects.addAll(keys);
    }

    void step(Instant now) {
        if (clusterTrouble.waiting(now)) {
            return;
        }
        try {
            if (inForce.recallDue() && inForce.recall(session().lastApplied())) {
                due = true;
            }
            if (due && !applyTrouble.waiting(now)) {
                reconcile();
            } else if (!suspects.isEmpty()) {
                lookAgain();
            }
            if (clusterTrouble.recovered()) {
                news.tell(new SyncEvent.ClusterRecovered());
            }
        } catch (ApiException e) {
            // What one object did wrong is in the plan or the outcome; what ends up here concerns the whole cluster.
            requestIfInForce();
            if (e.errorClass() == ErrorClass.CONFLICT) {
                // Somebody else wrote our inventory: what we remember is no longer what the cluster knows.
                close();
            }
            Duration wait = clusterTrouble.failed(clock.instant());
            if (clusterTrouble.isNews()) {
                news.tell(new SyncEvent.ClusterFailed(String.valueOf(e.getMessage()), wait));
            }
        }
    }

    private void reconcile() {
        Desired desired = inForce.desired().orElseThrow();
        Session open = session();
        boolean moved = moved(open, desired);
        Plan plan = open.plan(repository, desired, spec.prune(), !moved);
        due = false;
        if (moved) {
            news.planned(plan);
        } else {
            // All that differs was changed while nobody looked.
            news.drifted(plan, plan.changes(), heals(), clock.instant());
        }
        if (spec.mode() == Mode.APPLY && (moved || spec.selfHeal())) {
            carryOut(open, plan, desired);
        } else if (mayPass(plan)) {
            tryAgain();
        }
    }

    /** Compares what somebody touched since it was last seen as desired. */
    private void lookAgain() {
        if (inForce.desired().isEmpty() || session.isEmpty()) {
            suspects.clear();
            return;
        }
        Desired desired = inForce.desired().get();
        Session open = session.get();
        suspects.removeAll(open.unchanged(desired));
        if (suspects.isEmpty()) {
            return;
        }
        Plan plan = open.plan(repository, desired, spec.prune(), true);
        // What of a revision is still to be applied, or waits for a person, is not drift.
        boolean moved = moved(open, desired);
        List<Change> touched = plan.changes().stream()
                .filter(change -> suspects.contains(change.object()))
                .filter(change -> !moved || open.wasAsDesired(desired, change.object()))
                .toList();
        suspects.clear();
        if (touched.isEmpty()) {
            if (!plan.complete()) {
                news.planned(plan);
                if (mayPass(plan)) {
                    tryAgain();
                }
            }
            return;
        }
        news.drifted(plan, touched, heals(), clock.instant());
        if (heals()) {
            carryOut(open, plan, desired);
        }
    }

    private static boolean moved(Session open, Desired desired) {
        return !open.lastApplied()
                .map(Revision::commit)
                .equals(Optional.of(desired.revision().commit()));
    }

    private boolean heals() {
        return spec.mode() == Mode.APPLY && spec.selfHeal();
    }

    private void carryOut(Session open, Plan plan, Desired desired) {
        Instant started = clock.instant();
        Outcome outcome = open.apply(plan, desired);
        if (!plan.changes().isEmpty()) {
            news.applied(outcome, Duration.between(started, clock.instant()));
        }
        if (outcome.succeeded() && plan.complete()) {
            open.recordApplied(desired.revision());
            applyTrouble.recovered();
        } else if (worthAnotherTry(outcome)) {
            tryAgain();
        }
    }

    private void tryAgain() {
        due = true;
        applyTrouble.failed(clock.instant());
    }

    private static boolean worthAnotherTry(Outcome outcome) {
        return outcome.results().values().stream()
                        .anyMatch(result -> result instanceof Result.Leaving
                                || (result instanceof Result.Failed failed && failed.retryable()))
                || mayPass(outcome.plan());
    }

    private static boolean mayPass(Plan plan) {
        return plan.problems().stream().anyMatch(problem -> problem.code() instanceof PlanCode code && code.mayPass());
    }

    private Session session() {
        if (session.isEmpty()) {
            if (spec.mode() == Mode.APPLY) {
                cluster.runWorkloads();
            }
            session = Optional.of(Session.open(cluster.client(), spec.name(), clock, onSuspect));
        }
        return session.get();
    }

    /** Ends the watches; the next step that needs the cluster opens a new session. */
    @Override
    public void close() {
        session.ifPresent(Session::close);
        session = Optional.empty();
    }
}
