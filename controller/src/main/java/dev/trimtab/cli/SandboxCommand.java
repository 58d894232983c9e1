package dev.trimtab.cli;

import dev.trimtab.definition.Definition;
import dev.trimtab.definition.Inventory.Node;
import dev.trimtab.definition.Inventory.State;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterSettings;
import dev.trimtab.kube.Clusters;
import dev.trimtab.review.ProblemText;
import dev.trimtab.sandbox.Sandbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code trimtab sandbox}: a Kubernetes API to play with. */
@Command(
        name = "sandbox",
        description = {
            "Serve an embedded Kubernetes on loopback, for demos and tests.",
            "kubectl works against it; pods are stand-ins. It is gone when the command ends."
        })
final class SandboxCommand implements Callable<Integer> {

    @Mixin
    private CommonOptions common;

    @Option(names = "--port", defaultValue = "8001", description = "0 takes a free one (default: ${DEFAULT-VALUE})")
    private int port;

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            defaultValue = "sandbox.kubeconfig",
            description = "where to write a kubeconfig (default: ${DEFAULT-VALUE})")
    private Path kubeconfig;

    @ArgGroup
    private @Nullable Machines machines;

    /** Where nodes come from. */
    static final class Machines {
        @Option(names = "--nodes", paramLabel = "N", description = "how many nodes (default: 3)")
        private int count;

        @Option(
                names = "--definition",
                paramLabel = "DIR",
                description = "take the nodes of this definition's inventory, as if its machines had joined")
        private @Nullable Path definition;
    }

    @Override
    public Integer call() throws InterruptedException {
        refuseToOverwrite(kubeconfig);
        Optional<Definition> definition =
                Optional.ofNullable(machines).map(chosen -> chosen.definition).map(this::read);
        try (Sandbox sandbox = Sandbox.builder()
                .port(port)
                .nodes(definition.map(SandboxCommand::names).orElseGet(this::numbered))
                .clock(Clock.systemUTC())
                .build()) {
            start(sandbox);
            write(kubeconfig, sandbox.kubeconfig());
            definition.ifPresent(this::join);
            common.out().println("sandbox: " + sandbox.address());
            common.out()
                    .println("export KUBECONFIG=" + kubeconfig.toAbsolutePath().normalize());
            common.out().flush();
            common.err().println("serving until interrupted");
            UntilInterrupted.await(sandbox::close);
        }
        return ExitCode.DONE;
    }

    private void start(Sandbox sandbox) {
        try {
            sandbox.start();
        } catch (UncheckedIOException e) {
            throw new UserError(
                    "cannot listen on port " + port + " of this machine: "
                            + Optional.ofNullable(e.getCause())
                                    .map(Throwable::getMessage)
                                    .orElse(""),
                    "choose another with --port; 0 takes a free one");
        }
    }

    private Definition read(Path directory) {
        Definition definition = FolderOptions.read(directory, Optional.empty());
        if (definition.refused()) {
            ProblemText text = new ProblemText(directory, common.style());
            definition.problems().forEach(problem -> common.err().println(text.of(problem)));
            throw new UserError("the definition in " + directory + " cannot be used");
        }
        return definition;
    }

    private void join(Definition definition) {
        try (ClusterClient client = Clusters.connect(ClusterSettings.of(kubeconfig))) {
            new SandboxMachines(client).join(definition, present(definition));
        }
    }

    private static List<String> names(Definition definition) {
        return present(definition).stream().map(Node::name).toList();
    }

    private static List<Node> present(Definition definition) {
        return definition.inventory().nodes().stream()
                .filter(node -> node.state() == State.PRESENT)
                .toList();
    }

    private List<String> numbered() {
        int count = machines == null ? 3 : machines.count;
        if (count < 0) {
            throw new UserError("--nodes " + count + " is less than none");
        }
        return IntStream.rangeClosed(1, count).mapToObj(i -> "node-" + i).toList();
    }

    /** A kubeconfig of somebody's real clusters is not ours to replace. */
    private static void refuseToOverwrite(Path file) {
        try {
            if (Files.exists(file) && !Files.readString(file).contains("current-context: sandbox")) {
                throw new UserError(
                        file + " is there already and is not a sandbox's", "name another file with --kubeconfig");
            }
        } catch (IOException e) {
            throw new UserError(file + " cannot be read: " + e.getMessage());
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UserError(file + " cannot be written: " + e.getMessage(), "name another file with --kubeconfig");
        }
    }
}
