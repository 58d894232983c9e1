package dev.trimtab.kube;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Requests and streams to one server, over fabric8's HTTP layer (TLS, client certificates, tokens that are renewed), with our own
 * rule of what is sent again, see {@link Retry}.
 */
final class Transport implements AutoCloseable {

    /** What a stream needs beyond the timeout of its headers to read its body. */
    private static final Duration BODY_GRACE = Duration.ofSeconds(20);

    private final HttpClient http;
    private final String server;
    private final Duration timeout;
    private final Retry retry;
    private final Contact contact;
    private final Traffic traffic;
    private final RequestGate gate = new RequestGate(System::nanoTime, Retry.LONGEST_WAIT);

    Transport(HttpClient http, String server, Duration timeout, Retry retry, Contact contact, Traffic traffic) {
        this.http = http;
        this.server = server;
        this.timeout = timeout;
        this.retry = retry;
        this.contact = contact;
        this.traffic = traffic;
    }

    /**
     * The answer, of whatever code, after repeating what may be repeated. Waits for a place in the {@link RequestGate}; pauses
     * between attempts take none.
     *
     * @param what the attempt in words, for errors
     * @throws ApiException of class UNREACHABLE when there is no answer, of class RETRY when the server wants to be left alone
     */
    Reply call(String what, Request request) {
        for (int attempt = 0; ; attempt++) {
            Optional<Duration> pause;
            try {
                Reply reply = gated(what, request);
                pause = retry.afterReply(attempt, request.repeatable(), reply);
                if (pause.isEmpty()) {
                    return reply;
                }
            } catch (IOException e) {
                pause = retry.afterFailure(attempt, request.repeatable(), e);
                if (pause.isEmpty()) {
                    throw unreachable(what, e);
                }
            }
            sleep(what, pause.get());
        }
    }

    private Reply gated(String what, Request request) throws IOException {
        long began;
        try {
            began = gate.enter(what);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable(what, new java.io.InterruptedIOException("interrupted"));
        }
        Optional<Reply> reply = Optional.empty();
        try {
            reply = Optional.of(await(send(request)));
            return reply.get();
        } finally {
            reply.ifPresentOrElse(answer -> gate.leave(began, answer), gate::leave);
        }
    }

    /** One attempt, not held up by the gate. Fails with an IOException when there is no answer. */
    CompletableFuture<Reply> send(Request request) {
        return observed(request.verb(), () -> http.sendAsync(build(request), byte[].class))
                .thenApply(Transport::reply);
    }

    /** A body without an end; the caller asks for its parts by {@link AsyncBody#consume()}. */
    CompletableFuture<HttpResponse<AsyncBody>> stream(Request request, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
        HttpRequest streaming = http.newHttpRequestBuilder()
                .uri(server + request.path())
                .header("Accept", request.accept())
                .forStreaming()
                .build();
        return observed("watch", () -> http.consumeBytes(streaming, consumer));
    }

    Contact contact() {
        return contact;
    }

    String server() {
        return server;
    }

    @Override
    public void close() {
        http.close();
    }

    private HttpRequest build(Request request) {
        HttpRequest.Builder builder = http.newHttpRequestBuilder()
                .uri(server + request.path())
                .header("Accept", request.accept())
                .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
        request.content()
                .ifPresent(content -> builder.method(
                        request.method(), content.type(), content.body().toString()));
        return builder.build();
    }

    private <T> CompletableFuture<HttpResponse<T>> observed(
            String verb, Supplier<CompletableFuture<HttpResponse<T>>> attempt) {
        long began = System.nanoTime();
        CompletableFuture<HttpResponse<T>> future;
        try {
            future = attempt.get();
        } catch (RuntimeException e) {
            // A closed client, or a token file that cannot be read.
            future = CompletableFuture.failedFuture(new IOException(e.getMessage(), e));
        }
        var unused = future.whenComplete((answer, error) -> {
            if (!http.isClosed()) {
                traffic.attempted(verb, error == null ? answer.code() : 0, Duration.ofNanos(System.nanoTime() - began));
            }
            if (error == null) {
                contact.answered();
            } else if (!http.isClosed() && !(error instanceof CancellationException)) {
                contact.lost(NoAnswer.reason(error));
            }
        });
        // Not the dependent future: to cancel that one would leave the request itself open.
        return future;
    }

    private Reply await(CompletableFuture<Reply> future) throws IOException {
        try {
            return future.get(timeout.plus(BODY_GRACE).toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw NoAnswer.cause(e);
        } catch (TimeoutException e) {
            future.cancel(true);
            throw new IOException("the answer stopped midway", e);
        } catch (InterruptedException e) {
            future.cancel(true);
            Thread.currentThread().interrupt();
            throw new java.io.InterruptedIOException("interrupted");
        }
    }

    private void sleep(String what, Duration pause) {
        try {
            TimeUnit.NANOSECONDS.sleep(pause.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable(what, new java.io.InterruptedIOException("interrupted"));
        }
    }

    private ApiException unreachable(String what, IOException cause) {
        ApiException exception = new ApiException(
                0,
                ErrorClass.UNREACHABLE,
                what + ": " + server + " does not answer: " + NoAnswer.reason(cause),
                List.of(),
                Optional.empty());
        exception.initCause(cause);
        return exception;
    }

    private static Reply reply(HttpResponse<byte[]> response) {
        byte @Nullable [] body = response.body();
        return Reply.of(
                response.code(),
                body == null ? "" : new String(body, StandardCharsets.UTF_8),
                WarningHeader.texts(response.headers("Warning")),
                Optional.ofNullable(response.header("Retry-After")));
    }
}
