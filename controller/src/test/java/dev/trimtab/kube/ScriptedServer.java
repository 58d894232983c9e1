package dev.trimtab.kube;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An HTTP server that says what a test tells it to say, and remembers what it was asked. */
final class ScriptedServer implements AutoCloseable {

    /** What was asked; {@code path} with its query. */
    record Asked(String method, String path, Map<String, List<String>> headers, String body) {

        Optional<String> header(String name) {
            return headers.entrySet().stream()
                    .filter(header -> header.getKey().equalsIgnoreCase(name))
                    .map(header -> header.getValue().get(0))
                    .findFirst();
        }
    }

    /** How one request is answered. */
    interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Asked> asked = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, Deque<Answer>> answers = new ConcurrentHashMap<>();

    ScriptedServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /** The next answer to requests of {@code method} whose path begins with {@code path}; the last one stays. */
    ScriptedServer on(String method, String path, Answer answer) {
        answers.computeIfAbsent(method + " " + path, key -> new ArrayDeque<>()).add(answer);
        return this;
    }

    ScriptedServer on(String method, String path, int code, String body) {
        return on(method, path, answer(code, body));
    }

    static Answer answer(int code, String body, String... headers) {
        return exchange -> {
            boolean json = body.startsWith("{");
            exchange.getResponseHeaders().set("Content-Type", json ? "application/json" : "text/plain");
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
            }
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(code, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        };
    }

    /** A chunked body of these parts, each sent by itself; then the stream is closed. */
    static Answer stream(byte[]... parts) {
        return exchange -> {
            exchange.sendResponseHeaders(200, 0);
            OutputStream body = exchange.getResponseBody();
            for (byte[] part : parts) {
                body.write(part);
                body.flush();
            }
        };
    }

    static Answer stream(String... lines) {
        byte[][] parts = new byte[lines.length][];
        for (int i = 0; i < lines.length; i++) {
            parts[i] = (lines[i] + "\n").getBytes(StandardCharsets.UTF_8);
        }
        return stream(parts);
    }

    List<Asked> asked() {
        synchronized (asked) {
            return List.copyOf(asked);
        }
    }

    List<Asked> asked(String method, String pathPart) {
        return asked().stream()
                .filter(request ->
                        request.method().equals(method) && request.path().contains(pathPart))
                .toList();
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    ClusterClient client(Path directory, int retries) {
        return client(directory, address(), retries);
    }

    static ClusterClient client(Path directory, String address, int retries) {
        Path file = directory.resolve("kubeconfig");
        try {
            Files.writeString(file, """
                    apiVersion: v1
                    kind: Config
                    current-context: test
                    contexts: [{name: test, context: {cluster: test, user: test}}]
                    clusters: [{name: test, cluster: {server: "%s"}}]
                    users: [{name: test, user: {token: let-me-in}}]
                    """.formatted(address));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Clusters.connect(
                new ClusterSettings(Optional.of(file), Optional.empty(), Duration.ofSeconds(5), retries));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().toString();
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            asked.add(new Asked(exchange.getRequestMethod(), path, Map.copyOf(exchange.getRequestHeaders()), body));
            next(exchange.getRequestMethod(), path).to(exchange);
        }
    }

    private Answer next(String method, String path) {
        Optional<String> key = answers.keySet().stream()
                .filter(candidate -> (method + " " + path).startsWith(candidate))
                .max((a, b) -> Integer.compare(a.length(), b.length()));
        if (key.isEmpty()) {
            return answer(404, "404 page not found");
        }
        Deque<Answer> queue = answers.getOrDefault(key.get(), new ArrayDeque<>());
        synchronized (queue) {
            return queue.size() > 1 ? queue.removeFirst() : queue.getFirst();
        }
    }
}
