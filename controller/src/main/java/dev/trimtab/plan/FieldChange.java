package dev.trimtab.plan;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.kube.FieldPointer;
import java.util.Optional;

/**
 * One field that differs.
 *
 * @param path as people read it, list entries by name: {@code spec.template.spec.containers[web].image}
 * @param before empty when the field is added, and always when {@code masked}
 * @param after empty when the field is removed, and always when {@code masked}
 * @param masked the values belong to a Secret and are not told
 * @param liveManager who owns the live value, when that is somebody else
 * @param pointer by which an ignore rule names the field, or the smallest whole around it that can be named; empty where none can
 */
public record FieldChange(
        String path,
        Optional<JsonNode> before,
        Optional<JsonNode> after,
        boolean masked,
        Origin origin,
        Optional<String> liveManager,
        Optional<FieldPointer> pointer) {

    /** A field that no ignore rule can name. */
    public FieldChange(
            String path,
            Optional<JsonNode> before,
            Optional<JsonNode> after,
            boolean masked,
            Origin origin,
            Optional<String> liveManager) {
        this(path, before, after, masked, origin, liveManager, Optional.empty());
    }

    /** Where a difference comes from. */
    public enum Origin {
        /** Git changed. */
        GIT,
        /** The cluster was changed by somebody else; applying puts Git's value back. */
        DRIFT
    }
}
