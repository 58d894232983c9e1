package dev.trimtab.plan;

import dev.trimtab.kube.ObjectKey;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which sync of this process holds which object of one cluster. The label of a live object says the same to all processes, but an
 * object that nobody has made yet has none, and a sync that only plans never makes it. Who comes first keeps the object until its
 * repository no longer holds it. Safe for use by many threads.
 */
public final class Claims {

    private final Map<ObjectKey, String> holders = new HashMap<>();

    /**
     * Claims these objects and gives up all others.
     *
     * @return those that another sync holds, with its name
     */
    public synchronized Map<ObjectKey, String> claim(String syncName, Set<ObjectKey> keys) {
        holders.entrySet().removeIf(entry -> entry.getValue().equals(syncName) && !keys.contains(entry.getKey()));
        Map<ObjectKey, String> taken = new TreeMap<>();
        for (ObjectKey key : keys) {
            String holder = holders.putIfAbsent(key, syncName);
            if (holder != null && !holder.equals(syncName)) {
                taken.put(key, holder);
            }
        }
        return taken;
    }

    /** The cluster says that the object is not this sync's: whose it is may claim it. */
    synchronized void giveUp(String syncName, ObjectKey key) {
        holders.remove(key, syncName);
    }
}
