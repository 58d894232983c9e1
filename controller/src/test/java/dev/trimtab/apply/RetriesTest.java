package dev.trimtab.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trimtab.kube.ApiException;
import dev.trimtab.kube.ErrorClass;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RetriesTest {

    private final List<Duration> slept = new ArrayList<>();
    private final Retries retries = new Retries(4, Duration.ofMillis(200), Duration.ofSeconds(10), slept::add);
    private final AtomicInteger sent = new AtomicInteger();

    @Test
    void waitsLongerEachTimeAndGivesUp() {
        assertThatThrownBy(() -> retries.call(e -> true, () -> fail(Optional.empty())))
                .isInstanceOf(ApiException.class);

        assertThat(sent).hasValue(4);
        assertThat(slept).containsExactly(Duration.ofMillis(200), Duration.ofMillis(400), Duration.ofMillis(800));
    }

    @Test
    void whatIsOfNoUseIsSentOnce() {
        assertThatThrownBy(() -> retries.call(e -> false, () -> fail(Optional.empty())))
                .isInstanceOf(ApiException.class);

        assertThat(sent).hasValue(1);
        assertThat(slept).isEmpty();
    }

    @Test
    void nobodyAsksEarlierThanTheServerWants() {
        assertThatThrownBy(() -> retries.call(e -> true, () -> fail(Optional.of(3L))))
                .isInstanceOf(ApiException.class);
        assertThat(slept).containsOnly(Duration.ofSeconds(3)).hasSize(3);

        sent.set(0);
        assertThatThrownBy(() -> retries.call(e -> true, () -> fail(Optional.of(60L))))
                .isInstanceOf(ApiException.class);
        assertThat(sent).hasValue(1);
    }

    @Test
    void endsWithTheFirstSuccess() {
        int answer = retries.call(e -> true, () -> sent.get() < 2 ? fail(Optional.empty()) : sent.get());

        assertThat(answer).isEqualTo(2);
    }

    private int fail(Optional<Long> retryAfter) {
        sent.incrementAndGet();
        throw new ApiException(429, ErrorClass.RETRY, "busy", List.of(), retryAfter);
    }
}
