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
 * @param dependsOn objects of the same set that must be there first: its namespace, its CRD, what its specification names
 * @param awaits those of {@code dependsOn} that must be healthy too, because the object asks for it
 * @param wave comes when all of lower waves are there and healthy; 0 where nothing is written
 */
public record DesiredObject(
        ObjectKey key,
        String apiVersion,
        ObjectNode json,
        Position origin,
        Digest digest,
        Set<ObjectKey> dependsOn,
        Set<ObjectKey> awaits,
        int wave) {

    public DesiredObject {
        dependsOn = Set.copyOf(dependsOn);
        awaits = Set.copyOf(awaits);
    }
}
