package dev.trimtab.sync;

import dev.trimtab.definition.Manifest;
import dev.trimtab.definition.Problem;
import dev.trimtab.source.RepoPath;
import dev.trimtab.sync.ClusterSync.ClusterSpec;
import dev.trimtab.sync.ClusterSync.CredentialFiles;
import dev.trimtab.sync.ClusterSync.Mode;
import dev.trimtab.sync.ClusterSync.SourceSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads one ClusterSync document; whatever is wrong with it is gathered with its place. */
final class SyncReader {

    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?");
    private static final Pattern USER_INFO = Pattern.compile("^https?://[^/@]*@");
    private static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(30);
    private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(500);
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    private final SyncFields fields;

    SyncReader(Manifest manifest) {
        this.fields = new SyncFields(manifest);
    }

    List<Problem> problems() {
        return fields.problems();
    }

    /** Empty when something that cannot be done without is missing or wrong. */
    Optional<ClusterSync> read() {
        fields.only("", Set.of("apiVersion", "kind", "metadata", "spec"));
        fields.only(
                "/spec",
                Set.of("source", "cluster", "interval", "mode", "selfHeal", "prune", "guards", "windows", "suspend"));
        fields.only("/spec/source", Set.of("repository", "ref", "path", "timeout", "credentials"));
        fields.only("/spec/source/credentials", Set.of("user", "tokenFile", "privateKeyFile", "knownHostsFile"));
        fields.only("/spec/cluster", Set.of("kubeconfig", "context"));
        String name = fields.text("/metadata/name").orElse("");
        if (!NAME.matcher(name).matches()) {
            fields.wrong("/metadata/name", "\"" + name + "\" must be a DNS label of at most 40 characters");
        }
        ClusterSync sync = new ClusterSync(
                name,
                source(),
                new ClusterSpec(
                        fields.text("/spec/cluster/kubeconfig").map(Path::of), fields.text("/spec/cluster/context")),
                fields.duration("/spec/interval", DEFAULT_INTERVAL, SHORTEST_INTERVAL),
                mode(),
                fields.truth("/spec/selfHeal"),
                fields.truth("/spec/prune"),
                new PolicyReader(fields).read());
        return fields.problems().isEmpty() ? Optional.of(sync) : Optional.empty();
    }

    private SourceSpec source() {
        String repository = fields.required("/spec/source/repository");
        if (USER_INFO.matcher(repository).find()) {
            fields.problem(
                    SyncCode.SYN007,
                    "/spec/source/repository",
                    "an address must not hold a user or a token",
                    "put the token into a file and name it in spec.source.credentials.tokenFile");
        }
        return new SourceSpec(
                repository,
                fields.required("/spec/source/ref"),
                path(),
                fields.duration("/spec/source/timeout", DEFAULT_TIMEOUT, Duration.ofSeconds(1)),
                credentials());
    }

    private RepoPath path() {
        String written = fields.text("/spec/source/path").orElse("");
        try {
            return written.equals(".") ? RepoPath.ROOT : new RepoPath(written);
        } catch (IllegalArgumentException e) {
            fields.wrong("/spec/source/path", String.valueOf(e.getMessage()));
            return RepoPath.ROOT;
        }
    }

    private Optional<CredentialFiles> credentials() {
        String at = "/spec/source/credentials";
        if (fields.at(at).isMissingNode()) {
            return Optional.empty();
        }
        Optional<String> token = fields.text(at + "/tokenFile");
        Optional<String> key = fields.text(at + "/privateKeyFile");
        if (token.isPresent() == key.isPresent()) {
            fields.wrong(at, "must name either tokenFile (for https) or privateKeyFile and knownHostsFile (for ssh)");
            return Optional.empty();
        }
        if (token.isPresent()) {
            return Optional.of(
                    new CredentialFiles.Token(fields.text(at + "/user").orElse("git"), Path.of(token.get())));
        }
        return Optional.of(new CredentialFiles.SshKey(
                Path.of(key.orElseThrow()), Path.of(fields.required(at + "/knownHostsFile"))));
    }

    private Mode mode() {
        String written = fields.text("/spec/mode").orElse("apply");
        for (Mode mode : Mode.values()) {
            if (mode.name().toLowerCase(Locale.ROOT).equals(written)) {
                return mode;
            }
        }
        fields.wrong("/spec/mode", "\"" + written + "\" is not one of apply, plan, observe");
        return Mode.OBSERVE;
    }
}
