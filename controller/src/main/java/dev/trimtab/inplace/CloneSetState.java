package dev.trimtab.inplace;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Everything a decision about one CloneSet is made from.
 *
 * @param pods those it owns that are active
 * @param revisions those it owns
 * @param claims those with an instance id that it or one of its pods owns
 * @param instances the ids of all its pods, of those too that are on their way out
 * @param nodeLabels of the nodes its pods run on, as far as they are asked for and known
 * @param abilities what the cluster can do to its pods
 * @param imagesMissing whether new images are not on the nodes yet: no pod may restart with one
 */
record CloneSetState(
        CloneSet cloneSet,
        List<PodView> pods,
        List<TemplateRevision> revisions,
        List<ClaimView> claims,
        Set<String> instances,
        Map<String, JsonNode> nodeLabels,
        Instant now,
        Abilities abilities,
        boolean imagesMissing) {

    CloneSetState {
        pods = List.copyOf(pods);
        revisions = List.copyOf(revisions);
        claims = List.copyOf(claims);
        instances = Set.copyOf(instances);
        nodeLabels = Map.copyOf(nodeLabels);
    }

    /** @param owned every pod there is of the set */
    static CloneSetState of(
            CloneSet cloneSet,
            List<PodView> owned,
            List<TemplateRevision> revisions,
            List<ClaimView> claims,
            Instant now) {
        return new CloneSetState(
                cloneSet,
                owned.stream().filter(PodView::active).toList(),
                revisions,
                claims,
                owned.stream().map(pod -> pod.label(CloneSetKeys.INSTANCE_ID)).collect(Collectors.toSet()),
                Map.of(),
                now,
                Abilities.ROLLOUT,
                false);
    }

    CloneSetState withoutImages() {
        return new CloneSetState(cloneSet, pods, revisions, claims, instances, nodeLabels, now, abilities, true);
    }

    CloneSetState able(Abilities abilities) {
        return new CloneSetState(
                cloneSet, pods, revisions, claims, instances, nodeLabels, now, abilities, imagesMissing);
    }

    CloneSetState onNodes(Map<String, JsonNode> labels) {
        return new CloneSetState(cloneSet, pods, revisions, claims, instances, labels, now, abilities, imagesMissing);
    }

    Optional<TemplateRevision> revisionOf(PodView pod) {
        return revisions.stream().filter(revision -> revision.isLabelOf(pod)).findFirst();
    }

    boolean available(PodView pod) {
        return pod.available(cloneSet.minReady(), now);
    }

    /** False for a pod on its way out where the set does not count these. */
    boolean counted(PodView pod) {
        return !pod.preparingDelete() || !cloneSet.excludesPreparingDelete();
    }

    boolean specifiedDelete(PodView pod) {
        return pod.label(CloneSetKeys.SPECIFIED_DELETE).equals("true")
                || cloneSet.podsToDelete().contains(pod.name());
    }
}
