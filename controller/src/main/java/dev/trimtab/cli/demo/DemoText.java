package dev.trimtab.cli.demo;

import dev.trimtab.cli.demo.PodChange.Fate;
import dev.trimtab.review.PlanText;
import dev.trimtab.review.PlanText.Detail;
import dev.trimtab.review.Style;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A step for a person: the plan's own text, then a table of pods. */
final class DemoText {

    private final Style style;

    DemoText(Style style) {
        this.style = style;
    }

    String render(int number, DemoStep step) {
        Detail detail = step.name().equals(Demo.FIRST_SYNC) ? Detail.SHORT : Detail.FULL;
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add("== (" + number + ") " + step.name() + ": " + step.deed());
        lines.add("");
        new PlanText(style, detail)
                .render(step.plan(), step.plan().readAt())
                .lines()
                .map(line -> line.isEmpty() ? line : "   " + line)
                .forEach(lines::add);
        lines.add("");
        lines.addAll(table(step.pods()));
        lines.add("");
        List<String> differences = step.differences();
        if (differences.isEmpty()) {
            lines.add(String.format("   as planned, %.1f s", step.took().toMillis() / 1000.0));
        } else {
            differences.forEach(difference -> lines.add("   NOT AS PLANNED: " + difference));
        }
        return String.join("\n", lines) + "\n";
    }

    private static List<String> table(List<PodChange> pods) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("POD", "WHAT HAPPENED", "UID", "IP", "RESTARTS", "IMAGE"));
        for (PodChange pod : pods) {
            Pod shown = pod.after().or(pod::before).orElseThrow();
            rows.add(List.of(
                    pod.name(),
                    words(pod.fate()),
                    kept(pod) + shown.uid().substring(0, Math.min(8, shown.uid().length())),
                    shown.ip(),
                    restarts(pod),
                    image(pod)));
        }
        int[] widths = new int[rows.get(0).size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder("   ");
        for (int i = 0; i < widths.length; i++) {
            line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
        }
        return line.toString().stripTrailing();
    }

    private static String words(Fate fate) {
        return switch (fate) {
            case UNTOUCHED -> "untouched";
            case RESTARTED_IN_PLACE -> "same pod, restarted";
            case RELABELLED -> "same pod, relabelled";
            case GONE -> "gone";
            case NEW -> "new";
        };
    }

    private static String kept(PodChange pod) {
        return pod.before().isPresent() && pod.after().isPresent() ? "same " : "";
    }

    private static String restarts(PodChange pod) {
        Optional<Integer> before = pod.before().map(Pod::restarts);
        Optional<Integer> after = pod.after().map(Pod::restarts);
        if (before.isPresent() && after.isPresent() && !before.equals(after)) {
            return before.get() + " -> " + after.get();
        }
        return String.valueOf(after.or(() -> before).orElseThrow());
    }

    private static String image(PodChange pod) {
        Optional<String> before = pod.before().map(Pod::image);
        String shown = pod.after().map(Pod::image).or(() -> before).orElseThrow();
        return before.isPresent() && !before.get().equals(shown)
                ? before.get() + " -> " + shown.substring(shown.lastIndexOf(':') + 1)
                : shown;
    }
}
