package dev.trimtab.inplace;

import dev.trimtab.codes.Count;
import dev.trimtab.kube.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A rollout that came to its end: all pods that were to get the new template have it and are available.
 *
 * @param inPlace pods that were there before and still run
 * @param added pods that came meanwhile: in the place of others, or because the workload was scaled
 * @param images containers that got another image
 * @param took from when the template was new; empty where nobody saw that
 */
public record RolloutFinished(ObjectKey workload, int inPlace, int added, int images, Optional<Duration> took) {

    /** The word of Kubernetes Events. */
    public static final String REASON = "RolloutFinished";

    /**
     * @param pods those that have the new template
     * @param patched whether a pod was brought to it where it runs, as far as the pod tells
     */
    public static RolloutFinished of(
            ObjectKey workload,
            List<PodView> pods,
            Predicate<PodView> patched,
            int images,
            Optional<Instant> begun,
            Instant now) {
        int added = (int)
                pods.stream().filter(pod -> came(pod, patched.test(pod), begun)).count();
        return new RolloutFinished(
                workload, pods.size() - added, added, images, begun.map(from -> Duration.between(from, now)));
    }

    /** The server counts whole seconds: of one second only the pod can tell which was first. */
    private static boolean came(PodView pod, boolean patched, Optional<Instant> begun) {
        Optional<Instant> second = begun.map(from -> from.truncatedTo(ChronoUnit.SECONDS));
        return patched
                ? second.filter(from -> pod.created().isAfter(from)).isPresent()
                : second.filter(from -> pod.created().isBefore(from)).isEmpty();
    }

    /** What happened, in a few words. */
    public String text() {
        String template = images == 0 ? "the new template" : images == 1 ? "the new image" : "the new images";
        String time = took.map(span -> ", " + span.toSeconds() + " s").orElse("");
        if (inPlace == 0 && added == 0) {
            return "no pod runs; the next ones get " + template + time;
        }
        if (inPlace == 0) {
            return Count.all(added, "new pod", "run") + " " + template + time;
        }
        return Count.all(inPlace, "pod", "run") + " " + template + " in place, "
                + (added == 0 ? "none was replaced" : added + (added == 1 ? " is new" : " are new")) + time;
    }
}
