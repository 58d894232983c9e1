package dev.trimtab.sync;

import dev.trimtab.apply.Outcome;
import dev.trimtab.apply.Result;
import dev.trimtab.definition.Definition;
import dev.trimtab.definition.Definitions;
import dev.trimtab.definition.Limits;
import dev.trimtab.drift.Drift;
import dev.trimtab.kube.ApiException;
import dev.trimtab.kube.ErrorClass;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.plan.Change;
import dev.trimtab.plan.Plan;
import dev.trimtab.plan.PlanCode;
import dev.trimtab.render.Desired;
import dev.trimtab.render.Renderer;
import dev.trimtab.source.RepoTree;
import dev.trimtab.source.Revision;
import dev.trimtab.source.Source;
import dev.trimtab.source.SourceException;
import dev.trimtab.sync.ClusterSync.Mode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the stations for one source and one cluster, on one thread. Polls, drift and retries come in through an inbox; what
 * waits (a rollout, a backoff) comes back as an event and blocks nothing.
 *
 * <p>A revision that cannot be read changes nothing: the last good one stays in force, and drift from it is still healed.
 */
public final class Sync implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Sync.class);

    private static final Duration DEBOUNCE = Duration.ofMillis(200);

    private final ClusterSync spec;
    private final Source source;
    private final SharedCluster cluster;
    private final Schedule schedule;
    private final Clock clock;
    private final SyncListener listener;
    private final Definitions definitions = new Definitions(Limits.DEFAULT);
    private final Renderer renderer = new Renderer();
    private final Inbox inbox = new Inbox(DEBOUNCE);
    private final Trouble sourceTrouble;
    private final Trouble clusterTrouble;
    private final Trouble applyTrouble;
    /** What should not happen at all. */
    private final Trouble ownTrouble;

    private final Thread thread;

    private boolean pollDue;
    private Optional<Revision> head = Optional.empty();
    /** The last revision that was read to its end; one that was not is read again. */
    private Optional<Revision> read = Optional.empty();

    private Optional<Desired> inForce = Optional.empty();
    /** Nothing is in force because the first revision was refused: the one that an earlier process applied has to be looked for. */
    private boolean recallDue;

    private Optional<Session> session = Optional.empty();
    private final Set<ObjectKey> suspects = new LinkedHashSet<>();
    private boolean due;
    private Optional<ToldPlan> toldPlan = Optional.empty();
    private Optional<ToldFailure> toldFailure = Optional.empty();

    private record ToldPlan(String id, List<Plan.ObjectProblem> problems) {}

    private record ToldFailure(String planId, SortedMap<ObjectKey, Result> results) {}

    public Sync(
            ClusterSync spec,
            Source source,
            SharedCluster cluster,
            Schedule schedule,
            Clock clock,
            RandomGenerator random,
            SyncListener listener) {
        this.spec = spec;
        this.source = source;
        this.cluster = cluster;
        this.schedule = schedule;
        this.clock = clock;
        this.listener = listener;
        this.sourceTrouble = new Trouble(random);
        this.clusterTrouble = new Trouble(random);
        this.applyTrouble = new Trouble(random);
        this.ownTrouble = new Trouble(random);
        this.thread = new Thread(this::run, "sync-" + spec.name());
        this.thread.setDaemon(true);
    }

    /** Starts the thread and the polls. */
    public void start() {
        thread.start();
        schedule.every("poll-" + spec.name(), spec.interval(), inbox::poll);
    }

    private void run() {
        try {
            while (true) {
                Inbox.Batch batch = inbox.take();
                if (batch.stopped()) {
                    return;
                }
                Instant now = clock.instant();
                try {
                    step(batch, now);
                    if (!ownTrouble.waiting(now)) {
                        ownTrouble.recovered();
                    }
                } catch (RuntimeException e) {
                    // Whatever it is, the next event must still be looked at.
                    ownTrouble.failed(clock.instant());
                    due = inForce.isPresent();
                    if (ownTrouble.isNews()) {
                        tell(new SyncEvent.Broken(String.valueOf(e), e));
                    }
                }
                wakeForTroubles(now);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            session.ifPresent(Session::close);
            source.close();
        }
    }

    private void step(Inbox.Batch batch, Instant now) {
        suspects.addAll(batch.suspects());
        pollDue = pollDue || batch.poll();
        if (ownTrouble.waiting(now)) {
            return;
        }
        if (pollDue && !sourceTrouble.waiting(now)) {
            pollDue = false;
            poll();
        }
        if (clusterTrouble.waiting(now)) {
            return;
        }
        try {
            if (recallDue) {
                recall();
            }
            if (due && !applyTrouble.waiting(now)) {
                reconcile();
            } else if (!suspects.isEmpty()) {
                lookAgain();
            }
            if (clusterTrouble.recovered()) {
                tell(new SyncEvent.ClusterRecovered());
            }
        } catch (ApiException e) {
            // What one object did wrong is in the plan or the outcome; what ends up here concerns the whole cluster.
            due = inForce.isPresent();
            if (e.errorClass() == ErrorClass.CONFLICT) {
                // Somebody else wrote our inventory: what we remember is no longer what the cluster knows.
                session.ifPresent(Session::close);
                session = Optional.empty();
            }
            Duration wait = clusterTrouble.failed(clock.instant());
            if (clusterTrouble.isNews()) {
                tell(new SyncEvent.ClusterFailed(String.valueOf(e.getMessage()), wait));
            }
        }
    }

    /** Comes back when the first of the waits that hold something up is over. */
    private void wakeForTroubles(Instant stepBegan) {
        Stream.of(sourceTrouble, clusterTrouble, applyTrouble, ownTrouble)
                .flatMap(trouble -> trouble.waitingUntil(stepBegan).stream())
                .min(Comparator.naturalOrder())
                .map(end -> Duration.between(clock.instant(), end))
                .ifPresent(wait -> inbox.wakeAfter(wait.isNegative() ? Duration.ZERO : wait));
    }

    private void poll() {
        try {
            Revision revision = source.poll(head);
            boolean known = head.map(Revision::commit).equals(Optional.of(revision.commit()));
            if (!known) {
                head = Optional.of(revision);
                tell(new SyncEvent.RevisionFound(revision));
                applyTrouble.recovered();
            }
            if (!read.map(Revision::commit).equals(Optional.of(revision.commit()))) {
                due = readDefinition(revision) || due;
                read = Optional.of(revision);
            }
            if (sourceTrouble.recovered()) {
                tell(new SyncEvent.SourceRecovered());
            }
        } catch (SourceException e) {
            pollDue = true;
            Duration wait = sourceTrouble.failed(clock.instant());
            if (sourceTrouble.isNews()) {
                tell(new SyncEvent.SourceFailed(String.valueOf(e.getMessage()), wait));
            }
        }
    }

    /** Reads and renders a revision; false when the cluster need not be asked. */
    private boolean readDefinition(Revision revision) {
        try (RepoTree tree = source.tree(revision)) {
            if (read.isPresent()
                    && inForce.isPresent()
                    && tree.since(read.get(), spec.source().path()).isEmpty()) {
                tell(new SyncEvent.OutsidePath(revision));
                return false;
            }
            Definition definition = definition(tree);
            if (definition.refused()) {
                tell(new SyncEvent.Refused(revision, definition.problems()));
                recallDue = inForce.isEmpty();
                return false;
            }
            if (!definition.problems().isEmpty()) {
                tell(new SyncEvent.Warned(revision, definition.problems()));
            }
            inForce = Optional.of(renderer.render(definition, spec.name()));
            recallDue = false;
            return true;
        }
    }

    private Definition definition(RepoTree tree) {
        return renderer.check(definitions.read(tree, spec.source().path()));
    }

    /** Puts the revision in force again that an earlier process applied, where the mirror still has it. */
    private void recall() {
        Optional<Revision> applied = session().lastApplied();
        recallDue = false;
        if (applied.isEmpty() || applied.get().commit().equals(Revision.WORKTREE)) {
            return;
        }
        try (RepoTree tree = source.tree(applied.get())) {
            Definition definition = definition(tree);
            if (!definition.refused()) {
                inForce = Optional.of(renderer.render(definition, spec.name()));
                due = true;
            }
        } catch (SourceException e) {
            // A history that was rewritten, or a mirror that was lost: then nothing is in force until a good revision
            // comes.
            log.info(
                    "{}: {} cannot be read any more", spec.name(), applied.get().shortCommit());
        }
    }

    private void reconcile() {
        Desired desired = inForce.orElseThrow();
        Session open = session();
        boolean moved = moved(open, desired);
        Plan plan = open.plan(source.repository(), desired, spec.prune(), !moved);
        due = false;
        if (moved) {
            tellPlanned(plan);
        } else {
            // All that differs was changed while nobody looked.
            tellDrift(plan, plan.changes());
        }
        if (spec.mode() == Mode.APPLY && (moved || spec.selfHeal())) {
            carryOut(open, plan, desired);
        } else if (mayPass(plan)) {
            tryAgain();
        }
    }

    /** Compares what somebody touched since it was last seen as desired. */
    private void lookAgain() {
        if (inForce.isEmpty() || session.isEmpty()) {
            suspects.clear();
            return;
        }
        Desired desired = inForce.get();
        Session open = session.get();
        suspects.removeAll(open.unchanged(desired));
        if (suspects.isEmpty()) {
            return;
        }
        Plan plan = open.plan(source.repository(), desired, spec.prune(), true);
        // What of a revision is still to be applied, or waits for a person, is not drift.
        boolean moved = moved(open, desired);
        List<Change> touched = plan.changes().stream()
                .filter(change -> suspects.contains(change.object()))
                .filter(change -> !moved || open.wasAsDesired(desired, change.object()))
                .toList();
        suspects.clear();
        if (touched.isEmpty()) {
            if (!plan.complete()) {
                tellPlanned(plan);
                if (mayPass(plan)) {
                    tryAgain();
                }
            }
            return;
        }
        tellDrift(plan, touched);
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

    private void tellDrift(Plan plan, List<Change> changes) {
        if (changes.isEmpty()) {
            tellPlanned(plan);
            return;
        }
        Instant now = clock.instant();
        tell(new SyncEvent.DriftFound(
                changes.stream().map(change -> Drift.of(change, now)).toList(), plan, heals()));
    }

    private void carryOut(Session open, Plan plan, Desired desired) {
        Instant started = clock.instant();
        Outcome outcome = open.apply(plan, desired);
        if (!plan.changes().isEmpty()) {
            tellApplied(outcome, Duration.between(started, clock.instant()));
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
                        .anyMatch(result -> result instanceof Result.Failed failed && failed.retryable())
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
            session = Optional.of(Session.open(cluster.client(), spec.name(), clock, inbox::suspect));
        }
        return session.get();
    }

    /** What is tried again and comes out the same is not told again. */
    private void tellPlanned(Plan plan) {
        ToldPlan news = new ToldPlan(plan.id(), plan.problems());
        if (!toldPlan.equals(Optional.of(news))) {
            tell(new SyncEvent.Planned(plan));
        }
        toldPlan = Optional.of(news);
    }

    private void tellApplied(Outcome outcome, Duration took) {
        Optional<ToldFailure> news = outcome.succeeded()
                ? Optional.empty()
                : Optional.of(new ToldFailure(outcome.plan().id(), outcome.results()));
        if (news.isEmpty() || !news.equals(toldFailure)) {
            tell(new SyncEvent.Applied(outcome, took));
        }
        toldFailure = news;
    }

    private void tell(SyncEvent event) {
        listener.on(spec.name(), event);
    }

    /** Stops after the step at hand. */
    @Override
    public void close() {
        inbox.stop();
        try {
            thread.join(Duration.ofSeconds(10).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
