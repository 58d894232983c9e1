package dev.trimtab.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RequestGateTest {

    private static final Reply FINE = reply(200, "{}", Optional.empty());

    private final AtomicLong now = new AtomicLong();
    private final RequestGate gate = new RequestGate(now::get, Duration.ofSeconds(10));

    @Test
    void noMoreAtOnceThanTheLimitAllows() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        for (int i = 0; i < AdaptiveLimit.FIRST; i++) {
            gate.enter("apply it");
        }
        Thread waiting = new Thread(() -> {
            try {
                gate.enter("apply it");
                inside.incrementAndGet();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        waiting.start();
        await().until(() -> waiting.getState() == Thread.State.WAITING);
        assertThat(inside).hasValue(0);

        gate.leave(0, FINE);

        waiting.join();
        assertThat(inside).hasValue(1);
    }

    @Test
    void whatTheServerSaidToOneIsHeardByAll() throws Exception {
        long began = gate.enter("apply it");
        gate.leave(began, reply(429, "Too many requests, please try again later.", Optional.of(30L)));

        ApiException sentAway = catchThrowableOfType(ApiException.class, () -> gate.enter("apply another"));

        assertThat(sentAway.errorClass()).isEqualTo(ErrorClass.RETRY);
        assertThat(sentAway.retryAfterSeconds())
                .hasValueSatisfying(left -> assertThat(left).isBetween(30L, 31L));
        assertThat(sentAway).hasMessageContaining("apply another: not sent");
        assertThat(gate.limit()).isEqualTo(AdaptiveLimit.FIRST / 2);

        now.addAndGet(TimeUnit.SECONDS.toNanos(30));
        assertThat(gate.enter("apply another")).isEqualTo(now.get());
    }

    @Test
    void aRefusalThatSpeaksOfOneObjectClosesNothing() throws Exception {
        long began = gate.enter("evict it");
        gate.leave(
                began,
                reply(
                        429,
                        "{\"kind\":\"Status\",\"details\":{\"causes\":[{\"reason\":\"DisruptionBudget\"}]}}",
                        Optional.of(30L)));

        assertThat(gate.enter("apply another")).isEqualTo(now.get());
        assertThat(gate.limit()).isEqualTo(AdaptiveLimit.FIRST);
    }

    private static Reply reply(int code, String body, Optional<Long> retryAfter) {
        return new Reply(code, body, List.of(), retryAfter);
    }
}
