package dev.trimtab.nodes;

import java.util.Optional;
import org.semver4j.Semver;

/** Versions of Kubernetes and its parts, which are written with and without a leading {@code v}. */
final class Versions {

    private Versions() {}

    static Optional<Semver> parse(String text) {
        return Optional.ofNullable(Semver.parse(text.startsWith("v") ? text.substring(1) : text));
    }

    /** {@code 1.36} */
    static String minor(Semver version) {
        return version.getMajor() + "." + version.getMinor();
    }

    /** How many minor versions {@code a} is ahead of {@code b}; negative when it is behind. */
    static int minorsAhead(Semver a, Semver b) {
        return a.getMajor() == b.getMajor() ? a.getMinor() - b.getMinor() : (a.getMajor() - b.getMajor()) * 1000;
    }
}
