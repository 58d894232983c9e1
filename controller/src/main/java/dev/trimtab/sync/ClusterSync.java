package dev.trimtab.sync;

import dev.trimtab.definition.Limits;
import dev.trimtab.inplace.UpdateStrategy;
import dev.trimtab.render.IgnoreRules;
import dev.trimtab.source.ProxyServer;
import dev.trimtab.source.RepoPath;
import dev.trimtab.source.TransferLimits;
import dev.trimtab.source.Verification;
import dev.trimtab.source.Wanted;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Which repository, ref and path goes to which cluster, and how ({@code sync.trimtab.dev/v1alpha1}).
 *
 * @param name DNS label; also names the field manager and the inventory
 * @param interval how often the ref is asked for
 * @param selfHeal put Git's values back when somebody else changed them
 * @param prune delete what left the repository
 * @param policy what bounds its writes
 * @param ignore fields that it leaves to others
 * @param health how it waits for what it applied
 * @param audit how it proves that what it holds as unchanged is so; empty when it does not
 * @param updatePolicy what may happen to running pods of Kubernetes' own workloads that do not say it themselves
 */
public record ClusterSync(
        String name,
        SourceSpec source,
        ClusterSpec cluster,
        Duration interval,
        Mode mode,
        boolean selfHeal,
        boolean prune,
        Policy policy,
        IgnoreRules ignore,
        HealthSpec health,
        Optional<AuditSpec> audit,
        UpdateStrategy.Policy updatePolicy) {

    /** A sync that leaves no field to others, and everything else as it is by default. */
    public ClusterSync(
            String name,
            SourceSpec source,
            ClusterSpec cluster,
            Duration interval,
            Mode mode,
            boolean selfHeal,
            boolean prune,
            Policy policy) {
        this(
                name,
                source,
                cluster,
                interval,
                mode,
                selfHeal,
                prune,
                policy,
                IgnoreRules.NONE,
                HealthSpec.STANDARD,
                Optional.empty(),
                UpdateStrategy.Policy.IN_PLACE_IF_POSSIBLE);
    }

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
     * @param proxy on the way there; without one the environment's counts
     * @param limits of what is fetched and walked
     * @param definitionLimits of what is parsed
     * @param verify without it signatures are not looked at
     */
    public record SourceSpec(
            String repository,
            Wanted wanted,
            RepoPath path,
            Duration timeout,
            Optional<CredentialFiles> credentials,
            Optional<ProxyServer> proxy,
            TransferLimits limits,
            Limits definitionLimits,
            Optional<VerifySpec> verify) {

        /** A branch or tag with everything else as it is by default. */
        public SourceSpec(
                String repository, String ref, RepoPath path, Duration timeout, Optional<CredentialFiles> credentials) {
            this(
                    repository,
                    new Wanted.Named(ref),
                    path,
                    timeout,
                    credentials,
                    Optional.empty(),
                    TransferLimits.STANDARD,
                    Limits.DEFAULT,
                    Optional.empty());
        }
    }

    /**
     * Which commits have to be signed and where the keys are.
     *
     * @param keyFiles files and folders
     * @param secret name of a Secret in namespace {@code trimtab-system} of the sync's cluster
     */
    public record VerifySpec(Verification.Scope scope, List<Path> keyFiles, Optional<String> secret) {
        public VerifySpec {
            keyFiles = List.copyOf(keyFiles);
        }
    }

    /**
     * Later waves and objects that name others always wait for those.
     *
     * @param follow whether everything that was applied is followed until it is well, at the cost of a list a kind
     * @param timeout after which what is not well is told
     */
    public record HealthSpec(boolean follow, Duration timeout) {
        public static final HealthSpec STANDARD = new HealthSpec(false, Duration.ofMinutes(5));
    }

    /** @param share of the objects that are held as unchanged, in percent; at least one object */
    public record AuditSpec(Duration interval, double share) {}

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
