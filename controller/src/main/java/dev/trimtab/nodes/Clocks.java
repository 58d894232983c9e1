package dev.trimtab.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.kube.ManagedFields;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How far a node's clock is off, told from the Lease that its kubelet renews: {@code renewTime} is the node's time, and the time of
 * the managedFields entry that wrote it is the API server's, of one and the same request. The entry is exact to a second, so only
 * differences of several seconds mean anything. An entry's time moves with each write that changes a value of its fields.
 */
final class Clocks {

    private Clocks() {}

    static void check(String node, JsonNode lease, Duration most, Findings findings) {
        skew(lease)
                .filter(skew -> skew.abs().compareTo(most) > 0)
                .ifPresent(skew -> findings.of(
                        node,
                        NodeCode.CLOCK_SKEW,
                        Severity.WARNING,
                        "its clock is " + skew.abs().toSeconds() + " s " + (skew.isNegative() ? "behind" : "ahead of")
                                + " the API server's",
                        "look at time synchronisation on the machine: chronyc tracking; time.maxSkewSeconds is "
                                + most.toSeconds()));
    }

    /** Positive when the node is ahead; empty when it cannot be told, for instance after somebody else wrote the Lease. */
    static Optional<Duration> skew(JsonNode lease) {
        List<ManagedFields.Entry> writers = ManagedFields.entries(lease.path("metadata")).stream()
                .filter(entry -> entry.touches("spec.renewTime"))
                .toList();
        Optional<Instant> node = NodeConditions.time(lease.path("spec").path("renewTime"));
        if (writers.size() != 1 || node.isEmpty()) {
            return Optional.empty();
        }
        return writers.get(0).time().map(server -> Duration.between(server, node.get()));
    }
}
