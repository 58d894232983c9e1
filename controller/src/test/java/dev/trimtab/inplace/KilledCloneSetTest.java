package dev.trimtab.inplace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Processes that are killed after each single write of an update: the last one finishes what the first began. */
class KilledCloneSetTest extends CloneSetCluster {

    private enum Change {
        IMAGE(
                "containers: [{name: app, image: 'app:2', resources: {requests: {cpu: 100m}}}, {name: log, image: 'log:1'}]",
                3),
        RESIZE(
                "containers: [{name: app, image: 'app:1', resources: {requests: {cpu: 200m}}}, {name: log, image: 'log:1'}]",
                2),
        IMAGE_AND_RESIZE(
                "containers: [{name: app, image: 'app:2', resources: {requests: {cpu: 200m}}}, {name: log, image: 'log:1'}]",
                4),
        TWO_CONTAINERS(
                "containers: [{name: app, image: 'app:2', resources: {requests: {cpu: 100m}}}, {name: log, image: 'log:2'}]",
                3);

        private final String spec;
        private final int writesOfAPod;

        Change(String spec, int writesOfAPod) {
            this.spec = spec;
            this.writesOfAPod = writesOfAPod;
        }

        boolean in(PodView pod) {
            PodView wanted = PodView.ofTemplate(Trees.yaml("{spec: {" + spec + "}}"));
            return pod.ready()
                    && pod.image("app").equals(wanted.image("app"))
                    && pod.image("log").equals(wanted.image("log"))
                    && cpu(wanted)
                            .map(cpu -> cpu(pod).equals(java.util.Optional.of(cpu)))
                            .orElse(true);
        }

        private static java.util.Optional<String> cpu(PodView pod) {
            return pod.container("app")
                    .map(container -> container.at("/resources/requests/cpu").asText())
                    .filter(cpu -> !cpu.isEmpty());
        }
    }

    @ParameterizedTest
    @EnumSource(Change.class)
    void killedAfterEverySingleWriteTheUpdateIsFinishedInTheSamePods(Change change) {
        Set<String> before = started();
        template("{spec: {" + change.spec + "}}");

        int deaths = dieUntil(change::in, before);

        assertThat(deaths).isGreaterThanOrEqualTo(3 * change.writesOfAPod);
    }

    @Test
    void killedAfterEverySingleWriteARestartWithTheSameImageIsFinishedInTheSamePods() {
        Set<String> before = started();
        template("{metadata: {annotations: {kubectl.kubernetes.io/restartedAt: now}}}");

        int deaths = dieUntil(pod -> pod.ready() && pod.restarts() == 2, before);

        assertThat(deaths).isGreaterThanOrEqualTo(9);
    }

    @Test
    void killedAfterEverySingleWriteReplacedPodsAreNeverMoreThanOneShort() {
        Set<String> before = started();
        template("{spec: {containers: [{name: app, env: [{name: MODE, value: b}], image: 'app:1'}]}}");
        Set<String> after = new HashSet<>();

        dieUntil(
                pod -> pod.ready()
                        && pod.container("app").orElseThrow().path("env").size() == 1,
                after);

        assertThat(podsNow().keySet()).hasSize(3).doesNotContainAnyElementsOf(before);
    }

    private Set<String> started() {
        create(0, "app:1");
        template("""
                spec:
                  containers:
                  - {name: app, image: "app:1", resources: {requests: {cpu: 100m}}}
                  - {name: log, image: "log:1"}
                """);
        scale(3);
        Set<String> uids = running("app:1", 3).keySet();
        awaitStatus("updatedAvailableReplicas", 3);
        controller.close();
        return uids;
    }

    /** @param same pods that have to be there at the end; none where others come */
    private int dieUntil(Predicate<PodView> updated, Set<String> same) {
        int deaths = 0;
        while (!all(updated, 3).test(podsNow())) {
            assertThat(deaths).as("processes").isLessThan(100);
            DyingCluster dying = new DyingCluster(1);
            try (CloneSetController successor = new CloneSetController(dying.over(cluster), Clock.systemUTC())) {
                successor.start();
                Awaitility.await("dead or done")
                        .atMost(Duration.ofSeconds(20))
                        .pollInterval(Duration.ofMillis(20))
                        .until(() -> dying.dead() || all(updated, 3).test(podsNow()));
            }
            deaths++;
        }
        assertThat(podsNow().keySet()).containsAll(same);
        return deaths;
    }
}
