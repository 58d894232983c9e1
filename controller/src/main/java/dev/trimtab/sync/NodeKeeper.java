package dev.trimtab.sync;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.drift.Healing;
import dev.trimtab.drift.Healing.Verdict;
import dev.trimtab.kube.ApiException;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.Informer;
import dev.trimtab.kube.ErrorClass;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.nodes.DeclaredNodes;
import dev.trimtab.nodes.DrainTerms;
import dev.trimtab.nodes.FactsReader;
import dev.trimtab.nodes.NodeChange;
import dev.trimtab.nodes.NodeFingerprints;
import dev.trimtab.nodes.NodeOutcome;
import dev.trimtab.nodes.NodePlan;
import dev.trimtab.nodes.Nodes;
import dev.trimtab.nodes.Observation;
import dev.trimtab.nodes.Surroundings;
import dev.trimtab.plan.FieldChange;
import dev.trimtab.source.Revision;
import dev.trimtab.sync.ClusterSync.Mode;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Keeps the nodes of one sync's cluster as its definition says, by a watch of them. What else tells of nodes (kubeadm's ConfigMaps,
 * Leases, tokens) is read when the definition changes and when a person asks: at rest nothing is.
 */
final class NodeKeeper implements AutoCloseable {

    private static final DrainTerms DRAIN = DrainTerms.CONTROLLER;

    private final ClusterSync spec;
    private final ClusterClient cluster;
    private final Gate gate;
    private final Clock clock;
    private final News news;
    private final Runnable changed;
    private final Nodes nodes;
    private final Healing healing;
    private final Trouble trouble;

    private Optional<Informer> watch = Optional.empty();
    private Optional<DeclaredNodes> declared = Optional.empty();
    private Optional<Surroundings> surroundings = Optional.empty();
    private Map<String, Object> seen = Map.of();
    private Optional<Instant> lookAt = Optional.empty();
    private boolean due;
    /** The last look changed nodes, so that they are no more as they were seen. */
    private boolean wrote;
    /** Git moved, and what it says has not been brought to the nodes since. */
    private boolean owed;

    private Map<String, Observation> told = new LinkedHashMap<>();
    private boolean toldOnce;
    private Optional<String> toldHeld = Optional.empty();
    private Optional<NodeOutcome> toldFailure = Optional.empty();
    private List<String> toldDrain = List.of();

    /** @param changed runs on the watch's thread; must only enqueue */
    NodeKeeper(
            ClusterSync spec,
            ClusterClient cluster,
            Gate gate,
            Healing healing,
            Clock clock,
            RandomGenerator random,
            News news,
            Runnable changed) {
        this.spec = spec;
        this.cluster = cluster;
        this.gate = gate;
        this.healing = healing;
        this.clock = clock;
        this.news = news;
        this.changed = changed;
        this.nodes = new Nodes(cluster, spec.name(), clock);
        this.trouble = new Trouble(random);
    }

    /** How often nodes could not be read or written, and that was tried again; any thread may ask. */
    long retries() {
        return trouble.total();
    }

    /** The watch showed something. */
    void changed() {
        due = true;
    }

    /** A person told the sync something: everything is read anew. */
    void request() {
        surroundings = Optional.empty();
        seen = Map.of();
        healing.reset();
        trouble.recovered();
        due = true;
    }

    Stream<Instant> lookAt(Instant now) {
        return Stream.concat(lookAt.stream(), trouble.waitingUntil(now).stream());
    }

    /**
     * Where the sync stands.
     *
     * @param head the revision in force
     * @param applied the one that the cluster was last brought to
     */
    record Standing(Revision head, Optional<Revision> applied, Orders orders) {

        private boolean moved() {
            return !applied.map(Revision::commit).equals(Optional.of(head.commit()));
        }
    }

    /**
     * Looks where there is reason to.
     *
     * @param wanted what is in force; empty when it says nothing of nodes
     * @return the plan that a person had approved, once it was carried out
     */
    Optional<String> step(Optional<DeclaredNodes> wanted, Standing standing, Instant now) {
        if (wanted.isEmpty()) {
            leave();
            return Optional.empty();
        }
        if (!wanted.equals(declared)) {
            declared = wanted;
            owed = standing.moved();
            request();
        }
        if (watch.isEmpty()) {
            watch = Optional.of(cluster.informer(
                    cluster.resource("v1", "Node").orElseThrow(), Optional.empty(), "", event -> changed.run()));
        }
        boolean time = lookAt.filter(at -> !now.isBefore(at)).isPresent();
        if (!watch.get().synced() || !(due || time) || trouble.waiting(now)) {
            return Optional.empty();
        }
        List<ObjectNode> live = watch.get().list();
        Map<String, Object> fingerprints = NodeFingerprints.of(live, spec.name());
        Optional<String> approved = Optional.empty();
        if (time || surroundings.isEmpty() || !fingerprints.equals(seen)) {
            approved = attempt(wanted.get(), live, standing, now);
        }
        seen = wrote ? Map.of() : fingerprints;
        wrote = false;
        due = false;
        return approved;
    }

    private Optional<String> attempt(DeclaredNodes wanted, List<ObjectNode> live, Standing standing, Instant now) {
        try {
            return look(wanted, live, standing, now);
        } catch (ApiException e) {
            if (e.errorClass() != ErrorClass.FORBIDDEN) {
                throw e;
            }
            // Not to be allowed to look at pods of a node that goes, say, must not hold the objects up.
            trouble.failed(clock.instant());
            observed(List.of(Observation.notReadable("what is on nodes", String.valueOf(e.getMessage()))));
            return Optional.empty();
        }
    }

    private Optional<String> look(DeclaredNodes wanted, List<ObjectNode> live, Standing standing, Instant now) {
        if (surroundings.isEmpty()) {
            surroundings = Optional.of(new FactsReader(cluster).surroundings());
        }
        Orders orders = standing.orders();
        NodePlan plan = nodes.plan(wanted, live, surroundings.get(), DRAIN);
        lookAt = plan.lookAt();
        List<Observation> observations = new ArrayList<>(plan.observations());
        Optional<Hold> hold = plan.changes().isEmpty()
                ? Optional.empty()
                : gate.closed(plan, standing.head(), standing.applied(), orders, now);
        boolean approved = orders.approves(plan.id());
        boolean writes = spec.mode() != Mode.OBSERVE && hold.isEmpty() && (owed || spec.selfHeal() || approved);
        if (writes) {
            carryOut(plan, observations, now);
        }
        held(writes ? plan.only(change -> false) : plan, hold);
        if (hold.isPresent()) {
            gate.nextLook(orders, now).ifPresent(this::lookNoLaterThan);
        }
        observed(observations);
        return writes && approved ? Optional.of(plan.id()) : Optional.empty();
    }

    private void carryOut(NodePlan plan, List<Observation> observations, Instant now) {
        if (!plan.changes().isEmpty()) {
            // What is written over now is news when it comes back.
            wrote = true;
            seen = Map.of();
        }
        NodePlan permitted = plan.only(change -> permitted(change, observations, now));
        List<NodeChange> written =
                permitted.changes().stream().filter(NodeKeeper::writes).toList();
        NodeOutcome outcome = nodes.write(permitted, DRAIN);
        written.forEach(change -> healing.healed(key(change), paths(change), now));
        if (!written.isEmpty()) {
            tell(outcome);
        }
        if (permitted.drains()) {
            drain(permitted);
        } else {
            toldDrain = List.of();
        }
        if (outcome.succeeded()) {
            trouble.recovered();
            owed = false;
        } else if (outcome.results().stream()
                .anyMatch(result -> result.failure().isPresent() && result.retryable())) {
            trouble.failed(clock.instant());
            lookNoLaterThan(trouble.waitingUntil(now).orElse(now));
        }
    }

    /** Pods that have to go are asked again and again, and nobody watches them: the next round comes by the clock. */
    private void drain(NodePlan plan) {
        NodePlan drains = plan.only(change -> !writes(change));
        NodeOutcome outcome = nodes.drainRound(drains, DRAIN);
        List<String> begun = drains.changes().stream().map(NodeChange::node).toList();
        if (!outcome.succeeded()) {
            tell(outcome);
        } else if (!begun.equals(toldDrain)) {
            news.tell(new SyncEvent.NodesDraining(begun));
            toldDrain = begun;
        }
        lookNoLaterThan(clock.instant().plus(Nodes.betweenRounds()));
    }

    private static boolean writes(NodeChange change) {
        return change.kind() != NodeChange.Kind.DRAIN;
    }

    private boolean permitted(NodeChange change, List<Observation> observations, Instant now) {
        List<String> paths = paths(change);
        List<String> fought = paths.stream()
                .filter(path -> healing.verdict(key(change), path, now) == Verdict.FIGHT)
                .toList();
        if (!fought.isEmpty()) {
            observations.add(Observation.foughtOver(change.node(), fought));
            return false;
        }
        boolean later = writes(change)
                && paths.stream().anyMatch(path -> healing.verdict(key(change), path, now) == Verdict.LATER);
        if (later) {
            healing.due(key(change), paths, now).ifPresent(this::lookNoLaterThan);
        }
        return !later;
    }

    private static ObjectKey key(NodeChange change) {
        return new ObjectKey("", "Node", Optional.empty(), change.node());
    }

    private static List<String> paths(NodeChange change) {
        return writes(change) ? change.fields().stream().map(FieldChange::path).toList() : List.of();
    }

    private void lookNoLaterThan(Instant at) {
        lookAt = Optional.of(lookAt.filter(before -> before.isBefore(at)).orElse(at));
    }

    private void tell(NodeOutcome outcome) {
        Optional<NodeOutcome> failure = outcome.succeeded() ? Optional.empty() : Optional.of(outcome);
        boolean same =
                failure.isPresent() && toldFailure.map(NodeOutcome::results).equals(failure.map(NodeOutcome::results));
        if (!same) {
            news.tell(new SyncEvent.NodesWritten(outcome));
        }
        toldFailure = failure;
    }

    private void held(NodePlan plan, Optional<Hold> hold) {
        Optional<String> now = plan.changes().isEmpty()
                ? Optional.empty()
                : Optional.of(plan.id()
                        + hold.map(one -> one.code().id() + one.text()).orElse(""));
        if (!now.equals(toldHeld)) {
            news.tell(new SyncEvent.NodesHeld(plan, hold));
        }
        toldHeld = now;
    }

    /** An observation whose words alone changed is no news. */
    private void observed(List<Observation> observations) {
        Map<String, Observation> standing = new LinkedHashMap<>();
        observations.stream().sorted().forEach(one -> standing.putIfAbsent(name(one), one));
        List<Observation> found = standing.entrySet().stream()
                .filter(entry -> !told.containsKey(entry.getKey()))
                .map(Map.Entry::getValue)
                .toList();
        List<Observation> ended = told.entrySet().stream()
                .filter(entry -> !standing.containsKey(entry.getKey()))
                .map(Map.Entry::getValue)
                .toList();
        told = standing;
        if (!toldOnce || !found.isEmpty() || !ended.isEmpty()) {
            toldOnce = true;
            news.tell(new SyncEvent.NodesObserved(List.copyOf(standing.values()), found, ended));
        }
    }

    private static String name(Observation one) {
        return one.code().id() + " " + one.node().orElseGet(() -> Objects.requireNonNull(one.text()));
    }

    private void leave() {
        if (declared.isPresent()) {
            close();
            forgetTold();
            news.tell(new SyncEvent.NodesLeft());
        }
    }

    /** Another cluster answers, or there is nothing to say any more: all is news again. */
    void forgetTold() {
        told = new LinkedHashMap<>();
        toldOnce = false;
        toldHeld = Optional.empty();
        toldFailure = Optional.empty();
        toldDrain = List.of();
    }

    /** Ends the watch; the next step opens another. What was told is not told again. */
    @Override
    public void close() {
        watch.ifPresent(Informer::close);
        watch = Optional.empty();
        declared = Optional.empty();
        surroundings = Optional.empty();
        seen = Map.of();
        lookAt = Optional.empty();
    }
}
