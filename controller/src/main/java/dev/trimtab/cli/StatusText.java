package dev.trimtab.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.trimtab.codes.Count;
import dev.trimtab.report.StatusObject.Kept;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a sync stands, for a person. Subjects, authors and answers of servers are the words of others: what would move the cursor or
 * turn the direction of writing is left out.
 */
final class StatusText {

    /** As people quote commits. */
    private static final int SHORT_COMMIT = 7;

    private static final int OBJECTS = 10;
    private static final int LABEL = 12;

    private final Instant now;

    StatusText(Instant now) {
        this.now = now;
    }

    /** False also for what cannot be read. */
    static boolean ready(Kept kept) {
        return condition(kept, "Ready").path("status").asText().equals("True");
    }

    static int drifted(Kept kept) {
        return kept.status().at("/drift/total").asInt();
    }

    /** As it may be printed. */
    static String name(Kept kept) {
        return clean(kept.sync());
    }

    /**
     * Several lines, each ended.
     *
     * @param controller what is known of who keeps the sync
     */
    String paragraph(Kept kept, String controller) {
        List<String> lines = new ArrayList<>();
        lines.add(clean(kept.sync()) + ": " + verdict(kept));
        if (kept.status().isEmpty()) {
            line(lines, "", "ConfigMap trimtab-status-" + clean(kept.sync()) + " holds no status that can be read");
        } else {
            why(lines, kept);
            commits(lines, kept.status());
            holds(lines, kept);
            drift(lines, kept);
            lastApply(lines, kept.status());
            line(lines, "health", said(condition(kept, "Healthy"), "well", "not well", "not followed"));
            JsonNode nodes = condition(kept, "NodesAsDeclared");
            if (!nodes.isMissingNode()) {
                line(lines, "nodes", said(nodes, "as declared", "not as declared", "not known"));
            }
        }
        line(lines, "written", written(kept));
        line(lines, "controller", controller);
        line(lines, "fresh look", "trimtab reconcile " + clean(kept.sync()));
        return String.join("\n", lines) + "\n";
    }

    /** The same in one line, without its end. */
    String line(Kept kept) {
        List<String> parts = new ArrayList<>();
        parts.add(verdict(kept));
        JsonNode applied = kept.status().path("lastAppliedRevision");
        if (!applied.isMissingNode()) {
            parts.add("commit " + commit(applied));
        }
        if (isNewer(kept.status())) {
            parts.add("newer " + commit(kept.status().path("observedRevision")));
        }
        if (drifted(kept) > 0) {
            parts.add(Count.of(drifted(kept), "object") + " drifted");
        }
        approval(kept).ifPresent(parts::add);
        return clean(kept.sync()) + ": " + String.join("; ", parts);
    }

    private static String verdict(Kept kept) {
        JsonNode ready = condition(kept, "Ready");
        return switch (ready.path("status").asText()) {
            case "True" -> "ready";
            case "False" -> "not ready: " + text(ready, "reason");
            default -> "not known to be ready: " + text(ready, "reason");
        };
    }

    private static void why(List<String> lines, Kept kept) {
        String ready = text(condition(kept, "Ready"), "message");
        if (!ready.isEmpty()) {
            line(lines, "why", ready);
        }
        JsonNode stalled = condition(kept, "Stalled");
        if (stalled.path("status").asText().equals("True")) {
            String message = text(stalled, "message");
            line(
                    lines,
                    "stalled",
                    text(stalled, "reason") + (message.isEmpty() || message.equals(ready) ? "" : ": " + message)
                            + "; it waits for another commit");
        }
    }

    private void commits(List<String> lines, JsonNode status) {
        JsonNode applied = status.path("lastAppliedRevision");
        line(lines, "commit", applied.isMissingNode() ? "none is applied as a whole yet" : revision(applied));
        if (isNewer(status)) {
            line(lines, "newer", revision(status.path("observedRevision")) + "; seen, not applied");
        }
    }

    private static void holds(List<String> lines, Kept kept) {
        for (JsonNode hold : kept.status().path("holds")) {
            String until = text(hold, "until");
            line(
                    lines,
                    "held",
                    text(hold, "text") + " [" + text(hold, "code") + "]" + (until.isEmpty() ? "" : ", until " + until));
        }
        approval(kept).ifPresent(command -> line(lines, "approve", command));
    }

    private static Optional<String> approval(Kept kept) {
        return Optional.of(text(kept.status(), "heldPlanId"))
                .filter(id -> !id.isEmpty())
                .map(id -> "trimtab approve " + clean(kept.sync()) + " --plan " + id);
    }

    private void drift(List<String> lines, Kept kept) {
        int total = drifted(kept);
        if (total == 0) {
            line(lines, "drift", "none");
            return;
        }
        line(lines, "drift", Count.of(total, "object") + "; the values are shown by: trimtab drift --config FILE");
        int shown = 0;
        for (JsonNode drift : kept.status().at("/drift/objects")) {
            if (shown++ == OBJECTS) {
                break;
            }
            List<String> fields = new ArrayList<>();
            drift.path("fields").forEach(field -> fields.add(clean(field.asText())));
            String manager = text(drift, "manager");
            line(
                    lines,
                    "",
                    text(drift, "object") + " (" + text(drift, "type") + ")"
                            + (fields.isEmpty() ? "" : " at " + String.join(", ", fields))
                            + ", since " + moment(drift, "since")
                            + (manager.isEmpty() ? "" : ", by " + manager));
        }
        if (total > OBJECTS) {
            line(lines, "", "and " + (total - OBJECTS) + " more");
        }
    }

    private void lastApply(List<String> lines, JsonNode status) {
        JsonNode apply = status.path("lastApply");
        if (apply.isMissingNode()) {
            return;
        }
        int done = apply.path("done").asInt();
        line(
                lines,
                "last apply",
                moment(apply, "time") + ": commit " + commit(apply) + ", " + Count.of(done, "change")
                        + " made in " + apply.path("milliseconds").asLong() + " ms"
                        + some(
                                apply.path("failed").asInt(),
                                apply.path("failed").asInt() + " failed")
                        + pods(apply, "podsRestartedInPlace", "restarted in place")
                        + pods(apply, "podsReplaced", "replaced"));
    }

    private static String pods(JsonNode of, String field, String words) {
        int count = of.path(field).asInt();
        return some(count, Count.of(count, "pod") + " " + words);
    }

    private static String some(int count, String words) {
        return count == 0 ? "" : ", " + words;
    }

    private static String said(JsonNode condition, String yes, String no, String unknown) {
        String word = switch (condition.path("status").asText()) {
            case "True" -> yes;
            case "False" -> no + ": " + text(condition, "reason");
            default -> unknown;
        };
        String message = text(condition, "message");
        return word + (message.isEmpty() ? "" : ": " + message);
    }

    private String written(Kept kept) {
        String version = text(kept.status().path("controller"), "version");
        return kept.written()
                        .map(at -> at.truncatedTo(ChronoUnit.SECONDS) + " (" + age(at) + ")")
                        .orElse("at an unknown time")
                + (version.isEmpty() ? "" : " by Trimtab " + version)
                + "; it is written when something changes, and not otherwise";
    }

    private static boolean isNewer(JsonNode status) {
        JsonNode observed = status.at("/observedRevision/commit");
        return !observed.isMissingNode() && !observed.equals(status.at("/lastAppliedRevision/commit"));
    }

    private String revision(JsonNode revision) {
        return commit(revision) + " \"" + text(revision, "subject") + "\", " + text(revision, "author") + ", "
                + moment(revision, "committedAt");
    }

    private static String commit(JsonNode of) {
        String commit = text(of, "commit");
        return commit.substring(0, Math.min(SHORT_COMMIT, commit.length()));
    }

    private String moment(JsonNode of, String field) {
        String written = text(of, field);
        try {
            return written + " (" + age(Instant.parse(written)) + ")";
        } catch (DateTimeParseException e) {
            return written.isEmpty() ? "an unknown time" : written;
        }
    }

    /** In the largest unit of which there is one. Clocks of two machines differ: what is ahead is of now. */
    private String age(Instant then) {
        Duration age = Duration.between(then, now);
        if (age.toDays() > 0) {
            return age.toDays() + " d ago";
        }
        if (age.toHours() > 0) {
            return age.toHours() + " h ago";
        }
        if (age.toMinutes() > 0) {
            return age.toMinutes() + " min ago";
        }
        return Math.max(0, age.toSeconds()) + " s ago";
    }

    private static JsonNode condition(Kept kept, String type) {
        for (JsonNode condition : kept.status().path("conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition;
            }
        }
        return JsonNodeFactory.instance.missingNode();
    }

    private static void line(List<String> lines, String label, String text) {
        lines.add("  " + label + " ".repeat(LABEL - label.length()) + text);
    }

    private static String text(JsonNode of, String field) {
        return clean(of.path(field).asText(""));
    }

    private static String clean(String text) {
        StringBuilder clean = new StringBuilder();
        text.codePoints()
                .filter(c -> Character.getType(c) != Character.FORMAT)
                .map(c -> Character.isISOControl(c) ? ' ' : c)
                .forEach(clean::appendCodePoint);
        return clean.toString().strip();
    }
}
