package dev.trimtab.metrics;

import dev.trimtab.inplace.RolloutProgress;
import dev.trimtab.inplace.rollout.Fallback;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.kube.Traffic;
import dev.trimtab.metrics.Meters.Row;
import dev.trimtab.sync.ClusterSync;
import dev.trimtab.sync.SharedCluster;
import dev.trimtab.sync.Sync;
import dev.trimtab.sync.SyncEvent;
import dev.trimtab.sync.SyncListener;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Everything that is measured of one process. Safe for use by several threads. */
public final class Metrics implements SyncListener, AutoCloseable {

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Meters meters = new Meters(registry);
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final Clock clock;
    private final Map<String, SyncMeters> syncs = new ConcurrentHashMap<>();
    private final List<SharedCluster> clusters = new CopyOnWriteArrayList<>();

    /** @param version of Trimtab */
    public Metrics(String version, Clock clock) {
        this.clock = clock;
        meters.info(Series.BUILD_INFO, version, System.getProperty("java.version"));
        new ClassLoaderMetrics().bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        collections.bindTo(registry);
    }

    /** What hears the requests to a cluster. */
    public Traffic traffic(String cluster) {
        return (verb, code, took) -> {
            meters.counter(Series.API_REQUESTS, cluster, verb, Integer.toString(code))
                    .increment();
            if (!verb.equals("watch")) {
                meters.histogram(Series.API_REQUEST_DURATION, cluster, verb).record(took);
            }
        };
    }

    /** Measures a cluster from now on. */
    public void add(SharedCluster cluster) {
        clusters.add(cluster);
        String name = cluster.name();
        meters.gauge(Series.CLUSTER_UP, () -> cluster.silent() ? 0 : 1, name);
        meters.gauge(Series.WATCHES, cluster::watches, name);
        for (Fallback reason : Fallback.values()) {
            var unused = meters.counter(Series.FALLBACKS, name, reason.label());
        }
        cluster.onFallback(
                reason -> meters.counter(Series.FALLBACKS, name, reason.label()).increment());
    }

    /**
     * Measures a sync from now on.
     *
     * @param repository as it may be shown: without credentials
     */
    public void add(ClusterSync spec, String repository, Sync sync, SharedCluster cluster) {
        syncs.put(
                spec.name(),
                new SyncMeters(meters, clock, cluster.name(), spec.name(), repository, spec.mode(), sync::figures));
    }

    /** @param result {@code accepted}, {@code ignored}, {@code bad_signature} or {@code bad_request} */
    public void hook(String forge, String result) {
        meters.counter(Series.HOOKS, forge, result).increment();
    }

    @Override
    public void on(String sync, SyncEvent event) {
        SyncMeters known = syncs.get(sync);
        if (known != null) {
            known.on(event);
        }
    }

    /** Syncs that have told nothing yet: neither read their repository nor failed to. */
    public Set<String> silentSyncs() {
        Set<String> silent = new TreeSet<>();
        syncs.forEach((name, sync) -> {
            if (!sync.heard()) {
                silent.add(name);
            }
        });
        return silent;
    }

    /** The Prometheus text format. */
    public String scrape() {
        List<Row> firstSeen = new ArrayList<>();
        List<Row> suspensions = new ArrayList<>();
        syncs.values().forEach(sync -> sync.addRows(firstSeen, suspensions));
        meters.rows(Series.DRIFT_FIRST_SEEN, firstSeen);
        meters.rows(Series.SUSPENDED, suspensions);
        List<Row> pods = new ArrayList<>();
        List<Row> stalled = new ArrayList<>();
        for (SharedCluster cluster : clusters) {
            cluster.rollouts().forEach(rollout -> addRows(cluster.name(), rollout, pods, stalled));
        }
        meters.rows(Series.ROLLOUT_PODS, pods);
        meters.rows(Series.ROLLOUT_STALLED, stalled);
        return registry.scrape();
    }

    private static void addRows(String cluster, RolloutProgress rollout, List<Row> pods, List<Row> stalled) {
        ObjectKey key = rollout.workload();
        String namespace = key.namespace().orElse("");
        Map.of("updated", rollout.updated(), "updating", rollout.updating(), "waiting", rollout.waiting())
                .forEach((state, count) -> pods.add(Row.of(count, cluster, namespace, key.kind(), key.name(), state)));
        stalled.add(Row.of(rollout.stalled().isPresent() ? 1 : 0, cluster, namespace, key.kind(), key.name()));
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
