package dev.trimtab.bootstrap.join;

import java.util.Locale;

/**
 * Where a machine stands between being a machine and being a node.
 *
 * @param detail why that was decided; for a person
 */
public record Standing(State state, String detail) {

    /** In the order of a machine's way. */
    public enum State {
        /** Not prepared, or not completely. */
        ABSENT,
        /** Everything that was rendered for it is there. */
        PREPARED,
        /** A join began and did not end. */
        HALF_JOINED,
        /** A node of this cluster. */
        JOINED,
        /** A node of another cluster. */
        JOINED_OTHER,
        /** Something else that is Kubernetes lives there. */
        FOREIGN;

        public String shown() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }
}
