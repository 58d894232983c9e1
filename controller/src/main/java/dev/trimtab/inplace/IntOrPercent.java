package dev.trimtab.inplace;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A count of pods, or a share of the replicas, as Kubernetes writes both in one field: {@code 2} or {@code "20%"}. */
record IntOrPercent(int value, boolean percent) {

    static final IntOrPercent ZERO = new IntOrPercent(0, false);

    private static final Pattern TEXT = Pattern.compile("(\\d{1,9})(%?)");

    static IntOrPercent percent(int value) {
        return new IntOrPercent(value, true);
    }

    static IntOrPercent count(int value) {
        return new IntOrPercent(value, false);
    }

    /** Empty when the field is absent or is neither a number nor a percentage. */
    static Optional<IntOrPercent> of(JsonNode field) {
        if (field.isIntegralNumber()) {
            return Optional.of(count(field.asInt()));
        }
        Matcher text = TEXT.matcher(field.asText(""));
        return text.matches()
                ? Optional.of(new IntOrPercent(
                        Integer.parseInt(text.group(1)), !text.group(2).isEmpty()))
                : Optional.empty();
    }

    int up(int replicas) {
        return percent ? Math.toIntExact(((long) value * replicas + 99) / 100) : value;
    }

    int down(int replicas) {
        return percent ? Math.toIntExact((long) value * replicas / 100) : value;
    }
}
