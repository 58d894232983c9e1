package dev.trimtab.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * Hears from forges that something was pushed. A hook is a hint and nothing more: of its body only the name of the repository counts,
 * and what is new is asked of the repository itself. One that is sent again by a stranger therefore costs a poll, and polls that come
 * fast are made one.
 *
 * <p>{@code POST} on any path is answered with 202 when the sender knows a secret, whatever comes of it; 401 when not, 413 when
 * the body is larger than {@value #LARGEST_BODY} bytes, 400 when it cannot be read.
 */
public final class PushHooks implements AutoCloseable {

    private static final int LARGEST_BODY = 5 * 1024 * 1024;
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final int THREADS = 4;
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpServer server;
    private static final String ACCEPTED = "accepted";

    private final ExecutorService threads;
    private final List<byte[]> secrets;
    private final Clock clock;
    private final BiConsumer<String, String> heard;
    private final List<Listener> listeners = new ArrayList<>();

    private record Listener(RepositoryName repository, Coalescing poll) {}

    private record Answer(int status, String text) {

        /** In one word. */
        String result() {
            return switch (status) {
                case 202 -> text.equals(ACCEPTED) ? ACCEPTED : "ignored";
                case 401 -> "bad_signature";
                default -> "bad_request";
            };
        }
    }

    /**
     * Starts to listen.
     *
     * @param secrets each of which is good; more than one while they are exchanged
     * @param polls what to call when something is pushed to a repository, by address; addresses on this machine have no forge
     * @param heard told of each request by which forge it was sent, and {@code accepted}, {@code ignored}, {@code bad_signature} or
     *     {@code bad_request}
     * @throws IOException when the address is taken
     */
    public PushHooks(
            InetSocketAddress address,
            List<String> secrets,
            List<Map.Entry<String, Runnable>> polls,
            Clock clock,
            BiConsumer<String, String> heard)
            throws IOException {
        this.secrets = secrets.stream()
                .map(secret -> secret.getBytes(StandardCharsets.UTF_8))
                .toList();
        this.clock = clock;
        this.heard = heard;
        this.threads = Executors.newFixedThreadPool(THREADS, PushHooks::daemon);
        Executor later = CompletableFuture.delayedExecutor(PAUSE.toMillis(), TimeUnit.MILLISECONDS, threads);
        polls.forEach(poll -> RepositoryName.of(poll.getKey())
                .ifPresent(name -> listeners.add(new Listener(name, new Coalescing(poll.getValue(), later)))));
        // Without, an answer waits for the acknowledgement of its head, and a client that sends nothing holds a thread
        // for good.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        System.setProperty("sun.net.httpserver.maxReqTime", "30");
        System.setProperty("sun.net.httpserver.maxRspTime", "30");
        this.server = HttpServer.create(address, 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "push-hooks");
        thread.setDaemon(true);
        return thread;
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    private void handle(HttpExchange exchange) throws IOException {
        Answer answer = answer(exchange);
        heard.accept(forge(exchange), answer.result());
        byte[] text = (answer.text() + "\n").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        if (answer.status() == 413) {
            // What of the body was not read must not be read to the end by keeping the connection.
            exchange.getResponseHeaders().set("Connection", "close");
        }
        exchange.sendResponseHeaders(answer.status(), text.length);
        exchange.getResponseBody().write(text);
        exchange.close();
    }

    private static String forge(HttpExchange exchange) {
        return Forge.of(hook(exchange, new byte[0]))
                .map(forge -> forge.name().toLowerCase(Locale.ROOT))
                .orElse("unknown");
    }

    private static Hook hook(HttpExchange exchange, byte[] body) {
        return new Hook(
                name -> Optional.ofNullable(exchange.getRequestHeaders().getFirst(name))
                        .orElse(""),
                body);
    }

    private Answer answer(HttpExchange exchange) throws IOException {
        if (!exchange.getRequestMethod().equals("POST")) {
            return new Answer(405, "hooks are sent with POST");
        }
        Answer tooLarge = new Answer(413, "the body is larger than " + LARGEST_BODY + " bytes");
        String length = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Content-Length"))
                .orElse("0");
        if (length.length() > 9 || Long.parseLong(length) > LARGEST_BODY) {
            return tooLarge;
        }
        byte[] body = exchange.getRequestBody().readNBytes(LARGEST_BODY + 1);
        if (body.length > LARGEST_BODY) {
            return tooLarge;
        }
        Hook hook = hook(exchange, body);
        Optional<Forge> forge = Forge.of(hook);
        if (forge.isEmpty()) {
            return new Answer(400, "no forge that is known sends such headers");
        }
        if (secrets.stream().noneMatch(secret -> forge.get().proves(hook, secret, clock.instant()))) {
            return new Answer(401, "the signature is not made with the secret that is configured here");
        }
        return forge.get().isPush(hook) ? pushed(body) : new Answer(202, "ignored: nothing was pushed");
    }

    private Answer pushed(byte[] body) {
        JsonNode json;
        try {
            json = JSON.readTree(new String(body, StandardCharsets.UTF_8));
        } catch (JsonProcessingException broken) {
            return new Answer(400, "the body is not JSON");
        }
        List<RepositoryName> names = addresses(json)
                .flatMap(address -> RepositoryName.of(address).stream())
                .toList();
        List<Listener> heard = listeners.stream()
                .filter(listener -> names.contains(listener.repository()))
                .toList();
        heard.forEach(listener -> listener.poll().request());
        return heard.isEmpty() ? new Answer(202, "ignored: no sync reads this repository") : new Answer(202, ACCEPTED);
    }

    /** All under which the sender knows the repository. */
    private static Stream<String> addresses(JsonNode json) {
        return Stream.of("repository", "project")
                .map(json::path)
                .flatMap(repository -> Stream.of(
                                "clone_url",
                                "ssh_url",
                                "git_url",
                                "html_url",
                                "git_http_url",
                                "git_ssh_url",
                                "http_url",
                                "url")
                        .map(field -> repository.path(field).asText("")))
                .filter(address -> !address.isEmpty());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
