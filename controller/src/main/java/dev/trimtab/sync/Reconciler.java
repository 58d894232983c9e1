package dev.trimtab.sync;

import dev.trimtab.apply.Consent;
import dev.trimtab.apply.Outcome;
import dev.trimtab.apply.Result;
import dev.trimtab.drift.Sighting;
import dev.trimtab.inplace.RolloutFinished;
import dev.trimtab.kube.ApiException;
import dev.trimtab.kube.ErrorClass;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.plan.Change;
import dev.trimtab.plan.Operation;
import dev.trimtab.plan.Plan;
import dev.trimtab.plan.PlanCode;
import dev.trimtab.plan.PodDetail;
import dev.trimtab.render.Desired;
import dev.trimtab.source.Revision;
import dev.trimtab.sync.ClusterSync.Mode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Brings the cluster to what is in force: compares, carries out, and looks again at what somebody touched. */
final class Reconciler implements AutoCloseable {

    private final ClusterSync spec;
    private final String repository;
    private final SharedCluster cluster;
    private final InForce inForce;
    private final Clock clock;
    private final News news;
    private final Knowledge knowledge;
    private final Inbox inbox;
    private final Gate gate;
    private final Healer healer;
    private final Trouble clusterTrouble;
    private final Trouble applyTrouble;

    private final Convalescence convalescence;
    private final Halts halts;
    private final Audit audit;
    private final NodeKeeper nodes;
    private Optional<Session> session = Optional.empty();
    private final Reachability reachability = new Reachability();
    /** This step plans what the last one left over. */
    private boolean leftOver;
    /** When what is held has to be looked at again. */
    private Optional<Instant> lookAt = Optional.empty();

    private final OrderBook orders;
    private final Set<ObjectKey> suspects = new LinkedHashSet<>();
    private boolean due;
    private boolean sessionWanted;

    /**
     * @param repository as it may be shown: without credentials
     * @param inbox told by watches, on other threads; what it was told comes back through {@link #suspect} and
     *     {@link #hearOrders}
     */
    Reconciler(
            ClusterSync spec,
            String repository,
            SharedCluster cluster,
            InForce inForce,
            Gate gate,
            Healer healer,
            NodeKeeper nodes,
            Clock clock,
            RandomGenerator random,
            News news,
            Inbox inbox,
            Knowledge knowledge) {
        this.spec = spec;
        this.repository = repository;
        this.cluster = cluster;
        this.inForce = inForce;
        this.clock = clock;
        this.news = news;
        this.inbox = inbox;
        this.knowledge = knowledge;
        this.gate = gate;
        this.healer = healer;
        this.clusterTrouble = new Trouble(random);
        this.applyTrouble = new Trouble(random);
        this.convalescence = new Convalescence(cluster.client(), spec, clock, news, inbox::health);
        this.halts = new Halts(news);
        this.audit = new Audit(spec.audit(), repository, random, news);
        this.nodes = nodes;
        this.orders = new OrderBook(spec.name(), news, inbox::orders);
    }

    List<Trouble> troubles() {
        return List.of(clusterTrouble, applyTrouble);
    }

    /** How often something failed here that is tried again; any thread may ask. */
    Map<RetryReason, Long> retries() {
        return Map.of(
                RetryReason.CLUSTER,
                clusterTrouble.total(),
                RetryReason.APPLY,
                applyTrouble.total(),
                RetryReason.NODES,
                nodes.retries());
    }

    /** How much the last step left to the next ones. */
    int left() {
        return suspects.size() + (due ? 1 : 0);
    }

    /** Whether the cluster told what was applied last; otherwise it is asked in the next step, which then lets the repository be asked. */
    boolean knowsApplied() {
        sessionWanted = session.isEmpty();
        return session.isPresent();
    }

    /** What was applied last, from a folder excepted. */
    Optional<Revision> applied() {
        return session.flatMap(Session::lastApplied)
                .filter(revision -> !revision.commit().equals(Revision.WORKTREE));
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
        healer.reset();
    }

    /** When the next step has to look again though nobody asks it to. */
    Stream<Instant> lookAt(Instant now) {
        return clusterTrouble.waiting(now)
                ? Stream.empty()
                : Stream.concat(
                        nodes.lookAt(now),
                        Stream.of(
                                        lookAt,
                                        reachability.askAt().filter(at -> session.isPresent()),
                                        convalescence.deadline(),
                                        audit.next().filter(at -> session.isPresent()))
                                .flatMap(Optional::stream));
    }

    void contactChanged(Instant now) {
        reachability.changed(cluster.silent(), now);
        if (!cluster.silent()) {
            clusterTrouble.waitNoLonger();
        }
    }

    /** What waits for health goes on where that came. */
    void healthChanged() {
        if (convalescence.goesOn()) {
            requestIfInForce();
        }
    }

    /** Those of them that are of this sync are told. */
    void rolloutsFinished(List<RolloutFinished> rollouts) {
        inForce.desired()
                .ifPresent(desired -> halts.finished(rollouts, desired.objects().keySet()));
    }

    /** A watch showed a node that is not what it was. */
    void nodesChanged() {
        nodes.changed();
    }

    /** When what drifted and has to wait may be put back. */
    Optional<Instant> healAt() {
        return healer.wakeAt();
    }

    /** Follows what a person told the sync; true when the repository is to be asked now too. */
    boolean hearOrders() {
        requestIfInForce();
        nodes.request();
        applyTrouble.recovered();
        Optional<Orders.Request> wish = orders.wish();
        if (wish.isPresent()) {
            clusterTrouble.waitNoLonger();
            healer.reset();
        }
        if (wish.filter(Orders.Request::hard).isPresent()) {
            closeSession();
        }
        return wish.isPresent();
    }

    /** The step is through, and with it what somebody asked for; what the cluster did not answer is asked again. */
    void stepped(Instant now) {
        if (!clusterTrouble.waiting(now)) {
            orders.looked();
        }
    }

    void suspect(Set<ObjectKey> keys) {
        suspects.addAll(keys);
    }

    void step(Instant now) {
        suspects.addAll(healer.due(now));
        if (clusterTrouble.waiting(now)) {
            return;
        }
        try {
            if (session.isPresent() && reachability.due(now)) {
                meet();
            }
            if (sessionWanted) {
                session();
                sessionWanted = false;
                inbox.poll();
            }
            if (inForce.recallDue() && inForce.recall(session().lastApplied())) {
                due = true;
            }
            if (lookAt.filter(at -> !now.isBefore(at)).isPresent()) {
                lookAt = Optional.empty();
                requestIfInForce();
            }
            keepNodes(now);
            if (due && !applyTrouble.waiting(now)) {
                reconcile();
            } else if (!suspects.isEmpty()) {
                lookAgain();
            }
            convalescence.look(now);
            inForce.desired()
                    .ifPresent(desired ->
                            halts.look(cluster.halted(), desired.objects().keySet()));
            if (session.isPresent() && inForce.desired().isPresent()) {
                audit.step(session.get(), inForce.desired().get(), now).forEach(inbox::suspect);
            }
            if (clusterTrouble.recovered()) {
                news.tell(new SyncEvent.ClusterRecovered());
            }
            knowledge.open(due || !suspects.isEmpty());
        } catch (ApiException e) {
            // What one object did wrong is in the plan or the outcome; what ends up here concerns the whole cluster.
            requestIfInForce();
            knowledge.open(true);
            if (e.errorClass() == ErrorClass.CONFLICT) {
                // Somebody else wrote our inventory: what we remember is no longer what the cluster knows.
                closeSession();
            }
            Duration wait = clusterTrouble.failed(clock.instant());
            if (clusterTrouble.isNews()) {
                news.tell(new SyncEvent.ClusterFailed(String.valueOf(e.getMessage()), wait));
            }
        }
    }

    /** Before the objects: labels and taints decide where pods may go. */
    private void keepNodes(Instant now) {
        if (inForce.desired().isPresent()) {
            Revision head = inForce.desired().get().revision();
            Optional<Revision> applied = inForce.nodes().isPresent() ? session().lastApplied() : Optional.empty();
            nodes.step(inForce.nodes(), new NodeKeeper.Standing(head, applied, orders.orders()), now)
                    .ifPresent(orders::consumeApproval);
        }
    }

    /** One request: watches alone do not tell whom they watch. */
    private void meet() {
        Optional<String> uid = cluster.client().uid();
        Optional<String> was = reachability.met(uid);
        if (was.isPresent()) {
            news.tell(new SyncEvent.ClusterReplaced(was.get(), uid.orElse("")));
            cluster.replacedBy(uid.orElse(""));
            close();
            nodes.forgetTold();
            suspects.clear();
            requestIfInForce();
        }
    }

    private void reconcile() {
        Desired desired = inForce.desired().orElseThrow();
        Session open = session();
        boolean moved = moved(open, desired);
        Map<ObjectKey, Sighting> before = open.sightings(desired.objects().keySet());
        Plan plan = open.plan(repository, desired, spec.prune(), !moved);
        reachability.know(plan.cluster().uid());
        due = false;
        if (plan.complete()) {
            knowledge.compared(plan.readAt());
        }
        healer.compared(desired.objects().keySet(), desired.objects().keySet(), plan);
        if (moved || plan.changes().isEmpty()) {
            news.planned(plan);
        }
        // Where Git did not move, all that differs was changed while nobody looked.
        Plan permitted = moved ? plan : permitted(open, plan, plan.changes(), before);
        if (wanted(moved, plan)) {
            carryOut(open, permitted, desired);
        } else if (mayPass(plan)) {
            tryAgain();
        }
        tellSettled(open, desired);
    }

    private void tellSettled(Session open, Desired desired) {
        if (!moved(open, desired)) {
            news.settled(desired.revision());
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
        Set<ObjectKey> touched = Set.copyOf(suspects);
        suspects.clear();
        Map<ObjectKey, Sighting> before = open.sightings(touched);
        // What of a revision is still to be applied, or waits for a person, is not drift.
        boolean moved = moved(open, desired);
        Plan plan = moved || needsWholePlan(desired, touched)
                ? open.plan(repository, desired, spec.prune(), true)
                : open.look(repository, desired, touched);
        healer.compared(desired.objects().keySet(), touched, plan);
        if (!plan.complete()) {
            news.planned(plan);
            if (mayPass(plan)) {
                tryAgain();
            }
        } else {
            news.complete(plan);
        }
        List<Change> drifted = plan.changes().stream()
                .filter(change -> touched.contains(change.object()))
                .filter(change -> !moved || open.wasAsDesired(desired, change.object()))
                .toList();
        Plan permitted = permitted(open, plan, drifted, before);
        if (!drifted.isEmpty() && !permitted.changes().isEmpty() && wanted(false, plan)) {
            // Part of a revision must not pass for the whole of it.
            carryOut(open, moved ? plan : permitted, desired);
            tellSettled(open, desired);
        }
    }

    /** What Git no longer holds is settled by a plan of everything, and a person approves nothing less. */
    private boolean needsWholePlan(Desired desired, Set<ObjectKey> touched) {
        return spec.mode() == Mode.PLAN || !desired.objects().keySet().containsAll(touched);
    }

    /** What of a plan may be written now: all of it but what drifted and has to wait. A person's word is for the whole. */
    private Plan permitted(Session open, Plan plan, List<Change> drifted, Map<ObjectKey, Sighting> before) {
        List<Change> ours = drifted.stream()
                .filter(change -> change.operation() != Operation.DELETE)
                .toList();
        Set<ObjectKey> permitted = healer.found(open, plan, ours, before, heals(open, plan));
        return spec.mode() == Mode.PLAN || orders.orders().approves(plan.id())
                ? plan
                : plan.only(change -> !ours.contains(change) || permitted.contains(change.object()));
    }

    private static boolean moved(Session open, Desired desired) {
        return !open.lastApplied()
                .map(Revision::commit)
                .equals(Optional.of(desired.revision().commit()));
    }

    /** Whether the sync should write the plan, if it may. */
    private boolean wanted(boolean moved, Plan plan) {
        return spec.mode() != Mode.OBSERVE
                && (moved || spec.selfHeal() || orders.orders().approves(plan.id()));
    }

    private boolean heals(Session open, Plan plan) {
        return wanted(false, plan)
                && gate.closed(plan, open.lastApplied(), orders.orders(), clock.instant())
                        .isEmpty();
    }

    private void carryOut(Session open, Plan plan, Desired desired) {
        Instant started = clock.instant();
        Optional<Hold> closed = gate.closed(plan, open.lastApplied(), orders.orders(), started);
        if (closed.isPresent()) {
            news.held(plan, List.of(closed.get()));
            lookAt = gate.nextLook(orders.orders(), started);
            return;
        }
        boolean approved = orders.orders().approves(plan.id());
        Outcome outcome = apply(open, plan, desired, new Consent(spec.policy().guards(), approved));
        healer.applied(outcome);
        convalescence.applied(outcome, desired);
        List<Hold> holds = Gate.heldBack(outcome, orders.orders());
        if (outcome.results().values().stream().anyMatch(result -> !(result instanceof Result.Held))) {
            news.applied(outcome, Duration.between(started, clock.instant()));
        }
        if (holds.isEmpty()) {
            news.released();
        } else if (progressed(outcome) && !leftOver) {
            // An approval has to name a plan of what is left, and only the cluster knows what that is by now. Once:
            // what
            // never comes to rest must not keep us going.
            leftOver = true;
            lookAt = Optional.of(started);
        } else {
            leftOver = false;
            news.held(plan, holds);
        }
        if (outcome.succeeded() && plan.complete()) {
            open.recordApplied(desired.revision());
            applyTrouble.recovered();
        } else if (worthAnotherTry(outcome)) {
            tryAgain();
        }
        if (approved) {
            orders.consumeApproval(plan.id());
        }
    }

    private Outcome apply(Session open, Plan plan, Desired desired, Consent consent) {
        knowledge.applying(true);
        try {
            return open.apply(plan, desired, consent);
        } finally {
            knowledge.applying(false);
        }
    }

    private static boolean progressed(Outcome outcome) {
        return outcome.results().values().stream()
                .anyMatch(result -> result instanceof Result.Applied || result instanceof Result.Deleted);
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
            if (spec.mode() != Mode.OBSERVE) {
                cluster.runWorkloads();
            }
            orders.open(cluster.client());
            session = Optional.of(Session.open(
                    cluster.client(),
                    cluster.claims(),
                    spec.name(),
                    // Where nobody is asked first, the names of pods are not worth their requests.
                    spec.mode() == Mode.APPLY ? PodDetail.COUNT : PodDetail.NAMES,
                    spec.updatePolicy(),
                    clock,
                    inbox::suspect));
            knowledge.hears(session.get()::heard);
        }
        return session.get();
    }

    /** Ends the watches; the next step that needs the cluster opens a new session. */
    @Override
    public void close() {
        closeSession();
        orders.close();
    }

    private void closeSession() {
        convalescence.close();
        nodes.close();
        session.ifPresent(Session::close);
        session = Optional.empty();
        knowledge.hears(Optional::empty);
    }
}
