package dev.trimtab.plan;

import java.util.List;

/**
 * What happens to pods that run.
 *
 * @param count how many pods
 * @param containers which containers restart, for {@link Effect#RESTART_IN_PLACE}
 * @param names of the pods, at most 20
 * @param batches how many steps the rollout takes; 0 when there is none
 * @param maxUnavailable how many pods are unavailable at once at most; 0 when there is no rollout
 */
public record PodImpact(
        Effect effect, int count, List<String> containers, List<String> names, int batches, int maxUnavailable) {

    /** Words of the plan's JSON, in lower case with hyphens. */
    public enum Effect {
        NONE,
        RESTART_IN_PLACE,
        METADATA_ONLY,
        RECREATE,
        REMOVE,
        ADD
    }

    public static final PodImpact NONE = new PodImpact(Effect.NONE, 0, List.of(), List.of(), 0, 0);

    public PodImpact {
        containers = List.copyOf(containers);
        names = List.copyOf(names);
    }
}
