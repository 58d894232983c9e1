package dev.trimtab.sandbox.controllers;

import com.fasterxml.jackson.databind.JsonNode;

/** An object's place within its resource; the namespace is empty for cluster-scoped objects. */
record Key(String namespace, String name) implements Comparable<Key> {

    static Key of(JsonNode object) {
        JsonNode metadata = object.path("metadata");
        return new Key(
                metadata.path("namespace").asText(), metadata.path("name").asText());
    }

    @Override
    public int compareTo(Key other) {
        int byNamespace = namespace.compareTo(other.namespace);
        return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return namespace.isEmpty() ? name : namespace + "/" + name;
    }
}
