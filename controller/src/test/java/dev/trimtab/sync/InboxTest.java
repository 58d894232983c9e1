package dev.trimtab.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.kube.ObjectKey;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class InboxTest {

    private static final ObjectKey A = new ObjectKey("", "ConfigMap", Optional.of("shop"), "a");
    private static final ObjectKey B = new ObjectKey("", "ConfigMap", Optional.of("shop"), "b");

    @Test
    void manyPollsAreOne() throws InterruptedException {
        Inbox inbox = new Inbox(Duration.ZERO);
        inbox.poll();
        inbox.poll();
        assertThat(inbox.take().poll()).isTrue();
        inbox.wakeAfter(Duration.ofMillis(1));
        assertThat(inbox.take().poll()).isFalse();
    }

    @Test
    void suspectsWaitForCompanyAndComeOnce() throws InterruptedException {
        Inbox inbox = new Inbox(Duration.ofMillis(30));
        inbox.suspect(A);
        inbox.suspect(B);
        inbox.suspect(A);
        assertThat(inbox.take().suspects()).containsExactly(A, B);
    }

    @Test
    void aPollDoesNotHandOutSuspectsBeforeTheirTime() throws InterruptedException {
        Inbox inbox = new Inbox(Duration.ofMinutes(1));
        inbox.suspect(A);
        inbox.poll();
        Inbox.Batch batch = inbox.take();
        assertThat(batch.poll()).isTrue();
        assertThat(batch.suspects()).isEmpty();
    }

    @Test
    void theEarlierWakeUpWins() throws InterruptedException {
        Inbox inbox = new Inbox(Duration.ZERO);
        inbox.wakeAfter(Duration.ofMillis(5));
        inbox.wakeAfter(Duration.ofHours(1));
        Inbox.Batch batch = inbox.take();
        assertThat(batch.stopped()).isFalse();
        assertThat(batch.poll()).isFalse();
    }

    @Test
    void whatWaitsIsCountedAndAgesUntilTheStepThatDealsWithItIsOver() throws InterruptedException {
        Inbox inbox = new Inbox(Duration.ZERO);
        assertThat(inbox.backlog()).isEqualTo(new Backlog(0, Duration.ZERO, 0, Duration.ZERO));
        long before = System.nanoTime();
        inbox.poll();
        inbox.poll();
        inbox.suspect(A);
        inbox.suspect(B);
        assertThat(inbox.backlog().depth()).isEqualTo(3);
        assertThat(inbox.backlog().oldest()).isPositive();
        assertThat(inbox.backlog().busy()).isZero();

        inbox.take();
        Backlog underWay = inbox.backlog();
        assertThat(underWay.depth()).isZero();
        assertThat(underWay.handled()).isEqualTo(1);
        assertThat(underWay.busy()).isPositive();
        assertThat(underWay.oldest()).isGreaterThan(underWay.busy());

        long first = System.nanoTime() - before;
        inbox.poll();
        inbox.take();
        Backlog next = inbox.backlog();
        assertThat(next.handled()).isEqualTo(2);
        assertThat(next.busy()).isGreaterThan(underWay.busy());
        assertThat(next.oldest())
                .as("the first is done")
                .isLessThan(Duration.ofNanos(System.nanoTime() - before - first));
    }

    @Test
    void aStepThatNobodyAskedForAgesFromItsBegin() throws InterruptedException {
        Inbox inbox = new Inbox(Duration.ZERO);
        inbox.wakeAfter(Duration.ZERO);
        inbox.take();
        Backlog underWay = inbox.backlog();
        assertThat(underWay.oldest()).isPositive().isEqualTo(underWay.busy());
    }

    @Test
    void stopIsHeardAtOnce() throws InterruptedException {
        Inbox inbox = new Inbox(Duration.ofHours(1));
        inbox.suspect(A);
        inbox.stop();
        assertThat(inbox.take().stopped()).isTrue();
    }
}
