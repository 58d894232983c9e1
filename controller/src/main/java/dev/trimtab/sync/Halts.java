package dev.trimtab.sync;

import dev.trimtab.inplace.RolloutFinished;
import dev.trimtab.kube.ObjectKey;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Rollouts in place of this sync's workloads that go no further, and those that came to their end, each told once. */
final class Halts {

    private final News news;
    private SortedMap<ObjectKey, String> told = new TreeMap<>();

    Halts(News news) {
        this.news = news;
    }

    /**
     * @param rollouts in the whole cluster
     * @param ours what the sync keeps
     */
    void finished(List<RolloutFinished> rollouts, Set<ObjectKey> ours) {
        List<RolloutFinished> own = rollouts.stream()
                .filter(rollout -> ours.contains(rollout.workload()))
                .toList();
        if (!own.isEmpty()) {
            news.tell(new SyncEvent.RolloutsFinished(own));
        }
    }

    /**
     * @param halted in the whole cluster, and why
     * @param ours what the sync keeps
     */
    void look(Map<ObjectKey, String> halted, Set<ObjectKey> ours) {
        SortedMap<ObjectKey, String> now = new TreeMap<>(halted);
        now.keySet().retainAll(ours);
        SortedMap<ObjectKey, String> before = told;
        told = now;
        List<ObjectKey> over =
                before.keySet().stream().filter(key -> !now.containsKey(key)).toList();
        if (!over.isEmpty()) {
            news.tell(new SyncEvent.RolloutsGoOn(over));
        }
        SortedMap<ObjectKey, String> fresh = new TreeMap<>(now);
        fresh.entrySet().removeAll(before.entrySet());
        if (!fresh.isEmpty()) {
            news.tell(new SyncEvent.RolloutsHalted(fresh));
        }
    }
}
