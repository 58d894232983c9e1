package dev.trimtab.sandbox.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.VirtualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobsTest {

    private final VirtualClock clock = new VirtualClock();

    private static void job(Cluster cluster, String name, String spec, String command) {
        cluster.create(
                "jobs.batch",
                "{apiVersion: batch/v1, kind: Job, metadata: {name: " + name + "}, spec: {" + spec
                        + " template: {metadata: {labels: {app: " + name
                        + "}}, spec: {restartPolicy: Never, containers: [{name: app, image: 'a:1', command: [sh, -c, '"
                        + command + "']}]}}}}");
    }

    @Test
    void failuresAreRetriedAfterPausesThatDouble() {
        try (Cluster cluster = Cluster.start(clock)) {
            job(cluster, "fails", "backoffLimit: 4,", "exit 1");
            clock.advance(Duration.ofMinutes(10));

            List<Instant> made = cluster.pods("fails").stream()
                    .map(ObjectMeta::created)
                    .sorted()
                    .toList();
            List<Long> pauses = new ArrayList<>();
            for (int i = 1; i < made.size(); i++) {
                pauses.add(Duration.between(made.get(i - 1), made.get(i)).toSeconds());
            }
            assertThat(pauses).containsExactly(10L, 20L, 40L, 80L);
            ObjectNode job = cluster.get("jobs.batch", "fails");
            assertThat(Conditions.find(job, "Failed").path("reason").asText()).isEqualTo("BackoffLimitExceeded");
            assertThat(job.at("/status/failed").asInt()).isEqualTo(5);
        }
    }

    @Test
    void theLongestPauseIsTenMinutes() {
        try (Cluster cluster = Cluster.start(clock)) {
            job(cluster, "stubborn", "backoffLimit: 9,", "exit 1");
            clock.advance(Duration.ofHours(2));

            Instant last = cluster.pods("stubborn").stream()
                    .map(ObjectMeta::created)
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
            assertThat(cluster.pods("stubborn")).hasSize(10);
            assertThat(Duration.between(
                            Instant.parse(cluster.get("jobs.batch", "stubborn")
                                    .at("/status/startTime")
                                    .asText()),
                            last))
                    .isBetween(
                            Duration.ofSeconds(10 + 20 + 40 + 80 + 160 + 320 + 600 + 600 + 600),
                            Duration.ofMinutes(41));
        }
    }

    @Test
    void manyPodsRunInTurnAndAllAreCounted() {
        try (Cluster cluster = Cluster.start(clock)) {
            job(cluster, "many", "completions: 100, parallelism: 20,", "sleep 3");
            clock.advance(Duration.ofSeconds(30));

            ObjectNode job = cluster.get("jobs.batch", "many");
            assertThat(JobStatus.finished(job)).isTrue();
            assertThat(job.at("/status/succeeded").asInt()).isEqualTo(100);
            assertThat(cluster.pods("many")).hasSize(100).noneMatch(pod -> ObjectMeta.hasFinalizer(pod, Jobs.TRACKING));
        }
    }

    @Test
    void aFailedJobTakesItsOtherPodsDown() {
        try (Cluster cluster = Cluster.start(clock)) {
            job(
                    cluster,
                    "mixed",
                    "backoffLimit: 0, completions: 2, parallelism: 2, completionMode: Indexed, activeDeadlineSeconds: 20,",
                    "sleep 3600");
            clock.advance(Duration.ofSeconds(60));

            ObjectNode job = cluster.get("jobs.batch", "mixed");
            assertThat(Conditions.find(job, "Failed").path("reason").asText()).isEqualTo("DeadlineExceeded");
            assertThat(job.at("/status/failed").asInt()).isEqualTo(2);
            assertThat(cluster.pods("mixed")).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"''", "3", "0,1", "0-2", "1,3-5,7", "0,1,3,4,6-9"})
    void indexesAreWrittenAsTheyAreRead(String text) {
        assertThat(JobIndexes.write(JobIndexes.parse(text, 10))).isEqualTo(text);
        assertThat(JobIndexes.parse("0-9", 3)).isEqualTo(new TreeSet<>(List.of(0, 1, 2)));
    }
}
