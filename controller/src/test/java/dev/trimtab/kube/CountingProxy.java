package dev.trimtab.kube;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/**
 * Stands in front of an API server and writes down every request that goes over the wire. It speaks plain HTTP to clients, and
 * to the server whatever the server's kubeconfig says.
 */
public final class CountingProxy implements AutoCloseable {

    private static final Set<String> OWN =
            Set.of("host", "connection", "content-length", "transfer-encoding", "upgrade");

    /** @param code 0 while the answer is not there yet, or where there is none; negative where nobody heard it */
    public record Request(String method, String path, String query, int code) {

        public boolean watches() {
            return query.contains("watch=true") || query.contains("watch=1");
        }

        public boolean dryRun() {
            return query.contains("dryRun=All");
        }

        /** Whether it may change something that is stored. */
        public boolean writes() {
            return !method.equals("GET") && !dryRun();
        }

        @Override
        public String toString() {
            return method + " " + path + (dryRun() ? " (dry run)" : watches() ? " (watch)" : "") + " " + code;
        }
    }

    private final Config target;
    private final HttpClient client;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "counting-proxy");
        thread.setDaemon(true);
        return thread;
    });
    private final List<Request> requests = new ArrayList<>();
    private volatile OptionalInt watchSeconds = OptionalInt.empty();
    private volatile Function<Request, Optional<Mishap>> mishaps = request -> Optional.empty();

    /** What can come between a client and a server. */
    public enum Mishap {
        CONFLICT(409, "Conflict"),
        TOO_MANY_REQUESTS(429, "TooManyRequests"),
        INTERNAL_ERROR(500, "InternalError"),
        /** The connection breaks before the server hears of the request. */
        CUT_BEFORE(0, ""),
        /** The server does what it is asked, and nobody hears of it. */
        CUT_AFTER(0, "");

        private final int code;
        private final String reason;

        Mishap(int code, String reason) {
            this.code = code;
            this.reason = reason;
        }
    }

    /** Lets watches that are opened from now on end in order after so many seconds, which servers else let live for minutes. */
    public void endWatchesAfter(int seconds) {
        watchSeconds = OptionalInt.of(seconds);
    }

    /** Decides for each request what befalls it, from now on. */
    public void mishaps(Function<Request, Optional<Mishap>> decide) {
        mishaps = decide;
    }

    public CountingProxy(Path kubeconfig) {
        try {
            target = Config.fromKubeconfig(Files.readString(kubeconfig));
            HttpClient.Builder builder =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(10));
            if (target.getMasterUrl().startsWith("https")) {
                builder.sslContext(SSLUtils.sslContext(target));
            }
            client = builder.build();
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(threads);
            server.createContext("/", this::relay);
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** For clients: the server behind, with its user, as the proxy knows it. */
    public String kubeconfig() {
        return """
                apiVersion: v1
                kind: Config
                current-context: counted
                clusters:
                - {name: counted, cluster: {server: "http://127.0.0.1:%d"}}
                contexts:
                - {name: counted, context: {cluster: counted, user: counted}}
                users:
                - {name: counted, user: {}}
                """.formatted(server.getAddress().getPort());
    }

    /** All requests since {@link #forget}, in the order in which they came. */
    public List<Request> requests() {
        synchronized (requests) {
            return List.copyOf(requests);
        }
    }

    public void forget() {
        synchronized (requests) {
            requests.clear();
        }
    }

    private void relay(HttpExchange exchange) throws IOException {
        URI uri = exchange.getRequestURI();
        String query = Optional.ofNullable(uri.getRawQuery()).orElse("");
        Request request = new Request(exchange.getRequestMethod(), uri.getRawPath(), query, 0);
        int number = note(request);
        try (exchange) {
            Optional<Mishap> mishap = mishaps.apply(request);
            if (mishap.isPresent() && mishap.get() != Mishap.CUT_AFTER) {
                befall(exchange, mishap.get());
                return;
            }
            HttpResponse<InputStream> answer = client.send(upstream(exchange), BodyHandlers.ofInputStream());
            int code = mishap.isPresent() ? -answer.statusCode() : answer.statusCode();
            note(number, new Request(request.method(), request.path(), query, code));
            if (mishap.isPresent()) {
                answer.body().readAllBytes();
                return;
            }
            Headers headers = exchange.getResponseHeaders();
            answer.headers().map().forEach((name, values) -> {
                if (!OWN.contains(name.toLowerCase(Locale.ROOT))) {
                    headers.put(name, new ArrayList<>(values));
                }
            });
            exchange.sendResponseHeaders(answer.statusCode(), 0);
            try (InputStream in = answer.body();
                    OutputStream out = exchange.getResponseBody()) {
                byte[] buffer = new byte[16_384];
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    out.write(buffer, 0, n);
                    out.flush();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Closing the exchange without an answer closes the connection. */
    private static void befall(HttpExchange exchange, Mishap mishap) throws IOException {
        exchange.getRequestBody().readAllBytes();
        if (mishap.code == 0) {
            return;
        }
        byte[] status = """
                {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"%s, as a test wants it",\
                "reason":"%s","details":{},"code":%d}""".formatted(mishap.reason, mishap.reason, mishap.code).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        if (mishap == Mishap.TOO_MANY_REQUESTS) {
            exchange.getResponseHeaders().set("Retry-After", "1");
        }
        exchange.sendResponseHeaders(mishap.code, status.length);
        exchange.getResponseBody().write(status);
    }

    private HttpRequest upstream(HttpExchange exchange) throws IOException {
        String base = target.getMasterUrl().replaceAll("/$", "");
        byte[] body = exchange.getRequestBody().readAllBytes();
        String wanted = exchange.getRequestURI().toString();
        OptionalInt seconds = watchSeconds;
        if (seconds.isPresent()) {
            // Nothing but watches has one.
            wanted = wanted.replaceAll("timeoutSeconds=\\d+", "timeoutSeconds=" + seconds.getAsInt());
        }
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(base + wanted))
                .method(
                        exchange.getRequestMethod(),
                        body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (!OWN.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> builder.header(name, value));
            }
        });
        Optional.ofNullable(target.getAutoOAuthToken())
                .or(() -> Optional.ofNullable(target.getOauthToken()))
                .ifPresent(token -> builder.setHeader("Authorization", "Bearer " + token));
        return builder.build();
    }

    private int note(Request request) {
        synchronized (requests) {
            requests.add(request);
            return requests.size() - 1;
        }
    }

    private void note(int number, Request answered) {
        synchronized (requests) {
            // forgotten meanwhile, or not
            if (number < requests.size()
                    && requests.get(number).path().equals(answered.path())
                    && requests.get(number).code() == 0) {
                requests.set(number, answered);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
