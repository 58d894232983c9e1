package dev.trimtab.sync;

import dev.trimtab.apply.Guards;
import java.util.Optional;

/**
 * What bounds a sync's writes, as its ClusterSync says.
 *
 * @param suspension in force as long as it is written there, or until it ends
 */
public record Policy(Guards guards, Windows windows, Optional<Suspension> suspension) {

    /** What holds when nothing is written. */
    public static final Policy STANDARD = new Policy(Guards.STANDARD, Windows.ALWAYS, Optional.empty());
}
