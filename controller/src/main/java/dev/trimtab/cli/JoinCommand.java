package dev.trimtab.cli;

import dev.trimtab.bootstrap.Bootstrap;
import dev.trimtab.bootstrap.join.HostException;
import dev.trimtab.definition.Definition;
import dev.trimtab.definition.Inventory;
import dev.trimtab.join.BootstrapTokens;
import dev.trimtab.join.JoinResult;
import dev.trimtab.join.Joining;
import dev.trimtab.join.LiveCluster;
import dev.trimtab.join.NodeMetadata;
import dev.trimtab.join.Phase;
import dev.trimtab.join.Progress;
import dev.trimtab.join.SshHosts;
import dev.trimtab.join.Survey;
import dev.trimtab.kube.ApiException;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ErrorClass;
import dev.trimtab.nodes.DeclaredNodes;
import dev.trimtab.review.ProblemText;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code trimtab bootstrap join}: run by a person, never by the controller, which has neither a key for machines nor for tokens. */
@Command(
        name = "join",
        description = {
            "Join machines to the cluster over SSH, as the inventory has them.",
            "Without --yes or --plan it only looks: it shows for each machine where it stands, which files differ and which"
                    + " commands it would run. Nothing is changed.",
            "Each machine must show the host key that the inventory pins (ssh.hostKey). It joins with a token of its own,"
                    + " which is deleted whether the join succeeds or not. The first control-plane node is not joined: it"
                    + " begins the cluster with kubeadm init."
        })
final class JoinCommand implements Callable<Integer> {

    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

    @Mixin
    private CommonOptions common;

    @Mixin
    private ClusterOptions clusterOptions;

    @Parameters(paramLabel = "NODE", arity = "0..*", description = "nodes of the inventory")
    private List<String> nodes = List.of();

    @Option(names = "--all", description = "every node that should be part of the cluster")
    private boolean all;

    @Option(
            names = {"-f", "--folder"},
            paramLabel = "DIR",
            defaultValue = ".",
            description = "folder of the definition, or of a repository with clusters/NAME/ (default: the current one)")
    private Path directory;

    @Option(
            names = "--cluster",
            paramLabel = "NAME",
            description = "the cluster in clusters/NAME/, where there are several")
    private @Nullable String cluster;

    @Option(
            names = "--sync",
            paramLabel = "NAME",
            description =
                    "the sync in whose name nodes get their labels and taints (default: the one that keeps nodes of the"
                            + " inventory already)")
    private @Nullable String sync;

    @Option(
            names = "--ssh-key",
            paramLabel = "FILE",
            required = true,
            description = {
                "private key for SSH, without a passphrase. Where ssh.keySecretRef names a Secret, get it with:",
                "kubectl get secret NAME -o jsonpath='{.data.KEY}' | base64 -d"
            })
    private Path sshKey;

    @Option(names = "--dry-run", description = "only look; this is the default")
    private boolean dryRun;

    @Option(names = "--yes", description = "carry out what is found, without asking")
    private boolean yes;

    @Option(
            names = "--plan",
            paramLabel = "DIGEST",
            split = ",",
            description = "carry out the plans with these digests, sha256:... as a dry run tells them, and no others")
    private List<String> plans = List.of();

    @Option(
            names = "--reset",
            description = "run kubeadm reset on a machine whose join was broken off halfway, then join it")
    private boolean reset;

    @Option(names = "--pull-images", description = "pull the images of images.txt before a machine joins")
    private boolean pullImages;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            defaultValue = "4",
            description = "how many machines at once; control planes join one after the other"
                    + " (default: ${DEFAULT-VALUE})")
    private int parallel;

    @Option(
            names = "--connect-timeout",
            paramLabel = "DURATION",
            defaultValue = "15s",
            converter = DurationConverter.class,
            description = "how long a connection, and then a login, may take (default: ${DEFAULT-VALUE})")
    private Duration connectTimeout;

    @Option(
            names = "--command-timeout",
            paramLabel = "DURATION",
            defaultValue = "20m",
            converter = DurationConverter.class,
            description = "how long one command on a machine may take at most (default: ${DEFAULT-VALUE})")
    private Duration commandTimeout;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            defaultValue = "5m",
            converter = DurationConverter.class,
            description = "how long a node may take to become ready (default: ${DEFAULT-VALUE})")
    private Duration timeout;

    @Override
    public Integer call() {
        check();
        Definition definition = FolderOptions.read(directory, Optional.ofNullable(cluster));
        ProblemText text = new ProblemText(directory, common.style());
        definition.problems().forEach(problem -> common.err().println(text.of(problem)));
        if (definition.refused()) {
            common.err().println("nothing is done");
            return ExitCode.ERROR;
        }
        List<String> chosen = choose(definition);
        try (ClusterClient client = clusterOptions.connect()) {
            return join(definition, chosen, client);
        } catch (HostException e) {
            throw new UserError(e.obstacle().toString(), e.obstacle().fix());
        }
    }

    private void check() {
        if (parallel < 1) {
            throw new UserError("--parallel " + parallel + " is less than one machine");
        }
        if (all != nodes.isEmpty()) {
            throw new UserError("which machines?", "name nodes of the inventory, or give --all");
        }
        if (Stream.of(dryRun, yes, !plans.isEmpty()).filter(given -> given).count() > 1) {
            throw new UserError("--dry-run, --yes and --plan exclude each other", "give one of them");
        }
        plans.stream()
                .filter(plan -> !DIGEST.matcher(plan).matches())
                .findFirst()
                .ifPresent(plan -> {
                    throw new UserError(
                            "\"" + plan + "\" is not the digest of a plan",
                            "give all of it: sha256: and 64 hex digits");
                });
    }

    private List<String> choose(Definition definition) {
        if (definition.cluster().isEmpty()) {
            throw new UserError(
                    directory + " describes no cluster",
                    "add documents of kind Cluster and Inventory, as the template has them");
        }
        List<String> names = Bootstrap.nodeNames(definition);
        for (String node : nodes) {
            if (!names.contains(node)) {
                throw new UserError(
                        "the inventory has no node " + node + " that should be part of the cluster",
                        "name one of " + String.join(", ", names));
            }
        }
        return all ? names : nodes.stream().distinct().toList();
    }

    private int join(Definition definition, List<String> chosen, ClusterClient client) {
        Clock clock = Clock.systemUTC();
        BootstrapTokens tokens = new BootstrapTokens(
                client, clock, definition.cluster().orElseThrow().tokens().ttl());
        Joining joining = new Joining(
                definition,
                new SshHosts(sshKey, connectTimeout, commandTimeout),
                new LiveCluster(client),
                tokens,
                clock,
                new Joining.Options(parallel, reset, pullImages, timeout),
                reached(definition, () -> metadata(definition, client)),
                new Told());
        List<Survey> surveys = reached(definition, () -> joining.survey(chosen));
        JoinText text = new JoinText();
        common.out().print(text.plans(surveys));
        common.out().flush();
        if (!yes && plans.isEmpty()) {
            common.err()
                    .println("nothing was changed; carry it out with --yes, or exactly these plans with --plan DIGEST");
            return exitCode(joining.preview(surveys));
        }
        // Ctrl-C and a termination signal: the machines are left as they are, but no token stays behind.
        Thread sweep = new Thread(tokens::deleteOutstanding, "sweep-tokens");
        Runtime.getRuntime().addShutdownHook(sweep);
        try {
            List<JoinResult> results =
                    joining.carryOut(surveys, plans.isEmpty() ? Optional.empty() : Optional.of(Set.copyOf(plans)));
            common.out().print(text.results(results));
            common.out().flush();
            return exitCode(results);
        } finally {
            tokens.deleteOutstanding();
            Runtime.getRuntime().removeShutdownHook(sweep);
        }
    }

    private Optional<NodeMetadata> metadata(Definition definition, ClusterClient client) {
        return DeclaredNodes.of(definition)
                .flatMap(declared -> JoinMetadata.of(client, declared, Optional.ofNullable(sync)));
    }

    private <T> T reached(Definition definition, Supplier<T> ask) {
        try {
            return ask.get();
        } catch (ApiException e) {
            if (e.errorClass() != ErrorClass.UNREACHABLE) {
                throw e;
            }
            String first = definition.inventory().effectiveNodes().stream()
                    .filter(Inventory.Node::isPresent)
                    .filter(Inventory.Node::isControlPlane)
                    .map(Inventory.Node::name)
                    .findFirst()
                    .orElseThrow();
            throw new UserError(
                    "the cluster does not answer: " + e.getMessage(),
                    "machines join a cluster that is there. To begin one: trimtab bootstrap render " + directory
                            + " --node " + first + " --out DIR, copy DIR to " + first
                            + ", and there: sudo sh prepare.sh, then sudo kubeadm init --config kubeadm-init.yaml"
                            + " --upload-certs");
        }
    }

    /** That of the worst machine. */
    private static int exitCode(List<JoinResult> results) {
        return results.stream()
                .map(JoinResult::outcome)
                .max(Comparator.naturalOrder())
                .map(worst -> switch (worst) {
                    case UNCHANGED, UPDATED, JOINED -> ExitCode.DONE;
                    case REFUSED -> ExitCode.REFUSED;
                    case FAILED -> ExitCode.ERROR;
                })
                .orElse(ExitCode.DONE);
    }

    /** Many machines speak at once: a line names its own. */
    private final class Told implements Progress {

        @Override
        public synchronized void phase(String node, Phase phase, String text) {
            common.err().println(node + ": " + phase + ": " + text);
            common.err().flush();
        }

        @Override
        public synchronized void transcript(String node, String line) {
            if (common.verbose()) {
                common.err().println(node + "  " + line);
                common.err().flush();
            }
        }
    }
}
