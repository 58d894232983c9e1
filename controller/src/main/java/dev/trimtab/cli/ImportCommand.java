package dev.trimtab.cli;

import dev.trimtab.bootstrap.intake.Imported;
import dev.trimtab.bootstrap.intake.Intake;
import dev.trimtab.bootstrap.intake.Wanted;
import dev.trimtab.kube.ClusterClient;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code trimtab bootstrap import}: from what there is to a definition. */
@Command(
        name = "import",
        description = {
            "Make a definition of what there is: a kubeadm configuration, a Kuboard agent's manifests, or a running cluster.",
            "What has no place in a definition is told with its place. Secrets reach neither documents nor output."
        },
        subcommands = {ImportCommand.Kubeadm.class, ImportCommand.KuboardAgent.class, ImportCommand.Running.class})
final class ImportCommand implements Runnable {

    private static final String FILE = "FILE";

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "show this help")
    @SuppressWarnings("unused") // picocli asks the option, not the field
    private boolean help;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "import what? kubeadm, kuboard-agent or cluster");
    }

    /** {@code trimtab bootstrap import kubeadm}. */
    @Command(
            name = "kubeadm",
            description = {
                "Import the file that kubeadm init or join was given (v1beta3 or v1beta4), with all of its documents.",
                "Tokens and certificate keys are left out: each join is given its own."
            })
    static final class Kubeadm implements Callable<Integer> {

        @Mixin
        private CommonOptions common;

        @Parameters(paramLabel = FILE, description = "the file, or - for standard input")
        private String file;

        @Option(
                names = "--name",
                paramLabel = "NAME",
                description = "the cluster's name (default: the file's clusterName)")
        private @Nullable String name;

        @Option(
                names = "--kubernetes-version",
                paramLabel = "VERSION",
                description = "instead of the one in the file, for instance v1.36.4")
        private @Nullable String kubernetesVersion;

        @Option(
                names = "--node-name",
                paramLabel = "NAME",
                description = "host name of the machine that the file is for")
        private @Nullable String nodeName;

        @Option(names = "--node-address", paramLabel = "ADDRESS", description = "address of this machine")
        private @Nullable String nodeAddress;

        @Mixin
        private ImportOutput output;

        @Override
        public Integer call() {
            Imported imported = Intake.kubeadm(
                    source(file),
                    read(file),
                    new Wanted(
                            Optional.ofNullable(name),
                            Optional.ofNullable(kubernetesVersion),
                            Optional.ofNullable(nodeName),
                            Optional.ofNullable(nodeAddress)));
            return output.write(imported, source(file), common);
        }
    }

    /** {@code trimtab bootstrap import kuboard-agent}. */
    @Command(
            name = "kuboard-agent",
            description = {
                "Import the manifests that a Kuboard server gives out to connect a cluster.",
                "The agent key and the token become a Secret, by --secrets-file or --apply-secrets."
            })
    static final class KuboardAgent implements Callable<Integer> {

        @Mixin
        private CommonOptions common;

        @Parameters(paramLabel = FILE, description = "the file, or - for standard input")
        private String file;

        @Mixin
        private KuboardServerOptions kuboard;

        @Mixin
        private ClusterOptions cluster;

        @Mixin
        private SecretOptions secrets;

        @Mixin
        private ImportOutput output;

        @Override
        public Integer call() {
            Imported imported = Intake.kuboardAgent(source(file), read(file), kuboard.server());
            return output.write(imported, source(file), common, secrets, cluster::connect);
        }
    }

    /** {@code trimtab bootstrap import cluster}. */
    @Command(
            name = "cluster",
            description = {
                "Import a running cluster: kubeadm's ConfigMaps, the nodes, flannel and Kuboard's agents.",
                "It is only read; Secrets are not read at all."
            })
    static final class Running implements Callable<Integer> {

        @Mixin
        private CommonOptions common;

        @Mixin
        private ClusterOptions cluster;

        @Option(
                names = "--name",
                paramLabel = "NAME",
                description = "the cluster's name (default: kubeadm's clusterName, then the kubeconfig's)")
        private @Nullable String name;

        @Option(
                names = "--kubernetes-version",
                paramLabel = "VERSION",
                description = "instead of the one that the API server runs, for instance v1.36.4")
        private @Nullable String kubernetesVersion;

        @Mixin
        private KuboardServerOptions kuboard;

        @Mixin
        private SecretOptions secrets;

        @Mixin
        private ImportOutput output;

        @Override
        public Integer call() {
            try (ClusterClient client = cluster.connect()) {
                Imported imported = Intake.cluster(
                        new ClusterSurvey(client).read(),
                        new Wanted(
                                Optional.ofNullable(name),
                                Optional.ofNullable(kubernetesVersion),
                                Optional.empty(),
                                Optional.empty()),
                        kuboard.server());
                return output.write(imported, "cluster " + client.name(), common, secrets, cluster::connect);
            }
        }
    }

    private static String source(String file) {
        return file.equals("-") ? "standard input" : file;
    }

    private static byte[] read(String file) {
        try {
            if (file.equals("-")) {
                try (InputStream input = System.in) {
                    return input.readAllBytes();
                }
            }
            return Files.readAllBytes(Path.of(file));
        } catch (IOException e) {
            throw new UserError(file + " cannot be read", "name a file, or - for standard input");
        }
    }
}
