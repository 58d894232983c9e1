package dev.trimtab.kube;

import java.util.List;
import java.util.regex.Pattern;

/** The texts of {@code Warning} headers (RFC 7234, 5.5): {@code 299 - "text"}. */
final class WarningHeader {

    private static final Pattern VALUE = Pattern.compile("\\d{3} \\S+ \"((?:[^\"\\\\]|\\\\.)*)\"");

    private WarningHeader() {}

    static List<String> texts(List<String> headers) {
        return headers.stream()
                .flatMap(header -> VALUE.matcher(header).results())
                .map(match -> match.group(1).replaceAll("\\\\(.)", "$1"))
                .map(Redaction::message)
                .distinct()
                .toList();
    }
}
