package dev.trimtab.sync;

import dev.trimtab.codes.Code;
import dev.trimtab.kube.ObjectKey;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Something that is not done although it was planned.
 *
 * @param code stays the same for the same reason, for alerts
 * @param objects whose changes are not made
 * @param approvable whether an approval of the plan releases it
 * @param until when it ends on its own
 */
public record Hold(Code code, String text, SortedSet<ObjectKey> objects, boolean approvable, Optional<Instant> until) {

    public Hold {
        objects = Collections.unmodifiableSortedSet(new TreeSet<>(objects));
    }
}
