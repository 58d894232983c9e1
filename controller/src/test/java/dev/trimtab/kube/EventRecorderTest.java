package dev.trimtab.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.Sandbox;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventRecorderTest {

    private static final EventSubject WEB = new EventSubject(
            "apps/v1",
            "Deployment",
            Optional.of("default"),
            "web",
            Optional.of("6c1b0a52-0000-0000-0000-000000000001"));

    @TempDir
    private Path folder;

    private Sandbox sandbox;
    private CountingProxy proxy;
    private ClusterClient client;
    private final Watch clock = new Watch();

    @BeforeEach
    void start() throws IOException {
        sandbox = Sandbox.builder().controllers(false).build().start();
        proxy = new CountingProxy(Files.writeString(folder.resolve("direct"), sandbox.kubeconfig()));
        client = Clusters.connect(
                ClusterSettings.of(Files.writeString(folder.resolve("kubeconfig"), proxy.kubeconfig())));
    }

    @AfterEach
    void stop() {
        client.close();
        proxy.close();
        sandbox.close();
    }

    @Test
    void anEventHasWhatKubectlDescribeLooksFor() {
        recorder().record(WEB, EventRecorder.Type.WARNING, "RolloutHalted", "a pod crashes");

        JsonNode event = one();
        assertThat(event.at("/involvedObject/kind").asText()).isEqualTo("Deployment");
        assertThat(event.at("/involvedObject/uid").asText()).isEqualTo(WEB.uid().orElseThrow());
        assertThat(event.path("type").asText()).isEqualTo("Warning");
        assertThat(event.path("reason").asText()).isEqualTo("RolloutHalted");
        assertThat(event.path("count").asInt()).isEqualTo(1);
        assertThat(event.path("reportingComponent").asText()).isEqualTo("trimtab-test");
        assertThat(event.at("/source/component").asText()).isEqualTo("trimtab-test");
        assertThat(client.list(
                        events(),
                        Optional.of("default"),
                        "",
                        "involvedObject.name=web,involvedObject.uid="
                                + WEB.uid().orElseThrow()))
                .hasSize(1);
    }

    @Test
    void theSameWordAgainRaisesTheCountByOnePatch() {
        EventRecorder recorder = recorder();
        recorder.record(WEB, EventRecorder.Type.NORMAL, "DriftHealed", "put back");
        proxy.forget();
        clock.pass(Duration.ofSeconds(90));

        recorder.record(WEB, EventRecorder.Type.NORMAL, "DriftHealed", "put back");

        assertThat(proxy.requests()).hasSize(1);
        JsonNode event = one();
        assertThat(event.path("count").asInt()).isEqualTo(2);
        assertThat(Duration.between(
                        Instant.parse(event.path("firstTimestamp").asText()),
                        Instant.parse(event.path("lastTimestamp").asText())))
                .isEqualTo(Duration.ofSeconds(90));
    }

    @Test
    void aProcessThatWasStartedAgainGoesOnCounting() {
        recorder().record(WEB, EventRecorder.Type.NORMAL, "DriftHealed", "put back");
        recorder().record(WEB, EventRecorder.Type.NORMAL, "DriftHealed", "put back");

        assertThat(one().path("count").asInt()).isEqualTo(2);
    }

    @Test
    void anEventThatTheServerHasForgottenIsMadeAnew() {
        EventRecorder recorder = recorder();
        recorder.record(WEB, EventRecorder.Type.NORMAL, "DriftHealed", "put back");
        JsonNode metadata = one().path("metadata");
        var unused = client.delete(
                events(),
                Optional.of("default"),
                metadata.path("name").asText(),
                metadata.path("uid").asText(),
                ClusterClient.Propagation.BACKGROUND);

        recorder.record(WEB, EventRecorder.Type.NORMAL, "DriftHealed", "put back");

        assertThat(one().path("count").asInt()).isEqualTo(1);
    }

    @Test
    void oneObjectGetsTwentyFiveAtOnceAndThenOneEachFiveMinutes() {
        EventRecorder recorder = recorder();
        for (int i = 0; i < 40; i++) {
            recorder.record(WEB, EventRecorder.Type.NORMAL, "Told", "word " + i);
        }
        assertThat(all()).hasSize(25);

        clock.pass(Duration.ofMinutes(10));
        for (int i = 40; i < 50; i++) {
            recorder.record(WEB, EventRecorder.Type.NORMAL, "Told", "word " + i);
        }
        assertThat(all()).hasSize(27);
    }

    @Test
    void eventsOfClusterScopedObjectsAreInNamespaceDefault() {
        recorder()
                .record(
                        new EventSubject("v1", "Namespace", Optional.empty(), "shop", Optional.of("u")),
                        EventRecorder.Type.NORMAL,
                        "Applied",
                        "made");

        assertThat(one().at("/metadata/namespace").asText()).isEqualTo("default");
        assertThat(one().at("/involvedObject/namespace").isMissingNode()).isTrue();
    }

    @Test
    void aLongMessageIsCutBetweenCharacters() {
        recorder().record(WEB, EventRecorder.Type.NORMAL, "Told", "漂移🙂".repeat(300));

        String message = one().path("message").asText();
        assertThat(message.getBytes(StandardCharsets.UTF_8).length).isBetween(1010, 1024);
        assertThat(message).endsWith("…").doesNotContain("\uFFFD", "?");
    }

    @Test
    void whatCannotBeWrittenThrowsNothing() {
        EventSubject nowhere = new EventSubject("v1", "ConfigMap", Optional.of("not-there"), "a", Optional.empty());

        assertThatCode(() -> {
                    recorder().record(nowhere, EventRecorder.Type.NORMAL, "Told", "x");
                    proxy.close();
                    recorder().record(WEB, EventRecorder.Type.NORMAL, "Told", "x");
                })
                .doesNotThrowAnyException();
    }

    private EventRecorder recorder() {
        return new EventRecorder(client, clock, "trimtab-test");
    }

    private ResourceType events() {
        return client.resource("v1", "Event").orElseThrow();
    }

    private List<ObjectNode> all() {
        return client.list(events(), Optional.empty(), "");
    }

    private JsonNode one() {
        assertThat(all()).hasSize(1);
        return all().get(0);
    }

    /** Time as the test wants it. */
    private static final class Watch extends Clock {

        private Instant now = Instant.parse("2026-11-24T12:00:00Z");

        void pass(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
