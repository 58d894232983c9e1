package dev.trimtab.inplace.rollout;

import dev.trimtab.inplace.RolloutRecord;
import dev.trimtab.inplace.prepull.PrePull;
import dev.trimtab.inplace.prepull.PrePullOrder;
import dev.trimtab.inplace.prepull.PrePullState;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ObjectKey;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Takes the restarts out of what a rollout is about to do until their images are on the nodes; all else goes on. */
final class ImagesFirst implements AutoCloseable {

    private final PrePull prePull;

    ImagesFirst(ClusterClient cluster, Clock clock, Set<String> kinds, Consumer<ObjectKey> changed) {
        this.prePull = new PrePull(cluster, clock, kinds, changed);
    }

    RolloutDecision before(ObjectKey key, Rollout rollout, RolloutDecision next) {
        if (next.steps().stream().anyMatch(RolloutStep.End.class::isInstance)) {
            prePull.clear(key);
            return next;
        }
        if (RolloutRecord.undone(rollout.workload()).isPresent()) {
            // Its pods go back to what they ran a moment ago.
            prePull.clear(key);
            return next;
        }
        if (next.steps().stream().noneMatch(ImagesFirst::restarts)) {
            // What was pulled stays known until a pod may restart again.
            return next;
        }
        List<NativePod> pods = rollout.ofTheTemplate();
        List<NativePod> restarting = pods.stream()
                .filter(pod -> !pod.current() && pod.takesOtherImage())
                .toList();
        if (!PrePullOrder.wanted(rollout.workload(), restarting.size())) {
            prePull.clear(key);
            return next;
        }
        PrePullState state = prePull.bring(PrePullOrder.of(
                rollout.workload(),
                rollout.target(),
                rollout.template(),
                restarting.stream().map(pod -> pod.view().json()).toList(),
                supplied(pods)));
        return state instanceof PrePullState.Ready ? next : held(next, state);
    }

    /**
     * Removes what is left by a rollout that is over, or that a process died in.
     *
     * @param sure whether it is known to be over
     */
    boolean over(ObjectKey key, boolean sure) {
        if (sure) {
            prePull.clear(key);
        }
        return sure;
    }

    private static RolloutDecision held(RolloutDecision next, PrePullState state) {
        return new RolloutDecision(
                next.steps().stream().filter(step -> !restarts(step)).toList(),
                earlier(next.again(), state.again()),
                state instanceof PrePullState.Failed ? Optional.of(state.toString()) : Optional.empty());
    }

    /** A patch touches a pod's spec for nothing but images. */
    private static boolean restarts(RolloutStep step) {
        return step instanceof RolloutStep.PatchPod patch && patch.patch().has("spec");
    }

    /** After a rollback in the middle most nodes still run what is wanted again. */
    private static Set<String> supplied(List<NativePod> pods) {
        Set<String> nodes = new TreeSet<>();
        pods.stream()
                .filter(pod -> pod.current() && pod.available())
                .forEach(pod -> nodes.add(PrePullOrder.nodeOf(pod.view().json())));
        return nodes;
    }

    private static Optional<Duration> earlier(Optional<Duration> one, Optional<Duration> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.or(() -> other);
        }
        return one.get().compareTo(other.get()) < 0 ? one : other;
    }

    @Override
    public void close() {
        prePull.close();
    }
}
