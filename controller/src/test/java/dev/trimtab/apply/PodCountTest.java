package dev.trimtab.apply;

import static dev.trimtab.apply.Shop.SHOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.plan.Action;
import dev.trimtab.plan.Change;
import dev.trimtab.plan.PodImpact;
import dev.trimtab.plan.PodImpact.Effect;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Plans count the pods that run, against an API whose Deployments run. */
class PodCountTest {

    private final SyncRig rig = new SyncRig(true);

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void plansSayWhatHappensToTheVeryPodsThatRun() {
        rig.sync(1, SHOP);
        await().atMost(Duration.ofSeconds(20)).until(() -> running().size() == 2);
        List<String> pods = running();

        Change env = web(SHOP.replace("value: fast", "value: slow"));
        assertThat(env.action()).isEqualTo(Action.RECREATE);
        assertThat(env.pods().effect()).isEqualTo(Effect.RECREATE);
        assertThat(env.pods().count()).isEqualTo(2);
        assertThat(env.pods().names()).isEqualTo(pods);
        assertThat(env.reason().fields()).containsExactly("containers[web].env[MODE]");

        Change scaled = web(SHOP.replace("replicas: 2", "replicas: 5"));
        assertThat(scaled.action()).isEqualTo(Action.APPLY);
        assertThat(scaled.pods()).isEqualTo(new PodImpact(Effect.ADD, 3, List.of(), List.of(), 0, 0));

        Change label = web(SHOP.replace("team: one", "team: two"));
        assertThat(label.action()).isEqualTo(Action.APPLY);
        assertThat(label.pods()).isEqualTo(PodImpact.NONE);

        Change gone = web(SHOP.substring(0, SHOP.indexOf("---\napiVersion: apps/v1")));
        assertThat(gone.action()).isEqualTo(Action.DELETE);
        assertThat(gone.pods()).isEqualTo(new PodImpact(Effect.REMOVE, 2, List.of(), pods, 0, 0));
    }

    private Change web(String yaml) {
        return rig.plan(2, yaml).changes().stream()
                .filter(change -> change.object().name().equals("web"))
                .findFirst()
                .orElseThrow();
    }

    private List<String> running() {
        return rig.unrecorded().list(rig.type("v1", "Pod"), Optional.of("shop"), "app=web").stream()
                .filter(pod -> pod.path("status").path("phase").asText().equals("Running"))
                .map(PodCountTest::name)
                .sorted()
                .toList();
    }

    private static String name(ObjectNode pod) {
        return pod.path("metadata").path("name").asText();
    }
}
