package dev.trimtab.sandbox.api.http;

import dev.trimtab.sandbox.api.Failures;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The parameters after the question mark. */
record Query(Map<String, String> parameters) {

    private static final Pattern VERSION = Pattern.compile("[0-9]{0,19}");

    static Query parse(@Nullable String raw) {
        Map<String, String> parameters = new HashMap<>();
        if (raw != null) {
            for (String pair : raw.split("&", -1)) {
                int equals = pair.indexOf('=');
                String name = decode(equals < 0 ? pair : pair.substring(0, equals));
                parameters.putIfAbsent(name, equals < 0 ? "" : decode(pair.substring(equals + 1)));
            }
        }
        return new Query(Map.copyOf(parameters));
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Failures.badRequest("invalid URL escape in query: " + text);
        }
    }

    /** The value, or an empty text. */
    String text(String name) {
        return parameters.getOrDefault(name, "");
    }

    Optional<String> optional(String name) {
        return Optional.of(text(name)).filter(value -> !value.isEmpty());
    }

    boolean has(String name) {
        return parameters.containsKey(name);
    }

    /** Anything that is there is true unless it says otherwise. */
    boolean flag(String name) {
        String value = text(name);
        return has(name) && !value.equals("0") && !value.equalsIgnoreCase("false");
    }

    /** Whether a text is a version of objects or none at all. */
    static boolean isVersion(String text) {
        return VERSION.matcher(text).matches();
    }

    /** Why a text is no version. */
    static String noVersion(String text) {
        return "resourceVersion: Invalid value: \"" + text + "\": strconv.ParseUint: parsing \"" + text
                + "\": invalid syntax";
    }

    OptionalLong number(String name) {
        String value = text(name);
        if (value.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(value));
        } catch (NumberFormatException e) {
            throw Failures.badRequest("strconv.ParseInt: parsing \"" + value + "\": invalid syntax");
        }
    }
}
