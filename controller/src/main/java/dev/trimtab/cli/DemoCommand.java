package dev.trimtab.cli;

import dev.trimtab.cli.demo.Demo;
import dev.trimtab.cli.demo.DemoTour;
import dev.trimtab.sync.SyncListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code trimtab demo}. */
@Command(
        name = "demo",
        description = {
            "See it work, on this machine, with nothing else installed.",
            "Starts a sandbox, a repository and a controller, and acts as a person who commits. Shows what each plan said "
                    + "and what the pods then did. Stays up until interrupted."
        })
final class DemoCommand implements Callable<Integer> {

    @Mixin
    private CommonOptions common;

    @Option(names = "--once", description = "end after the last step: 0 when every plan came true, 1 when one did not")
    private boolean once;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "TEXT",
            description = "text or, with --once, json (format trimtab.demo/v1)")
    private OutputFormat output;

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            hidden = true,
            description = "use this disposable cluster, with nodes that take any image, instead of a sandbox")
    private @Nullable Path kubeconfig;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (output == OutputFormat.JSON && !once) {
            throw new ParameterException(
                    common.commandLine(),
                    "-o json prints one document at the end, and without --once there is no end; add --once");
        }
        if (common.verbose()) {
            Logging.tellSteps();
        }
        Clock clock = Clock.systemUTC();
        Path folder = Files.createTempDirectory("trimtab-demo-");
        SyncListener listener =
                common.verbose() ? new EventLog(common.err(), common.style(), clock) : (sync, event) -> {};
        try (Demo demo = new Demo(folder, Optional.ofNullable(kubeconfig), clock, listener)) {
            DemoTour tour = new DemoTour(demo, common.style());
            if (output == OutputFormat.JSON) {
                common.print(tour.document());
            } else {
                tour.tell(text -> {
                    common.out().print(text);
                    common.out().flush();
                });
            }
            if (!once) {
                common.out().print(tour.invitation());
                common.out().flush();
                UntilInterrupted.await(() -> delete(folder));
            }
            return tour.cameTrue() ? ExitCode.DONE : ExitCode.ERROR;
        } finally {
            delete(folder);
        }
    }

    private static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> walk = Files.walk(folder)) {
            List<Path> deepestFirst = walk.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
