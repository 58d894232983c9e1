package dev.trimtab.apply;

import java.util.OptionalInt;
import java.util.Set;

/**
 * What a plan may do without a person's word.
 *
 * @param deletes how many objects one plan may delete; a share counts of what the sync manages
 * @param recreates how many workloads one plan may recreate; a share counts of the sync's objects that run pods
 * @param protectedKinds kinds whose objects are never deleted without a person's word. {@code StatefulSet} and {@code CloneSet}
 *     only while pods of theirs run
 */
public record Guards(Budget deletes, Budget recreates, Set<String> protectedKinds) {

    /**
     * What holds when nothing is written. Ten objects, or a tenth of them where that is more: an application that goes is no
     * accident, half a cluster may be one. Recreated pods come back, and the workload's own pace bounds how many are away.
     */
    public static final Guards STANDARD = new Guards(
            new Budget(OptionalInt.of(10), OptionalInt.of(10)),
            Budget.UNLIMITED,
            Set.of(
                    "Namespace",
                    "CustomResourceDefinition",
                    "PersistentVolumeClaim",
                    "PersistentVolume",
                    "StorageClass",
                    "StatefulSet",
                    "CloneSet"));

    public Guards {
        protectedKinds = Set.copyOf(protectedKinds);
    }

    /**
     * A number, a share, or both: then the larger of the two counts, so that the number is what small syncs may always do and the
     * share lets large ones do more. With neither there is no limit.
     *
     * @param number at least 0
     * @param percent 0 to 100; a share is rounded down
     */
    public record Budget(OptionalInt number, OptionalInt percent) {

        public static final Budget UNLIMITED = new Budget(OptionalInt.empty(), OptionalInt.empty());

        /** How many of {@code total} may be touched. */
        public int of(int total) {
            if (number.isEmpty() && percent.isEmpty()) {
                return Integer.MAX_VALUE;
            }
            long share = (long) total * percent.orElse(0) / 100;
            return (int) Math.max(number.orElse(0), share);
        }
    }
}
