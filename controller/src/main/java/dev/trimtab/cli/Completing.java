package dev.trimtab.cli;

import dev.trimtab.apply.Outcome;
import dev.trimtab.apply.Result;
import dev.trimtab.inplace.rollout.RolloutController;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.plan.Change;
import dev.trimtab.render.Desired;
import dev.trimtab.sync.HealthWatch;
import dev.trimtab.sync.HealthWatch.Followed;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** What goes on in the cluster after a command has applied something, watched to its end or to the end of the command's time. */
final class Completing {

    private static final Duration LONGEST_NAP = Duration.ofSeconds(1);

    private final ClusterClient cluster;
    private final String sync;
    private final PrintWriter err;
    private final Instant end;
    private final Object bell = new Object();

    /** @param end when it stops waiting */
    Completing(ClusterClient cluster, String sync, PrintWriter err, Instant end) {
        this.cluster = cluster;
        this.sync = sync;
        this.err = err;
        this.end = end;
    }

    /**
     * Carries out the rollouts in place that an apply began; nobody else may be there to do it.
     *
     * @return false when one is halted, or not done in time
     */
    boolean rollouts(Outcome outcome) {
        Set<ObjectKey> begun = outcome.plan().changes().stream()
                .filter(change -> change.sent().isPresent())
                .map(Change::object)
                .filter(key -> outcome.results().get(key) instanceof Result.Applied)
                .collect(Collectors.toCollection(TreeSet::new));
        if (begun.isEmpty()) {
            return true;
        }
        begun.forEach(key -> say("rolling out in place: " + key));
        try (RolloutController controller = new RolloutController(cluster, Clock.systemUTC())) {
            controller.onChange(this::ring);
            controller.start();
            boolean done = await(() -> !controller.halted().isEmpty() || isOver(controller, begun));
            Map<ObjectKey, String> halted = new TreeMap<>(controller.halted());
            halted.forEach((key, why) -> say("halted: " + key + ": " + why));
            if (done && halted.isEmpty()) {
                begun.forEach(key -> say("rolled out: " + key));
            } else if (!done) {
                controller.underWay().forEach(key -> say("not done in time: " + key));
            }
            return done && halted.isEmpty();
        }
    }

    private static boolean isOver(RolloutController controller, Set<ObjectKey> begun) {
        return controller.synced() && controller.underWay().stream().noneMatch(begun::contains);
    }

    /**
     * Waits until these are well.
     *
     * @return false when they are not in time
     */
    boolean well(Collection<ObjectKey> objects, Desired desired) {
        Map<ObjectKey, Followed> followed = new TreeMap<>();
        objects.stream()
                .filter(HealthWatch::follows)
                .forEach(key -> Optional.ofNullable(desired.objects().get(key))
                        .ifPresent(object -> followed.put(key, new Followed(object.apiVersion(), ""))));
        if (followed.isEmpty()) {
            return true;
        }
        try (HealthWatch watch = new HealthWatch(cluster, sync, this::ring)) {
            watch.follow(followed);
            if (await(() -> watch.unwell().isEmpty())) {
                return true;
            }
            SortedMap<ObjectKey, String> unwell = watch.unwell();
            unwell.forEach((key, reason) -> say("not well in time: " + key + ": " + reason));
            return false;
        }
    }

    private void ring() {
        synchronized (bell) {
            bell.notifyAll();
        }
    }

    /** True when the condition came; it is looked at whenever something changes. */
    private boolean await(BooleanSupplier condition) {
        synchronized (bell) {
            while (!condition.getAsBoolean()) {
                Duration left = Duration.between(Clock.systemUTC().instant(), end);
                if (left.isNegative() || left.isZero()) {
                    return false;
                }
                try {
                    bell.wait(Math.max(1, Math.min(left.toMillis(), LONGEST_NAP.toMillis())));
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
            return true;
        }
    }

    private void say(String line) {
        err.println(line);
        err.flush();
    }
}
