package dev.trimtab.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.store.ResourceStore;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** The verbs for those who live in the same JVM. */
final class InProcess implements LocalApi {

    private final Backend backend;
    private final Verbs verbs;

    InProcess(Backend backend, Verbs verbs) {
        this.backend = backend;
        this.verbs = verbs;
    }

    @Override
    public Clock clock() {
        return backend.clock();
    }

    @Override
    public List<Served> resources() {
        return backend.catalog().all().stream()
                .filter(resource -> !resource.is(Resource.Trait.CREATE_ONLY))
                .map(resource -> new Served(resource.name(), resource.group(), resource.kind(), resource.namespaced()))
                .toList();
    }

    @Override
    public Optional<ObjectNode> get(String resource, String namespace, String name) {
        Resource served = backend.endpoint(resource).resource();
        return backend.of(served).get(backend.key(served, namespace, name));
    }

    @Override
    public List<ObjectNode> list(String resource, String namespace) {
        return backend.of(backend.endpoint(resource).resource()).list(namespace).objects();
    }

    @Override
    public ObjectNode create(String resource, ObjectNode object, String fieldManager) {
        return verbs.create()
                .create(
                        backend.endpoint(resource),
                        Json.namespace(object),
                        object.deepCopy(),
                        WriteOptions.by(fieldManager));
    }

    @Override
    public ObjectNode update(String resource, String subresource, ObjectNode object, String fieldManager) {
        WriteOptions options = WriteOptions.by(fieldManager);
        Endpoint endpoint = backend.endpoint(resource);
        String namespace = Json.namespace(object);
        String name = Json.name(object);
        return switch (subresource) {
            case "binding" -> verbs.pods().bind(endpoint, namespace, name, object, options);
            case "scale" -> verbs.scale().update(endpoint, namespace, name, object.deepCopy(), options);
            default -> verbs.modify().update(endpoint, subresource, namespace, name, object.deepCopy(), options);
        };
    }

    @Override
    public ObjectNode mergePatch(
            String resource, String namespace, String name, String subresource, JsonNode patch, String fieldManager) {
        return verbs.patch()
                .patch(
                        backend.endpoint(resource),
                        subresource,
                        namespace,
                        name,
                        Patch.Kind.MERGE,
                        patch,
                        WriteOptions.by(fieldManager));
    }

    @Override
    public void delete(
            String resource,
            String namespace,
            String name,
            String uid,
            long gracePeriodSeconds,
            Propagation propagation) {
        verbs.delete()
                .delete(
                        backend.endpoint(resource),
                        namespace,
                        name,
                        new DeleteOptions(
                                uid.isEmpty() ? Optional.empty() : Optional.of(uid),
                                Optional.empty(),
                                gracePeriodSeconds < 0 ? OptionalLong.empty() : OptionalLong.of(gracePeriodSeconds),
                                Optional.of(propagation),
                                false));
    }

    @Override
    public AutoCloseable watch(String resource, Consumer<Event> onEvent) {
        ResourceStore objects = backend.of(backend.endpoint(resource).resource());
        // taken here, not on the thread: a caller that lists after this call misses no deletion in between
        Following following = new Following(objects, onEvent);
        following.list();
        Thread thread = new Thread(following, "watch-" + resource);
        thread.setDaemon(true);
        thread.start();
        return thread::interrupt;
    }
}
