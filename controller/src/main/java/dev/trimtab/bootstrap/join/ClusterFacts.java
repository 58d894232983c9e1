package dev.trimtab.bootstrap.join;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the cluster says of itself and its nodes.
 *
 * @param uid its identity
 * @param caHashes of each of its CAs, {@code sha256:} and hex digits; several while the CA is being replaced
 * @param nodes by name
 */
public record ClusterFacts(String uid, List<String> caHashes, SortedMap<String, Node> nodes) {

    public ClusterFacts {
        caHashes = List.copyOf(caHashes);
        nodes = Collections.unmodifiableSortedMap(new TreeMap<>(nodes));
    }

    /**
     * A Node object.
     *
     * @param machineId as its kubelet reports it
     * @param uninitialized whether it has the taint that it registered with, until its labels are on
     * @param why the Ready condition's reason and message, where it is not ready
     */
    public record Node(
            String name,
            boolean ready,
            String why,
            String machineId,
            Set<String> internalAddresses,
            Optional<String> podCidr,
            boolean uninitialized) {
        public Node {
            internalAddresses = Set.copyOf(internalAddresses);
        }
    }
}
