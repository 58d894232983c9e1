package dev.trimtab.report;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.drift.Drift;
import dev.trimtab.kube.ApiException;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.ContactListener;
import dev.trimtab.kube.EventRecorder;
import dev.trimtab.kube.EventSubject;
import dev.trimtab.kube.ResourceType;
import dev.trimtab.sync.ClusterSync;
import dev.trimtab.sync.SyncEvent;
import dev.trimtab.sync.SyncStatus;
import dev.trimtab.sync.SyncStatus.Condition;
import dev.trimtab.sync.SyncStatus.Truth;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what one sync tells into its cluster, on a thread of its own: the sync waits for nothing here, and nothing that fails here
 * concerns it. At rest it asks and writes nothing.
 */
final class SyncReporter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SyncReporter.class);

    /** Kept while the cluster does not answer; the oldest are dropped first. */
    private static final int NOTICES = 200;

    private final ClusterSync spec;
    private final String repository;
    private final Supplier<List<Drift>> drifts;
    private final ClusterClient cluster;
    private final Clock clock;
    private final String version;
    private final StatusObject object;
    private final EventRecorder recorder;
    private final Notices words;
    private final Pacing pacing = new Pacing();
    private final Deque<Notice> notices = new ArrayDeque<>();
    private final Thread thread;
    private Optional<SyncStatus> status = Optional.empty();
    private Optional<LastApply> lastApply = Optional.empty();
    private Optional<String> handled = Optional.empty();
    /** What the cluster has; empty where it has to be asked. */
    private Optional<ObjectNode> written = Optional.empty();

    private Optional<EventSubject> subject = Optional.empty();
    private boolean away;
    private boolean closed;

    SyncReporter(
            ClusterSync spec,
            String repository,
            Supplier<List<Drift>> drifts,
            ClusterClient cluster,
            Clock clock,
            String version) {
        this.spec = spec;
        this.repository = repository;
        this.drifts = drifts;
        this.cluster = cluster;
        this.clock = clock;
        this.version = version;
        this.object = new StatusObject(cluster, spec.name());
        this.recorder = new EventRecorder(cluster, clock, "trimtab");
        this.words = new Notices(spec.name());
        this.thread = new Thread(this::run, "report-" + spec.name());
        this.thread.setDaemon(true);
        cluster.onContact(new ContactListener() {
            @Override
            public void lost(String reason) {
                contact(true);
            }

            @Override
            public void regained() {
                contact(false);
            }
        });
        this.thread.start();
    }

    private synchronized void contact(boolean lost) {
        away = lost;
        if (lost) {
            pacing.lost();
        } else {
            pacing.regained();
        }
        notifyAll();
    }

    synchronized void on(SyncEvent event) {
        if (event instanceof SyncEvent.StatusChanged changed) {
            status = Optional.of(changed.status());
        } else if (event instanceof SyncEvent.Applied applied) {
            lastApply = Optional.of(LastApply.of(applied, clock.instant()));
        } else if (event instanceof SyncEvent.LookedAsAsked looked) {
            handled = Optional.of(looked.asked());
        } else if (event instanceof SyncEvent.ClusterReplaced) {
            // What the other cluster was told is not known here.
            written = Optional.empty();
            subject = Optional.empty();
            lastApply = Optional.empty();
            handled = Optional.empty();
        }
        status.ifPresent(known -> pacing.changed(clock.instant(), !underWay(known)));
        for (Notice notice : words.of(event)) {
            if (notices.size() == NOTICES) {
                notices.removeFirst();
            }
            notices.addLast(notice);
        }
        notifyAll();
    }

    /** Also between a plan with nothing to do and the word that all is done, when it rests and is not ready yet. */
    private static boolean underWay(SyncStatus status) {
        return progresses(status.reconciling(), Truth.TRUE) || progresses(status.ready(), Truth.UNKNOWN);
    }

    private static boolean progresses(Condition condition, Truth truth) {
        return condition.truth() == truth && condition.reason().equals("Progressing");
    }

    private void run() {
        try {
            while (true) {
                Optional<Notice> notice = next();
                if (notice.isPresent()) {
                    say(notice.get());
                } else if (!write()) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for something to do. Empty when a status is due, or at the end. */
    private synchronized Optional<Notice> next() throws InterruptedException {
        while (!closed) {
            Instant now = clock.instant();
            Optional<Instant> due = pacing.due();
            if (due.filter(at -> !at.isAfter(now)).isPresent()) {
                return Optional.empty();
            }
            // Events of the sync hang on its object, so that is there first, where it can be.
            boolean first = written.isEmpty() && due.isPresent() && !pacing.failing();
            if (!away && !first && !notices.isEmpty()) {
                return Optional.of(notices.removeFirst());
            }
            if (due.isPresent()) {
                wait(Math.max(1, Duration.between(now, due.get()).toMillis()));
            } else {
                wait();
            }
        }
        return Optional.empty();
    }

    /** False when there is nothing left to do, ever. */
    private boolean write() {
        Standing standing;
        Optional<ObjectNode> before;
        synchronized (this) {
            if (pacing.due().isEmpty() || status.isEmpty()) {
                return !closed;
            }
            pacing.begin();
            standing = new Standing(spec, repository, status.get(), drifts.get(), lastApply, handled, version);
            before = written;
        }
        boolean last = closed();
        try {
            ObjectNode known = before.or(object::read).orElseGet(JsonNodeFactory.instance::objectNode);
            ObjectNode next = StatusJson.continuing(StatusJson.of(standing), known);
            boolean same = next.equals(known);
            if (!same) {
                object.write(next, clock.instant());
            }
            synchronized (this) {
                written = before.equals(written) ? Optional.of(next) : written;
                if (same) {
                    pacing.spared();
                } else {
                    pacing.written(clock.instant());
                }
            }
        } catch (RuntimeException e) {
            failed(e);
        }
        return !last;
    }

    private synchronized void failed(RuntimeException e) {
        if (pacing.failed(clock.instant())) {
            if (e instanceof ApiException) {
                LOG.warn(
                        "{}: how it stands cannot be written to the cluster; everything else goes on: {}",
                        spec.name(),
                        e.getMessage());
            } else {
                LOG.error("{}: how it stands cannot be written", spec.name(), e);
            }
        }
    }

    private synchronized boolean closed() {
        return closed;
    }

    private void say(Notice notice) {
        try {
            Optional<EventSubject> about =
                    notice.about().isPresent() ? subject(notice.about().get()) : Optional.of(ofSync());
            about.ifPresent(it -> recorder.record(it, notice.type(), notice.reason(), notice.message()));
        } catch (ApiException e) {
            LOG.debug("{}: no Event: {}", spec.name(), e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("{}: no Event {}", spec.name(), notice.reason(), e);
        }
    }

    private EventSubject ofSync() {
        synchronized (this) {
            if (subject.isPresent()) {
                return subject.get();
            }
        }
        EventSubject read = object.subject();
        synchronized (this) {
            subject = Optional.of(read).filter(it -> it.uid().isPresent());
        }
        return read;
    }

    /** Asks for the uid where it is not known. A Secret is never read for that; {@code kubectl events --for} finds it all the same. */
    private Optional<EventSubject> subject(Notice.About about) {
        if (about.apiVersion().isPresent() && about.uid().isPresent()) {
            return Optional.of(EventSubject.of(about.apiVersion().get(), about.object(), about.uid()));
        }
        Optional<ResourceType> type =
                cluster.preferredResource(about.object().group(), about.object().kind());
        boolean secret = about.object().kind().equals("Secret");
        return type.map(it -> EventSubject.of(
                it.apiVersion(),
                about.object(),
                secret
                        ? Optional.empty()
                        : cluster.get(
                                        it,
                                        about.object().namespace(),
                                        about.object().name())
                                .map(object -> object.at("/metadata/uid").asText())));
    }

    /** Writes the last status, when there is one that is not written, and ends. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            thread.join(Duration.ofSeconds(2).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
