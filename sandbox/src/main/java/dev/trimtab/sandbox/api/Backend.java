package dev.trimtab.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.kinds.Strategy;
import dev.trimtab.sandbox.store.Key;
import dev.trimtab.sandbox.store.ObjectStore;
import dev.trimtab.sandbox.store.ResourceStore;
import java.time.Clock;
import java.time.Instant;
import java.util.function.Function;

/** What all verbs share. */
record Backend(ObjectStore store, Catalog catalog, Clock clock, Function<Resource, Strategy> strategies) {

    ResourceStore of(Resource resource) {
        return store.of(resource.name());
    }

    Strategy strategy(Resource resource) {
        return strategies.apply(resource);
    }

    Instant now() {
        return clock.instant();
    }

    Key key(Resource resource, String namespace, String name) {
        return new Key(resource.namespaced() ? namespace : "", name);
    }

    /** The stored object, or 404. */
    ObjectNode require(Resource resource, Key key) {
        return of(resource).get(key).orElseThrow(() -> Failures.notFound(resource, key.name()));
    }

    /** The object in the version it is stored in; {@code object} itself where that is its version. */
    ObjectNode toStorage(Resource resource, ObjectNode object) {
        if (resource.versions().size() > 1) {
            object.put("apiVersion", resource.apiVersion(resource.storageVersion()));
        }
        return object;
    }

    /** What follows from a write that is done: a definition of custom resources is served. */
    void written(Resource resource, ObjectNode object) {
        if (resource.name().equals(CustomResources.DEFINITIONS)) {
            Resource custom = CustomResources.of(object);
            if (catalog.named(custom.name()).isEmpty()) {
                of(custom).forget();
            }
            catalog.add(custom);
        }
    }

    /** What follows from a removal that is done: custom resources go with their definition. */
    void removed(Resource resource, ObjectNode object) {
        if (resource.name().equals(CustomResources.DEFINITIONS)) {
            Resource custom = CustomResources.of(object);
            catalog.remove(custom.name());
            ResourceStore objects = of(custom);
            for (ObjectNode each : objects.list("").objects()) {
                objects.remove(new Key(Json.namespace(each), Json.name(each)), each, each.deepCopy());
            }
        }
    }

    /** Where a resource is served through its stored version; for verbs that come without a version. */
    Endpoint endpoint(String resource) {
        return catalog.named(resource)
                .map(Endpoint::ofStorage)
                .orElseThrow(() -> Failures.badRequest("no resource is named " + resource));
    }
}
