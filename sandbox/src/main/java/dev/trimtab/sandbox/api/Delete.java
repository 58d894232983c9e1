package dev.trimtab.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.store.Key;
import java.util.List;

/** DELETE of one object. */
public final class Delete {

    /**
     * What became of it.
     *
     * @param gone false while finalizers or a grace period keep it
     * @param object the last or the present state
     */
    public record Deleted(boolean gone, ObjectNode object) {}

    private final Backend backend;

    Delete(Backend backend) {
        this.backend = backend;
    }

    public Deleted delete(Endpoint endpoint, String namespace, String name, DeleteOptions options) {
        Resource resource = endpoint.resource();
        Key key = backend.key(resource, namespace, name);
        while (true) {
            ObjectNode live = backend.require(resource, key);
            checkPreconditions(resource, live, options);
            refuseProtected(resource, name);
            ObjectNode next = live.deepCopy();
            Deletions.propagate(resource, next, options);
            long grace = Deletions.graceSeconds(live, options);
            boolean stays = grace > 0 || Deletions.held(next);
            if (stays || Deletions.graceful(live)) {
                Deletions.mark(next, grace, backend.now());
            }
            if (options.dryRun() || (stays && Unchanged.is(next, live))) {
                return new Deleted(!stays, endpoint.show(next));
            }
            boolean done = stays
                    ? backend.of(resource).replace(key, live, next)
                    : backend.of(resource).remove(key, live, next);
            if (done) {
                if (!stays) {
                    backend.removed(resource, next);
                }
                return new Deleted(!stays, endpoint.show(next));
            }
        }
    }

    /** As {@link #delete}, but content with an object that has gone meanwhile. */
    public void deleteIfThere(Endpoint endpoint, String namespace, String name, DeleteOptions options) {
        try {
            delete(endpoint, namespace, name, options);
        } catch (StatusException e) {
            if (!e.reason().equals("NotFound")) {
                throw e;
            }
        }
    }

    private static void refuseProtected(Resource resource, String name) {
        if (resource.name().equals("namespaces")
                && (name.equals("default") || name.equals("kube-system") || name.equals("kube-public"))) {
            throw Failures.forbidden(resource, name, "this namespace may not be deleted", List.of());
        }
    }

    private static void checkPreconditions(Resource resource, ObjectNode live, DeleteOptions options) {
        JsonNode metadata = live.path("metadata");
        String uid = metadata.path("uid").asText();
        if (options.uid().isPresent() && !options.uid().get().equals(uid)) {
            throw Failures.preconditionFailed(
                    resource,
                    Json.name(live),
                    "the UID in the precondition (" + options.uid().get() + ") does not match the UID in record (" + uid
                            + "). The object might have been deleted and then recreated");
        }
        String version = metadata.path("resourceVersion").asText();
        if (options.resourceVersion().isPresent()
                && !options.resourceVersion().get().equals(version)) {
            throw Failures.preconditionFailed(
                    resource,
                    Json.name(live),
                    "the ResourceVersion in the precondition ("
                            + options.resourceVersion().get() + ") does not match the ResourceVersion in record ("
                            + version + "). The object might have been modified");
        }
    }
}
