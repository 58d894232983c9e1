package dev.trimtab.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.store.GoneException;
import dev.trimtab.sandbox.store.Listing;
import dev.trimtab.sandbox.store.ResourceStore;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/** GET and LIST. */
public final class Read {

    private final Backend backend;

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
     * @param moment the version to show; the present if empty
     */
    public record Query(
            String namespace,
            Predicate<ObjectNode> selector,
            boolean selects,
            int limit,
            String token,
            OptionalLong moment) {}

    /**
     * One page.
     *
     * @param version of the moment that the page shows
     * @param token for the next page, if there is one
     * @param remaining how many come after this page; unknown where a selector is used
     */
    public record Page(List<ObjectNode> objects, long version, Optional<String> token, Optional<Integer> remaining) {}

    /** @throws StatusException 410 for a moment that is no longer known */
    public Page list(Endpoint endpoint, Query query) {
        ResourceStore store = backend.of(endpoint.resource());
        if (!query.token().isEmpty()) {
            ContinueToken token = ContinueToken.decode(query.token());
            return page(query, goOn(store, query.namespace(), token), token::precedes);
        }
        if (query.moment().isPresent()) {
            return page(query, at(store, query), any -> true);
        }
        return page(query, store.list(query.namespace()), any -> true);
    }

    private static Listing at(ResourceStore store, Query query) {
        try {
            return store.list(query.namespace(), query.moment().orElseThrow());
        } catch (GoneException e) {
            throw Failures.expired("The resourceVersion for the provided list is too old.");
        }
    }

    private static Listing goOn(ResourceStore store, String namespace, ContinueToken token) {
        if (token.version() == ContinueToken.ANY) {
            return store.list(namespace);
        }
        try {
            return store.list(namespace, token.version());
        } catch (GoneException e) {
            throw token.expired();
        }
    }

    private static Page page(Query query, Listing listing, Predicate<ObjectNode> left) {
        List<ObjectNode> objects = listing.objects();
        if (query.selects() || !query.token().isEmpty()) {
            objects = objects.stream().filter(left.and(query.selector())).toList();
        }
        int size = objects.size();
        if (query.limit() <= 0 || size <= query.limit()) {
            return new Page(objects, listing.version(), Optional.empty(), Optional.empty());
        }
        List<ObjectNode> shown = objects.subList(0, query.limit());
        return new Page(
                shown,
                listing.version(),
                Optional.of(ContinueToken.after(listing.version(), shown.get(shown.size() - 1))
                        .encode()),
                query.selects() ? Optional.empty() : Optional.of(size - shown.size()));
    }
}
