package dev.trimtab.nodes;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Optional;

/**
 * Whether a node has to be cordoned or uncordoned. A cordon of our own is remembered in {@link Marks#CORDON}, so that one set by hand
 * is told from it.
 *
 * @param unschedulable what {@code spec.unschedulable} becomes; empty when it stays
 * @param mark what {@link Marks#CORDON} becomes
 * @param byHand whether somebody did otherwise than Git says, and policy lets it be
 */
record CordonDiff(Optional<Boolean> unschedulable, Optional<String> mark, boolean remembers, boolean byHand) {

    boolean isEmpty() {
        return unschedulable.isEmpty() && !remembers;
    }

    /**
     * Of a node that is to stay.
     *
     * @param enforce whether policy.cordon says so; otherwise Git's word is carried out once, and what somebody does afterwards is only
     *     told
     */
    static CordonDiff of(boolean schedulable, LiveNode live, boolean enforce) {
        Optional<String> mark = live.annotation(Marks.CORDON);
        boolean cordoned = live.cordoned();
        boolean foundCordoned = mark.equals(Optional.of(Marks.CORDON_FOUND));
        boolean ours = mark.isPresent() && !foundCordoned;
        if (!schedulable) {
            Optional<String> git = Optional.of(Marks.CORDON_GIT);
            if (cordoned) {
                return mark.isEmpty() || mark.equals(git) ? nothing(mark) : keep(mark, git);
            }
            return enforce || !mark.equals(git) ? set(true, git) : new CordonDiff(Optional.empty(), mark, false, true);
        }
        if (!cordoned) {
            return mark.isPresent() ? keep(mark, Optional.empty()) : nothing(mark);
        }
        if (ours || enforce) {
            return set(false, Optional.empty());
        }
        return new CordonDiff(Optional.empty(), Optional.empty(), foundCordoned, true);
    }

    /** Of a node that is to go. */
    static CordonDiff forRemoval(LiveNode live) {
        Optional<String> mark = live.annotation(Marks.CORDON);
        boolean marked = mark.equals(Optional.of(Marks.CORDON_REMOVAL)) || mark.equals(Optional.of(Marks.CORDON_FOUND));
        if (live.cordoned()) {
            return marked
                    ? nothing(mark)
                    : keep(mark, Optional.of(mark.isPresent() ? Marks.CORDON_REMOVAL : Marks.CORDON_FOUND));
        }
        return set(true, marked ? mark : Optional.of(Marks.CORDON_REMOVAL));
    }

    private static CordonDiff nothing(Optional<String> mark) {
        return new CordonDiff(Optional.empty(), mark, false, false);
    }

    private static CordonDiff keep(Optional<String> before, Optional<String> after) {
        return new CordonDiff(Optional.empty(), after, !before.equals(after), false);
    }

    private static CordonDiff set(boolean unschedulable, Optional<String> mark) {
        return new CordonDiff(Optional.of(unschedulable), mark, true, false);
    }

    /** A merge patch that fails when the node is no longer the one that was looked at. */
    ObjectNode patch(LiveNode live) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        ObjectNode patch = json.objectNode();
        ObjectNode metadata = patch.putObject("metadata");
        metadata.set("resourceVersion", live.metadata().path("resourceVersion"));
        metadata.put("uid", live.uid());
        ObjectNode annotations = metadata.putObject("annotations");
        if (remembers) {
            annotations.set(
                    Marks.CORDON,
                    mark.map(text -> (com.fasterxml.jackson.databind.JsonNode) TextNode.valueOf(text))
                            .orElse(json.nullNode()));
        }
        if (mark.isEmpty()) {
            annotations.set(Marks.DRAIN_BEGAN, json.nullNode());
        }
        unschedulable.ifPresent(value -> {
            ObjectNode spec = patch.putObject("spec");
            if (value) {
                spec.put("unschedulable", true);
            } else {
                spec.set("unschedulable", json.nullNode());
            }
        });
        return patch;
    }
}
