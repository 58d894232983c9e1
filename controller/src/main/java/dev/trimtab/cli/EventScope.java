package dev.trimtab.cli;

import dev.trimtab.drift.Drift;
import dev.trimtab.inplace.RolloutFinished;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.nodes.NodeChange;
import dev.trimtab.nodes.NodeResult;
import dev.trimtab.nodes.Observation;
import dev.trimtab.plan.Change;
import dev.trimtab.plan.Plan;
import dev.trimtab.plan.Plan.ObjectProblem;
import dev.trimtab.source.Revision;
import dev.trimtab.sync.Hold;
import dev.trimtab.sync.SyncEvent;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What an event is about: which commit, which objects. */
final class EventScope {

    private EventScope() {}

    /** The commit that the event itself names; empty where it is about the sync as it stands. */
    static Optional<String> commit(SyncEvent event) {
        return revision(event).map(Revision::commit);
    }

    private static Optional<Revision> revision(SyncEvent event) {
        if (event instanceof SyncEvent.RevisionFound found) {
            return Optional.of(found.revision());
        } else if (event instanceof SyncEvent.OutsidePath outside) {
            return Optional.of(outside.revision());
        } else if (event instanceof SyncEvent.Refused refused) {
            return Optional.of(refused.revision());
        } else if (event instanceof SyncEvent.Warned warned) {
            return Optional.of(warned.revision());
        } else if (event instanceof SyncEvent.Planned planned) {
            return Optional.of(planned.plan().head());
        } else if (event instanceof SyncEvent.Applied applied) {
            return Optional.of(applied.outcome().plan().head());
        } else if (event instanceof SyncEvent.Settled settled) {
            return Optional.of(settled.revision());
        } else if (event instanceof SyncEvent.Held held) {
            return Optional.of(held.plan().head());
        } else if (event instanceof SyncEvent.DriftFound drift) {
            return Optional.of(drift.plan().head());
        } else if (event instanceof SyncEvent.HealthAwaited awaited) {
            return Optional.of(awaited.revision());
        } else if (event instanceof SyncEvent.Healthy healthy) {
            return Optional.of(healthy.revision());
        } else if (event instanceof SyncEvent.Unhealthy unhealthy) {
            return Optional.of(unhealthy.revision());
        }
        return Optional.empty();
    }

    /** The objects that the event is about, each once; empty where it is about none in particular. */
    static Optional<SortedSet<ObjectKey>> objects(SyncEvent event) {
        return named(event).map(keys -> keys.collect(Collectors.toCollection(TreeSet::new)));
    }

    private static Optional<Stream<ObjectKey>> named(SyncEvent event) {
        if (event instanceof SyncEvent.Planned planned) {
            return Optional.of(ofPlan(planned.plan()));
        } else if (event instanceof SyncEvent.Applied applied) {
            return Optional.of(applied.outcome().results().keySet().stream());
        } else if (event instanceof SyncEvent.Held held) {
            return Optional.of(ofHolds(held.holds()));
        } else if (event instanceof SyncEvent.Released released) {
            return Optional.of(ofHolds(released.ended()));
        } else if (event instanceof SyncEvent.DriftFound drift) {
            return Optional.of(drift.drifts().stream().map(Drift::object));
        } else if (event instanceof SyncEvent.DriftEnded ended) {
            return Optional.of(ended.drifts().stream().map(Drift::object));
        } else if (event instanceof SyncEvent.HealthAwaited awaited) {
            return Optional.of(awaited.reasons().keySet().stream());
        } else if (event instanceof SyncEvent.Unhealthy unhealthy) {
            return Optional.of(unhealthy.reasons().keySet().stream());
        } else if (event instanceof SyncEvent.RolloutsHalted halted) {
            return Optional.of(halted.reasons().keySet().stream());
        } else if (event instanceof SyncEvent.RolloutsGoOn on) {
            return Optional.of(on.workloads().stream());
        } else if (event instanceof SyncEvent.RolloutsFinished finished) {
            return Optional.of(finished.rollouts().stream().map(RolloutFinished::workload));
        } else if (event instanceof SyncEvent.NodesObserved observed) {
            return Optional.of(nodes(Stream.of(observed.found(), observed.ended())
                    .flatMap(Collection::stream)
                    .map(Observation::node)
                    .flatMap(Optional::stream)));
        } else if (event instanceof SyncEvent.NodesHeld waits) {
            return Optional.of(nodes(waits.plan().changes().stream().map(NodeChange::node)));
        } else if (event instanceof SyncEvent.NodesWritten written) {
            return Optional.of(nodes(written.outcome().results().stream().map(NodeResult::node)));
        } else if (event instanceof SyncEvent.NodesDraining draining) {
            return Optional.of(nodes(draining.nodes().stream()));
        }
        return Optional.empty();
    }

    private static Stream<ObjectKey> ofPlan(Plan plan) {
        return Stream.of(
                        plan.changes().stream().map(Change::object),
                        plan.problems().stream().map(ObjectProblem::object),
                        plan.orphans().stream())
                .flatMap(keys -> keys);
    }

    private static Stream<ObjectKey> ofHolds(List<Hold> holds) {
        return holds.stream().flatMap(hold -> hold.objects().stream());
    }

    private static Stream<ObjectKey> nodes(Stream<String> names) {
        return names.map(name -> new ObjectKey("", "Node", Optional.empty(), name));
    }
}
