package dev.trimtab.apply;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ApiException;
import dev.trimtab.kube.Baseline;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.ApplyOptions;
import dev.trimtab.kube.ErrorClass;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.kube.Ownership;
import dev.trimtab.kube.ResourceType;
import dev.trimtab.render.Desired;
import dev.trimtab.render.Digest;
import dev.trimtab.source.Revision;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What one sync has put into the cluster, kept in the cluster: ConfigMaps {@code trimtab-inventory-<sync>-<n>} in namespace
 * {@value #NAMESPACE}. Keys hold no API version, so a bump of it is not a delete and a create. It grows before the first write
 * of a plan and shrinks after the last, so that whatever a killed process left behind is in it.
 *
 * <p>Nothing is written when nothing changes. Every write is locked by the version that was read: a second writer fails with
 * {@link ErrorClass#CONFLICT} instead of undoing the first one's entries.
 */
public final class Inventory {

    /** Where inventories live. */
    public static final String NAMESPACE = "trimtab-system";

    private final ClusterClient cluster;
    private final String syncName;
    private final List<InventoryShard> shards = new ArrayList<>();
    private final List<Optional<String>> versions = new ArrayList<>();
    /** Of objects as they were when their recorded digest was applied or confirmed; newer than what the shards hold, or the same. */
    private final Map<ObjectKey, Baseline> baselines = new HashMap<>();

    /**
     * What an object was when it was last as desired.
     *
     * @param desired digest of the desired object
     */
    public record Recorded(Digest desired, Baseline baseline) {}

    private Inventory(ClusterClient cluster, String syncName) {
        this.cluster = cluster;
        this.syncName = syncName;
    }

    /**
     * Reads what an earlier process left; empty on the first sync.
     *
     * @throws InventoryException when it is there and cannot be read
     * @throws ApiException when the server does not answer or refuses
     */
    public static Inventory load(ClusterClient cluster, String syncName) {
        Inventory inventory = new Inventory(cluster, syncName);
        List<ObjectNode> found = cluster.list(
                inventory.type("ConfigMap"), Optional.of(NAMESPACE), InventoryShard.LABEL + "=" + syncName);
        Map<Integer, ObjectNode> byNumber = new TreeMap<>();
        found.forEach(configMap -> byNumber.put(InventoryShard.read(configMap).number(), configMap));
        byNumber.forEach((number, configMap) -> {
            inventory.growTo(number);
            InventoryShard shard = InventoryShard.read(configMap);
            inventory.shards.set(number, shard);
            inventory.baselines.putAll(shard.baselines());
            inventory.versions.set(
                    number,
                    Optional.of(
                            configMap.path("metadata").path("resourceVersion").asText()));
        });
        return inventory;
    }

    /** Everything that may be in the cluster on behalf of this sync. */
    public synchronized Set<ObjectKey> keys() {
        Set<ObjectKey> keys = new HashSet<>();
        shards.forEach(shard -> keys.addAll(shard.entries().keySet()));
        return keys;
    }

    /** Those of {@link #keys} that Git last said to leave in the cluster when they go from it. */
    public synchronized Set<ObjectKey> kept() {
        Set<ObjectKey> kept = new HashSet<>();
        shards.forEach(shard -> kept.addAll(shard.kept()));
        return kept;
    }

    /** Digest of the desired object that was applied last, for keys where that is known. */
    public synchronized Map<ObjectKey, Digest> digests() {
        Map<ObjectKey, Digest> digests = new TreeMap<>();
        shards.forEach(shard -> shard.entries().forEach((key, digest) -> digest.ifPresent(d -> digests.put(key, d))));
        return digests;
    }

    /** What is known of the objects that were once as desired: enough to tell from metadata whether they still are. */
    public synchronized Map<ObjectKey, Recorded> recorded() {
        Map<ObjectKey, Recorded> recorded = new HashMap<>();
        digests()
                .forEach((key, digest) -> Optional.ofNullable(baselines.get(key))
                        .ifPresent(baseline -> recorded.put(key, new Recorded(digest, baseline))));
        return recorded;
    }

    /** The last revision that was applied as a whole. */
    public synchronized Optional<Revision> lastApplied() {
        return shards.isEmpty() ? Optional.empty() : shards.get(0).revision();
    }

    /** Remembers a revision as applied; writes nothing when it is remembered already. */
    public synchronized void recordApplied(Revision revision) {
        write(entries(), kept(), Optional.of(revision));
    }

    /**
     * Before the first write of a plan. What it says of an object that is about to be changed stays: it is believed only where the
     * object is still as it was then.
     *
     * @param desired everything in it may be in the cluster afterwards
     */
    synchronized void intend(Desired desired) {
        NavigableMap<ObjectKey, Optional<Digest>> entries = entries();
        Set<ObjectKey> kept = new HashSet<>(kept());
        desired.objects().forEach((key, object) -> {
            entries.putIfAbsent(key, Optional.empty());
            boolean keep = Ownership.keptWhenGone(object.json().path("metadata"));
            var unused = keep ? kept.add(key) : kept.remove(key);
        });
        write(entries, kept, lastApplied());
    }

    /**
     * After the last write of a plan.
     *
     * @param applied digests of the objects that are now as desired
     * @param seen how those objects were then, where it is known
     * @param gone confirmed deletes, and objects that are no longer ours
     * @param revision given when the whole of it is applied
     */
    synchronized void settle(
            Map<ObjectKey, Digest> applied,
            Map<ObjectKey, Baseline> seen,
            Collection<ObjectKey> gone,
            Optional<Revision> revision) {
        baselines.putAll(seen);
        gone.forEach(baselines::remove);
        NavigableMap<ObjectKey, Optional<Digest>> entries = entries();
        applied.forEach((key, digest) -> entries.put(key, Optional.of(digest)));
        gone.forEach(entries::remove);
        write(entries, kept(), revision.or(this::lastApplied));
    }

    private NavigableMap<ObjectKey, Optional<Digest>> entries() {
        NavigableMap<ObjectKey, Optional<Digest>> entries = new TreeMap<>();
        shards.forEach(shard -> entries.putAll(shard.entries()));
        return entries;
    }

    private void write(
            NavigableMap<ObjectKey, Optional<Digest>> entries, Set<ObjectKey> kept, Optional<Revision> revision) {
        List<InventoryShard> next = distribute(entries, kept, revision);
        // Shards that only grow or change are written before those that shrink: an entry is never in none of them.
        List<InventoryShard> changed = next.stream()
                .filter(shard -> shard.differs(current(shard.number())))
                .sorted(Comparator.comparingInt(shard -> -shard.entries().size()))
                .toList();
        for (InventoryShard shard : changed) {
            growTo(shard.number());
            versions.set(shard.number(), Optional.of(send(shard)));
            shards.set(shard.number(), shard);
        }
    }

    /** Entries stay in their shard, so that one changed object writes one shard. */
    private List<InventoryShard> distribute(
            NavigableMap<ObjectKey, Optional<Digest>> entries, Set<ObjectKey> kept, Optional<Revision> revision) {
        NavigableMap<ObjectKey, Optional<Digest>> left = new TreeMap<>(entries);
        List<NavigableMap<ObjectKey, Optional<Digest>>> parts = new ArrayList<>();
        for (InventoryShard shard : shards) {
            NavigableMap<ObjectKey, Optional<Digest>> part = new TreeMap<>();
            shard.entries().keySet().forEach(key -> {
                Optional<Digest> digest = left.remove(key);
                if (digest != null) {
                    part.put(key, digest);
                }
            });
            parts.add(part);
        }
        int at = 0;
        for (Map.Entry<ObjectKey, Optional<Digest>> entry : left.entrySet()) {
            while (at < parts.size() && parts.get(at).size() >= InventoryShard.CAPACITY) {
                at++;
            }
            if (at == parts.size()) {
                parts.add(new TreeMap<>());
            }
            parts.get(at).put(entry.getKey(), entry.getValue());
        }
        if (parts.isEmpty() && revision.isPresent()) {
            parts.add(new TreeMap<>());
        }
        List<InventoryShard> next = new ArrayList<>();
        for (int number = 0; number < parts.size(); number++) {
            SortedSet<ObjectKey> keptHere = new TreeSet<>(parts.get(number).keySet());
            keptHere.retainAll(kept);
            SortedMap<ObjectKey, Baseline> here = new TreeMap<>();
            parts.get(number).forEach((key, digest) -> {
                Baseline baseline = baselines.get(key);
                if (digest.isPresent() && baseline != null) {
                    here.put(key, baseline);
                }
            });
            next.add(new InventoryShard(
                    number, parts.get(number), here, keptHere, number == 0 ? revision : Optional.empty()));
        }
        return next;
    }

    private String send(InventoryShard shard) {
        ObjectNode configMap = shard.write(NAMESPACE, syncName);
        versions.get(shard.number())
                .ifPresent(version -> configMap.withObjectProperty("metadata").put("resourceVersion", version));
        if (shard.number() == 0 && versions.get(0).isEmpty()) {
            requireNamespace();
        }
        ApplyOptions options = new ApplyOptions(Ownership.fieldManager(syncName), true, false);
        return cluster.apply(type("ConfigMap"), configMap, options)
                .object()
                .path("metadata")
                .path("resourceVersion")
                .asText();
    }

    private void requireNamespace() {
        if (cluster.get(type("Namespace"), Optional.empty(), NAMESPACE).isEmpty()) {
            createNamespace(cluster, Ownership.fieldManager(syncName));
        }
    }

    /** Makes the namespace of inventories where it is not there yet. */
    public static void createNamespace(ClusterClient cluster, String fieldManager) {
        ObjectNode namespace = JsonNodeFactory.instance.objectNode();
        namespace.put("apiVersion", "v1").put("kind", "Namespace");
        namespace.putObject("metadata").put("name", NAMESPACE);
        try {
            cluster.create(type(cluster, "Namespace"), namespace, fieldManager);
        } catch (ApiException e) {
            if (e.errorClass() != ErrorClass.ALREADY_EXISTS) {
                throw e;
            }
        }
    }

    private InventoryShard current(int number) {
        return number < shards.size() ? shards.get(number) : InventoryShard.empty(number);
    }

    private void growTo(int number) {
        while (shards.size() <= number) {
            shards.add(InventoryShard.empty(shards.size()));
            versions.add(Optional.empty());
        }
    }

    private ResourceType type(String kind) {
        return type(cluster, kind);
    }

    private static ResourceType type(ClusterClient cluster, String kind) {
        return cluster.resource("v1", kind)
                .orElseThrow(() -> new ApiException(
                        0,
                        ErrorClass.KIND_MISSING,
                        "the cluster serves no " + kind + " of v1",
                        List.of(),
                        Optional.empty()));
    }
}
