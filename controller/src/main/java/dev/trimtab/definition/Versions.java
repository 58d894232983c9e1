package dev.trimtab.definition;

import java.util.Optional;
import org.semver4j.Semver;

/** Versions of Kubernetes and its parts, which are written with and without a leading {@code v}. */
public final class Versions {

    /** Longer texts are no versions, and could take a pattern to its limits. */
    private static final int LONGEST = 100;

    private Versions() {}

    /** Empty when the text is no full version such as {@code v1.36.4}. */
    public static Optional<Semver> parse(String written) {
        return written.length() <= LONGEST
                ? Optional.ofNullable(Semver.parse(written.startsWith("v") ? written.substring(1) : written))
                : Optional.empty();
    }

    /** Whether a text is a version such as {@code v1.36.4}. */
    public static boolean isFull(String written) {
        return parse(written).isPresent();
    }

    /** Whether a version is that one or newer; what is no version is not. */
    public static boolean isAtLeast(String version, String least) {
        return parse(version)
                .filter(known -> known.isGreaterThanOrEqualTo(new Semver(least)))
                .isPresent();
    }
}
