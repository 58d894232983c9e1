package dev.trimtab.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Answers {@code GET} on a port of its own: {@code /metrics} to Prometheus; {@code /healthz} whether each sync still works, and
 * {@code /readyz} whether each has begun to, to a kubelet. Those two answer 503 with the names of syncs of which it is not so.
 */
public final class MetricsServer implements AutoCloseable {

    private static final int THREADS = 2;
    private static final Answer UNKNOWN = Answer.plain(404, "there are /metrics, /healthz and /readyz");

    private final HttpServer server;
    private final ExecutorService threads;

    private record Answer(int status, String type, String text) {

        static Answer plain(int status, String text) {
            return new Answer(status, "text/plain; charset=utf-8", text + "\n");
        }
    }

    /**
     * Starts to listen.
     *
     * @param dead names of syncs that do not work any more
     * @throws IOException when the address is taken
     */
    public MetricsServer(InetSocketAddress address, Metrics metrics, Supplier<Set<String>> dead) throws IOException {
        this.threads = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "metrics");
            thread.setDaemon(true);
            return thread;
        });
        this.server = HttpServer.create(address, 0);
        server.setExecutor(threads);
        serve("/metrics", () -> new Answer(200, "text/plain; version=0.0.4; charset=utf-8", metrics.scrape()));
        serve("/healthz", () -> unless(dead.get(), "syncs have stopped"));
        serve("/readyz", () -> unless(metrics.silentSyncs(), "syncs have not begun"));
        server.createContext("/", exchange -> send(exchange, UNKNOWN));
        server.start();
    }

    private static Answer unless(Set<String> syncs, String what) {
        return syncs.isEmpty() ? Answer.plain(200, "ok") : Answer.plain(503, what + ": " + String.join(", ", syncs));
    }

    private void serve(String path, Supplier<Answer> answer) {
        server.createContext(path, exchange -> {
            if (!exchange.getRequestURI().getPath().equals(path)) {
                send(exchange, UNKNOWN);
            } else if (exchange.getRequestMethod().matches("GET|HEAD")) {
                send(exchange, answer.get());
            } else {
                send(exchange, Answer.plain(405, "this is read with GET"));
            }
        });
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        byte[] body = answer.text().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", answer.type());
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(answer.status(), -1);
        } else {
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
