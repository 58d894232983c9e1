package dev.trimtab.apply;

import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.plan.Change;
import dev.trimtab.render.Desired;
import dev.trimtab.render.DesiredObject;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What the objects of one revision wait for: whom they name, and all of lower waves. */
final class Awaited {

    private final ClusterClient cluster;
    private final String syncName;
    private final Desired desired;

    /** Objects by wave; of one wave alone nobody waits for anybody. */
    private final NavigableMap<Integer, Set<ObjectKey>> waves = new TreeMap<>();

    Awaited(ClusterClient cluster, String syncName, Desired desired) {
        this.cluster = cluster;
        this.syncName = syncName;
        this.desired = desired;
        desired.objects()
                .values()
                .forEach(object -> waves.computeIfAbsent(object.wave(), any -> new TreeSet<>())
                        .add(object.key()));
    }

    /**
     * Which changes of a level cannot be made yet. What is waited for is looked at now, at most once.
     *
     * @param before what became of the levels before
     */
    Map<ObjectKey, Result.Waiting> waits(List<Change> level, Map<ObjectKey, Result> before) {
        Map<ObjectKey, Set<ObjectKey>> waitsFor = new HashMap<>();
        Set<ObjectKey> all = new TreeSet<>();
        for (Change change : level) {
            Set<ObjectKey> keys = of(change.object());
            waitsFor.put(change.object(), keys);
            // What failed has its own way to stop what depends on it; here it is only not looked at.
            keys.stream().filter(key -> !unwritten(before, key)).forEach(all::add);
        }
        Readiness readiness = Readiness.of(cluster, syncName, objects(all));
        Map<ObjectKey, Result.Waiting> waits = new HashMap<>();
        waitsFor.forEach((key, others) -> others.stream()
                .flatMap(other ->
                        reason(other, before, readiness).map(reason -> new Result.Waiting(other, reason)).stream())
                .findFirst()
                .ifPresent(waiting -> waits.put(key, waiting)));
        return waits;
    }

    private Optional<String> reason(ObjectKey key, Map<ObjectKey, Result> before, Readiness readiness) {
        return unwritten(before, key) ? Optional.of("it is not applied") : readiness.notWell(key);
    }

    private static boolean unwritten(Map<ObjectKey, Result> before, ObjectKey key) {
        return before.containsKey(key) && !(before.get(key) instanceof Result.Applied);
    }

    private Set<ObjectKey> of(ObjectKey key) {
        DesiredObject object = desired.objects().get(key);
        if (object == null) {
            return Set.of();
        }
        Set<ObjectKey> keys = new TreeSet<>(object.awaits());
        waves.headMap(object.wave(), false).values().forEach(keys::addAll);
        return keys;
    }

    private Collection<DesiredObject> objects(Set<ObjectKey> keys) {
        return keys.stream()
                .flatMap(key -> Stream.ofNullable(desired.objects().get(key)))
                .toList();
    }
}
