package dev.trimtab.bootstrap;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How the text files begin and how values stand in them. */
final class Text {

    private Text() {}

    /** A first comment that says where the file comes from, and then what it is for. */
    static String header(String sign, String... lines) {
        return Stream.concat(
                        Stream.of("Rendered by Trimtab from the cluster's definition: change it there, not here."),
                        Stream.of(lines))
                .map(line -> line.isEmpty() ? sign + "\n" : sign + " " + line + "\n")
                .collect(Collectors.joining());
    }

    /** A word of a POSIX shell, whatever is in it. */
    static String shell(String value) {
        return "'" + value.replace("'", "'\\''") + "'";
    }

    static String shell(List<String> words) {
        return shell(String.join(" ", words));
    }

    /** A basic string of TOML 1.0. */
    static String toml(String value) {
        StringBuilder text = new StringBuilder("\"");
        value.codePoints().forEach(c -> {
            if (c == '"' || c == '\\') {
                text.append('\\').appendCodePoint(c);
            } else if (c < 0x20 || c == 0x7f) {
                text.append(String.format("\\u%04X", c));
            } else {
                text.appendCodePoint(c);
            }
        });
        return text.append('"').toString();
    }
}
