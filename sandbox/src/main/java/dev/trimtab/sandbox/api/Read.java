package dev.trimtab.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.store.Listing;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** GET and LIST. */
public final class Read {

    private final Backend backend;
    private final Continuations continuations = new Continuations();

    Read(Backend backend) {
        this.backend = backend;
    }

    public ObjectNode get(Endpoint endpoint, String namespace, String name) {
        Resource resource = endpoint.resource();
        return endpoint.show(backend.require(resource, backend.key(resource, namespace, name)));
    }

    /**
     * What a list asks for.
     *
     * @param namespace empty for all
     * @param limit how many at most; 0 for all
     * @param token from the page before; empty for the first
     */
    public record Query(String namespace, Predicate<ObjectNode> selector, boolean selects, int limit, String token) {}

    /**
     * One page.
     *
     * @param version of the moment the first page was read
     * @param token for the next page, if there is one
     * @param remaining how many come after this page; unknown where a selector is used
     */
    public record Page(List<ObjectNode> objects, long version, Optional<String> token, Optional<Integer> remaining) {}

    public Page list(Endpoint endpoint, Query query) {
        if (!query.token().isEmpty()) {
            return continuations.next(query.token(), query.limit());
        }
        Listing listing = backend.of(endpoint.resource()).list(query.namespace());
        List<ObjectNode> objects = listing.objects();
        if (query.selects()) {
            objects = objects.stream().filter(query.selector()).toList();
        }
        if (query.limit() <= 0 || objects.size() <= query.limit()) {
            return new Page(objects, listing.version(), Optional.empty(), Optional.empty());
        }
        return continuations.first(objects, listing.version(), query.limit(), query.selects());
    }
}
