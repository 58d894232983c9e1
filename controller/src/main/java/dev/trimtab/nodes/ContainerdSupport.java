package dev.trimtab.nodes;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.semver4j.Semver;

/** Which containerd goes with which Kubernetes. Source: the table of recommended versions in containerd's RELEASES.md. */
final class ContainerdSupport {

    /** For each minor version of Kubernetes the first good patch of each line of containerd, oldest line first. */
    private static final Map<String, List<String>> LINES = Map.of(
            "1.33", List.of("1.7.24", "2.0.4", "2.1.0"),
            "1.34", List.of("1.7.28", "2.0.6", "2.1.3"),
            "1.35", List.of("1.7.28", "2.1.5", "2.2.0"),
            "1.36", List.of("2.2.0", "2.3.0"),
            "1.37", List.of("2.3.0"));

    private ContainerdSupport() {}

    /** What is needed instead; empty when {@code containerd} is good, or one of the two is not known. */
    static Optional<String> problem(String kubernetes, String containerd) {
        List<String> lines = Versions.parse(kubernetes)
                .map(version -> LINES.getOrDefault(Versions.minor(version), List.of()))
                .orElse(List.of());
        Optional<Semver> is = Versions.parse(containerd);
        if (lines.isEmpty() || is.isEmpty() || lines.stream().anyMatch(first -> isGood(is.get(), first, lines))) {
            return Optional.empty();
        }
        return Optional.of(lines.stream().map(line -> line + "+").collect(Collectors.joining(" or ")));
    }

    private static boolean isGood(Semver is, String first, List<String> lines) {
        Semver from = Versions.parse(first).orElseThrow();
        boolean newest = first.equals(lines.get(lines.size() - 1));
        return is.isGreaterThanOrEqualTo(from) && (newest || Versions.minor(is).equals(Versions.minor(from)));
    }
}
