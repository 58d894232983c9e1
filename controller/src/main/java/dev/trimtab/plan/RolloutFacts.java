package dev.trimtab.plan;

import dev.trimtab.inplace.OpenKruise;
import java.util.Optional;
import java.util.Set;

/** What only the cluster tells of the rollout of one workload; each is asked for where the answer needs it, and not before. */
interface RolloutFacts {

    /** Those that run now. */
    RunningPods.Pods pods();

    /** Whether the server has {@code pods/resize}. */
    boolean resizes();

    /** OpenKruise's manager where it rolls the CloneSets. */
    Optional<OpenKruise> openKruise();

    /** Why containers of these names cannot restart with the image they have; empty when each can. */
    Optional<String> unrepeatable(Set<String> containers);
}
