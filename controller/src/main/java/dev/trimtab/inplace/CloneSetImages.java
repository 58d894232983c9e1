package dev.trimtab.inplace;

import dev.trimtab.inplace.prepull.PrePull;
import dev.trimtab.inplace.prepull.PrePullOrder;
import dev.trimtab.inplace.prepull.PrePullState;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.EventRecorder;
import dev.trimtab.kube.EventSubject;
import dev.trimtab.kube.ObjectKey;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps pods of CloneSets from restarting with new images until these are on their nodes; all else goes on. */
final class CloneSetImages implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CloneSetImages.class);

    private final EventRecorder events;
    private final PrePull prePull;

    /** Why the pods of a CloneSet do not restart, by its uid. */
    private final Map<String, String> told = new ConcurrentHashMap<>();

    CloneSetImages(ClusterClient cluster, Clock clock, Consumer<ObjectKey> changed) {
        this.events = new EventRecorder(cluster, clock, StepExecutor.FIELD_MANAGER);
        this.prePull = new PrePull(cluster, clock, Set.of(CloneSetKeys.KIND), changed);
    }

    /** @param next what is decided if the images are there */
    Decision before(CloneSetState state, Decision next) {
        CloneSet cloneSet = state.cloneSet();
        ObjectKey key = ObjectKey.of(cloneSet.json());
        if (cloneSet.strategy().paused()) {
            // No pod restarts now; what was pulled stays known.
            return next;
        }
        if (next.wanted().isEmpty()
                || !PrePullOrder.wanted(cloneSet.json(), next.restarting().size())) {
            prePull.clear(key);
            tell(state, Optional.empty());
            return next;
        }
        TemplateRevision wanted = next.wanted().get();
        PrePullState images = prePull.bring(PrePullOrder.of(
                cloneSet.json(),
                wanted.hash(),
                wanted.template(),
                next.restarting().stream().map(PodView::json).toList(),
                supplied(state, wanted)));
        Optional<String> problem =
                images instanceof PrePullState.Failed ? Optional.of(images.toString()) : Optional.empty();
        tell(state, problem);
        return images instanceof PrePullState.Ready
                ? next
                : CloneSetPlanner.decide(state.withoutImages()).and(problem, images.again());
    }

    /** After a rollback in the middle most nodes still run what is wanted again. */
    private static Set<String> supplied(CloneSetState state, TemplateRevision wanted) {
        return state.pods().stream()
                .filter(pod -> wanted.isLabelOf(pod) && state.available(pod) && Completion.done(pod))
                .map(PodView::node)
                .collect(Collectors.toSet());
    }

    private void tell(CloneSetState state, Optional<String> problem) {
        CloneSet cloneSet = state.cloneSet();
        Optional<String> before = Optional.ofNullable(
                problem.isPresent() ? told.put(cloneSet.uid(), problem.get()) : told.remove(cloneSet.uid()));
        if (before.equals(problem)) {
            return;
        }
        problem.ifPresentOrElse(
                why -> {
                    LOG.warn("{}: halted, its pods stay as they are: {}", cloneSet, why);
                    events.record(
                            EventSubject.of(cloneSet.json()),
                            EventRecorder.Type.WARNING,
                            "RolloutHalted",
                            "its pods stay as they are: " + why);
                },
                () -> LOG.info("{}: goes on", cloneSet));
    }

    @Override
    public void close() {
        prePull.close();
    }
}
