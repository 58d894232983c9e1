package dev.trimtab.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.inplace.Abilities;
import dev.trimtab.inplace.OpenKruise;
import dev.trimtab.inplace.RolloutRecord;
import dev.trimtab.inplace.RolloutTerms;
import dev.trimtab.inplace.UpdateStrategy;
import dev.trimtab.inplace.Verdict;
import dev.trimtab.inplace.Verdicts;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.review.VerdictText;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code trimtab explain}: what a change does to running pods, and why. */
@Command(
        name = "explain",
        description = {
            "Say what a change of a workload does to its running pods, and which fields decide.",
            "With two files: the change from the first to the second; no cluster is asked.",
            "With KIND/NAME and one file: the change from the workload as it is in the cluster.",
            "With KIND/NAME alone: what a new image would do now."
        })
final class ExplainCommand implements Callable<Integer> {

    @Mixin
    private CommonOptions common;

    @Mixin
    private ClusterOptions cluster;

    @Mixin
    private WorkloadOptions workload;

    @Parameters(index = "0", arity = "0..1", paramLabel = "KIND/NAME", description = "such as deployment/web")
    private @Nullable String named;

    @Option(
            names = {"-f", "--filename"},
            paramLabel = "FILE",
            description = "a file with one workload; twice for the old and the new one")
    private List<Path> files = List.of();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "TEXT",
            description = "text or json (format trimtab.verdict/v1)")
    private OutputFormat output;

    @Override
    public Integer call() {
        if (named == null && files.size() == 2) {
            ObjectNode older = WorkloadFile.read(files.get(0));
            ObjectNode newer = WorkloadFile.read(files.get(1));
            explain(older, newer, newer, Optional.empty(), Optional.empty());
            return ExitCode.DONE;
        }
        if (named == null || files.size() > 1) {
            throw new UserError(
                    "nothing to compare",
                    "give -f OLD -f NEW, or KIND/NAME of a workload in the cluster and at most one file");
        }
        try (ClusterClient client = cluster.connect()) {
            ObjectNode live = workload.get(client, named);
            Optional<RolloutRecord> running = RolloutRecord.of(live);
            ObjectNode written = files.isEmpty() ? workload.asWritten(live) : WorkloadFile.read(files.get(0));
            ObjectNode next = live.deepCopy();
            next.withObjectProperty("spec")
                    .set(
                            "template",
                            files.isEmpty()
                                    ? otherImages(live)
                                    : written.path("spec").path("template"));
            explain(live, written, next, Optional.of(client), running);
        }
        return ExitCode.DONE;
    }

    private void explain(
            ObjectNode older,
            ObjectNode written,
            ObjectNode next,
            Optional<ClusterClient> client,
            Optional<RolloutRecord> running) {
        UpdateStrategy strategy = RolloutTerms.of(
                        written,
                        next,
                        UpdateStrategy.Policy.IN_PLACE_IF_POSSIBLE,
                        client.isEmpty() || running.isPresent())
                .orElseThrow(() -> new UserError(
                        next.path("kind").asText("it") + " keeps no pods from a template",
                        "give a Deployment, StatefulSet, DaemonSet, CloneSet, ReplicaSet or Job"));
        Optional<OpenKruise> kruise =
                strategy.kind().equals("CloneSet") ? client.flatMap(OpenKruise::in) : Optional.empty();
        Abilities abilities = client.filter(Abilities::resizes).isPresent() ? Abilities.WITH_RESIZE : Abilities.ROLLOUT;
        Verdict verdict = kruise.map(manager -> manager.decide(older, next, strategy, abilities.resize()))
                .orElseGet(() -> Verdicts.decide(template(older), template(next), strategy, abilities));
        int replicas = next.path("spec").path("replicas").asInt(1);
        if (output == OutputFormat.JSON) {
            common.print(VerdictText.json(next, verdict, strategy.maxUnavailable(replicas)));
            return;
        }
        common.out().print(new VerdictText(common.style()).render(next, verdict, strategy.maxUnavailable(replicas)));
        if (named != null && files.isEmpty()) {
            common.out().println("  asked    what a new image of every container would do now");
        }
        kruise.ifPresent(manager -> common.out().println("  rolls    OpenKruise's manager, which is in this cluster"));
        running.ifPresent(
                record -> common.out().println("  now      a rollout in place is under way since " + record.begun()));
        common.out().flush();
    }

    private static JsonNode template(JsonNode workload) {
        return workload.path("spec").path("template");
    }

    private static JsonNode otherImages(ObjectNode live) {
        JsonNode template = template(live).deepCopy();
        for (JsonNode container : template.path("spec").path("containers")) {
            ((ObjectNode) container).put("image", container.path("image").asText() + "-next");
        }
        return template;
    }
}
