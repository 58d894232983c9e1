package dev.trimtab.sandbox.api.kinds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.Json;
import java.time.Instant;

/** Namespaces: a label with their name, a finalizer in spec that the namespace controller takes away. */
final class NamespaceStrategy implements Strategy {

    @Override
    public void defaults(ObjectNode object) {
        Json.child(Json.metadata(object), "labels").put("kubernetes.io/metadata.name", Json.name(object));
    }

    @Override
    public void beforeCreate(ObjectNode object, Instant now) {
        Json.child(object, "spec").putArray("finalizers").add("kubernetes");
        object.putObject("status").put("phase", "Active");
    }

    @Override
    public void beforeUpdate(ObjectNode next, ObjectNode live) {
        Json.carry(live, next, "spec");
    }
}
