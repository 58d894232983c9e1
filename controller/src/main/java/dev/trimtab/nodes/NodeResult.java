package dev.trimtab.nodes;

import dev.trimtab.nodes.NodeChange.Kind;
import java.util.Optional;

/**
 * What became of one change.
 *
 * @param failure why it was not carried out, or not to its end; empty when it was
 * @param retryable whether trying again may help
 */
public record NodeResult(String node, Kind kind, Optional<String> failure, boolean retryable) {

    static NodeResult done(NodeChange change) {
        return new NodeResult(change.node(), change.kind(), Optional.empty(), false);
    }

    static NodeResult failed(NodeChange change, String why, boolean retryable) {
        return new NodeResult(change.node(), change.kind(), Optional.of(why), retryable);
    }
}
