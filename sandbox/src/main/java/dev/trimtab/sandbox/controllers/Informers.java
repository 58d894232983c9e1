package dev.trimtab.sandbox.controllers;

import dev.trimtab.sandbox.api.LocalApi;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One {@link Informer} a resource, shared by all controllers. */
final class Informers implements AutoCloseable {

    private final LocalApi api;
    private final Loop loop;
    private final Map<String, Informer> informers = new LinkedHashMap<>();

    Informers(LocalApi api, Loop loop) {
        this.api = api;
        this.loop = loop;
    }

    /** The informer of a resource, its cache filled. */
    Informer of(String resource) {
        Informer known = informers.get(resource);
        if (known != null) {
            return known;
        }
        Informer informer = new Informer(api, resource);
        informers.put(resource, informer);
        informer.start(loop);
        return informer;
    }

    /** What the server has now, in all caches. */
    void catchUp() {
        for (Informer informer : List.copyOf(informers.values())) {
            informer.catchUp();
        }
    }

    /** Ends the informer of a resource that is no longer served. */
    void forget(String resource) {
        Informer informer = informers.remove(resource);
        if (informer != null) {
            informer.close();
        }
    }

    @Override
    public void close() {
        List<Informer> open = new ArrayList<>(informers.values());
        for (Informer informer : open) {
            informer.close();
        }
    }
}
