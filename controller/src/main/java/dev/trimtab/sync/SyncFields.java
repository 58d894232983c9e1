package dev.trimtab.sync;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.definition.Manifest;
import dev.trimtab.definition.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The fields of one ClusterSync document by JSON pointer; what is wrong with them is gathered with its place. */
final class SyncFields {

    private static final Pattern SIZE = Pattern.compile("([1-9]\\d{0,8})(Ki|Mi|Gi)?");
    private static final List<String> UNITS = List.of("", "Ki", "Mi", "Gi");

    private final Manifest manifest;
    private final List<Problem> problems = new ArrayList<>();

    SyncFields(Manifest manifest) {
        this.manifest = manifest;
    }

    List<Problem> problems() {
        return problems;
    }

    JsonNode at(String pointer) {
        return manifest.json().at(pointer);
    }

    Duration duration(String pointer, Duration otherwise, Duration shortest) {
        JsonNode node = manifest.json().at(pointer);
        if (node.isNumber()) {
            wrong(pointer, node.asText() + " has no unit; write a duration such as " + node.asText() + "s");
            return otherwise;
        }
        Optional<String> written = text(pointer);
        if (written.isEmpty()) {
            return otherwise;
        }
        Optional<Duration> parsed = DurationText.parse(written.get());
        if (parsed.isEmpty()) {
            wrong(pointer, "\"" + written.get() + "\" is not a duration such as " + DurationText.EXAMPLES);
            return otherwise;
        }
        Duration read = parsed.get();
        if (read.compareTo(shortest) < 0) {
            wrong(pointer, "\"" + written.get() + "\" is shorter than " + shortest.toMillis() + "ms");
        }
        return read;
    }

    /** Bytes: a whole number, or one with Ki, Mi or Gi. */
    long size(String pointer, long otherwise) {
        JsonNode node = manifest.json().at(pointer);
        if (node.isMissingNode()) {
            return otherwise;
        }
        Matcher written = SIZE.matcher(node.asText());
        if (!written.matches()) {
            wrong(pointer, "\"" + node.asText() + "\" is not a size such as 64Mi");
            return otherwise;
        }
        int shift = 10 * UNITS.indexOf(Optional.ofNullable(written.group(2)).orElse(""));
        return Long.parseLong(written.group(1)) << shift;
    }

    /** A whole number above zero. */
    int count(String pointer, int otherwise) {
        JsonNode node = manifest.json().at(pointer);
        if (node.isMissingNode()) {
            return otherwise;
        }
        if (!node.canConvertToInt() || node.intValue() < 1) {
            wrong(pointer, "must be a whole number above zero");
            return otherwise;
        }
        return node.intValue();
    }

    boolean truth(String pointer) {
        return truth(pointer, true);
    }

    boolean truth(String pointer, boolean otherwise) {
        JsonNode node = manifest.json().at(pointer);
        if (!node.isMissingNode() && !node.isBoolean()) {
            wrong(pointer, "must be true or false");
        }
        return node.asBoolean(otherwise);
    }

    String required(String pointer) {
        Optional<String> text = text(pointer);
        if (text.isEmpty() || text.get().isEmpty()) {
            problem(SyncCode.SYN002, pointer, dotted(pointer) + " is required", "add it");
            return "";
        }
        return text.get();
    }

    Optional<String> text(String pointer) {
        JsonNode node = manifest.json().at(pointer);
        if (node.isMissingNode() || node.isNull()) {
            return Optional.empty();
        }
        if (!node.isTextual()) {
            wrong(pointer, "must be a string");
            return Optional.empty();
        }
        return Optional.of(node.textValue());
    }

    void only(String pointer, Set<String> known) {
        manifest.json().at(pointer).fieldNames().forEachRemaining(field -> {
            if (!known.contains(field)) {
                problem(
                        SyncCode.SYN001,
                        pointer + "/" + field,
                        "unknown field \"" + field + "\" in ClusterSync"
                                + (pointer.isEmpty() ? "" : "." + dotted(pointer)),
                        "known are " + String.join(", ", known.stream().sorted().toList()));
            }
        });
    }

    void wrong(String pointer, String text) {
        problem(SyncCode.SYN003, pointer, dotted(pointer) + ": " + text, "correct it");
    }

    void problem(SyncCode code, String pointer, String text, String fix) {
        problems.add(
                new Problem(code, Problem.Severity.ERROR, manifest.positions().at(pointer), text, Optional.of(fix)));
    }

    static String dotted(String pointer) {
        return pointer.replace('/', '.').replaceFirst("^\\.", "");
    }
}
