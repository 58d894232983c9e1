package dev.trimtab.sandbox.api;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which resources are served right now. Readers see a whole catalog or the next one, never half of a change. */
public final class Catalog {

    private volatile Map<String, Resource> resources;

    public Catalog(List<Resource> builtin) {
        Map<String, Resource> byName = new LinkedHashMap<>();
        builtin.forEach(resource -> byName.put(resource.name(), resource));
        resources = Collections.unmodifiableMap(byName);
    }

    public Collection<Resource> all() {
        return resources.values();
    }

    /** By the name that kubectl uses: {@code deployments.apps}. */
    public Optional<Resource> named(String name) {
        return Optional.ofNullable(resources.get(name));
    }

    /** What is served at {@code /apis/<group>/<version>/<plural>}. */
    public Optional<Endpoint> find(String group, String version, String plural) {
        return named(group.isEmpty() ? plural : plural + "." + group)
                .flatMap(resource -> resource.version(version).map(served -> new Endpoint(resource, served)));
    }

    /** Whether a path is below a group that has built-in resources: the server answers for those in its own words. */
    public boolean hasBuiltinGroup(String path) {
        return all().stream()
                .filter(resource -> !resource.is(Resource.Trait.CUSTOM))
                .map(resource -> resource.group().isEmpty() ? "/api/" : "/apis/" + resource.group() + "/")
                .anyMatch(path::startsWith);
    }

    /** Serves a custom resource, or serves it anew. */
    synchronized void add(Resource resource) {
        Map<String, Resource> next = new LinkedHashMap<>(resources);
        next.put(resource.name(), resource);
        resources = Collections.unmodifiableMap(next);
    }

    /** Stops serving a custom resource. */
    synchronized void remove(String name) {
        Map<String, Resource> next = new LinkedHashMap<>(resources);
        next.remove(name);
        resources = Collections.unmodifiableMap(next);
    }
}
