package dev.trimtab.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.kinds.Strategies;
import dev.trimtab.sandbox.store.ObjectStore;
import dev.trimtab.sandbox.store.ResourceStore;
import java.time.Clock;
import java.util.List;

/** An API server without a way in: what is stored, what is served, and the verbs. */
public final class Cluster implements AutoCloseable {

    private final ObjectStore store;
    private final Backend backend;
    private final Verbs verbs;

    /**
     * @param history how many changes per resource a watch can fall behind
     */
    public Cluster(Clock clock, int history) {
        this.store = new ObjectStore(history);
        this.backend = new Backend(store, new Catalog(BuiltinResources.read()), clock, new Strategies()::of);
        this.verbs = Verbs.over(backend);
    }

    /** Makes what every cluster has from the start. */
    public void bootstrap() {
        for (String name : List.of("default", "kube-system", "kube-public", "kube-node-lease")) {
            ObjectNode namespace = Json.object();
            Json.metadata(namespace).put("name", name);
            local().create("namespaces", namespace, "kube-apiserver");
        }
    }

    public LocalApi local() {
        return new InProcess(backend, verbs);
    }

    public Verbs verbs() {
        return verbs;
    }

    public Catalog catalog() {
        return backend.catalog();
    }

    public Clock clock() {
        return backend.clock();
    }

    /** The version of the latest write. */
    public long version() {
        return store.version();
    }

    /** For watches. */
    public ResourceStore objects(Resource resource) {
        return backend.of(resource);
    }

    /** Nothing that was before the latest write can be listed or watched from any more. */
    public void forgetHistory() {
        store.forget();
    }

    /** Ends all watches. */
    @Override
    public void close() {
        store.close();
    }
}
