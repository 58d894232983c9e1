package dev.trimtab.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.inplace.LabelSelector;
import dev.trimtab.inplace.RolloutRecord;
import dev.trimtab.inplace.prepull.PrePull;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.PatchType;
import dev.trimtab.kube.ResourceType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code trimtab rollout}. */
@Command(
        name = "rollout",
        mixinStandardHelpOptions = true,
        description = "See, pause and resume rollouts in place. To undo one, take the commit back.",
        subcommands = {RolloutCommand.Status.class, RolloutCommand.Pause.class, RolloutCommand.Resume.class})
final class RolloutCommand implements Runnable {

    private static final String FIELD_MANAGER = "trimtab-cli";

    @Override
    public void run() {
        throw new UserError("which of them?", "trimtab rollout status, pause or resume, and KIND/NAME");
    }

    /** What the three have in common. */
    static final class Of {

        @Mixin
        private ClusterOptions cluster;

        @Mixin
        private WorkloadOptions workload;

        @Parameters(index = "0", paramLabel = "KIND/NAME", description = "such as deployment/web")
        private String named;
    }

    /** {@code trimtab rollout status}. */
    @Command(name = "status", description = "Show how far a rollout is, one line a pod.")
    static final class Status implements Callable<Integer> {

        @Mixin
        private CommonOptions common;

        @Mixin
        private Of of;

        @Override
        public Integer call() {
            try (ClusterClient client = of.cluster.connect()) {
                ObjectNode live = of.workload.get(client, of.named);
                String selector = LabelSelector.query(live.path("spec").path("selector"))
                        .orElseThrow(() -> new UserError("it selects no pods"));
                ResourceType pods = client.resource("v1", "Pod").orElseThrow();
                common.out().println(headline(live));
                PrePull.report(client, live).forEach(line -> common.out().println("  pulling   " + line));
                List<ObjectNode> found = new ArrayList<>(client.list(pods, of.workload.namespace(), selector));
                found.sort(Comparator.comparing(pod -> pod.at("/metadata/name").asText()));
                found.forEach(pod -> common.out().println("  " + line(pod, live)));
                common.out().flush();
            }
            return ExitCode.DONE;
        }

        private static String headline(ObjectNode live) {
            JsonNode metadata = live.path("metadata");
            String name = live.path("kind").asText() + " "
                    + metadata.path("namespace").asText() + "/"
                    + metadata.path("name").asText();
            Optional<RolloutRecord> record = RolloutRecord.of(live);
            Optional<String> paused = RolloutRecord.paused(metadata);
            return name
                    + record.map(running -> ": rolling out in place since " + running.begun() + ", "
                                    + running.maxUnavailable() + " at a time")
                            .orElse(": no rollout in place of Trimtab is under way")
                    + paused.map(why -> "; paused: " + why).orElse("");
        }

        private static String line(ObjectNode pod, ObjectNode live) {
            List<String> images = new ArrayList<>();
            boolean current = true;
            boolean runs = true;
            for (JsonNode container : live.at("/spec/template/spec/containers")) {
                String name = container.path("name").asText();
                String is =
                        named(pod.at("/spec/containers"), name).path("image").asText("");
                images.add(name + "=" + is);
                current &= is.equals(container.path("image").asText());
                runs &= named(pod.at("/status/containerStatuses"), name)
                        .path("ready")
                        .asBoolean(false);
            }
            String state = !current ? "old" : runs ? "done" : "updating";
            return String.format(
                    "%-9s %-40s %s", state, pod.at("/metadata/name").asText(), String.join(" ", images));
        }

        private static JsonNode named(JsonNode list, String name) {
            for (JsonNode entry : list) {
                if (entry.path("name").asText().equals(name)) {
                    return entry;
                }
            }
            return JsonNodeFactory.instance.missingNode();
        }
    }

    /** {@code trimtab rollout pause}. */
    @Command(
            name = "pause",
            description = {
                "Touch no further pod of a workload until it is resumed.",
                "Containers that are told to restart do so; scaling goes on."
            })
    static final class Pause implements Callable<Integer> {

        @Mixin
        private CommonOptions common;

        @Mixin
        private Of of;

        @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "why; shown in the status")
        private String reason;

        @Override
        public Integer call() {
            if (reason.isBlank()) {
                throw new UserError("--reason is empty", "say why: others will want to know");
            }
            annotate(of, reason);
            common.out().println("paused: " + of.named);
            common.out().flush();
            return ExitCode.DONE;
        }
    }

    /** {@code trimtab rollout resume}. */
    @Command(name = "resume", description = "Let the rollout of a workload go on.")
    static final class Resume implements Callable<Integer> {

        @Mixin
        private CommonOptions common;

        @Mixin
        private Of of;

        @Override
        public Integer call() {
            annotate(of, null);
            common.out().println("resumed: " + of.named);
            common.out().flush();
            return ExitCode.DONE;
        }
    }

    private static void annotate(Of of, @Nullable String value) {
        try (ClusterClient client = of.cluster.connect()) {
            ObjectNode live = of.workload.get(client, of.named);
            ObjectNode patch = JsonNodeFactory.instance.objectNode();
            patch.putObject("metadata").putObject("annotations").put(RolloutRecord.PAUSED, value);
            client.patch(
                    of.workload.type(client, of.named),
                    of.workload.namespace(),
                    live.at("/metadata/name").asText(),
                    "",
                    PatchType.MERGE,
                    patch,
                    FIELD_MANAGER);
        }
    }
}
