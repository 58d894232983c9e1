package dev.trimtab.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The command lines of Trimtab that stand in what people read and in what their machines run. */
final class WrittenCommands {

    /**
     * One of them.
     *
     * @param line what stands behind {@code trimtab}, up to the end of the command
     * @param meantToRun not in passing in a sentence, where a command may be named without all that it needs
     */
    record Written(Path file, String line, boolean meantToRun) {
        @Override
        public String toString() {
            return Path.of("..").toAbsolutePath().normalize().relativize(file) + ": trimtab " + line;
        }
    }

    private static final Set<String> PAGES = Set.of("README.md", "CONTRIBUTING.md");
    private static final Set<String> FOLDERS =
            Set.of("docs", "repo-template", "sandbox", "bench", "manifests", "charts");

    private static final Pattern FENCE = Pattern.compile("(?ms)^ *```[^\\n]*\\n(.*?)^ *```");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern CONTINUED = Pattern.compile("\\\\\\n\\s*");

    /** At the start of a command of a shell, also where YAML leads it in or a variable is set before. */
    private static final Pattern COMMAND = Pattern.compile(
            "(?m)(?:^\\s*(?:\\$ |- |- run: |run: |exec )?|[|;&{(] *)(?:[A-Z_]+=\\S+ )*(?:sh )?\"?(?:[\\w$.-]*/)*trimtab\"? +([^\\n]*)");

    /** In the text of an alert, which ends with it. */
    private static final Pattern ADVICE = Pattern.compile(": trimtab ([^\"\\n]+)\"");

    /** What stands for any command line. */
    private static final Set<String> ANY = Set.of("", "…", "\"$@\"");

    private WrittenCommands() {}

    static List<Written> all() {
        Path root = Path.of("..").toAbsolutePath().normalize();
        List<Written> all = new ArrayList<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file :
                    files.filter(file -> isRead(root.relativize(file))).sorted().toList()) {
                all.addAll(in(file, Files.readString(file)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    private static boolean isRead(Path file) {
        String path = file.toString();
        boolean ours = file.getNameCount() == 1
                ? PAGES.contains(path)
                : FOLDERS.contains(file.getName(0).toString());
        return ours
                && !path.contains("/target/")
                && !path.contains("/.schemas/")
                && (path.endsWith(".md") || path.endsWith(".yml") || path.endsWith(".yaml") || path.contains("/.ci/"));
    }

    static List<Written> in(Path file, String text) {
        List<Written> found = new ArrayList<>();
        if (!file.toString().endsWith(".md")) {
            add(found, file, COMMAND, CONTINUED.matcher(text).replaceAll(" "), true);
            add(found, file, ADVICE, text, true);
            return found;
        }
        Matcher fences = FENCE.matcher(text);
        while (fences.find()) {
            add(found, file, COMMAND, CONTINUED.matcher(fences.group(1)).replaceAll(" "), true);
        }
        Matcher spans = CODE.matcher(FENCE.matcher(text).replaceAll(""));
        while (spans.find()) {
            add(found, file, COMMAND, spans.group(1).replace('\n', ' '), false);
        }
        return found;
    }

    private static void add(List<Written> found, Path file, Pattern pattern, String text, boolean meantToRun) {
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            command(matcher.group(1)).ifPresent(line -> found.add(new Written(file, line, meantToRun)));
        }
    }

    /** Without what a shell makes of the rest of the line. */
    private static Optional<String> command(String rest) {
        StringBuilder line = new StringBuilder();
        char quote = 0;
        for (int i = 0; i < rest.length(); i++) {
            char c = rest.charAt(i);
            if (quote == 0 && (c == '#' || c == '|' || c == ';' || c == '&' || c == '>' || c == '<')) {
                break;
            }
            if (c == '"' || c == '\'') {
                quote = quote == c ? 0 : quote == 0 ? c : quote;
            }
            line.append(c);
        }
        return Optional.of(line.toString().strip().replaceAll(" +", " ")).filter(command -> !ANY.contains(command));
    }

    /** As a shell cuts it, with something in the place of everything that a person or a shell fills in. */
    static String[] words(String line) {
        String plain = line.replaceAll("\\{\\{[^}]*}}", "x")
                .replace("[", "")
                .replace("]", "")
                .replace("HOST:PORT", "127.0.0.1:9464")
                .replace("SEVERITY", "warning")
                .replaceAll("(?<=[A-Z])\\.\\.\\.", "");
        List<String> words = new ArrayList<>();
        Matcher matcher = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)").matcher(plain);
        while (matcher.find()) {
            words.add(Stream.of(1, 2, 3)
                    .map(matcher::group)
                    .filter(word -> word != null)
                    .findFirst()
                    .orElseThrow());
        }
        return words.toArray(String[]::new);
    }
}
