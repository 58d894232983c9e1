package dev.trimtab.report;

import dev.trimtab.sync.ClusterSync;
import dev.trimtab.sync.SharedCluster;
import dev.trimtab.sync.Sync;
import dev.trimtab.sync.SyncEvent;
import dev.trimtab.sync.SyncListener;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Tells clusters how the syncs stand that go to them: a status object a sync, and Kubernetes Events. */
public final class Reports implements SyncListener, AutoCloseable {

    private final Clock clock;
    private final String version;
    private final Map<String, SyncReporter> reporters = new ConcurrentHashMap<>();

    /** @param version of Trimtab */
    public Reports(Clock clock, String version) {
        this.clock = clock;
        this.version = version;
    }

    /**
     * Reports of a sync from now on.
     *
     * @param repository as it may be shown: without credentials
     */
    public void add(ClusterSync spec, String repository, Sync sync, SharedCluster cluster) {
        reporters.put(spec.name(), new SyncReporter(spec, repository, sync::drifts, cluster.client(), clock, version));
    }

    @Override
    public void on(String sync, SyncEvent event) {
        SyncReporter known = reporters.get(sync);
        if (known != null) {
            known.on(event);
        }
    }

    /** Writes what is not written yet, as far as clusters answer, and ends. To be closed after the syncs and before their clusters. */
    @Override
    public void close() {
        reporters.values().forEach(SyncReporter::close);
    }
}
