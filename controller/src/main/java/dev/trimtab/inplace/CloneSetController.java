package dev.trimtab.inplace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.inplace.StepExecutor.Kinds;
import dev.trimtab.inplace.StepExecutor.Outcome;
import dev.trimtab.kube.ApiException;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.Event;
import dev.trimtab.kube.ClusterClient.EventType;
import dev.trimtab.kube.ClusterClient.Informer;
import dev.trimtab.kube.ErrorClass;
import dev.trimtab.kube.ResourceType;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the pods of every CloneSet of one cluster: creates and deletes them, and patches those that run. It keeps nothing in
 * memory that it cannot read back from the cluster, so it may be stopped between any two requests.
 */
public final class CloneSetController implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CloneSetController.class);
    private static final int WORKERS = 2;
    private static final Duration FIRST_RETRY = Duration.ofMillis(50);
    private static final Duration LAST_RETRY = Duration.ofMinutes(1);

    /** Only a fallback: events wake a CloneSet that waits for its caches. */
    private static final Duration CACHE_CHECK = Duration.ofSeconds(5);

    private record Key(String namespace, String name) {}

    private final ClusterClient cluster;
    private final Clock clock;
    private final Map<Key, Integer> failures = new ConcurrentHashMap<>();
    private final WorkQueue<String> turns = new WorkQueue<>("who keeps clonesets", 1, this::turn);
    private @Nullable Running running;
    private final List<Consumer<RolloutFinished>> onFinished = new CopyOnWriteArrayList<>();
    private Optional<Informer> managers = Optional.empty();
    private boolean started;
    private boolean closed;

    public CloneSetController(ClusterClient cluster, Clock clock) {
        this.cluster = cluster;
        this.clock = clock;
    }

    /**
     * Installs the CloneSet kind, or brings an earlier version of it up to date, and waits until it is served.
     *
     * @return false when the kind comes from somebody else, OpenKruise for instance; then nothing is touched
     * @throws ApiException when the server refuses it
     * @throws IllegalStateException when the server does not serve it after half a minute
     */
    public static boolean install(ClusterClient cluster) {
        return CloneSetCrd.install(cluster);
    }

    /**
     * Begins to work and returns. Where OpenKruise's own manager is in the cluster it stands back, and does so again when the manager
     * comes; when that goes, it takes over. Does nothing where no CloneSet kind is served.
     *
     * @throws ApiException when the server cannot be asked
     */
    public synchronized void start() {
        if (!started) {
            takeTurn();
            turns.start();
            managers = OpenKruise.watch(cluster, () -> turns.add("OpenKruise's manager"));
            started = true;
        }
    }

    private void turn(String subject) {
        try {
            takeTurn();
        } catch (RuntimeException unknown) {
            LOG.warn("{}: cannot tell whether {} is there: {}", cluster.name(), subject, unknown.getMessage());
            turns.addAfter(subject, LAST_RETRY);
        }
    }

    private synchronized void takeTurn() {
        if (OpenKruise.in(cluster).isPresent()) {
            standBack();
            LOG.info("{}: OpenKruise's manager is there and keeps the CloneSets", cluster.name());
        } else if (running == null && !closed) {
            Optional<ResourceType> cloneSets = cluster.resource(CloneSetKeys.API_VERSION, CloneSetKeys.KIND);
            if (cloneSets.isEmpty()) {
                LOG.info("{}: no CloneSet kind is served, so there are none to keep", cluster.name());
                return;
            }
            running = new Running(new Kinds(
                    cloneSets.get(),
                    served("v1", "Pod"),
                    served("apps/v1", "ControllerRevision"),
                    served("v1", "PersistentVolumeClaim")));
            LOG.info("{}: keeping CloneSets", cluster.name());
        }
    }

    /** How far the updates are of the sets that Trimtab keeps, by their status. */
    public List<RolloutProgress> progress() {
        Running now = running();
        return now == null
                ? List.of()
                : now.cloneSets.list().stream()
                        .flatMap(CloneSetStatus::progress)
                        .toList();
    }

    /** @param finished told each time that an update that Trimtab makes is through */
    public void onFinished(Consumer<RolloutFinished> finished) {
        onFinished.add(finished);
    }

    private synchronized @Nullable Running running() {
        return running;
    }

    private void standBack() {
        if (running != null) {
            running.close();
            running = null;
        }
    }

    private ResourceType served(String apiVersion, String kind) {
        return cluster.resource(apiVersion, kind)
                .orElseThrow(() -> new IllegalStateException(cluster.name() + " serves no " + kind + " " + apiVersion));
    }

    /** Finishes the request under way and stops. What is half done is taken up by whoever starts next. */
    @Override
    public void close() {
        // Not under the lock: a turn that is being taken needs it.
        turns.close();
        synchronized (this) {
            closed = true;
            managers.ifPresent(Informer::close);
            standBack();
        }
    }

    /** What lives from start to close: caches, the queue, and the worker's way through one CloneSet. */
    private final class Running implements AutoCloseable {

        private final Expectations expectations = new Expectations(clock);
        private final StepExecutor executor;
        private final WorkQueue<Key> queue;
        private final Informer cloneSets;
        private final Informer pods;
        private final Informer revisions;
        private final CloneSetImages images;
        private final CloneSetUpdates updates;
        private final Informer claims;
        private final NodeLabels nodes = new NodeLabels(cluster);
        private final Abilities abilities;

        Running(Kinds kinds) {
            executor = new StepExecutor(cluster, kinds, expectations, new SecureRandom(), clock);
            abilities = kinds.pods().subresources().contains("resize") ? Abilities.WITH_RESIZE : Abilities.ROLLOUT;
            queue = new WorkQueue<>("clonesets", WORKERS, this::work);
            pods = cluster.informer(kinds.pods(), Optional.empty(), CloneSetKeys.INSTANCE_ID, this::onOwned);
            revisions = cluster.informer(kinds.revisions(), Optional.empty(), CloneSetKeys.HASH, this::onOwned);
            claims = cluster.informer(kinds.claims(), Optional.empty(), CloneSetKeys.INSTANCE_ID, this::onClaim);
            cloneSets = cluster.informer(kinds.cloneSets(), Optional.empty(), "", this::onCloneSet);
            images = new CloneSetImages(
                    cluster,
                    clock,
                    workload -> queue.add(new Key(workload.namespace().orElse(""), workload.name())));
            updates = new CloneSetUpdates(
                    cluster, clock, finished -> onFinished.forEach(heard -> heard.accept(finished)));
            queue.start();
        }

        private void onCloneSet(Event event) {
            seen(event.object().path("metadata").path("uid").asText(), event);
            queue.add(keyOf(event.object(), event.object().path("metadata").path("name")));
        }

        private void onOwned(Event event) {
            Owners.controller(event.object()).ifPresent(owner -> {
                seen(owner.path("uid").asText(), event);
                queue.add(keyOf(event.object(), owner.path("name")));
            });
        }

        /** A claim that goes with its pod is owned by the pod, and that by the CloneSet. */
        private void onClaim(Event event) {
            onOwned(event);
            JsonNode metadata = event.object().path("metadata");
            Optional<String> namespace = Optional.of(metadata.path("namespace").asText());
            Containers.stream(metadata.path("ownerReferences"))
                    .filter(owner -> owner.path("kind").asText().equals("Pod"))
                    .flatMap(owner -> pods.get(namespace, owner.path("name").asText()).stream())
                    .flatMap(pod -> Owners.controller(pod).stream())
                    .forEach(owner -> {
                        seen(owner.path("uid").asText(), event);
                        queue.add(keyOf(event.object(), owner.path("name")));
                    });
        }

        private void seen(String cloneSetUid, Event event) {
            expectations.seen(cloneSetUid, event.object(), event.type() == EventType.DELETED);
        }

        private Key keyOf(JsonNode object, JsonNode name) {
            return new Key(object.path("metadata").path("namespace").asText(), name.asText());
        }

        private void work(Key key) {
            try {
                if (!cloneSets.synced() || !pods.synced() || !revisions.synced() || !claims.synced()) {
                    queue.addAfter(key, FIRST_RETRY);
                    return;
                }
                if (reconcile(key)) {
                    failures.remove(key);
                } else {
                    retry(key);
                }
            } catch (ApiException refused) {
                LOG.warn("CloneSet {}/{}: {}", key.namespace(), key.name(), refused.getMessage());
                retry(key);
            } catch (RuntimeException unforeseen) {
                LOG.error("CloneSet {}/{}: cannot be decided", key.namespace(), key.name(), unforeseen);
                retry(key);
            }
        }

        private void retry(Key key) {
            int times = failures.merge(key, 1, Integer::sum);
            Duration delay = FIRST_RETRY.multipliedBy(1L << Math.min(times - 1, 15));
            queue.addAfter(key, delay.compareTo(LAST_RETRY) > 0 ? LAST_RETRY : delay);
        }

        /** False when something has to be tried again. */
        private boolean reconcile(Key key) {
            Optional<ObjectNode> found = cloneSets.get(Optional.of(key.namespace()), key.name());
            if (found.isEmpty()) {
                return true;
            }
            CloneSet cloneSet = CloneSet.of(found.get());
            if (cloneSet.deleting()) {
                // Its pods go by garbage collection, in the order the deletion asked for.
                expectations.forget(cloneSet.uid());
                updates.forget(cloneSet.uid());
                return true;
            }
            if (cachesLag(key, cloneSet)) {
                return true;
            }
            CloneSetState state = observe(cloneSet);
            Decision decision = images.before(state, CloneSetPlanner.decide(state));
            Outcome outcome = executor.execute(cloneSet, decision.steps());
            decision.again().ifPresent(delay -> queue.addAfter(key, delay));
            return writeStatus(state, decision, outcome) && !outcome.retry();
        }

        private boolean cachesLag(Key key, CloneSet cloneSet) {
            Optional<String> missing = expectations.waitingFor(
                    cloneSet.uid(), (kind, name) -> informer(kind).get(Optional.of(key.namespace()), name));
            if (missing.isEmpty()) {
                return false;
            }
            if (expectations.lost(cloneSet.uid())) {
                LOG.warn("{}: {} has not been seen for minutes, going on without", cloneSet, missing.get());
                return false;
            }
            queue.addAfter(key, CACHE_CHECK);
            return true;
        }

        private Informer informer(String kind) {
            return switch (kind) {
                case "Pod" -> pods;
                case "ControllerRevision" -> revisions;
                case "PersistentVolumeClaim" -> claims;
                default -> cloneSets;
            };
        }

        private CloneSetState observe(CloneSet cloneSet) {
            List<PodView> owned = pods.list().stream()
                    .filter(pod -> Owners.owns(cloneSet, pod))
                    .map(PodView::new)
                    .toList();
            List<TemplateRevision> templates = revisions.list().stream()
                    .filter(revision -> Owners.owns(cloneSet, revision))
                    .map(TemplateRevision::of)
                    .toList();
            Set<String> owners = Stream.concat(
                            Stream.of(cloneSet.uid()), owned.stream().map(PodView::uid))
                    .collect(Collectors.toSet());
            List<ClaimView> ours = claims.list().stream()
                    .map(ClaimView::new)
                    .filter(claim -> owners.stream().anyMatch(claim::ownedBy))
                    .toList();
            CloneSetState state = CloneSetState.of(cloneSet, owned, templates, ours, clock.instant())
                    .able(abilities);
            boolean scalesIn = state.pods().size() > cloneSet.replicas();
            return scalesIn && Crowding.asksForNodes(cloneSet) ? state.onNodes(nodes.labels(state.pods())) : state;
        }

        private boolean writeStatus(CloneSetState state, Decision decision, Outcome outcome) {
            ObjectNode status = CloneSetStatus.of(
                    state,
                    decision,
                    decision.scaleProblem().or(outcome::scaleProblem),
                    decision.updateProblem().or(outcome::updateProblem));
            Progress.left(state.cloneSet(), status, state.now())
                    .ifPresent(left -> queue.addAfter(
                            new Key(
                                    state.cloneSet().namespace(),
                                    state.cloneSet().name()),
                            left));
            if (executor.stopped()) {
                return true;
            }
            try {
                CloneSetStatus.patch(state.cloneSet(), status)
                        .ifPresent(patch -> executor.patchStatus(state.cloneSet(), patch));
                updates.look(state, decision, status);
                return true;
            } catch (ApiException refused) {
                if (refused.errorClass() == ErrorClass.NOT_FOUND) {
                    return true;
                }
                LOG.warn("{}: status not written: {}", state.cloneSet(), refused.getMessage());
                return false;
            }
        }

        @Override
        public void close() {
            executor.stop();
            queue.close();
            cloneSets.close();
            pods.close();
            revisions.close();
            images.close();
            claims.close();
        }
    }
}
