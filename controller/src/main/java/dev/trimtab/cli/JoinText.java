package dev.trimtab.cli;

import dev.trimtab.bootstrap.join.JoinPlan;
import dev.trimtab.join.JoinResult;
import dev.trimtab.join.Survey;
import java.util.List;

/** Plans and results of joins, for people. */
final class JoinText {

    /** Each machine: where it stands, what would change, and the commands in the order in which they are run. */
    String plans(List<Survey> surveys) {
        StringBuilder text = new StringBuilder();
        surveys.forEach(survey -> text.append(plan(survey)).append('\n'));
        return text.toString();
    }

    private static String plan(Survey survey) {
        StringBuilder text = new StringBuilder(survey.node());
        survey.plan()
                .ifPresent(plan -> text.append(": ")
                        .append(plan.standing().state().shown())
                        .append(", ")
                        .append(
                                survey.obstacle().isPresent()
                                        ? "refuse"
                                        : plan.action().shown())
                        .append("\n  because  ")
                        .append(plan.standing().detail()));
        text.append('\n');
        survey.obstacle()
                .ifPresent(obstacle -> text.append("  " + obstacle + "\n    fix: ")
                        .append(obstacle.fix())
                        .append('\n'));
        survey.plan().filter(plan -> survey.obstacle().isEmpty()).ifPresent(plan -> {
            lines(text, "machine ", List.of(plan.machineId()));
            lines(text, "note    ", plan.notes());
            lines(text, "file    ", plan.files().stream().map(Object::toString).toList());
            lines(text, "command ", plan.commands());
            if (plan.action() != JoinPlan.Action.NOTHING) {
                lines(text, "plan    ", List.of(plan.digest().value()));
            }
        });
        return text.toString();
    }

    private static void lines(StringBuilder text, String head, List<String> lines) {
        lines.forEach(
                line -> text.append("  ").append(head).append(' ').append(line).append('\n'));
    }

    /** A line for each machine. */
    String results(List<JoinResult> results) {
        int nodes = width(results.stream().map(JoinResult::node).toList(), "NODE");
        int outcomes = width(results.stream().map(one -> one.outcome().shown()).toList(), "RESULT");
        StringBuilder text = new StringBuilder();
        row(text, nodes, outcomes, "NODE", "RESULT", "CHANGES", "");
        results.forEach(one -> {
            row(text, nodes, outcomes, one.node(), one.outcome().shown(), String.valueOf(one.changes()), one.text());
            one.obstacle()
                    .ifPresent(obstacle ->
                            text.append("  fix: ").append(obstacle.fix()).append('\n'));
        });
        return text.toString();
    }

    private static void row(
            StringBuilder text, int nodes, int outcomes, String node, String outcome, String changes, String said) {
        text.append((pad(node, nodes) + pad(outcome, outcomes) + pad(changes, "CHANGES".length() + 2) + said).strip())
                .append('\n');
    }

    private static int width(List<String> words, String head) {
        return Math.max(
                        head.length(),
                        words.stream().mapToInt(String::length).max().orElse(0))
                + 2;
    }

    private static String pad(String word, int width) {
        return word + " ".repeat(Math.max(1, width - word.length()));
    }
}
