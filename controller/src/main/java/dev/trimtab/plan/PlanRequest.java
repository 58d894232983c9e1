package dev.trimtab.plan;

import dev.trimtab.kube.ObjectKey;
import dev.trimtab.render.Desired;
import dev.trimtab.source.Revision;
import java.util.Optional;
import java.util.Set;

/**
 * What a plan is asked for.
 *
 * @param repository as it may be shown: without credentials
 * @param base what was applied last; empty on the first sync
 * @param managed what earlier revisions put into the cluster; those of them that {@code desired} no longer holds are deleted
 * @param kept those of {@code managed} that Git last said to leave in the cluster when they go from it
 * @param confirmed keys known to be as desired: no request is spent on them
 * @param drift whether Git did not move, so that every difference comes from the cluster
 */
public record PlanRequest(
        String repository,
        Optional<Revision> base,
        Desired desired,
        Set<ObjectKey> managed,
        Set<ObjectKey> kept,
        Set<ObjectKey> confirmed,
        boolean drift) {

    public PlanRequest {
        managed = Set.copyOf(managed);
        kept = Set.copyOf(kept);
        confirmed = Set.copyOf(confirmed);
    }
}
