package dev.trimtab.cli;

import dev.trimtab.bootstrap.Bootstrap;
import dev.trimtab.bootstrap.FileTree;
import dev.trimtab.bootstrap.Registration;
import dev.trimtab.codes.Count;
import dev.trimtab.definition.Definition;
import dev.trimtab.review.ProblemText;
import java.nio.file.Path;
import java.util.List;
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

/** {@code trimtab bootstrap}: from machines to nodes. */
@Command(
        name = "bootstrap",
        description = "Turn machines into the nodes of a cluster.",
        subcommands = {
            BootstrapCommand.RenderFiles.class,
            ImportCommand.class,
            JoinCommand.class,
            VerifyReportCommand.class
        })
final class BootstrapCommand implements Runnable {

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
        throw new ParameterException(spec.commandLine(), "which command?");
    }

    /** {@code trimtab bootstrap render}: needs no cluster and no machine. */
    @Command(
            name = "render",
            description = {
                "Write everything that machines need to become the nodes of a cluster, offline.",
                "Files for kubeadm, a folder with files and scripts for each node, and the list of images. They hold no secret,"
                        + " and the same definition gives the same bytes."
            })
    static final class RenderFiles implements Callable<Integer> {

        @Mixin
        private CommonOptions common;

        @Parameters(
                paramLabel = "PATH",
                arity = "0..1",
                defaultValue = ".",
                description = "folder of the definition (default: the current one)")
        private Path directory;

        @Option(
                names = "--cluster",
                paramLabel = "NAME",
                description = "the cluster in clusters/NAME/, where there are several")
        private @Nullable String cluster;

        @Option(
                names = "--out",
                paramLabel = "DIR",
                required = true,
                description =
                        "folder to write to; replaced as a whole when it was written by this command, refused when it"
                                + " holds anything else")
        private Path out;

        @Option(
                names = "--node",
                paramLabel = "NAME",
                description = "write only the folder of this node, as DIR itself")
        private @Nullable String node;

        @Option(
                names = "--registration-taint",
                description =
                        "nodes that join register with taint trimtab.dev/uninitialized, so that no ordinary pod comes before"
                                + " their labels; only where the controller or trimtab apply takes it away afterwards")
        private boolean registrationTaint;

        @Override
        public Integer call() {
            Definition definition = FolderOptions.read(directory, Optional.ofNullable(cluster));
            ProblemText text = new ProblemText(directory, common.style());
            definition.problems().forEach(problem -> common.err().println(text.of(problem)));
            if (definition.refused()) {
                common.err().println("nothing is written");
                return ExitCode.ERROR;
            }
            FileTree tree = tree(definition);
            boolean written = new OutputFolder(out).replace(tree);
            common.out()
                    .println(
                            written
                                    ? "wrote " + Count.of(tree.files().size(), "file") + " to " + out
                                    : "unchanged: " + Count.of(tree.files().size(), "file") + " in " + out);
            if (common.verbose()) {
                tree.files().keySet().forEach(path -> common.err().println("  " + path));
            }
            common.out().flush();
            return ExitCode.DONE;
        }

        private FileTree tree(Definition definition) {
            if (definition.cluster().isEmpty()) {
                throw new UserError(
                        directory + " describes no cluster",
                        "add documents of kind Cluster and Inventory, as the template has them");
            }
            List<String> names = Bootstrap.nodeNames(definition);
            if (node != null && !names.contains(node)) {
                throw new UserError(
                        "the inventory has no node " + node + " that should be part of the cluster",
                        "name one of " + String.join(", ", names));
            }
            FileTree all = Bootstrap.render(definition, registrationTaint ? Registration.TAINTED : Registration.PLAIN);
            return node == null ? all : all.below("nodes/" + node);
        }
    }
}
