package dev.trimtab.plan;

import java.util.Optional;
import java.util.Set;

/** What only the cluster tells of the rollout of one workload; each is asked for where the answer needs it, and not before. */
interface RolloutFacts {

    /** Those that run now. */
    RunningPods.Pods pods();

    /** Whether the server has {@code pods/resize}. */
    boolean resizes();

    /** Whether OpenKruise's manager rolls the CloneSets: it restarts no container whose image stays. */
    boolean openKruise();

    /** Why containers of these names cannot restart with the image they have; empty when each can. */
    Optional<String> unrepeatable(Set<String> containers);
}
