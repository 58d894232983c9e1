package dev.trimtab.kube;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the server answers. Says once that it does not, and once that it does again, however many requests fail between. */
final class Contact {

    private static final Logger LOG = LoggerFactory.getLogger(Contact.class);

    private final String cluster;
    private final Clock clock;
    private Optional<Instant> lostSince = Optional.empty();

    Contact(String cluster, Clock clock) {
        this.cluster = cluster;
        this.clock = clock;
    }

    synchronized void lost(String reason) {
        if (lostSince.isEmpty()) {
            lostSince = Optional.of(clock.instant());
            LOG.warn("cluster {} does not answer: {}; asking again with growing pauses", cluster, reason);
        }
    }

    synchronized void answered() {
        lostSince.ifPresent(since -> LOG.info(
                "cluster {} answers again after {} s",
                cluster,
                Duration.between(since, clock.instant()).toSeconds()));
        lostSince = Optional.empty();
    }
}
