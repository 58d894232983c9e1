package dev.trimtab.sync;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.definition.Limits;
import dev.trimtab.source.Credentials;
import dev.trimtab.source.ProxyServer;
import dev.trimtab.source.RepoPath;
import dev.trimtab.source.TransferLimits;
import dev.trimtab.source.Verification;
import dev.trimtab.source.VersionRange;
import dev.trimtab.source.Wanted;
import dev.trimtab.sync.ClusterSync.CredentialFiles;
import dev.trimtab.sync.ClusterSync.SourceSpec;
import dev.trimtab.sync.ClusterSync.VerifySpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads {@code spec.source} of a ClusterSync. */
final class SourceReader {

    private static final String SOURCE = "/spec/source";
    private static final String CREDENTIALS = SOURCE + "/credentials";
    private static final String PROXY = SOURCE + "/proxy";
    private static final String LIMITS = SOURCE + "/limits";
    private static final String VERIFY = SOURCE + "/verify";

    /** For https a user is half a secret already, as forges take tokens for one; for ssh it is part of the address. */
    private static final Pattern LOGIN = Pattern.compile("^(https?://[^/@]*@|[a-z]+://[^/@:]*:[^/@]*@)");

    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    private final SyncFields fields;

    SourceReader(SyncFields fields) {
        this.fields = fields;
    }

    SourceSpec read() {
        fields.only(
                SOURCE,
                Set.of(
                        "repository",
                        "ref",
                        "semver",
                        "commit",
                        "path",
                        "timeout",
                        "credentials",
                        "proxy",
                        "limits",
                        "verify"));
        fields.only(CREDENTIALS, Set.of("user", "tokenFile", "privateKeyFile", "knownHostsFile"));
        fields.only(PROXY, Set.of("url", "user", "passwordFile"));
        fields.only(LIMITS, Set.of("fetch", "object", "entries", "files", "file", "total"));
        fields.only(VERIFY, Set.of("mode", "keyFiles", "secretRef"));
        fields.only(VERIFY + "/secretRef", Set.of("name"));
        String repository = fields.required(SOURCE + "/repository");
        if (LOGIN.matcher(repository).find()) {
            fields.problem(
                    SyncCode.SYN007,
                    SOURCE + "/repository",
                    "an address must not hold a user or a token",
                    "put the token into a file and name it in spec.source.credentials.tokenFile");
        }
        return new SourceSpec(
                repository,
                wanted(),
                path(),
                fields.duration(SOURCE + "/timeout", DEFAULT_TIMEOUT, Duration.ofSeconds(1)),
                credentials(),
                proxy(),
                new TransferLimits(
                        fields.size(LIMITS + "/fetch", TransferLimits.STANDARD.fetchBytes()),
                        fields.size(LIMITS + "/object", TransferLimits.STANDARD.objectBytes()),
                        fields.count(LIMITS + "/entries", TransferLimits.STANDARD.entries())),
                definition(),
                verify());
    }

    private Wanted wanted() {
        Optional<String> ref = fields.text(SOURCE + "/ref");
        Optional<String> semver = fields.text(SOURCE + "/semver");
        Optional<String> commit = fields.text(SOURCE + "/commit");
        List<Optional<String>> given = List.of(ref, semver, commit);
        if (given.stream().filter(Optional::isPresent).count() > 1) {
            fields.wrong(SOURCE, "must have exactly one of ref, semver and commit");
        } else if (semver.isPresent()) {
            Optional<VersionRange> range = VersionRange.parse(semver.get());
            if (range.isPresent()) {
                return new Wanted.Version(range.get());
            }
            fields.wrong(SOURCE + "/semver", "\"" + semver.get() + "\" is not a range of versions such as >=1.2 <2");
        } else if (commit.isPresent()) {
            try {
                return new Wanted.Commit(commit.get());
            } catch (IllegalArgumentException e) {
                fields.wrong(SOURCE + "/commit", String.valueOf(e.getMessage()));
            }
        } else if (ref.filter(name -> !name.isEmpty()).isEmpty()) {
            fields.problem(
                    SyncCode.SYN002,
                    SOURCE + "/ref",
                    "spec.source has none of ref, semver and commit",
                    "add one, for instance ref: main");
        }
        return new Wanted.Named(ref.orElse(""));
    }

    private RepoPath path() {
        String written = fields.text(SOURCE + "/path").orElse("");
        try {
            return written.equals(".") ? RepoPath.ROOT : new RepoPath(written);
        } catch (IllegalArgumentException e) {
            fields.wrong(SOURCE + "/path", String.valueOf(e.getMessage()));
            return RepoPath.ROOT;
        }
    }

    private Optional<CredentialFiles> credentials() {
        if (fields.at(CREDENTIALS).isMissingNode()) {
            return Optional.empty();
        }
        Optional<String> token = fields.text(CREDENTIALS + "/tokenFile");
        Optional<String> key = fields.text(CREDENTIALS + "/privateKeyFile");
        if (token.isPresent() == key.isPresent()) {
            fields.wrong(
                    CREDENTIALS,
                    "must name either tokenFile (for https) or privateKeyFile and knownHostsFile (for ssh)");
            return Optional.empty();
        }
        if (token.isPresent()) {
            return Optional.of(
                    new CredentialFiles.Token(fields.text(CREDENTIALS + "/user").orElse("git"), Path.of(token.get())));
        }
        return Optional.of(new CredentialFiles.SshKey(
                Path.of(key.orElseThrow()), Path.of(fields.required(CREDENTIALS + "/knownHostsFile"))));
    }

    private Optional<ProxyServer> proxy() {
        if (fields.at(PROXY).isMissingNode()) {
            return Optional.empty();
        }
        Optional<Path> password = fields.text(PROXY + "/passwordFile").map(Path::of);
        Optional<String> user = fields.text(PROXY + "/user");
        if (password.isPresent() != user.isPresent()) {
            fields.wrong(PROXY, "must name both user and passwordFile, or neither");
        }
        try {
            ProxyServer proxy = ProxyServer.parse(fields.required(PROXY + "/url"));
            if (proxy.login().isPresent()) {
                fields.problem(
                        SyncCode.SYN007,
                        PROXY + "/url",
                        "an address must not hold a user or a password",
                        "put the password into a file and name it in spec.source.proxy.passwordFile");
            }
            return Optional.of(new ProxyServer(
                    proxy.host(),
                    proxy.port(),
                    password.map(file -> new Credentials.TokenFile(user.orElse(""), file))));
        } catch (IllegalArgumentException e) {
            fields.wrong(PROXY + "/url", String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private Limits definition() {
        Limits standard = Limits.DEFAULT;
        long total = fields.size(LIMITS + "/total", standard.totalBytes());
        return new Limits(
                fields.count(LIMITS + "/files", standard.files()),
                fields.size(LIMITS + "/file", standard.fileBytes()),
                total,
                standard.depth(),
                standard.aliases(),
                standard.values(),
                Math.max(standard.cacheBytes(), 2 * total));
    }

    private Optional<VerifySpec> verify() {
        if (fields.at(VERIFY).isMissingNode()) {
            return Optional.empty();
        }
        List<Path> files = new ArrayList<>();
        JsonNode written = fields.at(VERIFY + "/keyFiles");
        if (!written.isMissingNode() && !written.isArray()) {
            fields.wrong(VERIFY + "/keyFiles", "must be a list of paths");
        }
        for (int i = 0; i < written.size(); i++) {
            files.add(Path.of(fields.required(VERIFY + "/keyFiles/" + i)));
        }
        Optional<String> secret = fields.at(VERIFY + "/secretRef").isMissingNode()
                ? Optional.empty()
                : Optional.of(fields.required(VERIFY + "/secretRef/name"));
        if (files.isEmpty() && secret.isEmpty()) {
            fields.wrong(VERIFY, "must name the keys: keyFiles, secretRef, or both");
        }
        String mode = fields.text(VERIFY + "/mode").orElse("head");
        if (!mode.equals("head") && !mode.equals("all")) {
            fields.wrong(VERIFY + "/mode", "\"" + mode + "\" is not one of head, all");
        }
        return Optional.of(
                new VerifySpec(mode.equals("all") ? Verification.Scope.ALL : Verification.Scope.HEAD, files, secret));
    }
}
