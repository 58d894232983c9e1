package dev.trimtab.review;

import static dev.trimtab.review.PlanText.labelled;

import dev.trimtab.codes.Count;
import dev.trimtab.drift.Drift;
import dev.trimtab.drift.DriftClass;
import dev.trimtab.drift.DriftReport;
import dev.trimtab.drift.Drifted;
import dev.trimtab.drift.Severity;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.plan.FieldChange;
import dev.trimtab.plan.Plan;
import dev.trimtab.plan.PodImpact;
import dev.trimtab.source.Revision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What drifted, for a terminal: which object, since when, by whom, which fields, and what ends it. ASCII, at most 100 columns. */
public final class DriftText {

    private static final int WIDTH = 100;
    private static final int OBJECTS = 50;
    private static final int FIELD_LINES = 6;
    private static final String INDENT = "      ";

    private final Style style;
    private final boolean all;

    /** @param all whether long lists are told to their end */
    public DriftText(Style style, boolean all) {
        this.style = style;
        this.all = all;
    }

    /** The whole text, ending with a line break. */
    public String render(List<DriftView> views, Instant now) {
        List<String> lines = new ArrayList<>();
        for (DriftView view : views) {
            if (!lines.isEmpty()) {
                lines.add("");
            }
            view.report()
                    .ifPresentOrElse(
                            report -> report(lines, view, report, now),
                            () -> lines.add("Drift  sync " + view.sync() + "   " + style.red("NOT COMPARED")));
            view.failure().ifPresent(why -> lines.add(labelled("problem", why)));
        }
        return String.join("\n", lines) + "\n";
    }

    private void report(List<String> lines, DriftView view, DriftReport report, Instant now) {
        lines.add("Drift  " + report.cluster().name() + "   sync " + report.sync() + "   "
                + comparedWith(report, now)
                + "   cluster read " + Ages.ago(report.readAt(), now));
        lines.add("");
        incomplete(lines, report);
        if (report.drifted().isEmpty()) {
            nothing(lines, report);
        } else {
            drifted(lines, view, report, now);
        }
        rest(lines, view, report);
    }

    private static String comparedWith(DriftReport report, Instant now) {
        if (report.applied().isEmpty()) {
            return "nothing applied as a whole yet";
        }
        Revision applied = report.applied().get();
        if (applied.commit().equals(Revision.WORKTREE)) {
            return "as applied from a folder " + Ages.ago(applied.committedAt(), now);
        }
        return "as applied: " + applied.ref() + "@" + applied.shortCommit();
    }

    private void incomplete(List<String> lines, DriftReport report) {
        if (report.complete()) {
            return;
        }
        lines.add("  " + style.red("INCOMPLETE") + "  "
                + Count.of(report.problems().size(), "object") + " could not be compared; what follows is not all.");
        for (Plan.ObjectProblem problem : report.problems()) {
            lines.add(INDENT + problem.origin().map(at -> at + "  ").orElse("") + problem.object() + ": "
                    + problem.text() + " [" + problem.code().id() + "]");
        }
        lines.add("");
    }

    private void nothing(List<String> lines, DriftReport report) {
        if (report.leftOut() > 0) {
            lines.add("  None that was asked for; " + Count.of(report.leftOut(), "object") + " drifted in all.");
        } else if (report.complete()) {
            lines.add(
                    report.compared() == 0
                            ? "  No drift: sync " + report.sync() + " has applied nothing here that Git holds."
                            : "  No drift. " + Count.of(report.compared(), "object") + " compared, "
                                    + (report.compared() == 1 ? "it is as it was" : "all are as they were")
                                    + " applied.");
        } else {
            lines.add("  Nothing drifted among the " + Count.of(report.compared(), "object")
                    + " that could be compared.");
        }
    }

    private void drifted(List<String> lines, DriftView view, DriftReport report, Instant now) {
        List<String> parts = new ArrayList<>();
        for (Severity severity : Severity.values()) {
            if (report.count(severity) > 0) {
                parts.add(report.count(severity) + " " + severity.label());
            }
        }
        lines.add("  " + Count.of(report.drifted().size(), "object") + " drifted: " + String.join(", ", parts) + "; "
                + report.asApplied() + " as applied"
                + (report.leftOut() > 0 ? "; " + report.leftOut() + " more drifted and are left out" : ""));
        int shown = all
                ? report.drifted().size()
                : Math.min(OBJECTS, report.drifted().size());
        report.drifted().subList(0, shown).forEach(one -> object(lines, one, now));
        if (shown < report.drifted().size()) {
            lines.add("");
            lines.add("  and " + Count.of(report.drifted().size() - shown, "more object") + ": give --all to see them");
        }
        lines.add("");
        lines.add("  What ends it");
        lines.add(labelled("heal", view.hints().heal()));
        lines.add(labelled("keep", "write what is there into Git, and commit it"));
        lines.add(labelled("leave", view.hints().leave()));
    }

    private void object(List<String> lines, Drifted one, Instant now) {
        Drift drift = one.drift();
        lines.add("");
        String severity = String.format("  %-9s", one.severity().label());
        lines.add((one.severity() == Severity.CRITICAL ? style.red(severity) : style.yellow(severity))
                + String.format(" %-9s ", word(drift.type()))
                + style.bold(drift.object().toString()));
        lines.add(labelled(
                "since",
                drift.changedAt()
                        .map(at -> at + ", " + Ages.ago(at, now))
                        .orElse(
                                drift.type() == DriftClass.MISSING
                                        ? "not known: the server keeps no record of what was deleted, nor by whom"
                                        : "not known")));
        one.writer().ifPresent(writer -> lines.add(labelled("by", by(writer))));
        fields(lines, drift, one.writer());
        if (drift.type() == DriftClass.EXTRA_OWNER) {
            lines.add(labelled(
                    "what", "its values are Git's, but who owns them was wiped: what leaves Git would not leave it"));
        }
        if (one.moved()) {
            lines.add(labelled("note", "Git wants it otherwise by now, too"));
        }
        one.origin().ifPresent(at -> lines.add(labelled("in Git", at.toString())));
        healing(one.pods()).ifPresent(text -> lines.add(labelled("healing", text)));
    }

    private static String by(Drifted.Writer writer) {
        return writer.manager() + " ("
                + writer.operation()
                + (writer.subresource().isEmpty() ? "" : " of " + writer.subresource())
                + ")";
    }

    private void fields(List<String> lines, Drift drift, Optional<Drifted.Writer> writer) {
        List<FieldChange> fields = drift.fields();
        int shown = all ? fields.size() : Math.min(fields.size(), FIELD_LINES);
        for (FieldChange field : fields.subList(0, shown)) {
            String other = field.liveManager()
                    .filter(manager -> writer.filter(known -> known.manager().equals(manager))
                            .isEmpty())
                    .map(manager -> "   (by " + manager + ")")
                    .orElse("");
            String text =
                    all ? FieldText.drifted(field) : FieldText.drifted(field, WIDTH - INDENT.length() - other.length());
            String line = INDENT + text + other;
            lines.add(line.length() <= WIDTH || all ? line : line.substring(0, WIDTH - 3) + "...");
        }
        if (fields.size() > shown) {
            lines.add(INDENT + "and " + Count.of(fields.size() - shown, "more field"));
        }
    }

    private static Optional<String> healing(PodImpact pods) {
        String count = Count.of(pods.count(), "pod");
        return switch (pods.effect()) {
            case NONE -> Optional.empty();
            case METADATA_ONLY -> Optional.of("touches " + count + " without a restart");
            case RESTART_IN_PLACE -> Optional.of("restarts " + count + " in place");
            case RECREATE -> Optional.of("replaces " + count);
            case REMOVE -> Optional.of("removes " + count);
            case ADD -> Optional.of("brings " + count);
        };
    }

    private void rest(List<String> lines, DriftView view, DriftReport report) {
        if (!report.pending().isEmpty()) {
            lines.add("");
            lines.add(labelled(
                    "pending",
                    Count.of(report.pending().size(), "object")
                            + (report.pending().size() == 1 ? " waits" : " wait")
                            + " to be applied, which is no drift: "
                            + view.hints().pending()));
        }
        if (!report.shared().isEmpty()) {
            ObjectKey first = report.shared().first();
            lines.add("");
            lines.add(labelled(
                    "harmless",
                    first
                            + (report.shared().size() == 1
                                    ? " has"
                                    : " and " + (report.shared().size() - 1) + " more have")
                            + " Git's values, written by others too"));
        }
    }

    static String word(DriftClass type) {
        return type.label().replace('_', ' ');
    }
}
