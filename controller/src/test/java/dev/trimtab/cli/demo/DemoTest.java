package dev.trimtab.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.review.Style;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole way once: commits pushed to a repository, and what the pods of a sandbox then do. */
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(300)
class DemoTest {

    @TempDir
    private static Path folder;

    private Demo demo;
    private ObjectNode document;
    private boolean cameTrue;

    @BeforeAll
    void walkThrough() {
        demo = new Demo(folder, Optional.empty(), Clock.systemUTC(), (sync, event) -> {});
        DemoTour tour = new DemoTour(demo, Style.PLAIN);
        document = tour.document();
        cameTrue = tour.cameTrue();
    }

    @AfterAll
    void end() {
        demo.close();
    }

    @Test
    void everyPlanComesTrue() {
        assertThat(document.path("steps"))
                .allSatisfy(step -> assertThat(step.path("differences"))
                        .as(step.path("name").asText())
                        .isEmpty());
        assertThat(cameTrue).isTrue();
    }

    @Test
    void theDocumentHasItsFormatAndSteps() {
        assertThat(document.path("format").asText()).isEqualTo("trimtab.demo/v1");
        assertThat(document.path("steps"))
                .extracting(step -> step.path("name").asText())
                .containsExactly(
                        "first-sync", "image-change", "label-change", "env-change", "hand-edit", "file-removed");
    }

    @Test
    void anImageChangeRestartsTheSamePodsAtTheSameAddresses() {
        JsonNode step = step("image-change");
        assertThat(step.at("/plan/inPlace").asInt()).isEqualTo(3);
        assertThat(step.at("/plan/recreate").asInt()).isZero();
        assertThat(cart(step)).hasSize(3).allSatisfy(pod -> {
            assertThat(pod.path("uidAfter")).isEqualTo(pod.path("uidBefore"));
            assertThat(pod.path("ipAfter")).isEqualTo(pod.path("ipBefore"));
            assertThat(pod.path("restartsAfter").asInt())
                    .isEqualTo(pod.path("restartsBefore").asInt() + 1);
            assertThat(pod.path("image").asText()).endsWith("shop/cart:1.8.3");
        });
    }

    @Test
    void aLabelChangeRestartsNothing() {
        JsonNode step = step("label-change");
        assertThat(step.at("/plan/metadataOnly").asInt()).isEqualTo(3);
        assertThat(cart(step)).hasSize(3).allSatisfy(pod -> {
            assertThat(pod.path("uidAfter")).isEqualTo(pod.path("uidBefore"));
            assertThat(pod.path("restartsAfter")).isEqualTo(pod.path("restartsBefore"));
        });
    }

    @Test
    void anEnvChangeRecreatesAndNamesTheField() {
        JsonNode step = step("env-change");
        assertThat(step.at("/plan/recreate").asInt()).isEqualTo(3);
        assertThat(step.at("/plan/reasons/0/code").asText()).isEqualTo("POD210");
        assertThat(step.at("/plan/reasons/0/fields/0").asText()).contains("containers[cart].env[CACHE_TTL]");
        assertThat(cart(step))
                .hasSize(6)
                .allSatisfy(pod -> assertThat(pod.path("uidBefore").isNull()
                                || pod.path("uidAfter").isNull())
                        .isTrue());
    }

    @Test
    void aHandEditIsPutRightAndTouchesNoPod() {
        JsonNode step = step("hand-edit");
        assertThat(step.at("/plan/reasons/0/code").asText()).isEqualTo("DRF001");
        assertThat(step.has("commit")).isFalse();
        assertThat(step.path("pods"))
                .allSatisfy(pod -> assertThat(pod.path("uidAfter")).isEqualTo(pod.path("uidBefore")));
    }

    @Test
    void aRemovedFileRemovesItsObjectOnly() {
        JsonNode step = step("file-removed");
        assertThat(step.at("/plan/objects/delete").asInt()).isEqualTo(1);
        assertThat(step.at("/plan/objects/unchanged").asInt()).isEqualTo(6);
    }

    private JsonNode step(String name) {
        return StreamSupport.stream(document.path("steps").spliterator(), false)
                .filter(step -> step.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Iterable<JsonNode> cart(JsonNode step) {
        return StreamSupport.stream(step.path("pods").spliterator(), false)
                .filter(pod -> pod.path("name").asText().startsWith("cart-"))
                .toList();
    }
}
