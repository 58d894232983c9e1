package dev.trimtab.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.inplace.LabelSelector;
import dev.trimtab.inplace.PodHook;
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
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code trimtab rollout}. */
@Command(
        name = "rollout",
        mixinStandardHelpOptions = true,
        description = "See, pause, resume and undo rollouts in place.",
        subcommands = {
            RolloutCommand.Status.class,
            RolloutCommand.Pause.class,
            RolloutCommand.Resume.class,
            RolloutCommand.Undo.class
        })
final class RolloutCommand implements Runnable {

    private static final String FIELD_MANAGER = "trimtab-cli";

    @Override
    public void run() {
        throw new UserError("which of them?", "trimtab rollout status, pause, resume or undo, and KIND/NAME");
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
                            .or(() -> update(live))
                            .orElse(": no rollout in place of Trimtab is under way")
                    + RolloutRecord.undone(live)
                            .map(why -> "; taken back: " + why)
                            .orElse("")
                    + paused.map(why -> "; paused: " + why).orElse("");
        }

        /** How far an update of a CloneSet is by its own status, which also tells what keeps it. */
        private static Optional<String> update(ObjectNode live) {
            JsonNode status = live.path("status");
            if (!isUpdating(live)) {
                return Optional.empty();
            }
            JsonNode failed = StreamSupport.stream(status.path("conditions").spliterator(), false)
                    .filter(condition -> condition.path("type").asText().equals("FailedUpdate"))
                    .filter(condition -> condition.path("status").asText().equals("True"))
                    .findFirst()
                    .orElse(JsonNodeFactory.instance.missingNode());
            String why = failed.path("message").asText("");
            return Optional.of(": "
                    + status.path("updatedReplicas").asInt() + " of "
                    + status.path("replicas").asInt() + " pods are at revision "
                    + status.path("updateRevision").asText()
                    + (why.isEmpty() || RolloutRecord.undone(live).isPresent() ? "" : "; " + why));
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
                String wanted = container.path("image").asText();
                current &= is.equals(wanted) || is.startsWith(wanted + "@");
                runs &= named(pod.at("/status/containerStatuses"), name)
                        .path("ready")
                        .asBoolean(false);
            }
            String state = !current ? "old" : runs ? "done" : "updating";
            return String.format(
                            "%-9s %-40s %s", state, pod.at("/metadata/name").asText(), String.join(" ", images))
                    + PodHook.awaited(pod)
                            .map(hook -> "   waits for its hook " + hook)
                            .orElse("");
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
    @Command(name = "resume", description = "Let the rollout of a workload go on that was paused or taken back.")
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

    /** {@code trimtab rollout undo}. */
    @Command(
            name = "undo",
            description = {
                "Take a rollout that is under way back: patched pods get the template they came from, where they run.",
                "Git keeps what it says; the next commit ends this. To undo a rollout that is done, take its commit back."
            })
    static final class Undo implements Callable<Integer> {

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
            try (ClusterClient client = of.cluster.connect()) {
                ObjectNode live = of.workload.get(client, of.named);
                if (!isUpdating(live) && RolloutRecord.of(live).isEmpty()) {
                    throw new UserError(
                            "no rollout in place of " + of.named + " is under way",
                            "take the commit back: pods get the old image where they run");
                }
                client.patch(
                        of.workload.type(client, of.named),
                        of.workload.namespace(),
                        live.at("/metadata/name").asText(),
                        "",
                        PatchType.MERGE,
                        RolloutRecord.undo(live, reason),
                        FIELD_MANAGER);
            }
            common.out().println("undoing: " + of.named);
            common.out().flush();
            return ExitCode.DONE;
        }
    }

    /** A CloneSet that is on its way to another revision; it carries no record of a rollout. */
    private static boolean isUpdating(JsonNode live) {
        JsonNode status = live.path("status");
        return live.path("kind").asText("").equals("CloneSet")
                && !status.path("currentRevision").equals(status.path("updateRevision"));
    }

    private static void annotate(Of of, @Nullable String value) {
        try (ClusterClient client = of.cluster.connect()) {
            ObjectNode live = of.workload.get(client, of.named);
            ObjectNode patch = JsonNodeFactory.instance.objectNode();
            ObjectNode annotations = patch.putObject("metadata").putObject("annotations");
            annotations.put(RolloutRecord.PAUSED, value);
            if (value == null) {
                annotations.putNull(RolloutRecord.UNDONE);
            }
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
