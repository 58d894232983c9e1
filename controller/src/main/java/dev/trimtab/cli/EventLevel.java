package dev.trimtab.cli;

import ch.qos.logback.classic.Level;
import dev.trimtab.apply.Outcome;
import dev.trimtab.apply.Result;
import dev.trimtab.nodes.Observation;
import dev.trimtab.nodes.Severity;
import dev.trimtab.sync.HoldCode;
import dev.trimtab.sync.SyncEvent;
import java.util.List;
import java.util.Locale;

/** How much a line of {@code trimtab.event/v1} matters to whoever watches the log. */
enum EventLevel {
    /** Told so that it can be followed. */
    INFO,
    /** The cluster is not as Git says, or somebody is waited for. */
    WARNING,
    /** Something failed. */
    ERROR;

    /** As it is written. */
    String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Of a line of the process's own log; what is below info is info. */
    static EventLevel of(Level level) {
        return level.isGreaterOrEqual(Level.ERROR) ? ERROR : level.isGreaterOrEqual(Level.WARN) ? WARNING : INFO;
    }

    static EventLevel of(SyncEvent event) {
        if (event instanceof SyncEvent.Refused
                || event instanceof SyncEvent.Unhealthy
                || event instanceof SyncEvent.SourceFailed
                || event instanceof SyncEvent.ClusterFailed
                || event instanceof SyncEvent.Broken) {
            return ERROR;
        } else if (event instanceof SyncEvent.Warned
                || event instanceof SyncEvent.DriftFound
                || event instanceof SyncEvent.RolloutsHalted
                || event instanceof SyncEvent.ClusterReplaced) {
            return WARNING;
        } else if (event instanceof SyncEvent.Planned planned) {
            return planned.plan().complete() ? INFO : WARNING;
        } else if (event instanceof SyncEvent.Applied applied) {
            return of(applied.outcome());
        } else if (event instanceof SyncEvent.Held held) {
            // A window and a suspension are what somebody wanted.
            return held.holds().stream()
                            .allMatch(hold -> hold.code() == HoldCode.SUSPENDED || hold.code() == HoldCode.WINDOW)
                    ? INFO
                    : WARNING;
        } else if (event instanceof SyncEvent.Audited audited) {
            return audited.wrong().isEmpty() ? INFO : ERROR;
        } else if (event instanceof SyncEvent.NodesObserved observed) {
            return of(observed.found());
        } else if (event instanceof SyncEvent.NodesWritten written) {
            return written.outcome().succeeded() ? INFO : ERROR;
        }
        return INFO;
    }

    private static EventLevel of(Outcome outcome) {
        if (outcome.results().values().stream().anyMatch(Result.Failed.class::isInstance)) {
            return ERROR;
        }
        return outcome.succeeded() ? INFO : WARNING;
    }

    private static EventLevel of(List<Observation> found) {
        if (found.stream().anyMatch(one -> one.severity() == Severity.CRITICAL)) {
            return ERROR;
        }
        return found.stream().anyMatch(one -> one.severity() == Severity.WARNING) ? WARNING : INFO;
    }
}
