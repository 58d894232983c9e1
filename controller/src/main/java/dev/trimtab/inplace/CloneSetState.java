package dev.trimtab.inplace;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Everything a decision about one CloneSet is made from.
 *
 * @param pods those it owns that are active
 * @param revisions those it owns
 */
record CloneSetState(CloneSet cloneSet, List<PodView> pods, List<TemplateRevision> revisions, Instant now) {

    CloneSetState {
        pods = pods.stream().filter(PodView::active).toList();
        revisions = List.copyOf(revisions);
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
