package dev.trimtab.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.ContactListener;
import dev.trimtab.kube.ClusterClient.Event;
import dev.trimtab.kube.ClusterClient.EventType;
import dev.trimtab.kube.ClusterClient.Informer;
import dev.trimtab.report.StatusObject;
import dev.trimtab.report.StatusObject.Kept;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code trimtab status}: reads what syncs wrote of themselves into the cluster, and nothing else. */
@Command(
        name = "status",
        description = {
            "Show how the syncs of a cluster stand, as they last said themselves.",
            "Nothing is compared for it, and it does not tell whether a controller still runs: one that has nothing to "
                    + "do writes nothing. With --check each sync is asked for a fresh look, and its answer is waited for."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:told",
            "1:an error, or no sync of that name ever said how it stands; with --check also: one did not answer in time",
            "2:only with --detailed-exitcode: a sync is not ready, or objects have drifted"
        })
final class StatusCommand implements Callable<Integer> {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    @Mixin
    private CommonOptions common;

    @Mixin
    private ClusterOptions cluster;

    @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "the sync (default: all)")
    private @Nullable String name;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "TEXT",
            description = "text or json (format trimtab.statuses/v1)")
    private OutputFormat output;

    @Option(
            names = "--detailed-exitcode",
            description = "exit with 2 when a sync is not ready, or objects have drifted")
    private boolean detailedExitCode;

    @Option(
            names = "--check",
            description =
                    "ask each sync for a look at its repository and cluster now, and wait for the controller that "
                            + "keeps it to answer")
    private boolean check;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            defaultValue = "30s",
            converter = DurationConverter.class,
            description = "how long --check waits (default: ${DEFAULT-VALUE})")
    private Duration timeout;

    @Option(names = "--watch", description = "go on, and tell every change in one line, until interrupted")
    private boolean watch;

    @Override
    public Integer call() throws InterruptedException {
        if (watch && detailedExitCode) {
            throw new ParameterException(
                    common.commandLine(), "--watch has no end to give the exit code of --detailed-exitcode");
        }
        if (watch && check) {
            throw new ParameterException(
                    common.commandLine(), "--watch shows answers when they come; --check waits for one");
        }
        Optional<String> asked = Optional.ofNullable(name).map(SyncNames::check);
        if (watch) {
            watch(asked);
            return ExitCode.DONE;
        }
        List<Kept> told;
        Map<String, StatusCheck.Answer> answers = Map.of();
        String where;
        try (ClusterClient client = cluster.connect()) {
            where = client.name();
            told = StatusObject.list(client).stream()
                    .filter(kept -> asked.isEmpty() || asked.get().equals(kept.sync()))
                    .toList();
            if (check) {
                answers = StatusCheck.ask(client, told, Clock.systemUTC().instant(), timeout);
                told = answers.values().stream().map(StatusCheck.Answer::kept).toList();
            }
        }
        if (asked.isPresent() && told.isEmpty()) {
            throw new UserError(
                    "no sync \"" + asked.get() + "\" ever said in cluster " + where + " how it stands",
                    "see which ones did: trimtab status");
        }
        print(told, answers, where);
        if (answers.values().stream().anyMatch(answer -> answer.took().isEmpty())) {
            return ExitCode.ERROR;
        }
        boolean well = told.stream().allMatch(kept -> StatusText.ready(kept) && StatusText.drifted(kept) == 0);
        return detailedExitCode && !well ? ExitCode.CHANGES : ExitCode.DONE;
    }

    private void print(List<Kept> told, Map<String, StatusCheck.Answer> answers, String where) {
        if (output == OutputFormat.JSON) {
            ObjectNode document =
                    JSON.objectNode().put("format", "trimtab.statuses/v1").put("cluster", where);
            ArrayNode syncs = document.putArray("syncs");
            told.forEach(kept -> syncs.add(json(kept, answers)));
            common.print(document);
            return;
        }
        if (told.isEmpty()) {
            common.out().println("No sync ever said in cluster " + where + " how it stands.");
            common.out().println("  One that runs does so within seconds: trimtab run --config FILE");
        }
        StatusText text = new StatusText(Clock.systemUTC().instant());
        Duration waited = timeout;
        String between = "";
        for (Kept kept : told) {
            common.out().print(between + text.paragraph(kept, controller(kept, answers, waited)));
            between = "\n";
        }
        common.out().flush();
    }

    private static String controller(Kept kept, Map<String, StatusCheck.Answer> answers, Duration waited) {
        StatusCheck.Answer answer = answers.get(kept.sync());
        if (answer == null) {
            return "not asked; what is shown is kept true only while one runs. To ask: trimtab status "
                    + StatusText.name(kept) + " --check";
        }
        return answer.took()
                .map(took -> "answered in " + took.toMillis() + " ms")
                .orElse("no answer in " + waited.toSeconds()
                        + " s: none keeps this sync, or it is busy for longer; see " + "the log of trimtab run");
    }

    private static ObjectNode json(Kept kept, Map<String, StatusCheck.Answer> answers) {
        ObjectNode node = json(kept);
        Optional.ofNullable(answers.get(kept.sync())).ifPresent(answer -> {
            ObjectNode check =
                    node.putObject("check").put("answered", answer.took().isPresent());
            answer.took().ifPresent(took -> check.put("milliseconds", took.toMillis()));
        });
        return node;
    }

    private static ObjectNode json(Kept kept) {
        ObjectNode node = JSON.objectNode().put("sync", kept.sync());
        kept.written().ifPresent(at -> node.put("written", at.toString()));
        node.set("status", kept.status());
        return node;
    }

    private void watch(Optional<String> asked) throws InterruptedException {
        ClusterClient client = cluster.connect();
        client.onContact(new ContactListener() {
            @Override
            public void lost(String reason) {
                tell("the cluster does not answer: " + reason);
            }

            @Override
            public void regained() {
                tell("the cluster answers");
            }

            private void tell(String text) {
                common.err().println(text);
                common.err().flush();
            }
        });
        Informer informer = watch(client, asked, output, line -> {
            common.out().println(line);
            common.out().flush();
        });
        UntilInterrupted.await(() -> {
            informer.close();
            client.close();
        });
    }

    /** Tells how each sync stands now, and then every change; what says the same again is not told. */
    static Informer watch(ClusterClient client, Optional<String> asked, OutputFormat output, Consumer<String> told) {
        Map<String, String> last = new HashMap<>();
        return StatusObject.watch(client, event -> {
            Kept kept = StatusObject.kept(event.object());
            if (asked.isPresent() && !asked.get().equals(kept.sync())) {
                return;
            }
            String line = line(event, kept, output);
            synchronized (last) {
                if (!line.equals(last.put(kept.sync(), line))) {
                    told.accept(line);
                }
            }
        });
    }

    private static String line(Event event, Kept kept, OutputFormat output) {
        boolean gone = event.type() == EventType.DELETED;
        if (output == OutputFormat.JSON) {
            return (gone ? JSON.objectNode().put("sync", kept.sync()).put("deleted", true) : json(kept)).toString();
        }
        return gone
                ? kept.sync() + ": its status was deleted"
                : new StatusText(Clock.systemUTC().instant()).line(kept);
    }
}
