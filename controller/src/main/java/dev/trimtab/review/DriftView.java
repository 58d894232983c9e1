package dev.trimtab.review;

import dev.trimtab.drift.DriftReport;
import java.util.Optional;

/**
 * One sync beside its cluster, and what a person can do about it.
 *
 * @param report empty when nothing could be compared
 * @param failure why not; of a report, what of Git could not be read
 */
public record DriftView(String sync, Optional<DriftReport> report, Optional<String> failure, Hints hints) {

    /**
     * Whole sentences or commands.
     *
     * @param pending how what waits comes to the cluster
     * @param heal how Git's values come back
     * @param leave how fields are left to others
     */
    public record Hints(String pending, String heal, String leave) {}

    /** Whether all that was applied is known to be so, or not to be so. */
    public boolean complete() {
        return report.filter(DriftReport::complete).isPresent();
    }

    public boolean drifted() {
        return report.filter(one -> !one.drifted().isEmpty()).isPresent();
    }
}
