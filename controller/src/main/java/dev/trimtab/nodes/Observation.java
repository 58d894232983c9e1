package dev.trimtab.nodes;

import java.util.Comparator;
import java.util.Optional;

/**
 * Something about a node, or about the cluster's set-up, that is told and not put right.
 *
 * @param node empty when it concerns the cluster as a whole
 * @param text what is the case, without the name of the node
 * @param wayOut what a person can do
 */
public record Observation(NodeCode code, Optional<String> node, Severity severity, String text, String wayOut)
        implements Comparable<Observation> {

    private static final Comparator<Observation> ORDER = Comparator.comparing(Observation::severity)
            .reversed()
            .thenComparing(observation -> observation.node().orElse(""))
            .thenComparing(Observation::code)
            .thenComparing(Observation::text);

    static Observation of(NodeCode code, String node, Severity severity, String text, String wayOut) {
        return new Observation(code, Optional.of(node), severity, text, wayOut);
    }

    static Observation ofCluster(NodeCode code, Severity severity, String text, String wayOut) {
        return new Observation(code, Optional.empty(), severity, text, wayOut);
    }

    /** The most severe first. */
    @Override
    public int compareTo(Observation other) {
        return ORDER.compare(this, other);
    }
}
