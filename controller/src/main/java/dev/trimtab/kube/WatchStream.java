package dev.trimtab.kube;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * One open watch: a response without an end, each line an event. Everything here runs on the loop. After {@link #abort}, and after
 * its end was told, a stream says nothing more.
 */
final class WatchStream {

    /** What comes of a stream: events, and then exactly one of the others. */
    interface Listener {
        /** An event as the server sent it: {@code type} and {@code object}. */
        void event(ObjectNode event);

        /** The server answered with another code than 200, and may have said when to come back. */
        void refused(int code, Optional<Long> retryAfterSeconds);

        /** There was no answer, or the line broke, or something came that is no event. */
        void broke(String why);

        /**
         * The server closed the stream in order, or it was silent for longer than it may be.
         *
         * @param useful it brought an event or was open for a while
         */
        void ended(boolean useful);
    }

    /** A watch that ends sooner than this and without an event was not really a watch. */
    private static final Duration A_WHILE = Duration.ofSeconds(2);

    private final Contact contact;
    private final WatchLoop loop;
    private final Listener listener;
    private final LineSplitter lines = new LineSplitter();
    private final long openedAt = System.nanoTime();
    private final CompletableFuture<HttpResponse<AsyncBody>> call;
    private final Future<?> deadline;
    private @Nullable AsyncBody body;
    private boolean heard;
    private boolean over;

    /** @param longest after which the line counts as dead, though nobody closed it */
    WatchStream(Transport transport, Request request, Duration longest, WatchLoop loop, Listener listener) {
        this.contact = transport.contact();
        this.loop = loop;
        this.listener = listener;
        this.deadline = loop.after(longest, () -> finish(() -> listener.ended(true)));
        this.call = transport.stream(request, (buffers, from) -> loop.run(() -> received(buffers, from)));
        loop.then(call, this::answered);
    }

    void abort() {
        over = true;
        deadline.cancel(false);
        call.cancel(true);
        if (body != null) {
            body.cancel();
        }
    }

    private void answered(@Nullable HttpResponse<AsyncBody> response, @Nullable Throwable error) {
        if (response == null) {
            finish(() -> listener.broke(error == null ? "no answer" : NoAnswer.reason(error)));
            return;
        }
        body = response.body();
        if (over) {
            abort();
        } else if (response.isSuccessful()) {
            loop.then(body.done(), this::closed);
            body.consume();
        } else {
            Optional<Long> retryAfter = Optional.ofNullable(response.header("Retry-After"))
                    .flatMap(header -> RetryAfter.seconds(header, Instant.now()));
            finish(() -> listener.refused(response.code(), retryAfter));
        }
    }

    private void closed(@Nullable Void nothing, @Nullable Throwable error) {
        if (error != null && !over) {
            contact.broke();
        }
        boolean lasted = System.nanoTime() - openedAt > A_WHILE.toNanos();
        if (error == null || heard || lasted) {
            finish(() -> listener.ended(heard || lasted));
        } else {
            finish(() -> listener.broke(NoAnswer.reason(error)));
        }
    }

    private void received(List<ByteBuffer> buffers, AsyncBody from) {
        for (ByteBuffer buffer : buffers) {
            for (String line : lines.feed(buffer)) {
                if (over) {
                    return;
                }
                heard = true;
                try {
                    listener.event(Trees.object(line));
                } catch (IOException | RuntimeException e) {
                    finish(() -> listener.broke("a watch event cannot be read"));
                }
            }
        }
        from.consume();
    }

    private void finish(Runnable tell) {
        if (!over) {
            abort();
            tell.run();
        }
    }
}
