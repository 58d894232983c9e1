package dev.trimtab.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ClusterClient.Event;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an {@link ObjectCache} as the server has it: lists, watches from the list's version, goes on from the last event or
 * bookmark when the stream ends, and lists anew when the server no longer knows that version (410). It never gives up; pauses grow
 * while nothing gets better.
 *
 * <p>Written here rather than taken from fabric8's informers, which bind each watch event to a typed model (empty maps and lists are
 * gone then, so list and watch disagree about one object) and decode each network buffer by itself (characters that lie across two
 * buffers are lost).
 *
 * <p>All steps run on the loop; only the public methods are called from other threads.
 */
final class Reflector implements ClusterClient.Informer, WatchStream.Listener {

    private static final Logger LOG = LoggerFactory.getLogger(Reflector.class);

    /** The server is asked to end a watch after a time between this and one and a half of it. */
    private static final long WATCH_SECONDS = 300;

    private static final Duration GRACE = Duration.ofSeconds(30);

    /** Some servers close without a 410 when they do not know the version; a few such closes count as one. */
    private static final int EMPTY_CLOSES_BEFORE_LIST = 3;

    private final WatchedSet set;
    private final Transport transport;
    private final WatchLoop loop;
    private final Backoff backoff;
    private final RandomGenerator random;
    private final Consumer<Event> onEvent;
    private final Consumer<Reflector> onClose;
    private final ObjectCache cache;

    private final CompletableFuture<Void> firstList = new CompletableFuture<>();
    private volatile @Nullable Instant heard;
    private volatile boolean synced;
    private volatile boolean closed;
    private String resourceVersion = "";
    private int emptyCloses;
    private boolean refusalTold;
    private Optional<WatchStream> stream = Optional.empty();

    Reflector(
            WatchedSet set,
            Transport transport,
            WatchLoop loop,
            Backoff backoff,
            RandomGenerator random,
            Consumer<Event> onEvent,
            Consumer<Reflector> onClose) {
        this.set = set;
        this.cache = new ObjectCache(set.keep());
        this.transport = transport;
        this.loop = loop;
        this.backoff = backoff;
        this.random = random;
        this.onEvent = onEvent;
        this.onClose = onClose;
    }

    void start() {
        loop.run(() -> page(set.pages()));
    }

    @Override
    public boolean synced() {
        return synced;
    }

    @Override
    public CompletableFuture<Void> firstList() {
        return firstList.copy();
    }

    @Override
    public Optional<Instant> heard() {
        return Optional.ofNullable(heard);
    }

    @Override
    public Optional<ObjectNode> get(Optional<String> namespace, String name) {
        return cache.get(namespace, name);
    }

    @Override
    public List<ObjectNode> list() {
        return cache.list();
    }

    @Override
    public void close() {
        closed = true;
        onClose.accept(this);
        loop.run(this::end);
    }

    /** On the loop: gives the connection back. */
    void end() {
        closed = true;
        stream.ifPresent(WatchStream::abort);
        stream = Optional.empty();
    }

    private void page(Pages pages) {
        if (!closed) {
            loop.then(transport.send(pages.next(set.listAccept())), (reply, error) -> paged(pages, reply, error));
        }
    }

    private void paged(Pages pages, @Nullable Reply reply, @Nullable Throwable error) {
        if (reply == null) {
            pause(error == null ? "no answer" : NoAnswer.reason(error), true);
            return;
        }
        if (!reply.ok()) {
            ApiException refusal = ApiErrors.of("list " + set, Optional.of(set.type()), reply);
            if (refusal.errorClass() == ErrorClass.GONE && pages.restart()) {
                page(pages);
            } else {
                tellRefusal(String.valueOf(refusal.getMessage()));
                pause("list refused", true, refusal.retryAfterSeconds());
            }
            return;
        }
        try {
            pages.add(Trees.object(reply.text()));
        } catch (IOException e) {
            pause("the list is not JSON", true);
            return;
        }
        if (pages.complete()) {
            listed(pages);
        } else {
            page(pages);
        }
    }

    private void listed(Pages pages) {
        resourceVersion = pages.resourceVersion();
        List<Event> events = cache.replace(pages.items(set.shape()));
        synced = true;
        heard = Instant.now();
        events.forEach(this::tell);
        firstList.complete(null);
        watch();
    }

    private void watch() {
        if (!closed) {
            long seconds = WATCH_SECONDS + random.nextLong(WATCH_SECONDS / 2);
            Duration longest = Duration.ofSeconds(seconds).plus(GRACE);
            stream = Optional.of(new WatchStream(transport, set.watch(resourceVersion, seconds), longest, loop, this));
        }
    }

    @Override
    public void event(ObjectNode event) {
        JsonNode object = event.path("object");
        switch (event.path("type").asText("")) {
            case "ADDED", "MODIFIED" -> cache.put(set.shape().apply(object)).ifPresent(this::tell);
            case "DELETED" -> cache.remove(set.shape().apply(object)).ifPresent(this::tell);
            case "BOOKMARK" -> {}
            default -> {
                stream.ifPresent(WatchStream::abort);
                int code = object.path("code").asInt();
                pause(
                        "the watch ended with " + code + " "
                                + object.path("reason").asText(""),
                        code == 410,
                        RetryAfter.ofStatus(object));
                return;
            }
        }
        String version = object.path("metadata").path("resourceVersion").asText("");
        if (!version.isEmpty()) {
            resourceVersion = version;
        }
        progress();
    }

    @Override
    public void refused(int code, Optional<Long> retryAfterSeconds) {
        if (code != 410) {
            tellRefusal("HTTP " + code);
        }
        // After a 404 the CRD may be another one when it comes back.
        pause("watch refused with " + code, code == 410 || code == 404, retryAfterSeconds);
    }

    @Override
    public void broke(String why) {
        pause(why, false);
    }

    @Override
    public void ended(boolean useful) {
        if (useful) {
            progress();
            watch();
        } else {
            emptyCloses++;
            pause("the server closed the watch at once", emptyCloses % EMPTY_CLOSES_BEFORE_LIST == 0);
        }
    }

    private void progress() {
        heard = Instant.now();
        backoff.reset();
        emptyCloses = 0;
        if (refusalTold) {
            refusalTold = false;
            LOG.info("watch of {} goes on", set);
        }
    }

    /** The server said no, and may go on saying so until a person acts: said once. */
    private void tellRefusal(String why) {
        if (!refusalTold && !closed) {
            refusalTold = true;
            LOG.warn("watch of {} is refused and will be asked for again: {}", set, why);
        }
    }

    private void pause(String why, boolean listAgain) {
        pause(why, listAgain, Optional.empty());
    }

    /** @param atLeastSeconds what the server asked for; nobody comes back earlier */
    private void pause(String why, boolean listAgain, Optional<Long> atLeastSeconds) {
        stream = Optional.empty();
        Duration own = backoff.next();
        Duration asked = Duration.ofSeconds(atLeastSeconds.orElse(0L));
        Duration pause = asked.compareTo(own) > 0 ? asked.plus(own) : own;
        LOG.debug("watch of {}: {}; {} in {} ms", set, why, listAgain ? "list" : "watch", pause.toMillis());
        var unused = loop.after(pause, listAgain ? () -> page(set.pages()) : this::watch);
    }

    private void tell(Event event) {
        if (closed) {
            return;
        }
        try {
            onEvent.accept(event);
        } catch (RuntimeException e) {
            // The listener's fault must not stop the cache.
            LOG.error("a listener of {} failed", set, e);
        }
    }
}
