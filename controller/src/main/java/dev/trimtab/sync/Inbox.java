package dev.trimtab.sync;

import dev.trimtab.inplace.RolloutFinished;
import dev.trimtab.kube.ObjectKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What a sync has to look at, each thing at most once however often it is asked for. Anyone may put, one thread takes.
 *
 * <p>Suspects wait a moment for company: an edit of many objects, or of one object many times, is one look.
 */
final class Inbox {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final long debounceNanos;

    private boolean poll;
    private boolean orders;
    private boolean contact;
    private boolean health;
    private boolean nodes;
    private long nodesDue;
    private boolean stopped;
    private final List<RolloutFinished> rollouts = new ArrayList<>();
    private Set<ObjectKey> suspects = new LinkedHashSet<>();
    private long suspectsDue;
    private long wakeAt;
    private boolean wake;

    /** When the first of what waits came. */
    private long waitingSince;
    /** What was handed out last is being dealt with; when that began, and when the first of it came. */
    private boolean busy;

    private long busySince;
    private long handedSince;
    private long handled;
    private long busyNanos;

    Inbox(Duration debounce) {
        this.debounceNanos = debounce.toNanos();
    }

    /** What is due. {@code stopped} outweighs the rest. */
    record Batch(
            boolean stopped,
            boolean poll,
            boolean orders,
            boolean contact,
            boolean health,
            boolean nodes,
            Set<ObjectKey> suspects,
            List<RolloutFinished> rollouts) {

        Batch {
            rollouts = List.copyOf(rollouts);
        }
    }

    void poll() {
        change(() -> poll = true);
    }

    /** A person told the sync something. */
    void orders() {
        change(() -> orders = true);
    }

    /** The cluster stopped or began to answer. */
    void contact() {
        change(() -> contact = true);
    }

    /** Something that is waited for does better or worse. */
    void health() {
        change(() -> health = true);
    }

    /** A rollout of a workload, ours or not, came to its end. */
    void finished(RolloutFinished rollout) {
        change(() -> rollouts.add(rollout));
    }

    /** A node is not what it was. As with suspects, many are one look. */
    void nodes() {
        change(() -> {
            if (!nodes) {
                nodesDue = System.nanoTime() + debounceNanos;
            }
            nodes = true;
        });
    }

    void suspect(ObjectKey key) {
        change(() -> {
            if (suspects.isEmpty()) {
                suspectsDue = System.nanoTime() + debounceNanos;
            }
            suspects.add(key);
        });
    }

    /** Hands out an empty batch after {@code wait} when nothing else comes before; the earlier of two wishes wins. */
    void wakeAfter(Duration wait) {
        change(() -> {
            long at = System.nanoTime() + wait.toNanos();
            wakeAt = wake && wakeAt - at < 0 ? wakeAt : at;
            wake = true;
        });
    }

    void stop() {
        change(() -> stopped = true);
    }

    /** What waits now; any thread may ask. */
    Backlog backlog() {
        lock.lock();
        try {
            long now = System.nanoTime();
            long oldest = depth() > 0 ? now - waitingSince : 0;
            return new Backlog(
                    depth(),
                    Duration.ofNanos(Math.max(oldest, busy ? now - handedSince : 0)),
                    handled,
                    Duration.ofNanos(busyNanos + (busy ? now - busySince : 0)));
        } finally {
            lock.unlock();
        }
    }

    private int depth() {
        int reasons = 0;
        for (boolean reason : new boolean[] {poll, orders, contact, health, nodes}) {
            reasons += reason ? 1 : 0;
        }
        return reasons + suspects.size() + rollouts.size();
    }

    private void handOut(long now) {
        busy = true;
        busySince = now;
        handedSince = depth() > 0 ? waitingSince : now;
        handled++;
    }

    private void handedBack() {
        if (busy) {
            busyNanos += System.nanoTime() - busySince;
            busy = false;
        }
    }

    /** Waits until something is due. Who comes is through with what was taken before. */
    Batch take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            handedBack();
            while (true) {
                long now = System.nanoTime();
                boolean suspectsReady = !suspects.isEmpty() && suspectsDue - now <= 0;
                boolean nodesReady = nodes && nodesDue - now <= 0;
                boolean woken = wake && wakeAt - now <= 0;
                boolean asked = poll || orders || contact || health || !rollouts.isEmpty();
                if (stopped || asked || nodesReady || suspectsReady || woken) {
                    handOut(now);
                    Batch batch = new Batch(
                            stopped,
                            poll,
                            orders,
                            contact,
                            health,
                            nodesReady,
                            suspectsReady ? suspects : Set.of(),
                            rollouts);
                    rollouts.clear();
                    poll = false;
                    orders = false;
                    contact = false;
                    health = false;
                    nodes = nodes && !nodesReady;
                    wake = wake && !woken;
                    if (suspectsReady) {
                        suspects = new LinkedHashSet<>();
                    }
                    // What is left came as long before it is due.
                    waitingSince = suspects.isEmpty() ? nodesDue - debounceNanos : suspectsDue - debounceNanos;
                    return batch;
                }
                long wait = Long.MAX_VALUE;
                if (!suspects.isEmpty()) {
                    wait = suspectsDue - now;
                }
                if (nodes) {
                    wait = Math.min(wait, nodesDue - now);
                }
                if (wake) {
                    wait = Math.min(wait, wakeAt - now);
                }
                if (wait == Long.MAX_VALUE) {
                    changed.await();
                } else {
                    changed.await(wait, TimeUnit.NANOSECONDS);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            if (depth() == 0) {
                waitingSince = System.nanoTime();
            }
            change.run();
            changed.signal();
        } finally {
            lock.unlock();
        }
    }
}
