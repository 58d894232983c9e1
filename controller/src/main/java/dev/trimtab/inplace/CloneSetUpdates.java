package dev.trimtab.inplace;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.EventRecorder;
import dev.trimtab.kube.EventSubject;
import dev.trimtab.kube.ObjectKey;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says when an update of a CloneSet is through, once each. That one is under way is read from the pods; when it began is known only
 * where this process saw it begin.
 */
final class CloneSetUpdates {

    private static final Logger LOG = LoggerFactory.getLogger(CloneSetUpdates.class);

    private record Begun(Optional<Instant> at, int images) {}

    private final EventRecorder events;
    private final Consumer<RolloutFinished> finished;

    /** By uid of the set. */
    private final Map<String, Begun> underWay = new ConcurrentHashMap<>();

    /** The uids of those that were seen with nothing to update. */
    private final Set<String> rested = ConcurrentHashMap.newKeySet();

    CloneSetUpdates(ClusterClient cluster, Clock clock, Consumer<RolloutFinished> finished) {
        this.events = new EventRecorder(cluster, clock, StepExecutor.FIELD_MANAGER);
        this.finished = finished;
    }

    /** @param status as it is written now */
    void look(CloneSetState state, Decision decision, ObjectNode status) {
        String uid = state.cloneSet().uid();
        if (decision.wanted().isEmpty()
                || RolloutRecord.undone(state.cloneSet().json()).isPresent()) {
            return;
        }
        TemplateRevision wanted = decision.wanted().get();
        if (new Progress(state, status).arrived()) {
            rested.add(uid);
            Optional.ofNullable(underWay.remove(uid)).ifPresent(begun -> tell(state, wanted, begun));
        } else if (hasPodsToUpdate(state, status)) {
            // Between two templates the pods come from neither.
            int images = decision.current().map(from -> images(from, wanted)).orElse(0);
            Optional<Instant> seen = rested.remove(uid) ? Optional.of(state.now()) : Optional.empty();
            underWay.merge(
                    uid,
                    new Begun(seen, images),
                    (before, next) -> new Begun(before.at(), Math.max(before.images(), next.images())));
        }
    }

    void forget(String uid) {
        underWay.remove(uid);
        rested.remove(uid);
    }

    /** Pods that are missing are made from the new template, and are no update. */
    private static boolean hasPodsToUpdate(CloneSetState state, ObjectNode status) {
        int old =
                status.path("replicas").asInt() - status.path("updatedReplicas").asInt();
        return old
                > state.cloneSet().replicas()
                        - status.path("expectedUpdatedReplicas").asInt();
    }

    private void tell(CloneSetState state, TemplateRevision wanted, Begun begun) {
        CloneSet cloneSet = state.cloneSet();
        RolloutFinished end = RolloutFinished.of(
                ObjectKey.of(cloneSet.json()),
                state.pods().stream().filter(wanted::isLabelOf).toList(),
                pod -> InPlaceState.of(pod)
                        .filter(told -> told.revision().equals(wanted.hash())
                                || told.revision().equals(wanted.name()))
                        .isPresent(),
                begun.images(),
                begun.at(),
                state.now());
        LOG.info("{}: its update is through: {}", cloneSet, end.text());
        events.record(EventSubject.of(cloneSet.json()), EventRecorder.Type.NORMAL, RolloutFinished.REASON, end.text());
        finished.accept(end);
    }

    private static int images(TemplateRevision from, TemplateRevision to) {
        PodView before = PodView.ofTemplate(from.template());
        return (int) Stream.of("containers", "initContainers")
                .flatMap(list -> Containers.stream(to.template().path("spec").path(list)))
                .filter(container -> {
                    String had = before.image(container.path("name").asText());
                    return !had.isEmpty() && !had.equals(container.path("image").asText());
                })
                .count();
    }
}
