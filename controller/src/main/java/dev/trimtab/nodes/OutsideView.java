package dev.trimtab.nodes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.bootstrap.NodeReport;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What {@code verify.sh} last found on machines, since no API shows it: read from the Nodes, nobody is asked. */
public final class OutsideView {

    /** After that long a machine may be any: packages and mirrors change by the month. */
    static final Duration FRESH = Duration.ofDays(30);

    private OutsideView() {}

    /** Empty when nobody ever kept a report with the node. */
    public static Optional<NodeReport> of(ObjectNode node) {
        return new LiveNode(node).annotation(NodeReport.ANNOTATION).flatMap(NodeReport::parse);
    }

    /** How a machine looks from outside, in a few words: {@code all 24 checks well, 3 days ago}. */
    public static String words(Optional<NodeReport> report, Instant now) {
        return report.map(one -> (one.failures() == 0
                                ? "all " + one.checks() + " checks well"
                                : one.failures() + " of " + one.checks() + " checks failed")
                        + ", " + age(one, now))
                .orElse("never verified");
    }

    private static String age(NodeReport report, Instant now) {
        long days = Math.max(0, Duration.between(report.at(), now).toDays());
        return days == 0 ? "today" : days == 1 ? "1 day ago" : days + " days ago";
    }

    static void check(LiveNode node, Instant now, Findings findings) {
        Optional<NodeReport> report = of(node.json());
        String again = "on the machine: sudo sh prepare.sh; sudo sh verify.sh, and its output to trimtab bootstrap"
                + " verify-report " + node.name() + " FILE";
        report.filter(one -> one.failures() > 0)
                .ifPresent(one -> findings.of(
                        node.name(),
                        NodeCode.MACHINE_DIFFERS,
                        Severity.WARNING,
                        words(report, now) + ": " + String.join("; ", one.named())
                                + (one.failures() > one.named().size() ? "; and more" : ""),
                        "trimtab bootstrap join " + node.name() + " looks at it and puts files right; or " + again));
        report.filter(one -> one.failures() == 0)
                .filter(one -> !now.isBefore(one.at().plus(FRESH)))
                .ifPresent(one -> findings.of(
                        node.name(),
                        NodeCode.REPORT_STALE,
                        Severity.INFO,
                        words(report, now) + "; since then nobody has looked at the machine",
                        again));
    }

    /** When a report that is good will be an old one. */
    static Optional<Instant> staleAt(LiveNode node) {
        return of(node.json())
                .filter(one -> one.failures() == 0)
                .map(one -> one.at().plus(FRESH));
    }
}
