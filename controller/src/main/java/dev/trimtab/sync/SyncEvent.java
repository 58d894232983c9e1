package dev.trimtab.sync;

import dev.trimtab.apply.Outcome;
import dev.trimtab.definition.Problem;
import dev.trimtab.drift.Drift;
import dev.trimtab.inplace.RolloutFinished;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.nodes.NodeOutcome;
import dev.trimtab.nodes.NodePlan;
import dev.trimtab.nodes.Observation;
import dev.trimtab.plan.Plan;
import dev.trimtab.source.Revision;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a sync has to tell, one event a change of state; nothing is told twice while it lasts. */
public sealed interface SyncEvent {

    /** The ref points to a commit that was not seen before. */
    record RevisionFound(Revision revision) implements SyncEvent {}

    /** The commit changes nothing below the sync's path; the cluster was not asked. */
    record OutsidePath(Revision revision) implements SyncEvent {}

    /** The definition cannot be read; the last good revision stays in force. */
    record Refused(Revision revision, List<Problem> problems) implements SyncEvent {
        public Refused {
            problems = List.copyOf(problems);
        }
    }

    /** The definition was read, with something to say about it. */
    record Warned(Revision revision, List<Problem> problems) implements SyncEvent {
        public Warned {
            problems = List.copyOf(problems);
        }
    }

    /** A revision was compared with the cluster. */
    record Planned(Plan plan) implements SyncEvent {}

    /** A plan was carried out, as far as it went. */
    record Applied(Outcome outcome, Duration took) implements SyncEvent {}

    /**
     * Some or all of a plan is not carried out and waits for a person or for a time. Told anew when the reasons change, and when an
     * approval would have to name another plan.
     */
    record Held(Plan plan, List<Hold> holds) implements SyncEvent {
        public Held {
            holds = List.copyOf(holds);
        }
    }

    /** What was held is not any more: it was carried out, or there is nothing left to do. */
    record Released(List<Hold> ended) implements SyncEvent {
        public Released {
            ended = List.copyOf(ended);
        }
    }

    /** The cluster was brought to this revision as a whole. Told once a revision. */
    record Settled(Revision revision) implements SyncEvent {}

    /**
     * Repository and cluster were looked at because somebody asked for it. Also told when a process begins in whose cluster a wish is.
     *
     * @param asked the words by which the wish is told from others; mostly a time
     */
    record LookedAsAsked(String asked) implements SyncEvent {}

    /** How the sync stands, after each event that changes it. */
    record StatusChanged(SyncStatus status) implements SyncEvent {}

    /**
     * Managed objects are not what was applied.
     *
     * @param drifts those that were not told yet, or drifted further
     * @param healing whether Git's values are put back, now or after a wait
     */
    record DriftFound(List<Drift> drifts, Plan plan, boolean healing) implements SyncEvent {
        public DriftFound {
            drifts = List.copyOf(drifts);
        }
    }

    /**
     * Objects that had drifted are as Git has them again.
     *
     * @param drifts how they had drifted
     * @param healed whether Trimtab wrote them; otherwise somebody changed them back
     */
    record DriftEnded(List<Drift> drifts, boolean healed) implements SyncEvent {
        public DriftEnded {
            drifts = List.copyOf(drifts);
        }
    }

    /**
     * It is waited from here on until objects are well. Told once a wait; a revision that is waited for longer than it may take is
     * {@link Unhealthy} until it is well or another comes.
     *
     * @param reasons why each is not well, as far as is known
     */
    record HealthAwaited(Revision revision, SortedMap<ObjectKey, String> reasons) implements SyncEvent {
        public HealthAwaited {
            reasons = Collections.unmodifiableSortedMap(new TreeMap<>(reasons));
        }
    }

    /** All that was waited for is well. */
    record Healthy(Revision revision) implements SyncEvent {}

    /**
     * What is waited for is not well after the time it may take. Told once; it is waited for all the same.
     *
     * @param reasons why each is not
     */
    record Unhealthy(Revision revision, SortedMap<ObjectKey, String> reasons) implements SyncEvent {
        public Unhealthy {
            reasons = Collections.unmodifiableSortedMap(new TreeMap<>(reasons));
        }
    }

    /**
     * Rollouts in place go no further: pods did not come up, or were taken back. Told once each, and anew when the reason changes.
     *
     * @param reasons by workload
     */
    record RolloutsHalted(SortedMap<ObjectKey, String> reasons) implements SyncEvent {
        public RolloutsHalted {
            reasons = Collections.unmodifiableSortedMap(new TreeMap<>(reasons));
        }
    }

    /** Rollouts that were halted are not any more. */
    record RolloutsGoOn(List<ObjectKey> workloads) implements SyncEvent {
        public RolloutsGoOn {
            workloads = List.copyOf(workloads);
        }
    }

    /** Rollouts of this sync's workloads, of those that Trimtab makes, came to their end. */
    record RolloutsFinished(List<RolloutFinished> rollouts) implements SyncEvent {
        public RolloutsFinished {
            rollouts = List.copyOf(rollouts);
        }
    }

    /**
     * Objects that are held as unchanged were compared with the cluster all the same.
     *
     * @param objects how many
     * @param wrong those that were not as they were held to be
     */
    record Audited(int objects, List<ObjectKey> wrong) implements SyncEvent {
        public Audited {
            wrong = List.copyOf(wrong);
        }
    }

    /**
     * Nodes are otherwise than Git says, or are so no more, and only a person can do something about it. Told when the set of what is
     * told changes.
     *
     * @param standing all that holds now, the most severe first
     * @param found those of them that are new
     * @param ended what does not hold any more
     */
    record NodesObserved(List<Observation> standing, List<Observation> found, List<Observation> ended)
            implements SyncEvent {
        public NodesObserved {
            standing = List.copyOf(standing);
            found = List.copyOf(found);
            ended = List.copyOf(ended);
        }
    }

    /**
     * Nodes are to be changed, and are not now: the sync only observes, or somebody or a time is waited for. Told anew when the changes
     * or the reason change; without changes when there are none any more.
     */
    record NodesHeld(NodePlan plan, Optional<Hold> hold) implements SyncEvent {}

    /** Nodes were changed, or could not be. */
    record NodesWritten(NodeOutcome outcome) implements SyncEvent {}

    /** These nodes are cordoned, and their pods are being asked to leave. Told once; how it ends is {@link NodesObserved}. */
    record NodesDraining(List<String> nodes) implements SyncEvent {
        public NodesDraining {
            nodes = List.copyOf(nodes);
        }
    }

    /** The definition says nothing of nodes any more; they stay as they are. */
    record NodesLeft() implements SyncEvent {}

    /** The repository does not answer, or not with what can be trusted; told once until it does, and anew when the reason changes. */
    record SourceFailed(String text, Duration retryIn) implements SyncEvent {}

    /** The repository answers again. */
    record SourceRecovered() implements SyncEvent {}

    /** The cluster does not answer; told once until it does. */
    record ClusterFailed(String text, Duration retryIn) implements SyncEvent {}

    /** Another cluster answers at the address: it is brought to what is in force as one that was never seen. */
    record ClusterReplaced(String was, String is) implements SyncEvent {}

    /** The cluster answers again. */
    record ClusterRecovered() implements SyncEvent {}

    /** Something that should not happen, told once while it lasts; the sync goes on. */
    record Broken(String text, Throwable cause) implements SyncEvent {}

    /** What should not happen does not happen any more. */
    record Mended() implements SyncEvent {}
}
