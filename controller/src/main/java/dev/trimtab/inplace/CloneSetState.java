package dev.trimtab.inplace;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Everything a decision about one CloneSet is made from.
 *
 * @param pods those it owns that are active
 * @param revisions those it owns
 * @param imagesMissing whether new images are not on the nodes yet: no pod may restart with one
 */
record CloneSetState(
        CloneSet cloneSet, List<PodView> pods, List<TemplateRevision> revisions, Instant now, boolean imagesMissing) {

    CloneSetState {
        pods = pods.stream().filter(PodView::active).toList();
        revisions = List.copyOf(revisions);
    }

    CloneSetState(CloneSet cloneSet, List<PodView> pods, List<TemplateRevision> revisions, Instant now) {
        this(cloneSet, pods, revisions, now, false);
    }

    CloneSetState withoutImages() {
        return new CloneSetState(cloneSet, pods, revisions, now, true);
    }

    Optional<TemplateRevision> revisionOf(PodView pod) {
        return revisions.stream().filter(revision -> revision.isLabelOf(pod)).findFirst();
    }

    boolean available(PodView pod) {
        return pod.available(cloneSet.minReady(), now);
    }

    boolean specifiedDelete(PodView pod) {
        return pod.label(CloneSetKeys.SPECIFIED_DELETE).equals("true")
                || cloneSet.podsToDelete().contains(pod.name());
    }
}
