package dev.trimtab.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.inplace.RolloutFinished;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.sync.Hold;
import dev.trimtab.sync.HoldCode;
import dev.trimtab.sync.SyncEvent;
import dev.trimtab.sync.SyncStatus;
import dev.trimtab.sync.SyncStatus.Condition;
import dev.trimtab.sync.SyncStatus.Counts;
import dev.trimtab.sync.SyncStatus.Truth;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class EventJsonTest {

    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    private final StringWriter written = new StringWriter();
    private final EventJson events = new EventJson(new PrintWriter(written), Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void aStatusHasTheShapeOfKubernetes() {
        Hold hold = new Hold(
                HoldCode.SUSPENDED,
                "suspended by ada: an incident",
                new TreeSet<>(Set.of(new ObjectKey("", "ConfigMap", Optional.of("shop"), "a"))),
                false,
                Optional.of(NOW.plusSeconds(60)));
        SyncStatus status = new SyncStatus(
                Optional.empty(),
                Optional.empty(),
                new Condition(Truth.FALSE, "Suspended", "why", NOW),
                new Condition(Truth.UNKNOWN, "x", "", NOW),
                new Condition(Truth.TRUE, "y", "", NOW),
                new Condition(Truth.UNKNOWN, "NotFollowed", "", NOW),
                Optional.empty(),
                List.of(hold),
                Optional.of("sha256:1"),
                new Counts(5, 1, 1, 0, 0, 0, 0));

        JsonNode document = events.document("shop", new SyncEvent.StatusChanged(status));

        assertThat(document.path("format").asText()).isEqualTo("trimtab.event/v1");
        assertThat(document.path("event").asText()).isEqualTo("status-changed");
        assertThat(document.at("/status/conditions/0").toString())
                .isEqualTo("{\"type\":\"Ready\",\"status\":\"False\",\"reason\":\"Suspended\",\"message\":\"why\","
                        + "\"lastTransitionTime\":\"2026-11-24T12:00:00Z\"}");
        assertThat(document.at("/status/holds/0/code").asText()).isEqualTo("HLD001");
        assertThat(document.at("/status/holds/0/objects/0").asText()).isEqualTo("ConfigMap shop/a");
        assertThat(document.at("/status/holds/0/until").asText()).isEqualTo("2026-11-24T12:01:00Z");
        assertThat(document.at("/status/heldPlanId").asText()).isEqualTo("sha256:1");
        assertThat(document.at("/status/counts/objects").asInt()).isEqualTo(5);
    }

    @Test
    void anInternalErrorSaysWhatItWasAndWhereOnOneLine() {
        events.on("shop", new SyncEvent.Broken("text", new IllegalStateException("no plan")));
        JsonNode document = events.document("shop", new SyncEvent.Broken("text", new IllegalStateException("no plan")));

        assertThat(written.toString().lines()).hasSize(1);
        assertThat(document.path("text").asText()).isEqualTo("text");
        assertThat(document.at("/cause/class").asText()).isEqualTo("java.lang.IllegalStateException");
        assertThat(document.at("/cause/message").asText()).isEqualTo("no plan");
        assertThat(document.at("/cause/at").asText()).startsWith("dev.trimtab.cli.EventJsonTest.anInternalError");
        assertThat(document.path("stackTrace").asText()).contains("IllegalStateException: no plan\n\tat ");
    }

    @Test
    void anInternalErrorQuotesNothingThatCouldNotBeRead() {
        Throwable reading = catchThrowable(() -> Integer.parseInt("Swordfish77"));

        events.on("shop", new SyncEvent.Broken("text", new IllegalStateException(reading)));

        assertThat(written.toString()).contains("IllegalStateException").doesNotContain("Swordfish77");
    }

    @Test
    void objectsAreAlwaysAListAndANumberHasAnotherName() {
        ObjectKey web = new ObjectKey("apps", "Deployment", Optional.of("shop"), "web");
        JsonNode audited = events.document("shop", new SyncEvent.Audited(25, List.of(web)));
        JsonNode finished = events.document(
                "shop",
                new SyncEvent.RolloutsFinished(
                        List.of(new RolloutFinished(web, 5, 1, 1, Optional.of(Duration.ofSeconds(14))))));

        assertThat(audited.path("count").asInt()).isEqualTo(25);
        assertThat(audited.has("objects")).isFalse();
        assertThat(finished.path("objects").toString()).isEqualTo("[\"Deployment shop/web\"]");
        assertThat(finished.path("rollouts").toString())
                .isEqualTo("[{\"object\":\"Deployment shop/web\",\"podsInPlace\":5,\"podsNew\":1,"
                        + "\"milliseconds\":14000}]");
    }

    @Test
    void eachEventIsOneLine() {
        events.on("shop", new SyncEvent.ClusterRecovered());
        events.on("shop", new SyncEvent.ClusterReplaced("a", "b\nc"));

        assertThat(written.toString().lines()).hasSize(2).allMatch(line -> line.startsWith("{") && line.endsWith("}"));
    }
}
