package dev.trimtab.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.schema.Type;

/** A resource as it is seen through one of its versions. */
public record Endpoint(Resource resource, Resource.Version version) {

    /** The resource through the version it is stored in. */
    public static Endpoint ofStorage(Resource resource) {
        return new Endpoint(resource, resource.storageVersion());
    }

    public String apiVersion() {
        return resource.apiVersion(version);
    }

    public Type.Struct type() {
        return version.type();
    }

    public boolean has(String subresource) {
        return version.subresources().contains(subresource);
    }

    /** The object as this version shows it; a shallow copy where the stored one names another version. */
    public ObjectNode show(ObjectNode stored) {
        String apiVersion = apiVersion();
        if (stored.path("apiVersion").asText().equals(apiVersion)) {
            return stored;
        }
        ObjectNode shown = Json.object();
        shown.put("apiVersion", apiVersion);
        shown.set("kind", stored.path("kind"));
        stored.properties().forEach(field -> {
            if (!field.getKey().equals("apiVersion") && !field.getKey().equals("kind")) {
                shown.set(field.getKey(), field.getValue());
            }
        });
        return shown;
    }
}
