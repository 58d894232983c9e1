package dev.trimtab.inplace;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/** Which pods go first. */
final class PodOrder {

    private static final List<String> PHASES = List.of("Pending", "Unknown", "Running");

    private static final Comparator<PodView> LEAST_SETTLED = Comparator.comparing(
                    (PodView pod) -> !pod.node().isEmpty())
            .thenComparing(pod -> PHASES.indexOf(pod.phase()))
            .thenComparing(PodView::ready);

    private static final Comparator<PodView> YOUNGEST = Comparator.comparing((PodView pod) -> pod.since("Ready"))
            .reversed()
            .thenComparing(Comparator.comparing(PodView::restarts).reversed())
            .thenComparing(Comparator.comparing(PodView::created).reversed())
            .thenComparing(PodView::name);

    private PodOrder() {}

    /** Pods that serve nobody are updated first: they have nothing to lose, and an update may be what they need. */
    static List<PodView> toUpdate(List<PodView> pods, Duration minReady, Instant now) {
        return pods.stream()
                .map(pod -> Turn.of(pod, minReady, now))
                .sorted(Turn.FIRST)
                .map(Turn::pod)
                .toList();
    }

    /** What decides on a pod's turn, looked up once: a sort asks for it a dozen times. */
    private record Turn(
            PodView pod, boolean available, boolean bound, int phase, boolean ready, Instant created, String name) {

        static final Comparator<Turn> FIRST = Comparator.comparing(Turn::available)
                .thenComparing(Turn::bound)
                .thenComparing(Turn::phase)
                .thenComparing(Turn::ready)
                .thenComparing(Turn::created)
                .thenComparing(Turn::name);

        static Turn of(PodView pod, Duration minReady, Instant now) {
            return new Turn(
                    pod,
                    pod.available(minReady, now),
                    !pod.node().isEmpty(),
                    PHASES.indexOf(pod.phase()),
                    pod.ready(),
                    pod.created(),
                    pod.name());
        }
    }

    /** The order of ReplicaSets, with the deletion cost and with pods of crowded places before others. */
    static Comparator<PodView> toDelete(CloneSetState state) {
        Comparator<PodView> cheapest = LEAST_SETTLED.thenComparing(PodView::deletionCost);
        Crowding crowding = new Crowding(state, cheapest.thenComparing(YOUNGEST));
        return cheapest.thenComparing(crowding.mostCrowdedFirst()).thenComparing(YOUNGEST);
    }
}
