package dev.trimtab.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.apply.Inventory;
import dev.trimtab.kube.CountingProxy;
import dev.trimtab.sandbox.Sandbox;
import dev.trimtab.source.Revision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code trimtab drift --config}: clusters beside what was applied of their repositories. */
@Timeout(180)
class DriftConfigTest extends DriftCluster {

    @Test
    void theRulesThatAreSuggestedLeaveWhatDriftedToItsWriter() throws IOException, GitAPIException {
        settings("a: '1', b: '1'");
        Path file = sync("");
        try (Git git = repository()) {
            String commit = commit(git);
            runUntilApplied(file, commit);
            wire.forget();
            assertThat(config(file, "--detailed-exitcode"))
                    .as(out + err.toString())
                    .isZero();
            assertThat(out.toString()).contains("No drift. 1 object compared", "main@" + commit.substring(0, 7));
            edit(SETTINGS, "{\"data\": {\"a\": \"9\"}}");
            assertThat(config(file, "--detailed-exitcode")).isEqualTo(ExitCode.CHANGES);
            assertThat(out.toString()).contains("data[a]   1 -> 9");

            assertThat(config(file, "--suggest-ignore")).isZero();
            String rules = out.toString();
            assertThat(rules).contains("kind: ConfigMap", "/data/a").contains("spec:\n");
            sync(rules.substring(rules.indexOf("spec:\n") + "spec:\n".length()));

            assertThat(config(file, "--detailed-exitcode"))
                    .as(out + err.toString())
                    .isZero();
            assertThat(out.toString()).contains("No drift");
            edit(SETTINGS, "{\"data\": {\"b\": \"9\"}}");
            assertThat(config(file, "--detailed-exitcode"))
                    .as("another field is still looked at: %s", out)
                    .isEqualTo(ExitCode.CHANGES);
            assertThat(out.toString()).contains("data[b]   1 -> 9").doesNotContain("data[a]");
            assertThat(wire.requests()).isNotEmpty().noneMatch(CountingProxy.Request::writes);
        }
    }

    @Test
    void aCommitThatWaitsIsNoDriftAndOneThatIsRefusedIsTold() throws IOException, GitAPIException {
        settings("a: '1', b: '1'");
        Path file = sync("");
        try (Git git = repository()) {
            appliedAs(commit(git));
            settings("a: '2', b: '1', c: '1'");
            commit(git);
            assertThat(config(file, "--detailed-exitcode"))
                    .as(out + err.toString())
                    .isZero();
            assertThat(out.toString()).contains("No drift", "1 object waits to be applied");
            edit(SETTINGS, "{\"data\": {\"b\": \"9\"}}");
            assertThat(config(file, "--detailed-exitcode")).isEqualTo(ExitCode.CHANGES);
            assertThat(out.toString()).contains("data[b]   1 -> 9").doesNotContain("data[a]", "data[c]");

            edit(SETTINGS, "{\"data\": {\"b\": \"1\"}}");
            write(SETTINGS, "{apiVersion: v1, kind: ConfigMap, metadata: {}}");
            commit(git);
            assertThat(config(file, "--detailed-exitcode"))
                    .as("what was applied can be compared all the same: %s", out)
                    .isZero();
            assertThat(out.toString()).contains("is refused", "No drift. 1 object compared");
            assertThat(config(file, "-o", "json")).isZero();
            JsonNode json = JSON.readTree(out.toString());
            assertThat(json.path("result").asText()).isEqualTo("no-drift");
            assertThat(json.at("/syncs/0/failure").asText()).contains("is refused");
            edit(SETTINGS, "{\"data\": {\"b\": \"9\"}}");
            assertThat(config(file, "--detailed-exitcode"))
                    .as("drift is told all the same")
                    .isEqualTo(ExitCode.CHANGES);
        }
    }

    @Test
    void aRefusedCommitBesideWhichNothingWasAppliedCannotBeCompared() throws IOException, GitAPIException {
        write(SETTINGS, "{apiVersion: v1, kind: ConfigMap, metadata: {}}");
        Path file = sync("");
        try (Git git = repository()) {
            commit(git);
            assertThat(config(file, "--detailed-exitcode")).isEqualTo(ExitCode.ERROR);
            assertThat(out.toString()).contains("NOT COMPARED", "is refused").doesNotContainIgnoringCase("no drift");
        }
    }

    @Test
    void aClusterThatCannotBeReachedStopsItsOwnSyncAlone() throws IOException, GitAPIException {
        settings("a: '1'");
        Path file = sync("");
        Path gone = Files.writeString(folder.resolve("gone"), sandboxThatIsGone());
        Files.writeString(
                file,
                Files.readString(file) + "---\n"
                        + Files.readString(file)
                                .replace("name: shop", "name: zoo")
                                .replace(counted.toString(), gone.toString()));
        try (Git git = repository()) {
            appliedAs(commit(git));
            edit(SETTINGS, "{\"data\": {\"a\": \"9\"}}");

            assertThat(config(file, "--detailed-exitcode"))
                    .as("not 2: of the other one nobody knows")
                    .isEqualTo(ExitCode.ERROR);
            assertThat(out.toString())
                    .contains("data[a]   1 -> 9", "NOT COMPARED")
                    .doesNotContainIgnoringCase("no drift");
            assertThat(config(file, "-o", "json")).isEqualTo(ExitCode.ERROR);
            JsonNode json = JSON.readTree(out.toString());
            assertThat(json.path("result").asText()).isEqualTo("error");
            assertThat(json.at("/syncs/0/complete").asBoolean()).isTrue();
            assertThat(json.at("/syncs/0/drift").size()).isEqualTo(1);
            assertThat(json.at("/syncs/1/sync").asText()).isEqualTo("zoo");
            assertThat(json.at("/syncs/1/complete").asBoolean()).isFalse();
            assertThat(json.at("/syncs/1/failure").asText()).isNotEmpty();
            assertThat(config(file, "--sync", "shop", "--detailed-exitcode")).isEqualTo(ExitCode.CHANGES);
        }
    }

    /** Its history was rewritten: what the inventory recorded of each object is all there is. */
    @Test
    void whereTheAppliedCommitCannotBeReadAnyMoreItsRecordTellsWhoTouchedAnObject()
            throws IOException, GitAPIException {
        settings("a: '1'");
        map("default", "other", "a: '1', b: '1'");
        map("default", "same", "a: '1'");
        Path file = sync("");
        try (Git git = repository()) {
            commit(git);
        }
        appliedAs("f".repeat(40));
        settings("a: '2'");
        map("default", "other", "a: '2', b: '1'");
        edit("other", "{\"data\": {\"b\": \"9\"}}");
        try (Git git = repository()) {
            commit(git);
            assertThat(config(file, "--detailed-exitcode"))
                    .as(out + err.toString())
                    .isEqualTo(ExitCode.CHANGES);
        }
        assertThat(out.toString())
                .contains(
                        "1 object drifted",
                        "ConfigMap default/other",
                        "data[b]   1 -> 9",
                        "2 objects wait to be applied")
                .doesNotContain("default/same", "INCOMPLETE");

        assertThat(config(file, "-o", "json")).isZero();
        JsonNode json = JSON.readTree(out.toString());
        assertThat(json.at("/syncs/0/drift").size()).isEqualTo(1);
        assertThat(json.at("/syncs/0/drift/0/object/name").asText()).isEqualTo("other");
        assertThat(json.at("/syncs/0/summary/pending").asInt()).isEqualTo(2);
    }

    /** As the sync would have done, up to the record of the commit. */
    private void appliedAs(String commit) {
        assertThat(trimtab(
                        "apply", "-f", shop.toString(), "--yes", "--sync", "shop", "--kubeconfig", direct.toString()))
                .as(err.toString())
                .isZero();
        Inventory.load(cluster, "shop")
                .recordApplied(new Revision(commit, "main", Instant.EPOCH, "Ann", "a commit", Optional.empty()));
    }

    /** The address of a server that has just ended. */
    private static String sandboxThatIsGone() {
        try (Sandbox gone = Sandbox.builder().controllers(false).build().start()) {
            return gone.kubeconfig();
        }
    }

    private void runUntilApplied(Path file, String commit) throws IOException {
        Process controller = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.trimtab.cli.Trimtab",
                        "run",
                        "--config",
                        file.toString(),
                        "--cache",
                        folder.resolve("cache-of-run").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("run.log").toFile())
                .start();
        try {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> Inventory.load(cluster, "shop")
                            .lastApplied()
                            .filter(revision -> revision.commit().equals(commit))
                            .isPresent());
        } finally {
            controller.destroy();
            controller.onExit().join();
        }
    }

    private Path sync(String more) throws IOException {
        return Files.writeString(
                folder.resolve("sync.yaml"), """
                apiVersion: sync.trimtab.dev/v1alpha1
                kind: ClusterSync
                metadata: {name: shop}
                spec:
                  selfHeal: false
                  source: {repository: %s, ref: main}
                  cluster: {kubeconfig: %s}
                """.formatted(folder.resolve("work/.git"), counted) + more);
    }

    private Git repository() throws GitAPIException {
        return Git.init()
                .setDirectory(folder.resolve("work").toFile())
                .setInitialBranch("main")
                .call();
    }

    private static String commit(Git git) throws GitAPIException {
        git.add().addFilepattern(".").call();
        return git.commit()
                .setMessage("a commit")
                .setAuthor("Ann", "ann@example.org")
                .setCommitter("Ann", "ann@example.org")
                .setSign(false)
                .call()
                .name();
    }

    private int config(Path file, String... more) {
        List<String> words = new ArrayList<>(List.of(
                "drift",
                "--config",
                file.toString(),
                "--cache",
                folder.resolve("cache").toString()));
        words.addAll(List.of(more));
        return trimtab(words.toArray(String[]::new));
    }
}
