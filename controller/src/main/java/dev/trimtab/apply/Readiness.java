package dev.trimtab.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.health.Health;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.kube.Ownership;
import dev.trimtab.kube.ResourceType;
import dev.trimtab.render.DesiredObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Whether what later objects wait for is well, at one moment. Few objects of a kind are read one by one, many by one list; kinds that
 * are well as soon as they are there are not read at all, Secrets among them.
 */
final class Readiness {

    /** Up to here a GET each is less than a list of all. */
    private static final int ONE_BY_ONE = 3;

    private final Map<ObjectKey, String> notWell = new HashMap<>();

    /** Reads them. */
    private Readiness(ClusterClient cluster, String syncName, Collection<DesiredObject> awaited) {
        Map<String, List<DesiredObject>> kinds = awaited.stream()
                .filter(object -> !Health.isJustThere(object.key()))
                .collect(Collectors.groupingBy(
                        object -> object.apiVersion() + " " + object.key().kind()));
        kinds.values().forEach(objects -> read(cluster, syncName, objects));
    }

    static Readiness of(ClusterClient cluster, String syncName, Collection<DesiredObject> awaited) {
        return new Readiness(cluster, syncName, awaited);
    }

    /** Why the object is not well; empty when it is. */
    Optional<String> notWell(ObjectKey key) {
        return Optional.ofNullable(notWell.get(key));
    }

    private void read(ClusterClient cluster, String syncName, List<DesiredObject> objects) {
        DesiredObject any = objects.get(0);
        Optional<ResourceType> type =
                cluster.resource(any.apiVersion(), any.key().kind());
        Function<ObjectKey, Optional<ObjectNode>> live;
        if (type.isEmpty()) {
            live = key -> Optional.empty();
        } else if (objects.size() <= ONE_BY_ONE) {
            live = key -> cluster.get(type.get(), key.namespace(), key.name());
        } else {
            Map<ObjectKey, ObjectNode> listed =
                    cluster.list(type.get(), Optional.empty(), Ownership.selector(syncName)).stream()
                            .collect(Collectors.toMap(ObjectKey::of, object -> object, (one, other) -> one));
            live = key -> Optional.ofNullable(listed.get(key));
        }
        for (DesiredObject object : new ArrayList<>(objects)) {
            Optional<Health> health = live.apply(object.key()).map(Health::of);
            if (health.isEmpty()) {
                notWell.put(object.key(), "it is not there");
            } else if (!health.get().settled()) {
                notWell.put(object.key(), health.get().reason());
            }
        }
    }
}
