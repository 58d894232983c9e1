package dev.trimtab.inplace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.kube.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RolloutFinishedTest {

    private static final ObjectKey WEB = new ObjectKey("apps", "Deployment", Optional.of("shop"), "web");
    private static final Instant BEGUN = Instant.parse("2026-11-24T12:00:00.500Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "6 | 0 | 1 | 14 | 6 pods run the new image in place, none was replaced, 14 s",
                "1 | 0 | 1 |  0 | 1 pod runs the new image in place, none was replaced, 0 s",
                "4 | 1 | 2 | 14 | 4 pods run the new images in place, 1 is new, 14 s",
                "1 | 2 | 0 |  - | 1 pod runs the new template in place, 2 are new",
                "0 | 1 | 1 | 75 | 1 new pod runs the new image, 75 s",
                "0 | 6 | 0 |  - | 6 new pods run the new template",
                "0 | 0 | 1 |  2 | no pod runs; the next ones get the new image, 2 s"
            })
    void theTextSaysHowManyPodsStayedAndHowLongItTook(int inPlace, int added, int images, Long seconds, String text) {
        Optional<Duration> took = Optional.ofNullable(seconds).map(Duration::ofSeconds);

        assertThat(new RolloutFinished(WEB, inPlace, added, images, took).text())
                .isEqualTo(text);
    }

    /** Times of pods are whole seconds; the rollout began in the middle of one. */
    @ParameterizedTest
    @CsvSource({
        "2026-11-24T11:00:00Z, true, true, true",
        "2026-11-24T11:00:00Z, false, true, true",
        "2026-11-24T12:00:00Z, true, true, true",
        "2026-11-24T12:00:00Z, false, true, false",
        "2026-11-24T12:00:01Z, true, true, false",
        "2026-11-24T12:00:01Z, false, true, false",
        "2026-11-24T12:00:01Z, true, false, true",
        "2026-11-24T11:00:00Z, false, false, false"
    })
    void aPodStayedWhenItWasThereBefore(Instant created, boolean patched, boolean begunKnown, boolean stayed) {
        PodView pod =
                new PodView(Trees.yaml("{kind: Pod, metadata: {name: web-1, creationTimestamp: '" + created + "'}}"));

        RolloutFinished end = RolloutFinished.of(
                WEB,
                List.of(pod),
                any -> patched,
                1,
                Optional.of(BEGUN).filter(at -> begunKnown),
                BEGUN.plusSeconds(14));

        assertThat(end.inPlace() == 1).isEqualTo(stayed);
        assertThat(end.added() == 1).isEqualTo(!stayed);
        assertThat(end.took()).isEqualTo(Optional.of(Duration.ofSeconds(14)).filter(took -> begunKnown));
    }
}
