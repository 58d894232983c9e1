package dev.trimtab.sync;

import dev.trimtab.kube.ObjectKey;
import dev.trimtab.plan.Change;
import dev.trimtab.plan.Plan;
import dev.trimtab.render.Desired;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * Compares a few of the objects that are held as unchanged with the cluster all the same, to prove that no request was spared that
 * was needed. Off where a sync does not ask for it.
 */
final class Audit {

    private final Optional<ClusterSync.AuditSpec> spec;
    private final String repository;
    private final RandomGenerator random;
    private final News news;
    private Optional<Instant> next = Optional.empty();

    Audit(Optional<ClusterSync.AuditSpec> spec, String repository, RandomGenerator random, News news) {
        this.spec = spec;
        this.repository = repository;
        this.random = random;
        this.news = news;
    }

    Optional<Instant> next() {
        return next;
    }

    /**
     * @return what is not as it was held to be: drift that no watch showed
     * @throws dev.trimtab.kube.ApiException when the server does not answer
     */
    Set<ObjectKey> step(Session session, Desired desired, Instant now) {
        if (spec.isEmpty()) {
            return Set.of();
        }
        if (next.isEmpty()) {
            next = Optional.of(now.plus(spec.get().interval()));
        }
        if (now.isBefore(next.get())) {
            return Set.of();
        }
        next = Optional.of(now.plus(spec.get().interval()));
        Set<ObjectKey> chosen = chosen(session.unchanged(desired));
        if (chosen.isEmpty()) {
            return Set.of();
        }
        Plan plan = session.audit(repository, desired, chosen);
        // What somebody changed while we compared has been shown by a watch since.
        Set<ObjectKey> held = session.unchanged(desired);
        List<ObjectKey> wrong = plan.changes().stream()
                .map(Change::object)
                .filter(key -> chosen.contains(key) && held.contains(key))
                .toList();
        wrong.forEach(session::doubt);
        news.tell(new SyncEvent.Audited(chosen.size(), wrong));
        return new HashSet<>(wrong);
    }

    private Set<ObjectKey> chosen(Set<ObjectKey> held) {
        List<ObjectKey> keys = new ArrayList<>(new TreeSet<>(held));
        int count = (int) Math.min(
                keys.size(),
                Math.max(1, Math.round(keys.size() * spec.orElseThrow().share() / 100)));
        Set<ObjectKey> chosen = new HashSet<>();
        for (int i = 0; i < count; i++) {
            chosen.add(keys.remove(random.nextInt(keys.size())));
        }
        return chosen;
    }
}
