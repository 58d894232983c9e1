package dev.trimtab.bootstrap;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** The scripts that a machine runs. Each is the same text for every machine, after a block of settings. */
enum Script {
    PREPARE,
    JOIN,
    VERIFY;

    private static final String SETTINGS = "#@SETTINGS@\n";

    private final String text;

    Script() {
        this.text = read(name().toLowerCase(Locale.ROOT) + ".sh");
    }

    /** @param settings names and values of shell variables */
    String with(Map<String, String> settings) {
        String block = settings.entrySet().stream()
                .map(setting -> setting.getKey() + "=" + Text.shell(setting.getValue()) + "\n")
                .collect(Collectors.joining());
        return text.replace(SETTINGS, "# From the cluster's definition: change it there, not here.\n" + block);
    }

    private static String read(String name) {
        try (InputStream in = Objects.requireNonNull(Script.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
