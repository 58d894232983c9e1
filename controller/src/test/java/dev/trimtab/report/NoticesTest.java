package dev.trimtab.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.sync.SyncEvent;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of event is either said or left out on purpose. */
class NoticesTest {

    /**
     * The status tells these, another event does, or whoever rolls a workload; to a cluster that does not answer nothing can be said.
     */
    private static final Set<Class<?>> SILENT = Set.of(
            SyncEvent.RevisionFound.class,
            SyncEvent.OutsidePath.class,
            SyncEvent.Warned.class,
            SyncEvent.Settled.class,
            SyncEvent.LookedAsAsked.class,
            SyncEvent.StatusChanged.class,
            SyncEvent.HealthAwaited.class,
            SyncEvent.RolloutsFinished.class,
            SyncEvent.NodesLeft.class,
            SyncEvent.ClusterFailed.class);

    static Stream<Class<?>> kinds() {
        return Arrays.stream(SyncEvent.class.getPermittedSubclasses());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("kinds")
    void everyKindIsSaidOrIsSilentOnPurpose(Class<?> kind) {
        List<Notice> said = Sample.VARIANTS.stream()
                .flatMap(sample -> said(sample, kind).stream())
                .toList();
        assertThat(said.isEmpty()).isEqualTo(SILENT.contains(kind));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("kinds")
    void whatIsSaidHasAReasonOfOneWordAndAWholeTextWithoutValues(Class<?> kind) {
        for (Sample sample : Sample.VARIANTS) {
            assertThat(said(sample, kind)).allSatisfy(notice -> {
                assertThat(notice.reason()).matches("([A-Z][a-z]+)+");
                assertThat(notice.message()).isNotBlank().doesNotContain(Sample.VALUE, "Optional", "null", "[]");
            });
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("kinds")
    void theSameEventIsSaidInTheSameWords(Class<?> kind) {
        for (Sample sample : Sample.VARIANTS) {
            assertThat(said(sample, kind)).isEqualTo(said(sample, kind));
        }
    }

    @Test
    void theSamplesHoldValuesThatMustNotBeSaid() {
        assertThat(Sample.VARIANTS.get(0).of(SyncEvent.DriftFound.class).toString())
                .contains(Sample.VALUE);
    }

    private static List<Notice> said(Sample sample, Class<?> kind) {
        return new Notices("shop").of((SyncEvent) sample.of(kind));
    }
}
