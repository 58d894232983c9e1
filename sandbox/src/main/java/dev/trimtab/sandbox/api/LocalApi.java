package dev.trimtab.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The API server's verbs without HTTP. Stand-in controllers use them, so that they meet the same admission, validation,
 * optimistic locks and watch events as any client.
 *
 * <p>Resources are named as kubectl names them: {@code pods}, {@code deployments.apps}. Trees that are handed out are shared:
 * copy before changing. Every verb throws {@link StatusException} with the Status a client would get.
 */
public interface LocalApi {

    /** What a watch says. */
    record Event(String type, ObjectNode object) {}

    /**
     * A resource that is served now: built in, or from an established custom resource definition.
     *
     * @param name as the verbs below take it, for instance {@code deployments.apps}
     */
    record Served(String name, String group, String kind, boolean namespaced) {}

    /** What becomes of the objects whose owner is deleted. */
    enum Propagation {
        BACKGROUND,
        FOREGROUND,
        ORPHAN
    }

    /** All time in the sandbox comes from here. */
    Clock clock();

    /** Everything that can be listed and watched; one entry a resource whatever the number of its versions. */
    List<Served> resources();

    Optional<ObjectNode> get(String resource, String namespace, String name);

    /** All objects of a resource; an empty namespace means all namespaces. */
    List<ObjectNode> list(String resource, String namespace);

    ObjectNode create(String resource, ObjectNode object, String fieldManager);

    /**
     * PUT; {@code subresource} is empty or for instance {@code status}. A resourceVersion in {@code object} is a lock.
     * {@code pods} with {@code binding} takes a Binding, {@code namespaces} with {@code finalize} a Namespace.
     */
    ObjectNode update(String resource, String subresource, ObjectNode object, String fieldManager);

    /** JSON merge patch. */
    ObjectNode mergePatch(
            String resource, String namespace, String name, String subresource, JsonNode patch, String fieldManager);

    /**
     * Deletes as a client would.
     *
     * @param uid precondition; empty for none
     * @param gracePeriodSeconds 0 removes a pod at once; negative takes the object's own grace period
     */
    void delete(
            String resource,
            String namespace,
            String name,
            String uid,
            long gracePeriodSeconds,
            Propagation propagation);

    /**
     * Current objects as ADDED, then every change in order. {@code onEvent} is called on a thread of the API server and must
     * only enqueue.
     */
    AutoCloseable watch(String resource, Consumer<Event> onEvent);
}
