package dev.trimtab.render;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.definition.Position;
import dev.trimtab.kube.ObjectKey;
import java.util.Set;

/**
 * One object as it should be.
 *
 * @param json what is sent to the server; nobody changes it
 * @param origin where it was written
 * @param dependsOn objects of the same set that must be there first: its namespace, its CRD
 */
public record DesiredObject(
        ObjectKey key, String apiVersion, ObjectNode json, Position origin, Digest digest, Set<ObjectKey> dependsOn) {

    public DesiredObject {
        dependsOn = Set.copyOf(dependsOn);
    }
}
