package dev.trimtab.nodes;

import java.util.ArrayList;
import java.util.List;

/** Observations as they are made, of one node or of the cluster. */
final class Findings {

    private final List<Observation> observations = new ArrayList<>();

    void of(String node, NodeCode code, Severity severity, String text, String wayOut) {
        observations.add(Observation.of(code, node, severity, text, wayOut));
    }

    void ofCluster(NodeCode code, Severity severity, String text, String wayOut) {
        observations.add(Observation.ofCluster(code, severity, text, wayOut));
    }

    void addAll(List<Observation> others) {
        observations.addAll(others);
    }

    /** The most severe first. */
    List<Observation> sorted() {
        return observations.stream().sorted().distinct().toList();
    }
}
