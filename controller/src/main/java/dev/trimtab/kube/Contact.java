package dev.trimtab.kube;

import dev.trimtab.kube.ClusterClient.ContactListener;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the server answers. Says once that it does not, and once that it does again, however many requests fail between. Listeners
 * hear it too, and also of a connection that broke and was made again at once: what answers then may be another server.
 */
final class Contact {

    private static final Logger LOG = LoggerFactory.getLogger(Contact.class);

    private final String cluster;
    private final Clock clock;
    private final List<ContactListener> listeners = new CopyOnWriteArrayList<>();
    private Optional<Instant> lostSince = Optional.empty();
    private boolean broken;

    Contact(String cluster, Clock clock) {
        this.cluster = cluster;
        this.clock = clock;
    }

    void tell(ContactListener listener) {
        listeners.add(listener);
    }

    /** A connection in use ended in disorder. */
    synchronized void broke() {
        broken = true;
    }

    synchronized void lost(String reason) {
        if (lostSince.isEmpty()) {
            lostSince = Optional.of(clock.instant());
            LOG.warn("cluster {} does not answer: {}; asking again with growing pauses", cluster, reason);
            listeners.forEach(listener -> listener.lost(reason));
        }
    }

    synchronized void answered() {
        lostSince.ifPresent(since -> LOG.info(
                "cluster {} answers again after {} s",
                cluster,
                Duration.between(since, clock.instant()).toSeconds()));
        if (lostSince.isPresent() || broken) {
            listeners.forEach(ContactListener::regained);
        }
        lostSince = Optional.empty();
        broken = false;
    }
}
