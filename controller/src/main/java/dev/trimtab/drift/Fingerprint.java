package dev.trimtab.drift;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ManagedFields;
import dev.trimtab.kube.ResourceVersion;
import dev.trimtab.kube.Takeover;
import dev.trimtab.render.Digest;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What of an object's metadata decides whether it may differ from what was applied, without reading the object.
 *
 * @param generation counts changes of the spec, for kinds that have it; an annotation of a Deployment counts too
 * @param ours digest of uid, the labels and annotations that we own, which fields we own, the time at which a value of ours last changed (the only trace of a change by our own field manager's name
 *     on a kind without generation), whether a deletion has begun, who would keep a field of ours alive when Git drops it, and
 *     what others own of the contested fields. Not in it: what changes with status, and what else others own
 * @param annotations digest of all annotations
 * @param whole digest of all the metadata but the version
 * @param blind whether the next change of a field of ours may leave no trace in the metadata: the kind has no generation, and the
 *     last write that is known was ours, so that one more in the same second moves no time
 */
record Fingerprint(
        String resourceVersion, long generation, Digest ours, Digest annotations, Digest whole, boolean blind) {

    /** What a new sight of an object says about one that is known to be as desired. */
    enum Sight {
        /** Not newer than what is known: the echo of our own write, or an event that it overtook. */
        ECHO,
        /** Newer, but nothing that is ours moved. */
        UNCHANGED,
        /** The object has to be looked at. */
        CHANGED
    }

    static Fingerprint of(JsonNode metadata, String fieldManager) {
        return of(metadata, fieldManager, Set.of());
    }

    /**
     * @param contested fields that are desired although others own them, as people read them; they count as long as they are not
     *     ours
     */
    static Fingerprint of(JsonNode metadata, String fieldManager, Set<String> contested) {
        List<ManagedFields.Entry> entries = ManagedFields.entries(metadata);
        Optional<ManagedFields.Entry> mine = ManagedFields.ownedBy(metadata, fieldManager);
        List<ManagedFields.Entry> rivals = rivals(entries, mine, contested);

        ObjectNode ours = JsonNodeFactory.instance.objectNode();
        ours.put("uid", metadata.path("uid").asText(""));
        ours.put("deleting", metadata.has("deletionTimestamp"));
        mine.ifPresent(owned -> {
            ours.put("time", owned.time().map(Object::toString).orElse(""));
            ours.set("fields", owned.fields());
            ours.set("labels", owned.metadataMap(metadata, "labels"));
            ours.set("annotations", owned.metadataMap(metadata, "annotations"));
            ours.put("shared", String.join(",", new Takeover(fieldManager, Set.of()).sharers(metadata, false)));
        });
        ArrayNode theirs = ours.putArray("contested");
        for (ManagedFields.Entry rival : rivals) {
            theirs.addObject()
                    .put("manager", rival.manager())
                    .put("operation", rival.operation())
                    .put("time", rival.time().map(Object::toString).orElse(""))
                    .set("fields", rival.fields());
        }
        long generation = metadata.path("generation").asLong(0);
        return new Fingerprint(
                metadata.path("resourceVersion").asText(""),
                generation,
                Digest.of(ours),
                Digest.of(metadata.path("annotations")),
                whole(metadata),
                generation == 0 && lastWriteIsAmong(entries, mine, rivals));
    }

    private static List<ManagedFields.Entry> rivals(
            List<ManagedFields.Entry> entries, Optional<ManagedFields.Entry> mine, Set<String> contested) {
        List<String> lost = contested.stream()
                .filter(path -> mine.filter(entry -> entry.touches(path)).isEmpty())
                .toList();
        return entries.stream()
                .filter(entry -> !entry.subresource().equals("status")
                        && !Optional.of(entry).equals(mine)
                        && lost.stream().anyMatch(entry::touches))
                .toList();
    }

    private static Digest whole(JsonNode metadata) {
        ObjectNode whole = JsonNodeFactory.instance.objectNode();
        metadata.properties().forEach(field -> whole.set(field.getKey(), field.getValue()));
        whole.remove("resourceVersion");
        return Digest.of(whole);
    }

    private static boolean lastWriteIsAmong(
            List<ManagedFields.Entry> entries, Optional<ManagedFields.Entry> mine, List<ManagedFields.Entry> rivals) {
        Instant last = entries.stream()
                .flatMap(entry -> entry.time().stream())
                .max(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
        return mine.filter(entry -> wroteAt(entry, last)).isPresent()
                || rivals.stream().anyMatch(entry -> wroteAt(entry, last));
    }

    private static boolean wroteAt(ManagedFields.Entry entry, Instant last) {
        return entry.time().orElse(Instant.EPOCH).equals(last);
    }

    /** Reads {@code this}, which is as desired, against a new sight of the object. */
    Sight see(Fingerprint seen) {
        if (!seen.newerThan(this)) {
            return Sight.ECHO;
        }
        if (!seen.ours.equals(ours) || (seen.generation != generation && !isAnnotatedByOthers(seen))) {
            return Sight.CHANGED;
        }
        // Something was written, and nothing that the metadata tells moved: it may have been a value of ours.
        return blind && seen.whole.equals(whole) ? Sight.CHANGED : Sight.UNCHANGED;
    }

    /**
     * One write by somebody else, an annotation among what it changed: whoever changed a value of ours with it would own that now.
     * The controller of Deployments writes one after each change of a template.
     */
    private boolean isAnnotatedByOthers(Fingerprint seen) {
        return seen.generation == generation + 1 && !seen.annotations.equals(annotations);
    }

    boolean alike(Fingerprint other) {
        return ours.equals(other.ours) && generation == other.generation;
    }

    boolean newerThan(Fingerprint other) {
        return ResourceVersion.isNewer(resourceVersion, other.resourceVersion);
    }
}
