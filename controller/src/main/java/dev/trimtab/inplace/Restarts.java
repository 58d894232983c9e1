package dev.trimtab.inplace;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The containers of one CloneSet pod that start again with the image they have. */
record Restarts(PodView pod, TemplateRevision to, Set<String> containers) {

    static Restarts of(CloneSetState state, PodView pod, TemplateRevision to, Verdict.InPlace verdict) {
        Set<String> containers = new TreeSet<>(verdict.containers());
        Optional<TemplateRevision> from = state.revisionOf(pod);
        containers.removeIf(name -> from.isEmpty()
                || !image(from.get(), name).equals(image(to, name))
                || imageId(pod, name).isEmpty());
        return new Restarts(pod, to, containers);
    }

    /** Why one of them cannot. */
    Optional<String> impossible() {
        return containers.stream()
                .filter(name -> ImageName.other(pod.image(name), image(to, name), imageId(pod, name))
                        .isEmpty())
                .findFirst()
                .map(name -> "container " + name + " of " + pod.name() + " runs " + pod.image(name)
                        + ", of which the runtime reports no digest in its repository");
    }

    /**
     * A container that was told to restart, for an earlier revision, and was not stopped yet would start with what that revision said:
     * whatever else the pod is told has to wait for it.
     */
    boolean tooEarly() {
        return !containers.isEmpty()
                && InPlaceState.of(pod)
                        .map(state -> state.containers().entrySet().stream()
                                .anyMatch(entry -> !Completion.begun(pod, entry.getKey(), entry.getValue())))
                        .orElse(false);
    }

    private static String image(TemplateRevision revision, String container) {
        return PodView.ofTemplate(revision.template()).image(container);
    }

    private static String imageId(PodView pod, String container) {
        return pod.containerStatus(container)
                .map(status -> status.path("imageID").asText(""))
                .orElse("");
    }

    /** What a pod's container gets as its image when it is to restart: the wanted one, written another way if it has that. */
    static String imageFor(PodView pod, String container, String wanted) {
        return pod.image(container).equals(wanted)
                ? ImageName.other(wanted, wanted, imageId(pod, container)).orElse(wanted)
                : wanted;
    }
}
