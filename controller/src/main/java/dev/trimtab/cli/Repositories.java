package dev.trimtab.cli;

import dev.trimtab.source.Credentials;
import dev.trimtab.source.GitSource;
import dev.trimtab.source.Verification;
import dev.trimtab.sync.ClusterSync;
import dev.trimtab.sync.ClusterSync.CredentialFiles;
import dev.trimtab.sync.SharedCluster;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HexFormat;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Opens the repositories of ClusterSync documents, and says where their mirrors are. */
final class Repositories {

    @Option(
            names = "--cache",
            paramLabel = "DIR",
            description = "where mirrors of repositories are kept (default: $XDG_CACHE_HOME/trimtab, ~/.cache/trimtab)")
    private @Nullable Path cache;

    /**
     * @param cluster of the sync, which may hold the keys that it trusts
     * @throws dev.trimtab.source.SourceException when the address is not allowed or the folder cannot be used
     */
    GitSource open(ClusterSync spec, SharedCluster cluster, Clock clock) {
        CRC32 address = new CRC32();
        address.update(spec.source().repository().getBytes(StandardCharsets.UTF_8));
        Path mirror = folder().resolve("mirrors")
                .resolve(spec.name() + "-" + HexFormat.of().toHexDigits((int) address.getValue()));
        // Who writes the configuration runs the process: a repository on this machine is theirs already.
        boolean allowFile = true;
        return GitSource.open(new GitSource.Settings(
                spec.source().repository(),
                spec.source().wanted(),
                mirror,
                spec.source().credentials().map(Repositories::credentials),
                spec.source().timeout(),
                allowFile,
                spec.source().proxy(),
                spec.source().limits(),
                spec.source()
                        .verify()
                        .map(verify -> new Verification(verify.scope(), cluster.trustedKeys(verify), clock))));
    }

    private static Credentials credentials(CredentialFiles files) {
        if (files instanceof CredentialFiles.Token token) {
            return new Credentials.TokenFile(token.user(), token.tokenFile());
        }
        CredentialFiles.SshKey key = (CredentialFiles.SshKey) files;
        return new Credentials.SshKey(key.privateKeyFile(), key.knownHostsFile());
    }

    private Path folder() {
        if (cache != null) {
            return cache;
        }
        String xdg = System.getenv().getOrDefault("XDG_CACHE_HOME", "");
        return (xdg.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(xdg)).resolve("trimtab");
    }
}
