package dev.trimtab.sandbox.api.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import dev.trimtab.sandbox.api.Json;
import dev.trimtab.sandbox.api.StatusException;
import dev.trimtab.sandbox.faults.ApiRequest;
import dev.trimtab.sandbox.faults.Fault;
import dev.trimtab.sandbox.faults.Faults;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/** Lets faults befall requests on resources. */
final class Strikes {

    private static final int EXPIRED = 410;

    private final Faults faults;

    Strikes(Faults faults) {
        this.faults = faults;
    }

    interface Service {
        void answer() throws IOException;
    }

    /** Carries the request out unless a fault befalls it. */
    void serve(HttpExchange exchange, ResourcePath path, Service service) throws IOException {
        boolean watch = watches(exchange, path);
        if (!watch && !faults.armed()) {
            service.answer();
            return;
        }
        ApiRequest request = ApiRequest.of(
                exchange.getRequestMethod(), watch, path.plural(), path.subresource(), path.namespace(), path.name());
        Optional<Fault> fault = faults.strike(request);
        if (fault.isPresent()) {
            strike(exchange, fault.get(), request, service);
        } else {
            carryOut(request, service);
        }
    }

    private static boolean watches(HttpExchange exchange, ResourcePath path) {
        String query = exchange.getRequestURI().getRawQuery();
        return path.name().isEmpty()
                && exchange.getRequestMethod().equals("GET")
                && query != null
                && Query.parse(query).flag("watch");
    }

    private void carryOut(ApiRequest request, Service service) throws IOException {
        if (request.verb().equals("watch")) {
            Faults.OpenWatch open = faults.opened(request.resource());
            try {
                service.answer();
            } finally {
                open.over();
            }
        } else {
            service.answer();
        }
    }

    private void strike(HttpExchange exchange, Fault fault, ApiRequest request, Service service) throws IOException {
        if (fault instanceof Fault.Answer answer) {
            fail(exchange, request, answer.failure().get());
        } else if (fault instanceof Fault.Delay delay) {
            try {
                Thread.sleep(delay.duration().toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            carryOut(request, service);
        } else if (fault instanceof Fault.Cut cut) {
            if (cut.carriedOut()) {
                exchange.getResponseBody(); // the JDK's server makes its own stream first, or fails
                exchange.setStreams(null, new Severed());
                carryOut(request, service);
            } else {
                throw new IOException("cut on demand");
            }
        }
    }

    /** A watch is told within the stream that its version is too old, as the watch cache of the real server does. */
    private static void fail(HttpExchange exchange, ApiRequest request, StatusException failure) throws IOException {
        if (!request.verb().equals("watch") || failure.code() != EXPIRED) {
            throw failure;
        }
        ObjectNode event = Json.object();
        event.put("type", "ERROR");
        event.set("object", failure.status());
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(Json.bytes(event));
            out.write('\n');
        }
    }

    /** Of an answer, nothing gets through. */
    private static final class Severed extends OutputStream {

        @Override
        public void write(int b) throws IOException {
            throw new IOException("cut on demand");
        }

        @Override
        public void flush() throws IOException {
            throw new IOException("cut on demand");
        }

        @Override
        public void close() throws IOException {
            throw new IOException("cut on demand");
        }
    }
}
