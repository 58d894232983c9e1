package dev.trimtab.drift;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ManagedFields;
import dev.trimtab.render.Digest;
import java.util.Optional;

/**
 * What of an object's metadata decides whether it may differ from what was applied, without reading the object.
 *
 * <p>In the digest: uid, generation (a change of the spec, for kinds that count it), the labels and annotations that we own, which
 * fields we own, the time at which a value of ours last changed (the only trace of a change by our own field manager's name on a kind
 * without generation), and whether a deletion has begun. Not in it: what changes with status, and what others own.
 */
record Fingerprint(String resourceVersion, Digest digest) {

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
        ObjectNode ours = JsonNodeFactory.instance.objectNode();
        ours.put("uid", metadata.path("uid").asText(""));
        ours.put("generation", metadata.path("generation").asLong(0));
        ours.put("deleting", metadata.has("deletionTimestamp"));
        Optional<ManagedFields.Entry> entry = ManagedFields.ownedBy(metadata, fieldManager);
        entry.ifPresent(owned -> {
            ours.put("time", owned.time().map(Object::toString).orElse(""));
            ours.set("fields", owned.fields());
            ours.set("labels", owned.metadataMap(metadata, "labels"));
            ours.set("annotations", owned.metadataMap(metadata, "annotations"));
        });
        return new Fingerprint(metadata.path("resourceVersion").asText(""), Digest.of(ours));
    }

    /** Reads {@code this}, which is as desired, against a new sight of the object. */
    Sight see(Fingerprint seen) {
        if (!seen.newerThan(this)) {
            return Sight.ECHO;
        }
        return seen.alike(this) ? Sight.UNCHANGED : Sight.CHANGED;
    }

    boolean alike(Fingerprint other) {
        return digest.equals(other.digest);
    }

    /**
     * Resource versions of one resource are decimal numbers that grow (Kubernetes API concepts, "Resource versions"); where they
     * are not, every other version counts as newer, which costs a look and hides nothing.
     */
    boolean newerThan(Fingerprint other) {
        String mine = resourceVersion;
        String theirs = other.resourceVersion;
        if (!isNumber(mine) || !isNumber(theirs)) {
            return !mine.equals(theirs);
        }
        return mine.length() != theirs.length() ? mine.length() > theirs.length() : mine.compareTo(theirs) > 0;
    }

    private static boolean isNumber(String version) {
        return !version.isEmpty() && version.charAt(0) != '0' && version.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
