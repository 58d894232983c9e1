package dev.trimtab.sandbox.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a container does, read from its command and arguments, because nothing is run: {@code true}, {@code false},
 * {@code sleep}, or {@code sh -c} with a line of these, {@code echo} and {@code exit}. Such a container does not listen to
 * signals. Of any other nothing is known.
 *
 * @param runs how long it takes; empty when it never ends
 */
record ContainerWork(Optional<Duration> runs, int exitCode) {

    /** The exit code of a container that had to be killed. */
    static final int KILLED = 137;

    private static final Pattern SLEEP = Pattern.compile("(\\d+(?:\\.\\d+)?)([smhd]?)");
    private static final List<String> SHELLS = List.of("sh", "bash", "ash");
    private static final int MILLIS = 3;
    private static final int LOW_BYTE = 0xff;

    static Optional<ContainerWork> of(JsonNode container) {
        List<String> words = new ArrayList<>();
        container.path("command").forEach(word -> words.add(word.asText()));
        container.path("args").forEach(word -> words.add(word.asText()));
        if (words.isEmpty()) {
            return Optional.empty();
        }
        if (SHELLS.contains(program(words)) && words.size() > 2 && words.get(1).equals("-c")) {
            return script(words.get(2));
        }
        return program(words).equals("exit") ? Optional.empty() : statement(words);
    }

    private static String program(List<String> words) {
        String first = words.get(0);
        return first.substring(first.lastIndexOf('/') + 1);
    }

    private static Optional<ContainerWork> script(String line) {
        Duration runs = Duration.ZERO;
        int code = 0;
        for (String sequence : line.split("[;\n]", -1)) {
            for (String statement : sequence.split("&&", -1)) {
                List<String> words = List.of(statement.strip().split("\\s+", -1));
                if (words.get(0).isEmpty()) {
                    continue;
                }
                Optional<ContainerWork> step = statement(words);
                if (step.isEmpty() || step.get().runs().isEmpty()) {
                    return step;
                }
                runs = runs.plus(step.get().runs().get());
                code = step.get().exitCode();
                if (words.get(0).equals("exit")) {
                    return Optional.of(new ContainerWork(Optional.of(runs), code));
                }
                if (code != 0) {
                    break;
                }
            }
        }
        return Optional.of(new ContainerWork(Optional.of(runs), code));
    }

    private static Optional<ContainerWork> statement(List<String> words) {
        String argument = words.size() > 1 ? words.get(1) : "";
        return switch (program(words)) {
            case "true", ":", "echo", "date" -> ends(Duration.ZERO, 0);
            case "false" -> ends(Duration.ZERO, 1);
            case "exit" ->
                argument.isEmpty() || argument.matches("\\d{1,9}")
                        ? ends(Duration.ZERO, argument.isEmpty() ? 0 : Integer.parseInt(argument) & LOW_BYTE)
                        : Optional.empty();
            case "sleep" -> sleep(argument);
            default -> Optional.empty();
        };
    }

    private static Optional<ContainerWork> sleep(String argument) {
        if (argument.equals("infinity") || argument.equals("inf")) {
            return Optional.of(new ContainerWork(Optional.empty(), 0));
        }
        Matcher time = SLEEP.matcher(argument);
        if (!time.matches()) {
            return Optional.empty();
        }
        long factor = switch (time.group(2)) {
            case "m" -> 60;
            case "h" -> 3600;
            case "d" -> 86_400;
            default -> 1;
        };
        BigDecimal seconds = new BigDecimal(time.group(1)).multiply(BigDecimal.valueOf(factor));
        return ends(Duration.ofMillis(seconds.movePointRight(MILLIS).longValue()), 0);
    }

    private static Optional<ContainerWork> ends(Duration runs, int exitCode) {
        return Optional.of(new ContainerWork(Optional.of(runs), exitCode));
    }
}
