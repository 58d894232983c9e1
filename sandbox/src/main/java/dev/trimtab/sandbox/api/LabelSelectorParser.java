package dev.trimtab.sandbox.api;

import dev.trimtab.sandbox.api.LabelSelector.Requirement;
import dev.trimtab.sandbox.api.kinds.Names;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reads a label selector; what it cannot read it names in the words of the real server. */
final class LabelSelectorParser {

    private static final String SYMBOLS = "=!<>(),";
    private static final Set<String> TWO = Set.of("==", "!=");
    private static final Set<String> OPERATORS = Set.of("in", "notin", "=", "==", "!=", ">", "<");
    private static final String END = "";

    private final List<String> tokens;
    private int position;

    LabelSelectorParser(String text) {
        this.tokens = tokens(text);
    }

    private static List<String> tokens(String text) {
        List<String> tokens = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            int end = at + 1;
            if (SYMBOLS.indexOf(c) >= 0) {
                end += end < text.length() && TWO.contains(text.substring(at, at + 2)) ? 1 : 0;
                tokens.add(text.substring(at, end));
            } else if (!isSpace(c)) {
                while (end < text.length() && !isSpace(text.charAt(end)) && SYMBOLS.indexOf(text.charAt(end)) < 0) {
                    end++;
                }
                tokens.add(text.substring(at, end));
            }
            at = end;
        }
        return tokens;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    private static boolean isWord(String token) {
        return !token.isEmpty() && SYMBOLS.indexOf(token.charAt(0)) < 0;
    }

    private String peek() {
        return position < tokens.size() ? tokens.get(position) : END;
    }

    private String take() {
        String token = peek();
        position++;
        return token;
    }

    /** @throws StatusException 400 */
    List<Requirement> requirements() {
        List<Requirement> requirements = new ArrayList<>();
        if (tokens.isEmpty()) {
            return requirements;
        }
        if (!isWord(peek()) && !peek().equals("!")) {
            throw refused("found '" + peek() + "', expected: !, identifier, or 'end of string'");
        }
        while (true) {
            requirements.add(requirement());
            String next = take();
            if (next.equals(END)) {
                return List.copyOf(requirements);
            }
            if (!next.equals(",")) {
                throw refused("found '" + next + "', expected: ',' or 'end of string'");
            }
            if (!isWord(peek()) && !peek().equals("!")) {
                throw refused("found '" + peek() + "', expected: identifier after ','");
            }
        }
    }

    private Requirement requirement() {
        boolean absent = peek().equals("!");
        if (absent) {
            take();
        }
        String key = take();
        if (!isWord(key)) {
            throw unreadable("found '" + key + "', expected: identifier");
        }
        List<Cause> causes = new ArrayList<>();
        Names.qualified("<nil>", key, causes);
        refuse(causes);
        if (absent || peek().equals(END) || peek().equals(",")) {
            return new Requirement(key, absent ? "!" : "exists", Set.of());
        }
        String operator = take();
        if (!OPERATORS.contains(operator)) {
            throw unreadable("found '" + operator + "', expected: in, notin, =, ==, !=, gt, lt");
        }
        Set<String> values = operator.endsWith("in") ? list() : Set.of(single());
        int index = 0;
        for (String value : values) {
            if (operator.equals("<") || operator.equals(">")) {
                checkNumber(index, value, causes);
            }
            Names.labelValue("values[" + index + "][" + key + "]", value, causes);
            index++;
        }
        refuse(causes);
        return new Requirement(key, operator, Set.copyOf(values));
    }

    private static void checkNumber(int index, String value, List<Cause> causes) {
        try {
            Long.parseLong(value);
        } catch (NumberFormatException e) {
            causes.add(Cause.invalid(
                    "values[" + index + "]", value, "for 'Gt', 'Lt' operators, the value must be an integer"));
        }
    }

    private String single() {
        if (peek().equals(END) || peek().equals(",")) {
            return "";
        }
        String value = take();
        if (!isWord(value)) {
            throw unreadable("found '" + value + "', expected: identifier");
        }
        return value;
    }

    private Set<String> list() {
        String open = take();
        if (!open.equals("(")) {
            throw unreadable("found '" + open + "' expected: '('");
        }
        if (!isWord(peek()) && !peek().equals(",") && !peek().equals(")")) {
            throw unreadable("found '" + peek() + "', expected: ',', ')' or identifier");
        }
        Set<String> values = new LinkedHashSet<>();
        while (true) {
            values.add(isWord(peek()) ? take() : "");
            String next = take();
            if (next.equals(")")) {
                return values;
            }
            if (!next.equals(",")) {
                throw unreadable("found '" + next + "', expected: ',' or ')'");
            }
        }
    }

    private static void refuse(List<Cause> causes) {
        if (!causes.isEmpty()) {
            throw unreadable(causes.get(0).toString());
        }
    }

    private static StatusException unreadable(String why) {
        return refused("unable to parse requirement: " + why);
    }

    private static StatusException refused(String why) {
        return Failures.badRequest(why);
    }
}
