package dev.trimtab.kube;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes values out of the server's error texts. API servers print the values they refuse: whole pod specs with their environment,
 * and data of Secrets (CVE-2025-23216 was such a message shown to users).
 */
final class Redaction {

    private static final String WITHHELD = "(value withheld)";

    /** Go's way to print what a decoder found, to the end of the text. */
    private static final Pattern DECODED = Pattern.compile(
            "(?s)(&value\\.|Value:\\[\\]interface|\\[\\]interface \\{\\}\\{|map\\[string\\]interface \\{\\}\\{).*");

    /** {@code Invalid value: core.PodTemplateSpec{…}: field is immutable}. */
    private static final Pattern STRUCT =
            Pattern.compile("(?s)(Invalid value: )(?:&|\\[\\]|map\\[\\w*\\])*[\\w.]*\\{.*\\}");

    private static final Pattern LONG_STRING = Pattern.compile("(Invalid value: )\"(?:[^\"\\\\]|\\\\.){65,}\"");

    private static final Pattern DATA_FIELD = Pattern.compile("\\.?(?:data|stringData)[.\\[][A-Za-z0-9._-]+");

    private Redaction() {}

    /** The text without dumps of values; of several lines only the first. */
    static String message(String text) {
        String clean = STRUCT.matcher(text).replaceAll("$1" + WITHHELD);
        clean = DECODED.matcher(clean).replaceAll(WITHHELD);
        clean = LONG_STRING.matcher(clean).replaceAll("$1" + WITHHELD);
        int newline = clean.indexOf('\n');
        return newline < 0 ? clean : clean.substring(0, newline).strip();
    }

    /** What may be said of an error about a Secret: which keys, nothing else. */
    static String secretMessage(String text) {
        Set<String> fields = new TreeSet<>();
        Matcher matcher = DATA_FIELD.matcher(text);
        while (matcher.find()) {
            String field = matcher.group();
            fields.add(field.startsWith(".") ? field.substring(1) : field);
        }
        return "the server refused the Secret" + (fields.isEmpty() ? "" : " at " + String.join(", ", fields))
                + "; its words are withheld because they may hold a value";
    }
}
