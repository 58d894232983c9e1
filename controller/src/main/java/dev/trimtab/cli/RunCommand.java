package dev.trimtab.cli;

import dev.trimtab.kube.ClusterSettings;
import dev.trimtab.kube.Clusters;
import dev.trimtab.metrics.Metrics;
import dev.trimtab.metrics.MetricsServer;
import dev.trimtab.report.Reports;
import dev.trimtab.source.GitSource;
import dev.trimtab.sync.ClusterSync;
import dev.trimtab.sync.ClusterSync.ClusterSpec;
import dev.trimtab.sync.Schedule;
import dev.trimtab.sync.SharedCluster;
import dev.trimtab.sync.Sync;
import dev.trimtab.sync.SyncListener;
import dev.trimtab.web.PushHooks;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code trimtab run}: the controller. */
@Command(
        name = "run",
        description = {
            "Run the controller: keep clusters as their repositories say.",
            "Polls, plans, applies, watches and heals. Each change of state is one line on standard error. Ends when "
                    + "interrupted; started again it goes on where it was."
        })
final class RunCommand implements Callable<Integer> {

    private static final int RETRIES = 3;
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);

    @Mixin
    private CommonOptions common;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            required = true,
            description = "ClusterSync documents; may be given more than once")
    private List<Path> files = List.of();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "TEXT",
            description =
                    "text, lines on standard error; or json (format trimtab.event/v1), one a line on standard output")
    private OutputFormat output;

    @Mixin
    private Repositories repositories = new Repositories();

    @Mixin
    private HookOptions hooks = new HookOptions();

    @Mixin
    private MetricsOptions measured = new MetricsOptions();

    @Override
    public Integer call() throws InterruptedException {
        Logging.tellSteps();
        List<String> hookSecrets = hooks.secrets();
        Optional<List<ClusterSync>> specs = SyncFiles.read(files, common);
        if (specs.isEmpty()) {
            return ExitCode.ERROR;
        }
        Clock clock = Clock.systemUTC();
        if (output == OutputFormat.JSON) {
            EventJson lines = new EventJson(common.out(), clock);
            Logging.Redirection log = Logging.into(lines);
            try {
                return run(specs.get(), hookSecrets, clock, lines, lines::add);
            } finally {
                log.close();
            }
        }
        return run(
                specs.get(),
                hookSecrets,
                clock,
                new EventLog(common.err(), common.style(), clock),
                (sync, cluster) -> {});
    }

    /** @param named told the cluster of each sync, before it starts */
    private int run(
            List<ClusterSync> specs,
            List<String> hookSecrets,
            Clock clock,
            SyncListener log,
            BiConsumer<String, String> named)
            throws InterruptedException {
        Schedule schedule = new Schedule("trimtab", new Random());
        Map<ClusterSpec, SharedCluster> clusters = new HashMap<>();
        Metrics metrics = new Metrics(Version.number(), clock);
        Reports reports = new Reports(clock, Version.number());
        SortedMap<String, Sync> syncs = new TreeMap<>();
        List<Map.Entry<String, Runnable>> polls = new ArrayList<>();
        for (ClusterSync spec : specs) {
            SharedCluster cluster = clusters.computeIfAbsent(
                    spec.cluster(),
                    settings -> new SharedCluster(Clusters.connect(settings(settings), metrics::traffic), clock));
            named.accept(spec.name(), cluster.name());
            GitSource source = repositories.open(spec, cluster, clock);
            Sync sync = new Sync(spec, source, cluster, schedule, clock, new Random(), (name, event) -> {
                log.on(name, event);
                metrics.on(name, event);
                reports.on(name, event);
            });
            reports.add(spec, source.repository(), sync, cluster);
            metrics.add(spec, source.repository(), sync, cluster);
            syncs.put(spec.name(), sync);
            polls.add(Map.entry(spec.source().repository(), sync::poll));
        }
        clusters.values().forEach(metrics::add);
        Optional<PushHooks> heard = hooks.listen(hookSecrets, polls, clock, metrics::hook);
        heard.ifPresent(open -> common.err().println("push hooks: listening on " + ListenAddress.text(open.address())));
        Optional<MetricsServer> served = measured.serve(metrics, () -> dead(syncs));
        served.ifPresent(open -> common.err().println("metrics: listening on " + ListenAddress.text(open.address())));
        syncs.values().forEach(Sync::start);
        UntilInterrupted.await(() -> {
            heard.ifPresent(PushHooks::close);
            syncs.values().forEach(Sync::close);
            reports.close();
            schedule.close();
            clusters.values().forEach(SharedCluster::close);
            served.ifPresent(MetricsServer::close);
            metrics.close();
        });
        return ExitCode.DONE;
    }

    private static Set<String> dead(SortedMap<String, Sync> syncs) {
        return syncs.entrySet().stream()
                .filter(sync -> !sync.getValue().alive())
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static ClusterSettings settings(ClusterSpec spec) {
        return new ClusterSettings(spec.kubeconfig(), spec.context(), REQUEST_TIMEOUT, RETRIES);
    }
}
