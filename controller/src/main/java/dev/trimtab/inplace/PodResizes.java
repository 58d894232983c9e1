package dev.trimtab.inplace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Which pods of a CloneSet have to get other cpu or memory to be like the wanted revision: what differs between a pod's revision and the
 * wanted one, and what an update that was called off in between left behind. What somebody else gave a pod, on its way in or
 * afterwards, is none of these and stays.
 */
final class PodResizes {

    private final CloneSetState state;
    private final TemplateRevision wanted;
    /** Containers of which the revisions do not all say the same: most often none, and then no pod is looked at. */
    private final Set<String> moving;

    PodResizes(CloneSetState state, TemplateRevision wanted) {
        this.state = state;
        this.wanted = wanted;
        this.moving = state.abilities().resize()
                ? state.revisions().stream()
                        .flatMap(revision -> Resizing.changed(revision.template(), wanted.template()).stream())
                        .collect(Collectors.toUnmodifiableSet())
                : Set.of();
    }

    PodResize of(PodView pod) {
        if (moving.isEmpty()) {
            return new PodResize(pod, wanted.template(), Set.of());
        }
        Set<String> containers = new TreeSet<>(state.revisionOf(pod)
                .map(from -> Resizing.changed(from.template(), wanted.template()))
                .orElse(Set.of()));
        PodView template = PodView.ofTemplate(wanted.template());
        moving.stream()
                .filter(name -> !same(pod, template, name) && isOfAnotherRevision(pod, name))
                .forEach(containers::add);
        return new PodResize(pod, wanted.template(), containers);
    }

    /** Why the node of a pod cannot give it what it was told to have; empty while it was not asked. */
    Optional<String> infeasible(PodView pod, Verdict verdict) {
        boolean resizes = verdict.reasons().stream().anyMatch(reason -> reason.code() == VerdictCode.RESIZE);
        return resizes && of(pod).left().isEmpty() ? Resizing.infeasible(pod) : Optional.empty();
    }

    /** Pods that are at the wanted revision again, before or after the kubelet followed the other one. */
    List<Step> restore(List<PodView> newer, Predicate<PodView> free) {
        return newer.stream()
                .filter(free)
                .map(this::of)
                .filter(resize -> !resize.left().isEmpty())
                .<Step>map(resize -> new Step.ResizePod(
                        resize.pod(), resize.patch(), "the update it was resized for is not wanted any more"))
                .toList();
    }

    private boolean isOfAnotherRevision(PodView pod, String container) {
        return state.revisions().stream()
                .map(revision -> PodView.ofTemplate(revision.template()))
                .anyMatch(template -> template.container(container).isPresent() && same(pod, template, container));
    }

    private static boolean same(PodView one, PodView other, String container) {
        return Resizing.same(resources(one, container), resources(other, container));
    }

    private static JsonNode resources(PodView pod, String container) {
        return pod.container(container).map(has -> has.path("resources")).orElseGet(MissingNode::getInstance);
    }
}
