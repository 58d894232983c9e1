package dev.trimtab.sandbox.api.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.trimtab.sandbox.api.Cluster;
import dev.trimtab.sandbox.api.Endpoint;
import dev.trimtab.sandbox.api.Failures;
import dev.trimtab.sandbox.api.StatusException;
import dev.trimtab.sandbox.api.access.Access;
import dev.trimtab.sandbox.api.access.User;
import dev.trimtab.sandbox.faults.Faults;
import java.io.IOException;
import java.util.Optional;

/** Takes every request and finds who answers it. */
final class Front implements HttpHandler {

    private static final System.Logger LOG = System.getLogger(Front.class.getName());

    private final Cluster cluster;
    private final Documents documents;
    private final ResourceHandler resources;
    private final Strikes strikes;
    private final Guard guard;

    Front(Cluster cluster, Faults faults, Optional<Access> access) {
        this.cluster = cluster;
        this.guard = new Guard(access);
        this.strikes = new Strikes(faults);
        this.documents = new Documents(cluster);
        this.resources = new ResourceHandler(cluster, guard, new Questions(access.map(Access::rbac)));
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            try {
                answer(exchange);
            } catch (StatusException e) {
                Reply.failure(exchange, e);
            }
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try {
            String path = exchange.getRequestURI().getPath();
            Optional<ResourcePath> about = ResourcePath.parse(path);
            User user = guard.admit(exchange, about);
            if (documents.answer(path, exchange)) {
                return;
            }
            Optional<Endpoint> endpoint =
                    about.flatMap(it -> cluster.catalog().find(it.group(), it.version(), it.plural()));
            if (about.isEmpty() || endpoint.isEmpty()) {
                if (cluster.catalog().hasBuiltinGroup(path)) {
                    throw Failures.noSuchResource();
                }
                Reply.text(exchange, 404, "404 page not found\n");
                return;
            }
            strikes.serve(exchange, about.get(), () -> resources.answer(exchange, user, about.get(), endpoint.get()));
        } catch (StatusException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, exchange.getRequestMethod() + " " + exchange.getRequestURI(), e);
            throw Failures.internal(e.toString());
        }
    }
}
