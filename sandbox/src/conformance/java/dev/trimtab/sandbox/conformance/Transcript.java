package dev.trimtab.sandbox.conformance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a person types and then reads: lines with <code>$</code> are commands, lines with <code>&gt;</code> go on with one, what
 * follows is what it prints. Lines before the first command are remarks.
 *
 * <p>In what is printed, <code>&lt;any&gt;</code> is one word, <code>&lt;text&gt;</code> the rest of a line and a line
 * <code>...</code> any number of lines. How wide a gap inside a line is does not matter: columns are as wide as their content.
 */
record Transcript(List<Step> steps) {

    /** One command and all it prints; a failure ends with <code>(exit n)</code>. */
    record Step(String command, List<String> printed) {

        boolean matches(String output) {
            StringBuilder pattern = new StringBuilder();
            for (String line : printed) {
                pattern.append(line.equals("...") ? "(?:.*\n)*?" : line(line) + "\n");
            }
            String seen = normal(output);
            return Pattern.matches(pattern.toString(), seen);
        }

        private static String line(String line) {
            String quoted = Pattern.quote(narrow(line));
            return quoted.replace("<any>", "\\E\\S+\\Q").replace("<text>", "\\E.*\\Q");
        }
    }

    /** As wide as needed: one space for every gap. */
    static String normal(String output) {
        StringBuilder all = new StringBuilder();
        output.lines().forEach(line -> all.append(narrow(line)).append('\n'));
        return all.toString();
    }

    private static String narrow(String line) {
        String text = line.stripLeading();
        String indent = line.substring(0, line.length() - text.length());
        return indent + text.stripTrailing().replaceAll("\\s+", " ");
    }

    static Transcript parse(String text) {
        List<Step> steps = new ArrayList<>();
        StringBuilder command = new StringBuilder();
        List<String> printed = new ArrayList<>();
        for (String line : Arrays.asList(text.split("\n"))) {
            if (line.startsWith("$ ")) {
                add(steps, command, printed);
                command.append(line.substring(2));
            } else if (line.startsWith("> ")) {
                command.append('\n').append(line.substring(2));
            } else if (!command.isEmpty()) {
                printed.add(line);
            }
        }
        add(steps, command, printed);
        return new Transcript(List.copyOf(steps));
    }

    private static void add(List<Step> steps, StringBuilder command, List<String> printed) {
        if (!command.isEmpty()) {
            steps.add(new Step(command.toString(), List.copyOf(printed)));
        }
        command.setLength(0);
        printed.clear();
    }
}
