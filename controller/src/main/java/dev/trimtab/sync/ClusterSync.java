package dev.trimtab.sync;

import dev.trimtab.source.RepoPath;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Which repository, ref and path goes to which cluster, and how ({@code sync.trimtab.dev/v1alpha1}).
 *
 * @param name DNS label; also names the field manager and the inventory
 * @param interval how often the ref is asked for
 * @param selfHeal put Git's values back when somebody else changed them
 * @param prune delete what left the repository
 * @param policy what bounds its writes
 */
public record ClusterSync(
        String name,
        SourceSpec source,
        ClusterSpec cluster,
        Duration interval,
        Mode mode,
        boolean selfHeal,
        boolean prune,
        Policy policy) {

    /** What a sync may do. */
    public enum Mode {
        /** Carry out what was planned. */
        APPLY,
        /** Plan and wait for a person's word. */
        PLAN,
        /** Plan and report; never write. */
        OBSERVE
    }

    /**
     * Where the definition comes from.
     *
     * @param repository a path, or an https or ssh address; without credentials
     * @param path the folder of the definition; everything outside it is ignored
     * @param timeout for each conversation with the remote
     */
    public record SourceSpec(
            String repository, String ref, RepoPath path, Duration timeout, Optional<CredentialFiles> credentials) {}

    /** Files that hold credentials: they are never written into the sync itself. */
    public sealed interface CredentialFiles {
        /** For https. */
        record Token(String user, Path tokenFile) implements CredentialFiles {}

        /** For ssh; the host's key must be in {@code knownHostsFile}. */
        record SshKey(Path privateKeyFile, Path knownHostsFile) implements CredentialFiles {}
    }

    /** Which cluster; empty fields mean what kubectl would take. */
    public record ClusterSpec(Optional<Path> kubeconfig, Optional<String> context) {}
}
