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
            "Nothing is compared for it; trimtab reconcile NAME asks a sync for a fresh look."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:told",
            "1:an error, or no sync of that name ever said how it stands",
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

    @Option(names = "--watch", description = "go on, and tell every change in one line, until interrupted")
    private boolean watch;

    @Override
    public Integer call() throws InterruptedException {
        if (watch && detailedExitCode) {
            throw new ParameterException(
                    common.commandLine(), "--watch has no end to give the exit code of --detailed-exitcode");
        }
        Optional<String> asked = Optional.ofNullable(name).map(SyncNames::check);
        if (watch) {
            watch(asked);
            return ExitCode.DONE;
        }
        List<Kept> told;
        String where;
        try (ClusterClient client = cluster.connect()) {
            where = client.name();
            told = StatusObject.list(client).stream()
                    .filter(kept -> asked.isEmpty() || asked.get().equals(kept.sync()))
                    .toList();
        }
        if (asked.isPresent() && told.isEmpty()) {
            throw new UserError(
                    "no sync \"" + asked.get() + "\" ever said in cluster " + where + " how it stands",
                    "see which ones did: trimtab status");
        }
        print(told, where);
        boolean well = told.stream().allMatch(kept -> StatusText.ready(kept) && StatusText.drifted(kept) == 0);
        return detailedExitCode && !well ? ExitCode.CHANGES : ExitCode.DONE;
    }

    private void print(List<Kept> told, String where) {
        if (output == OutputFormat.JSON) {
            ObjectNode document =
                    JSON.objectNode().put("format", "trimtab.statuses/v1").put("cluster", where);
            ArrayNode syncs = document.putArray("syncs");
            told.forEach(kept -> syncs.add(json(kept)));
            common.print(document);
            return;
        }
        if (told.isEmpty()) {
            common.out().println("No sync ever said in cluster " + where + " how it stands.");
            common.out().println("  One that runs does so within seconds: trimtab run --config FILE");
        }
        StatusText text = new StatusText(Clock.systemUTC().instant());
        String between = "";
        for (Kept kept : told) {
            common.out().print(between + text.paragraph(kept));
            between = "\n";
        }
        common.out().flush();
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
