package dev.trimtab.bootstrap.join;

import java.util.Optional;

/**
 * A file of a machine that will be another.
 *
 * @param path absolute
 * @param have SHA-256 of what is there, empty when nothing is
 * @param want SHA-256 of what will be there, empty when nothing will
 */
public record FileChange(String path, Optional<String> have, Optional<String> want) {

    /** For instance {@code /etc/crictl.yaml 0a1b2c3d4e5f -> 6a7b8c9d0e1f}. */
    @Override
    public String toString() {
        return path + " " + shown(have) + " -> " + shown(want);
    }

    private static String shown(Optional<String> digest) {
        return digest.map(all -> all.substring(0, 12)).orElse("none");
    }
}
