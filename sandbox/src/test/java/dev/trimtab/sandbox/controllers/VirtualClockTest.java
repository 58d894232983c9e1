package dev.trimtab.sandbox.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trimtab.sandbox.VirtualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VirtualClockTest {

    private static final String SLOW =
            "{apiVersion: v1, kind: Pod, metadata: {name: slow}, spec: {containers: [{name: app, "
                    + "image: nginx, readinessProbe: {periodSeconds: 3600, tcpSocket: {port: 80}}}]}}";

    private static final String WEB =
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {replicas: 3, "
                    + "selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, "
                    + "spec: {containers: [{name: app, image: nginx}]}}}}";

    private final VirtualClock clock = new VirtualClock();

    private static String phase(Cluster cluster) {
        return cluster.get("pods", "slow").at("/status/phase").asText();
    }

    @Test
    void podsWaitForAsLongAsTheClockStandsStill() {
        try (Cluster cluster = Cluster.start(clock)) {
            cluster.create("pods", SLOW);
            clock.advance(Duration.ZERO);
            assertThat(cluster.get("pods", "slow").at("/spec/nodeName").asText())
                    .isNotEmpty();
            assertThat(phase(cluster)).isEqualTo("Pending");

            clock.advance(Duration.ofSeconds(1));
            assertThat(phase(cluster)).isEqualTo("Running");
            assertThat(PodState.ready(cluster.get("pods", "slow"))).isFalse();

            clock.advance(Duration.ofHours(1));
            assertThat(PodState.ready(cluster.get("pods", "slow"))).isTrue();
        }
    }

    @Test
    void everythingThatFollowsHasHappenedWhenTimeHasPassed() {
        try (Cluster cluster = Cluster.start(clock)) {
            cluster.create("deployments.apps", WEB);
            clock.advance(Duration.ofSeconds(2));
            assertThat(cluster.get("deployments.apps", "web")
                            .at("/status/availableReplicas")
                            .asInt())
                    .isEqualTo(3);
        }
    }

    @Test
    void theSameHappensAtTheSameInstantsInEveryRun() {
        assertThat(startTimes()).isEqualTo(startTimes());
    }

    private static List<String> startTimes() {
        VirtualClock clock = new VirtualClock();
        try (Cluster cluster = Cluster.start(clock)) {
            cluster.create("deployments.apps", WEB);
            clock.advance(Duration.ofMinutes(1));
            return cluster.api().list("pods", Cluster.NAMESPACE).stream()
                    .map(pod -> pod.at("/status/startTime").asText() + " "
                            + pod.at("/status/containerStatuses/0/state/running/startedAt")
                                    .asText())
                    .toList();
        }
    }

    @Test
    void alarmsRingInTheirOrderAtTheirInstants() {
        Instant begin = clock.instant();
        List<Duration> rung = new ArrayList<>();
        clock.ring(begin.plusSeconds(5), () -> rung.add(Duration.between(begin, clock.instant())));
        clock.ring(begin.plusSeconds(2), () -> {
            rung.add(Duration.between(begin, clock.instant()));
            clock.ring(begin.plusSeconds(3), () -> rung.add(Duration.between(begin, clock.instant())));
        });
        clock.advance(Duration.ofSeconds(4));
        assertThat(rung).containsExactly(Duration.ofSeconds(2), Duration.ofSeconds(3));
        assertThat(clock.instant()).isEqualTo(begin.plusSeconds(4));
    }

    @Test
    void timeDoesNotGoBack() {
        assertThatThrownBy(() -> clock.advance(Duration.ofSeconds(-1))).isInstanceOf(IllegalArgumentException.class);
    }
}
