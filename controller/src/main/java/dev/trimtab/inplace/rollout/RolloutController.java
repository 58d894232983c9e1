package dev.trimtab.inplace.rollout;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.inplace.PodView;
import dev.trimtab.inplace.RolloutFinished;
import dev.trimtab.inplace.RolloutProgress;
import dev.trimtab.inplace.RolloutRecord;
import dev.trimtab.inplace.WorkQueue;
import dev.trimtab.kube.ApiException;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.Event;
import dev.trimtab.kube.ClusterClient.EventType;
import dev.trimtab.kube.ClusterClient.Informer;
import dev.trimtab.kube.ErrorClass;
import dev.trimtab.kube.Fanout;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.kube.ResourceType;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries rollouts in place of one cluster to their end. It watches the workloads that carry a {@link RolloutRecord}, and their pods
 * only while they do; it keeps nothing in memory that it cannot read back, so it may be stopped between any two requests.
 */
public final class RolloutController implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RolloutController.class);
    private static final int WORKERS = 2;

    /** How many pods of one workload are patched side by side. */
    private static final int WIDTH = 8;

    private static final Duration FIRST_RETRY = Duration.ofMillis(50);
    private static final Duration LAST_RETRY = Duration.ofMinutes(1);
    private static final List<String> KINDS = List.of("Deployment", "StatefulSet", "DaemonSet");

    private final ClusterClient cluster;
    private final Clock clock;
    private final RolloutExecutor executor;
    private final Fanout requests = new Fanout(WIDTH);
    private final WorkQueue<ObjectKey> queue;
    private final Map<ObjectKey, Integer> failures = new ConcurrentHashMap<>();
    private final Map<ObjectKey, RolloutCaches> active = new ConcurrentHashMap<>();
    private final Map<ObjectKey, String> told = new ConcurrentHashMap<>();
    private final Map<ObjectKey, RolloutProgress> progress = new ConcurrentHashMap<>();
    private final List<Consumer<Fallback>> onFallback = new CopyOnWriteArrayList<>();
    private final List<Consumer<RolloutFinished>> onFinished = new CopyOnWriteArrayList<>();
    private final List<Runnable> onChange = new CopyOnWriteArrayList<>();
    private @Nullable List<Informer> workloads;
    private @Nullable ImagesFirst images;

    public RolloutController(ClusterClient cluster, Clock clock) {
        this.cluster = cluster;
        this.clock = clock;
        this.executor = new RolloutExecutor(cluster, clock);
        this.queue = new WorkQueue<>("rollouts", WORKERS, this::work);
    }

    /**
     * Begins to work and returns.
     *
     * @throws ApiException when the server cannot be asked
     */
    public synchronized void start() {
        if (workloads != null) {
            return;
        }
        List<Informer> opened = new ArrayList<>();
        for (String kind : KINDS) {
            ResourceType type = cluster.resource("apps/v1", kind)
                    .orElseThrow(() -> new IllegalStateException(cluster.name() + " serves no " + kind));
            opened.add(cluster.informer(type, Optional.empty(), RolloutRecord.LABEL, this::onWorkload));
        }
        workloads = opened;
        images = new ImagesFirst(cluster, clock, Set.copyOf(KINDS), queue::add);
        queue.start();
    }

    /** Whether no rollout is under way, as far as the caches tell; false before they are filled. */
    public boolean idle() {
        return synced() && underWay().isEmpty();
    }

    /** Whether the caches are filled. */
    public synchronized boolean synced() {
        return workloads != null && workloads.stream().allMatch(Informer::synced);
    }

    /** @param changed runs on a thread of the watches whenever {@link #idle} or {@link #halted} may have changed */
    public void onChange(Runnable changed) {
        onChange.add(changed);
    }

    /** Rollouts under way, by workload. */
    public Set<ObjectKey> underWay() {
        Set<ObjectKey> keys = new TreeSet<>();
        informers().forEach(kind -> kind.list().forEach(object -> keys.add(ObjectKey.of(object))));
        return keys;
    }

    /** The workloads that no further pod of is touched, and why. */
    public Map<ObjectKey, String> halted() {
        return Map.copyOf(told);
    }

    /** How far each rollout under way is, as of its last step. */
    public List<RolloutProgress> progress() {
        return List.copyOf(progress.values());
    }

    /** @param fellBack told each time that a rollout is left to the workload's own controller */
    public void onFallback(Consumer<Fallback> fellBack) {
        onFallback.add(fellBack);
    }

    /** @param finished told each time that a rollout came to its end in place */
    public void onFinished(Consumer<RolloutFinished> finished) {
        onFinished.add(finished);
    }

    private void onWorkload(Event event) {
        ObjectKey key = ObjectKey.of(event.object());
        if (event.type() == EventType.DELETED) {
            Optional.ofNullable(active.remove(key)).ifPresent(RolloutCaches::close);
            told.remove(key);
            progress.remove(key);
            failures.remove(key);
        }
        queue.add(key);
        onChange.forEach(Runnable::run);
    }

    private void work(ObjectKey key) {
        try {
            if (step(key)) {
                failures.remove(key);
            } else {
                retry(key);
            }
        } catch (ApiException refused) {
            LOG.warn("{}: {}", key, refused.getMessage());
            retry(key);
        } catch (RuntimeException unforeseen) {
            LOG.error("{}: cannot be decided", key, unforeseen);
            retry(key);
        }
    }

    private void retry(ObjectKey key) {
        int times = failures.merge(key, 1, Integer::sum);
        Duration delay = FIRST_RETRY.multipliedBy(1L << Math.min(times - 1, 15));
        queue.addAfter(key, delay.compareTo(LAST_RETRY) > 0 ? LAST_RETRY : delay);
    }

    /** False when something has to be tried again. */
    private boolean step(ObjectKey key) {
        Optional<ObjectNode> found = informers().stream()
                .flatMap(kind -> kind.get(key.namespace(), key.name()).stream())
                .filter(object -> ObjectKey.of(object).equals(key))
                .findFirst();
        if (found.isEmpty() || found.get().path("metadata").hasNonNull("deletionTimestamp")) {
            // False until a workload that is not found is sure not to be there.
            return images().map(first -> first.over(key, synced())).orElse(true);
        }
        RolloutCaches caches =
                active.computeIfAbsent(key, any -> RolloutCaches.open(cluster, found.get(), () -> queue.add(key)));
        if (!caches.synced()) {
            // The first lists wake it.
            return true;
        }
        ObjectNode workload = caches.newest(found.get());
        Optional<RolloutRecord> record = RolloutRecord.of(workload);
        if (record.isEmpty() && RolloutRecord.marks(workload.path("metadata"))) {
            LOG.warn(
                    "{}: its annotation {} cannot be read; the next sync of it repairs that",
                    key,
                    RolloutRecord.ANNOTATION);
        }
        if (record.isEmpty()) {
            return true;
        }
        Rollout rollout = caches.view(workload, record.get(), clock.instant());
        RolloutDecision next = Rollouts.next(rollout);
        RolloutDecision decision =
                images().map(first -> first.before(key, rollout, next)).orElse(next);
        tell(key, rollout, decision);
        progress.put(key, progress(key, rollout, decision.halted()));
        decision.again().ifPresent(delay -> queue.addAfter(key, delay));
        // Several steps are always of several pods.
        return requests.map(decision.steps(), step -> run(rollout, caches, step)).stream()
                .allMatch(done -> done);
    }

    private boolean run(Rollout rollout, RolloutCaches caches, RolloutStep step) {
        try {
            executor.run(rollout, step).ifPresent(caches::wrote);
            if (step instanceof RolloutStep.End end) {
                end.fallback()
                        .ifPresentOrElse(
                                why -> onFallback.forEach(heard -> heard.accept(why)),
                                () -> onFinished.forEach(heard -> heard.accept(rollout.finished())));
                progress.remove(ObjectKey.of(rollout.workload()));
            }
            return true;
        } catch (ApiException refused) {
            if (refused.errorClass() == ErrorClass.NOT_FOUND) {
                // Its event is on the way.
                return true;
            }
            if (refused.errorClass() == ErrorClass.CONFLICT) {
                LOG.debug("{}: decided on an older version, deciding again: {}", rollout, refused.getMessage());
                return false;
            }
            throw refused;
        }
    }

    private static RolloutProgress progress(ObjectKey key, Rollout rollout, Optional<String> stalled) {
        int updated = 0;
        int updating = 0;
        int waiting = 0;
        for (PodView view : rollout.pods().stream().filter(PodView::active).toList()) {
            NativePod pod = new NativePod(view, rollout, Optional.empty());
            if (!pod.current()) {
                waiting++;
            } else if (pod.available()) {
                updated++;
            } else {
                updating++;
            }
        }
        return new RolloutProgress(key, updated, updating, waiting, stalled);
    }

    private void tell(ObjectKey key, Rollout rollout, RolloutDecision decision) {
        Optional<String> before = Optional.ofNullable(
                decision.halted().isPresent() ? told.put(key, decision.halted().get()) : told.remove(key));
        if (!before.equals(decision.halted())) {
            decision.halted()
                    .ifPresentOrElse(
                            why -> {
                                LOG.warn("{}: halted, the other pods stay as they are: {}", rollout, why);
                                executor.warn(rollout, "RolloutHalted", "the other pods stay as they are: " + why);
                            },
                            () -> LOG.info("{}: goes on", rollout));
            onChange.forEach(Runnable::run);
        }
    }

    private synchronized Optional<ImagesFirst> images() {
        return Optional.ofNullable(images);
    }

    private synchronized List<Informer> informers() {
        return workloads == null ? List.of() : workloads;
    }

    /** Finishes the request under way and stops. What is half done is taken up by whoever starts next. */
    @Override
    public void close() {
        queue.close();
        informers().forEach(Informer::close);
        images().ifPresent(ImagesFirst::close);
        active.values().forEach(RolloutCaches::close);
        active.clear();
    }
}
