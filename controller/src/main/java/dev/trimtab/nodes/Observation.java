package dev.trimtab.nodes;

import java.util.Comparator;
import java.util.List;
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

    /** A node that somebody sets back as often as it is changed. */
    public static Observation foughtOver(String node, List<String> fields) {
        return of(
                NodeCode.FOUGHT_OVER,
                node,
                Severity.WARNING,
                "somebody sets back " + String.join(", ", fields) + "; it is left alone",
                "metadata.managedFields of the node names who: kubectl get node " + node
                        + " -o yaml --show-managed-fields. A new commit or trimtab reconcile lets Trimtab try again");
    }

    /** Something that Trimtab may not read, so that nothing is said of it. */
    public static Observation notReadable(String what, String why) {
        return ofCluster(
                NodeCode.NOT_READABLE,
                Severity.INFO,
                what + " cannot be read: " + why,
                "allow Trimtab to get and list it, or go without what it tells");
    }

    /** The most severe first. */
    @Override
    public int compareTo(Observation other) {
        return ORDER.compare(this, other);
    }
}
