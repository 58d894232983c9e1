package dev.trimtab.review;

import dev.trimtab.codes.Count;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.plan.Action;
import dev.trimtab.plan.Change;
import dev.trimtab.plan.FieldChange;
import dev.trimtab.plan.Plan;
import dev.trimtab.plan.PlanCode;
import dev.trimtab.plan.PodImpact;
import dev.trimtab.plan.PodImpact.Effect;
import dev.trimtab.plan.Risk;
import dev.trimtab.source.Revision;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A plan for a terminal: the first lines say what happens to pods, then one headline a change in order of risk with a few
 * labelled lines below. ASCII only and at most 100 columns wide, so that tables hold in every locale.
 */
public final class PlanText {

    private static final int WIDTH = 100;
    private static final int FIELD_LINES = 6;
    private static final String INDENT = "      ";

    /** How much is told of each change. */
    public enum Detail {
        /** Headlines only. */
        SHORT,
        /** Headlines with fields, pace, reason and advice. */
        FULL
    }

    private final Style style;
    private final Detail detail;

    public PlanText(Style style, Detail detail) {
        this.style = style;
        this.detail = detail;
    }

    /** The whole text, ending with a line break. {@code now} tells how old the read of the cluster is. */
    public String render(Plan plan, Instant now) {
        List<String> lines = new ArrayList<>();
        lines.add(header(plan, now));
        lines.add("");
        if (!plan.complete()) {
            lines.add("  " + style.red("INCOMPLETE") + "  "
                    + Count.of(plan.problems().size(), "object")
                    + " could not be compared; what follows is not the whole plan.");
            for (Plan.ObjectProblem problem : plan.problems()) {
                lines.add(INDENT + problem.origin().map(at -> at + "  ").orElse("") + problem.object() + ": "
                        + problem.text() + " [" + problem.code().id() + "]");
            }
            lines.add("");
        }
        Counts counts = Counts.of(plan);
        if (plan.changes().isEmpty()) {
            if (plan.complete()) {
                lines.add("  No changes. " + Count.of(counts.unchanged(), "object") + " "
                        + (counts.unchanged() == 1 ? "matches " : "match ")
                        + plan.cluster().name() + ".");
            }
        } else {
            lines.add(summary(plan, counts));
            List<String> pods = counts.podPhrases();
            if (!pods.isEmpty()) {
                lines.add("  Pods: " + String.join(", ", pods));
            }
            int number = 1;
            for (Change change : plan.changes()) {
                if (detail == Detail.FULL || number == 1) {
                    lines.add("");
                }
                change(lines, number++, change);
            }
        }
        List<ObjectKey> orphans = plan.orphans();
        if (!orphans.isEmpty()) {
            lines.add("");
            orphans.forEach(object -> lines.add("  " + style.yellow("orphan") + "   " + object
                    + ": gone from Git, stays in the cluster because it says so, and is no longer managed"));
        }
        if (!plan.warnings().isEmpty()) {
            lines.add("");
            plan.warnings()
                    .forEach(warning -> lines.add("  " + style.yellow("warning") + "  "
                            + warning.origin().map(at -> at + "  ").orElse("") + warning.object() + ": "
                            + warning.text()));
        }
        return String.join("\n", lines) + "\n";
    }

    private static String header(Plan plan, Instant now) {
        String base = plan.base().map(Revision::shortCommit).orElse("(nothing applied yet)");
        String head = plan.head().commit().equals(Revision.WORKTREE)
                ? "this folder"
                : plan.head().ref() + "@" + plan.head().shortCommit();
        boolean moved = !plan.base()
                .map(Revision::commit)
                .equals(Optional.of(plan.head().commit()));
        String commits = moved ? base + " -> " + head : head;
        long age = Math.max(0, Duration.between(plan.readAt(), now).toSeconds());
        return "Plan  " + plan.cluster().name() + "   " + commits + "   cluster read " + age + " s ago";
    }

    private String summary(Plan plan, Counts counts) {
        List<String> parts = new ArrayList<>();
        for (Action action : List.of(Action.IN_PLACE, Action.RECREATE, Action.APPLY, Action.CREATE, Action.DELETE)) {
            if (counts.objects(action) > 0) {
                parts.add(counts.objects(action) + " " + word(action));
            }
        }
        String left = "  " + Count.of(plan.changes().size(), "change") + ": " + String.join(", ", parts);
        return spread(left, left.length(), Count.of(counts.unchanged(), "object") + " unchanged");
    }

    private void change(List<String> lines, int number, Change change) {
        String lead = String.format("  %-2d %3s %-9s", number, symbol(change.action()), word(change.action()));
        String object = change.object().toString();
        String plain = lead + " " + object;
        String painted = paint(change.action(), lead) + " " + style.bold(object);
        lines.add(spread(painted, plain.length(), effect(change.pods())));
        if (detail == Detail.SHORT) {
            return;
        }
        fields(lines, change);
        pace(change.pods()).ifPresent(pace -> lines.add(labelled("pace", pace)));
        if (change.pods().effect() == Effect.RESTART_IN_PLACE) {
            lines.add(labelled(
                    "keeps",
                    "pod name, IP, node and volumes; only "
                            + (change.pods().containers().size() == 1 ? "container " : "containers ")
                            + String.join(", ", change.pods().containers()) + " "
                            + (change.pods().containers().size() == 1 ? "restarts" : "restart")));
        }
        lines.add(labelled(
                "why", change.reason().text() + " [" + change.reason().code().id() + "]"));
        change.adoption()
                .filter(adoption -> change.reason().code() != PlanCode.ADOPTED
                        && change.reason().code() != PlanCode.LEFT_TO_OTHERS)
                .ifPresent(
                        adoption -> lines.add(labelled(adoption.onlyYields() ? "leaves" : "adopts", adoption.text())));
        for (Risk risk : change.risks()) {
            String text = labelled(
                    risk.isDanger() ? "DANGER" : "risk",
                    risk.text() + " [" + risk.code().id() + "]");
            lines.add(risk.isDanger() ? text.replaceFirst("DANGER", style.red("DANGER")) : text);
            risk.wayOut().ifPresent(wayOut -> lines.add(labelled("blocked", "until you " + wayOut)));
        }
        change.reason().advice().ifPresent(advice -> lines.add(labelled("instead", advice)));
    }

    private void fields(List<String> lines, Change change) {
        List<FieldChange> fields = change.fields();
        int shown = Math.min(fields.size(), FIELD_LINES);
        for (FieldChange field : fields.subList(0, shown)) {
            String line = INDENT + FieldText.of(field);
            lines.add(line.length() <= WIDTH ? line : line.substring(0, WIDTH - 3) + "...");
            field.liveManager()
                    .filter(manager -> field.origin() == FieldChange.Origin.DRIFT)
                    .ifPresent(manager -> lines.add(INDENT
                            + style.yellow(
                                    "^ not from Git: " + manager + " set it in the cluster; Git's value comes back")));
        }
        if (fields.size() > shown) {
            lines.add(INDENT + "and " + Count.of(fields.size() - shown, "more field"));
        }
    }

    private static Optional<String> pace(PodImpact pods) {
        if (pods.batches() == 0 || pods.count() == 0) {
            return Optional.empty();
        }
        int each = Math.max(1, Math.min(pods.count(), pods.maxUnavailable()));
        return Optional.of(
                pods.batches() == 1
                        ? "all " + Count.of(pods.count(), "pod") + " at once"
                        : pods.batches() + " batches of " + each);
    }

    private static String effect(PodImpact pods) {
        String count = Count.of(pods.count(), "pod");
        return switch (pods.effect()) {
            case NONE -> "";
            case RESTART_IN_PLACE -> count + (pods.count() == 1 ? " restarts" : " restart") + " in place";
            case METADATA_ONLY -> count + ", no restart";
            case RECREATE -> count + " recreated";
            case REMOVE -> count + " removed";
            case ADD -> count + " added";
        };
    }

    static String labelled(String label, String text) {
        String first = INDENT + String.format("%-9s", label);
        List<String> wrapped = wrap(text, WIDTH - first.length());
        return first + String.join("\n" + " ".repeat(first.length()), wrapped);
    }

    private static List<String> wrap(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            if (line.length() > 0 && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.length() == 0 ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    private static String spread(String left, int leftWidth, String right) {
        return right.isEmpty() ? left : left + " ".repeat(Math.max(3, WIDTH - leftWidth - right.length())) + right;
    }

    private static String symbol(Action action) {
        return switch (action) {
            case DELETE -> "-";
            case RECREATE -> "-/+";
            case IN_PLACE -> "~";
            case APPLY -> "*";
            case CREATE -> "+";
        };
    }

    private static String word(Action action) {
        return switch (action) {
            case DELETE -> "DELETE";
            case RECREATE -> "RECREATE";
            case IN_PLACE -> "in place";
            case APPLY -> "apply";
            case CREATE -> "create";
        };
    }

    private String paint(Action action, String text) {
        return switch (action) {
            case DELETE -> style.red(text);
            case RECREATE -> style.yellow(text);
            case IN_PLACE -> style.cyan(text);
            case APPLY -> style.blue(text);
            case CREATE -> style.green(text);
        };
    }
}
