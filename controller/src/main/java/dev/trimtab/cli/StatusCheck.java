package dev.trimtab.cli;

import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.EventType;
import dev.trimtab.kube.ClusterClient.Informer;
import dev.trimtab.report.StatusObject;
import dev.trimtab.report.StatusObject.Kept;
import dev.trimtab.sync.ControlObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Asks syncs to look now, and waits for those who keep them to answer. A controller at rest writes nothing, so what it wrote last
 * does not tell whether it still runs; only its answer does.
 */
final class StatusCheck {

    /**
     * What came back.
     *
     * @param kept how the sync stands by its latest word
     * @param took until the answer; empty where none came in time
     */
    record Answer(Kept kept, Optional<Duration> took) {}

    private final Map<String, Kept> before = new TreeMap<>();
    private final Map<String, Answer> answers = new TreeMap<>();
    private final long began = System.nanoTime();

    private StatusCheck(Collection<Kept> syncs) {
        for (Kept sync : syncs) {
            before.put(sync.sync(), sync);
            answers.put(sync.sync(), new Answer(sync, Optional.empty()));
        }
    }

    /**
     * Two requests and a watch; one write a sync, and one by the controller that answers.
     *
     * @param now by which the controllers tell this wish from others
     * @return one for each of {@code syncs}, by name
     * @throws dev.trimtab.kube.ApiException when the cluster does not answer
     */
    static Map<String, Answer> ask(ClusterClient cluster, Collection<Kept> syncs, Instant now, Duration timeout)
            throws InterruptedException {
        StatusCheck check = new StatusCheck(syncs);
        for (Kept sync : syncs) {
            new ControlObject(cluster, sync.sync()).requestReconcile(now, false);
        }
        Informer watch = StatusObject.watch(cluster, event -> {
            if (event.type() != EventType.DELETED) {
                check.heard(StatusObject.kept(event.object()));
            }
        });
        try {
            return check.await(timeout);
        } finally {
            watch.close();
        }
    }

    private synchronized void heard(Kept kept) {
        Kept old = before.get(kept.sync());
        Answer known = answers.get(kept.sync());
        if (old == null || known == null) {
            return;
        }
        // Whoever asked at the same time has the same answer: any that is new is by somebody who runs.
        boolean answered = !kept.handled().equals(old.handled());
        Optional<Duration> took = known.took();
        answers.put(
                kept.sync(),
                new Answer(
                        kept,
                        took.or(() -> Optional.of(Duration.ofNanos(System.nanoTime() - began))
                                .filter(any -> answered))));
        notifyAll();
    }

    private synchronized Map<String, Answer> await(Duration timeout) throws InterruptedException {
        long end = began + timeout.toNanos();
        while (answers.values().stream().anyMatch(answer -> answer.took().isEmpty())) {
            long left = Duration.ofNanos(end - System.nanoTime()).toMillis();
            if (left <= 0) {
                break;
            }
            wait(left);
        }
        return new TreeMap<>(answers);
    }
}
