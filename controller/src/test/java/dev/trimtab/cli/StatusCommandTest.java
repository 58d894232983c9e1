package dev.trimtab.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.drift.Drift;
import dev.trimtab.drift.DriftClass;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.Informer;
import dev.trimtab.kube.ClusterClient.PatchType;
import dev.trimtab.kube.ClusterClient.Propagation;
import dev.trimtab.kube.ClusterSettings;
import dev.trimtab.kube.Clusters;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.kube.ResourceType;
import dev.trimtab.plan.FieldChange;
import dev.trimtab.plan.FieldChange.Origin;
import dev.trimtab.report.WrittenStatus;
import dev.trimtab.sandbox.Sandbox;
import dev.trimtab.source.Revision;
import dev.trimtab.sync.ClusterSync;
import dev.trimtab.sync.Hold;
import dev.trimtab.sync.HoldCode;
import dev.trimtab.sync.SyncFile;
import dev.trimtab.sync.SyncStatus;
import dev.trimtab.sync.SyncStatus.Condition;
import dev.trimtab.sync.SyncStatus.Counts;
import dev.trimtab.sync.SyncStatus.Truth;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What a person is told of syncs, from what they wrote themselves. */
@Timeout(120)
class StatusCommandTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Optional<String> NAMESPACE = Optional.of("trimtab-system");
    private static final String PLAN = "sha256:" + "5".repeat(64);
    private static final String SECRET = "Swordfish77";
    private static final Revision FIRST = revision("1111111aaaaaaa", "Sell umbrellas");
    private static final Revision SECOND = revision("2222222bbbbbbb", "Sell\u001b[31m\u202e boats");
    private static final ObjectKey SETTINGS = new ObjectKey("", "ConfigMap", Optional.of("shop"), "settings");

    @TempDir
    private Path folder;

    private Sandbox sandbox;
    private ClusterClient cluster;
    private Path kubeconfig;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void start() throws IOException {
        sandbox = Sandbox.builder().build().start();
        kubeconfig = Files.writeString(folder.resolve("kubeconfig"), sandbox.kubeconfig());
        cluster = Clusters.connect(ClusterSettings.of(kubeconfig));
    }

    @AfterEach
    void stop() {
        cluster.close();
        sandbox.close();
    }

    @Test
    void aClusterInWhichNoSyncEverSpokeIsSaidToBeSo() throws IOException {
        assertThat(status("--detailed-exitcode")).isZero();
        assertThat(out.toString()).startsWith("No sync ever said in cluster ").contains("trimtab run --config FILE");

        assertThat(status("-o", "json")).isZero();
        assertThat(JSON.readTree(out.toString()).path("syncs").size()).isZero();
    }

    @Test
    void aNameThatNobodyWroteByIsAnErrorWithAWayOut() throws IOException {
        write("shop", ready(), List.of());

        assertThat(status("shoe")).isEqualTo(ExitCode.ERROR);
        assertThat(err.toString()).contains("no sync \"shoe\" ever said", "see which ones did: trimtab status");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aSyncThatIsReadySaysWhichCommitAndWhatItDidLast() throws IOException {
        write("shop", ready(), List.of());

        assertThat(status("shop", "--detailed-exitcode")).as(err.toString()).isZero();
        assertThat(out.toString())
                .contains(
                        "shop: ready\n",
                        "commit      1111111 \"Sell umbrellas\", Ann, 2026-01-02T03:04:05Z (",
                        "drift       none",
                        "last apply  ",
                        "(5 min ago): commit 1111111, 3 changes made in 420 ms, 1 pod restarted in place",
                        "health      well",
                        "nodes       not as declared: NodesDiffer: node-1 wants a label",
                        " by Trimtab 1.2.3; it is written when something changes",
                        "fresh look  trimtab reconcile shop")
                .containsPattern("written     \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ \\(")
                .doesNotContain("why", "newer", "held", "approve");
    }

    @Test
    void whatIsHeldSaysWhyAndHowToLetItGo() throws IOException {
        write("shop", held(), List.of());

        assertThat(status("--detailed-exitcode")).isEqualTo(ExitCode.CHANGES);
        assertThat(out.toString())
                .contains(
                        "shop: not ready: NotApproved\n",
                        "newer       2222222 \"Sell",
                        "; seen, not applied",
                        "held        nobody approved the plan [HLD003]",
                        "approve     trimtab approve shop --plan " + PLAN);
    }

    @Test
    void theWordsOfOthersMoveNoCursor() throws IOException {
        write("shop", held(), List.of());

        assertThat(status()).isZero();
        assertThat(out.toString()).contains("\"Sell [31m boats\"").doesNotContain("\u001b", "\u202e");
    }

    @Test
    void driftSaysWhatSinceWhenAndByWhomAndNoValue() throws IOException {
        write("shop", drifted(12), drifts(12));

        assertThat(status("shop")).isZero();
        assertThat(status("shop", "--detailed-exitcode")).isEqualTo(ExitCode.CHANGES);
        assertThat(out.toString())
                .contains(
                        "shop: not ready: Drifted\n",
                        "why         12 objects are other than Git says",
                        "drift       12 objects; the values are shown by: trimtab drift --config FILE",
                        "ConfigMap shop/settings-0 (",
                        ") at data[size], since ",
                        ", by a-person",
                        "and 2 more")
                .doesNotContain("settings-10", SECRET);
        assertThat(status("-o", "json")).isZero();
        assertThat(out.toString()).contains("data[size]").doesNotContain(SECRET);
    }

    @Test
    void aDefinitionThatIsRefusedSaysWhyOnceAndWhatItWaitsFor() throws IOException {
        write("shop", refused(), List.of());

        assertThat(status("--detailed-exitcode")).isEqualTo(ExitCode.CHANGES);
        assertThat(out.toString())
                .contains(
                        "shop: not ready: DefinitionRefused\n",
                        "why         a.yaml:3:1: two objects of one name",
                        "stalled     DefinitionRefused; it waits for another commit",
                        "commit      none is applied as a whole yet");
    }

    @Test
    void allSyncsAreToldByNameAndOneThatIsNotWellDecidesTheExitCode() throws IOException {
        write("zoo", ready(), List.of());
        write("shop", held(), List.of());

        assertThat(status("--detailed-exitcode")).isEqualTo(ExitCode.CHANGES);
        assertThat(out.toString()).containsSubsequence("shop: not ready", "\n\nzoo: ready");
        assertThat(status("zoo", "--detailed-exitcode")).isZero();
        assertThat(out.toString()).doesNotContain("shop");
    }

    @Test
    void jsonIsOneDocumentWithTheStatusAsItWasWritten() throws IOException {
        write("shop", held(), List.of());

        assertThat(status("-o", "json")).isZero();
        JsonNode document = JSON.readTree(out.toString());
        assertThat(document.path("format").asText()).isEqualTo("trimtab.statuses/v1");
        assertThat(document.at("/syncs/0/sync").asText()).isEqualTo("shop");
        assertThat(document.at("/syncs/0/written").asText()).isNotEmpty();
        assertThat(document.at("/syncs/0/status/format").asText()).isEqualTo("trimtab.status/v1");
        assertThat(document.at("/syncs/0/status/heldPlanId").asText()).isEqualTo(PLAN);
    }

    @Test
    void aStatusThatSomebodySpoiltIsSaidToBeUnreadable() throws IOException {
        write("shop", ready(), List.of());
        ObjectNode spoilt = JsonNodeFactory.instance.objectNode();
        spoilt.putObject("data").put("status", "{").put("written", "yesterday");
        var unused =
                cluster.patch(configMaps(), NAMESPACE, "trimtab-status-shop", "", PatchType.MERGE, spoilt, "a-person");

        assertThat(status("--detailed-exitcode")).isEqualTo(ExitCode.CHANGES);
        assertThat(out.toString())
                .contains("shop: not known to be ready", "trimtab-status-shop holds no status that can be read");
    }

    @Test
    void aWatchTellsEveryChangeInOneLineAndNothingTwice() throws IOException {
        write("shop", ready(), List.of());
        List<String> lines = new CopyOnWriteArrayList<>();
        try (Informer watch = StatusCommand.watch(cluster, Optional.of("shop"), OutputFormat.TEXT, lines::add)) {
            watch.firstList().join();
            write("zoo", ready(), List.of());
            write("shop", ready(), List.of());
            write("shop", held(), List.of());
            await().until(() -> lines.size() == 2);
            delete("trimtab-status-shop");
            await().until(() -> lines.size() == 3);
        }
        assertThat(lines)
                .containsExactly(
                        "shop: ready; commit 1111111",
                        "shop: not ready: NotApproved; commit 1111111; newer 2222222; trimtab approve shop --plan "
                                + PLAN,
                        "shop: its status was deleted");
    }

    @Test
    void aWatchHasNoExitCodeToGive() {
        assertThat(status("--watch", "--detailed-exitcode")).isEqualTo(ExitCode.USAGE);
    }

    private int status(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine command = Trimtab.commandLine();
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(err));
        String[] all = new String[arguments.length + 3];
        all[0] = "status";
        all[1] = "--kubeconfig";
        all[2] = kubeconfig.toString();
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        return command.execute(all);
    }

    private void write(String sync, SyncStatus status, List<Drift> drifts) throws IOException {
        Path file = Files.writeString(folder.resolve(sync + ".yaml"), """
                apiVersion: sync.trimtab.dev/v1alpha1
                kind: ClusterSync
                metadata: {name: %s}
                spec:
                  source: {repository: ./repo.git, ref: main}
                """.formatted(sync));
        SyncFile read = SyncFile.read(file);
        assertThat(read.problems()).isEmpty();
        ClusterSync spec = read.syncs().get(0);
        WrittenStatus.write(cluster, spec, status, drifts, Instant.now());
    }

    private static SyncStatus ready() {
        return status(Optional.of(FIRST), FIRST, condition(Truth.TRUE, "Applied", ""), notStalled(), List.of(), 0);
    }

    private static SyncStatus held() {
        Hold hold = new Hold(
                HoldCode.NOT_APPROVED,
                "nobody approved the plan",
                new TreeSet<>(List.of(SETTINGS)),
                true,
                Optional.empty());
        return status(
                Optional.of(FIRST),
                SECOND,
                condition(Truth.FALSE, "NotApproved", "nobody approved the plan"),
                notStalled(),
                List.of(hold),
                0);
    }

    private static SyncStatus drifted(int objects) {
        Condition drifted = condition(Truth.FALSE, "Drifted", objects + " objects are other than Git says");
        return status(Optional.of(FIRST), FIRST, drifted, notStalled(), List.of(), objects);
    }

    private static SyncStatus refused() {
        String why = "a.yaml:3:1: two objects of one name";
        return status(
                Optional.empty(),
                SECOND,
                condition(Truth.FALSE, "DefinitionRefused", why),
                condition(Truth.TRUE, "DefinitionRefused", why),
                List.of(),
                0);
    }

    private static SyncStatus status(
            Optional<Revision> applied,
            Revision observed,
            Condition ready,
            Condition stalled,
            List<Hold> holds,
            int drifted) {
        return new SyncStatus(
                Optional.of(observed),
                applied,
                ready,
                condition(Truth.FALSE, "AtRest", ""),
                stalled,
                condition(Truth.TRUE, "Healthy", ""),
                Optional.of(condition(Truth.FALSE, "NodesDiffer", "node-1 wants a label")),
                holds,
                holds.isEmpty() ? Optional.empty() : Optional.of(PLAN),
                new Counts(20, 0, holds.size(), 0, drifted, 0, 0));
    }

    private static Condition notStalled() {
        return condition(Truth.FALSE, "NotStalled", "");
    }

    private static Condition condition(Truth truth, String reason, String message) {
        return new Condition(truth, reason, message, Instant.parse("2026-01-02T03:04:05Z"));
    }

    private static Revision revision(String commit, String subject) {
        return new Revision(commit, "main", Instant.parse("2026-01-02T03:04:05Z"), "Ann", subject, Optional.empty());
    }

    /** Even values that are not masked are not told. */
    private static List<Drift> drifts(int count) {
        FieldChange field = new FieldChange(
                "data[size]",
                Optional.of(TextNode.valueOf(SECRET)),
                Optional.of(TextNode.valueOf(SECRET)),
                false,
                Origin.DRIFT,
                Optional.empty());
        return IntStream.range(0, count)
                .mapToObj(i -> new Drift(
                        new ObjectKey("", "ConfigMap", Optional.of("shop"), "settings-" + i),
                        DriftClass.CHANGED,
                        List.of(field),
                        Optional.of("a-person"),
                        Optional.empty(),
                        Instant.now().minus(Duration.ofHours(2))))
                .toList();
    }

    private void delete(String name) {
        String uid = cluster.get(configMaps(), NAMESPACE, name)
                .orElseThrow()
                .at("/metadata/uid")
                .asText();
        var unused = cluster.delete(configMaps(), NAMESPACE, name, uid, Propagation.BACKGROUND);
    }

    private ResourceType configMaps() {
        return cluster.resource("v1", "ConfigMap").orElseThrow();
    }
}
