package dev.trimtab.kube;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** All informers of one cluster. One thread moves them all: each is plain sequential code, and a hundred of them cost one thread. */
final class Watches implements AutoCloseable {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final Transport transport;
    private final RandomGenerator random = new SecureRandom();
    private final WatchLoop loop;
    private final Set<Reflector> open = ConcurrentHashMap.newKeySet();

    Watches(String cluster, Transport transport) {
        this.transport = transport;
        this.loop = new WatchLoop(cluster);
    }

    ClusterClient.Informer open(WatchedSet set, Consumer<ClusterClient.Event> onEvent) {
        Reflector reflector = new Reflector(
                set, transport, loop, new Backoff(FIRST_PAUSE, LONGEST_PAUSE, random), random, onEvent, open::remove);
        open.add(reflector);
        reflector.start();
        return reflector;
    }

    int count() {
        return open.size();
    }

    @Override
    public void close() {
        loop.end(() -> open.forEach(Reflector::end));
    }
}
