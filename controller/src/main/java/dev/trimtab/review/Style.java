package dev.trimtab.review;

import java.util.Map;

/**
 * Colour on a terminal, nothing elsewhere: the words are the same with and without. {@code NO_COLOR}, {@code CLICOLOR_FORCE}
 * and {@code TERM=dumb} are honoured as their conventions say.
 */
public enum Style {
    PLAIN,
    COLOR;

    /** Picks the style for a stream that is a terminal or not. */
    public static Style of(Map<String, String> environment, boolean terminal) {
        if (!environment.getOrDefault("NO_COLOR", "").isEmpty()) {
            return PLAIN;
        }
        String force = environment.getOrDefault("CLICOLOR_FORCE", "");
        if (!force.isEmpty() && !force.equals("0")) {
            return COLOR;
        }
        return terminal && !"dumb".equals(environment.get("TERM")) ? COLOR : PLAIN;
    }

    String bold(String text) {
        return sgr("1", text);
    }

    String dim(String text) {
        return sgr("2", text);
    }

    String red(String text) {
        return sgr("31", text);
    }

    String green(String text) {
        return sgr("32", text);
    }

    String yellow(String text) {
        return sgr("33", text);
    }

    String blue(String text) {
        return sgr("34", text);
    }

    String cyan(String text) {
        return sgr("36", text);
    }

    private String sgr(String code, String text) {
        return this == PLAIN ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
    }
}
