package dev.trimtab.sync;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.definition.Manifest;
import dev.trimtab.definition.Problem;
import dev.trimtab.source.RepoPath;
import dev.trimtab.sync.ClusterSync.ClusterSpec;
import dev.trimtab.sync.ClusterSync.CredentialFiles;
import dev.trimtab.sync.ClusterSync.Mode;
import dev.trimtab.sync.ClusterSync.SourceSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads one ClusterSync document; whatever is wrong with it is gathered with its place. */
final class SyncReader {

    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?");
    private static final Pattern DURATION = Pattern.compile("(?:(\\d+)h)?(?:(\\d+)m(?!s))?(?:(\\d+)s)?(?:(\\d+)ms)?");
    private static final Pattern USER_INFO = Pattern.compile("^https?://[^/@]*@");
    private static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(30);
    private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(500);
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    private final Manifest manifest;
    private final List<Problem> problems = new ArrayList<>();

    SyncReader(Manifest manifest) {
        this.manifest = manifest;
    }

    List<Problem> problems() {
        return problems;
    }

    /** Empty when something that cannot be done without is missing or wrong. */
    Optional<ClusterSync> read() {
        only("", Set.of("apiVersion", "kind", "metadata", "spec"));
        only("/spec", Set.of("source", "cluster", "interval", "mode", "selfHeal", "prune"));
        only("/spec/source", Set.of("repository", "ref", "path", "timeout", "credentials"));
        only("/spec/source/credentials", Set.of("user", "tokenFile", "privateKeyFile", "knownHostsFile"));
        only("/spec/cluster", Set.of("kubeconfig", "context"));
        String name = text("/metadata/name").orElse("");
        if (!NAME.matcher(name).matches()) {
            wrong("/metadata/name", "\"" + name + "\" must be a DNS label of at most 40 characters");
        }
        ClusterSync sync = new ClusterSync(
                name,
                source(),
                new ClusterSpec(text("/spec/cluster/kubeconfig").map(Path::of), text("/spec/cluster/context")),
                duration("/spec/interval", DEFAULT_INTERVAL, SHORTEST_INTERVAL),
                mode(),
                truth("/spec/selfHeal"),
                truth("/spec/prune"));
        return problems.isEmpty() ? Optional.of(sync) : Optional.empty();
    }

    private SourceSpec source() {
        String repository = required("/spec/source/repository");
        if (USER_INFO.matcher(repository).find()) {
            problem(
                    SyncCode.SYN007,
                    "/spec/source/repository",
                    "an address must not hold a user or a token",
                    "put the token into a file and name it in spec.source.credentials.tokenFile");
        }
        return new SourceSpec(
                repository,
                required("/spec/source/ref"),
                path(),
                duration("/spec/source/timeout", DEFAULT_TIMEOUT, Duration.ofSeconds(1)),
                credentials());
    }

    private RepoPath path() {
        String written = text("/spec/source/path").orElse("");
        try {
            return written.equals(".") ? RepoPath.ROOT : new RepoPath(written);
        } catch (IllegalArgumentException e) {
            wrong("/spec/source/path", String.valueOf(e.getMessage()));
            return RepoPath.ROOT;
        }
    }

    private Optional<CredentialFiles> credentials() {
        String at = "/spec/source/credentials";
        if (manifest.json().at(at).isMissingNode()) {
            return Optional.empty();
        }
        Optional<String> token = text(at + "/tokenFile");
        Optional<String> key = text(at + "/privateKeyFile");
        if (token.isPresent() == key.isPresent()) {
            wrong(at, "must name either tokenFile (for https) or privateKeyFile and knownHostsFile (for ssh)");
            return Optional.empty();
        }
        if (token.isPresent()) {
            return Optional.of(new CredentialFiles.Token(text(at + "/user").orElse("git"), Path.of(token.get())));
        }
        return Optional.of(
                new CredentialFiles.SshKey(Path.of(key.orElseThrow()), Path.of(required(at + "/knownHostsFile"))));
    }

    private Mode mode() {
        String written = text("/spec/mode").orElse("apply");
        for (Mode mode : Mode.values()) {
            if (mode.name().toLowerCase(Locale.ROOT).equals(written)) {
                return mode;
            }
        }
        wrong("/spec/mode", "\"" + written + "\" is not one of apply, plan, observe");
        return Mode.OBSERVE;
    }

    private Duration duration(String pointer, Duration otherwise, Duration shortest) {
        JsonNode node = manifest.json().at(pointer);
        if (node.isNumber()) {
            wrong(pointer, node.asText() + " has no unit; write a duration such as " + node.asText() + "s");
            return otherwise;
        }
        Optional<String> written = text(pointer);
        if (written.isEmpty()) {
            return otherwise;
        }
        Matcher matcher = DURATION.matcher(written.get());
        if (written.get().isEmpty() || !matcher.matches()) {
            wrong(pointer, "\"" + written.get() + "\" is not a duration such as 10s, 5m or 1h30m");
            return otherwise;
        }
        Duration read = Duration.ofHours(number(matcher.group(1)))
                .plusMinutes(number(matcher.group(2)))
                .plusSeconds(number(matcher.group(3)))
                .plusMillis(number(matcher.group(4)));
        if (read.compareTo(shortest) < 0) {
            wrong(pointer, "\"" + written.get() + "\" is shorter than " + shortest.toMillis() + "ms");
        }
        return read;
    }

    private static long number(@org.jspecify.annotations.Nullable String digits) {
        return digits == null ? 0 : Long.parseLong(digits.length() > 9 ? "999999999" : digits);
    }

    private boolean truth(String pointer) {
        JsonNode node = manifest.json().at(pointer);
        if (!node.isMissingNode() && !node.isBoolean()) {
            wrong(pointer, "must be true or false");
        }
        return node.asBoolean(true);
    }

    private String required(String pointer) {
        Optional<String> text = text(pointer);
        if (text.isEmpty() || text.get().isEmpty()) {
            problem(SyncCode.SYN002, pointer, dotted(pointer) + " is required", "add it");
            return "";
        }
        return text.get();
    }

    private Optional<String> text(String pointer) {
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

    private void only(String pointer, Set<String> known) {
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

    private void wrong(String pointer, String text) {
        problem(SyncCode.SYN003, pointer, dotted(pointer) + ": " + text, "correct it");
    }

    private void problem(SyncCode code, String pointer, String text, String fix) {
        problems.add(
                new Problem(code, Problem.Severity.ERROR, manifest.positions().at(pointer), text, Optional.of(fix)));
    }

    private static String dotted(String pointer) {
        return pointer.replace('/', '.').replaceFirst("^\\.", "");
    }
}
