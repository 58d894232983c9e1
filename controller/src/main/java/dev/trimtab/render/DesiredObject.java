package dev.trimtab.render;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.definition.Position;
import dev.trimtab.kube.IgnoredFields;
import dev.trimtab.kube.ObjectKey;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * One object as it should be.
 *
 * @param json as it is when it is made; nobody changes it
 * @param origin where it was written
 * @param digest of all that is asked for: what is ignored is not in it, which fields are ignored is
 * @param dependsOn objects of the same set that must be there first: its namespace, its CRD, what its specification names
 * @param awaits those of {@code dependsOn} that must be healthy too, because the object asks for it
 * @param wave comes when all of lower waves are there and healthy; 0 where nothing is written
 * @param ignored fields that are left to others once the object is there
 * @param scaler the object of the same set that sets the number of its replicas, which is ignored then
 */
public record DesiredObject(
        ObjectKey key,
        String apiVersion,
        ObjectNode json,
        Position origin,
        Digest digest,
        Set<ObjectKey> dependsOn,
        Set<ObjectKey> awaits,
        int wave,
        IgnoredFields ignored,
        Optional<ObjectKey> scaler) {

    public DesiredObject {
        dependsOn = Set.copyOf(dependsOn);
        awaits = Set.copyOf(awaits);
    }

    /** The same object, of which these fields are left to others. */
    DesiredObject ignoring(IgnoredFields fields) {
        return fields.equals(ignored)
                ? this
                : new DesiredObject(
                        key, apiVersion, json, origin, digest(json, fields), dependsOn, awaits, wave, fields, scaler);
    }

    /**
     * The same object whose pod template has one more annotation, about objects that have to be there first.
     *
     * @param about those objects
     */
    public DesiredObject withTemplateAnnotation(String name, String value, Set<ObjectKey> about) {
        ObjectNode changed = json.deepCopy();
        changed.withObjectProperty("spec")
                .withObjectProperty("template")
                .withObjectProperty("metadata")
                .withObjectProperty("annotations")
                .put(name, value);
        Set<ObjectKey> first = new HashSet<>(dependsOn);
        first.addAll(about);
        return new DesiredObject(
                key, apiVersion, changed, origin, digest(changed, ignored), first, awaits, wave, ignored, scaler);
    }

    static Digest digest(ObjectNode json, IgnoredFields ignored) {
        if (ignored.isEmpty()) {
            return Digest.of(json);
        }
        ObjectNode asked = JsonNodeFactory.instance.objectNode();
        ArrayNode paths = asked.putArray("ignored");
        ignored.paths().forEach(path -> paths.add(path.toString()));
        return Digest.of(asked.set("object", ignored.without(json)));
    }
}
