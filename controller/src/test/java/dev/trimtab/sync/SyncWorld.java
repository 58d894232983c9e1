package dev.trimtab.sync;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.definition.Limits;
import dev.trimtab.inplace.UpdateStrategy;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.ApplyOptions;
import dev.trimtab.kube.ClusterClient.PatchType;
import dev.trimtab.kube.ClusterSettings;
import dev.trimtab.kube.Clusters;
import dev.trimtab.kube.LoopbackProxy;
import dev.trimtab.kube.Ownership;
import dev.trimtab.render.IgnoreRules;
import dev.trimtab.sandbox.Sandbox;
import dev.trimtab.source.GitSource;
import dev.trimtab.source.RepoPath;
import dev.trimtab.source.TransferLimits;
import dev.trimtab.source.Verification;
import dev.trimtab.source.Wanted;
import dev.trimtab.sync.ClusterSync.ClusterSpec;
import dev.trimtab.sync.ClusterSync.Mode;
import dev.trimtab.sync.ClusterSync.SourceSpec;
import dev.trimtab.sync.ClusterSync.VerifySpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import org.awaitility.Awaitility;

/** A repository, a sandbox and syncs between them, with a clock that a test may move. */
final class SyncWorld implements AutoCloseable {

    /** Syncs of one schedule need names of their own. */
    final String name;

    final TestRepository repository;
    final Moved clock = new Moved();
    private final Path folder;
    private final List<SyncEvent> events = Collections.synchronizedList(new ArrayList<>());
    private final Deque<Runnable> open = new ArrayDeque<>();
    private int syncs;
    /** For syncs that are started from here on. */
    Optional<VerifySpec> verify = Optional.empty();

    final LoopbackProxy proxy;
    Sandbox sandbox;
    Path kubeconfig;
    ClusterClient cluster;

    /** The time of day, moved by as much as a test says. */
    static final class Moved extends Clock {
        private volatile Duration by = Duration.ZERO;

        void set(String time) {
            by = Duration.between(Instant.now(), Instant.parse(time));
        }

        void advance(Duration duration) {
            by = by.plus(duration);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.now().plus(by);
        }
    }

    private IgnoreRules ignore = IgnoreRules.NONE;

    SyncWorld(Path folder) {
        this.folder = folder;
        this.name = "test-" + Integer.toHexString(System.identityHashCode(this));
        folder.toFile().mkdirs();
        sandbox = Sandbox.builder().port(0).nodes(List.of("node-1")).build().start();
        proxy = new LoopbackProxy(sandbox.address());
        kubeconfig = write(
                "kubeconfig", sandbox.kubeconfig().replace(sandbox.address().toString(), proxy.address()));
        cluster = Clusters.connect(ClusterSettings.of(write("direct", sandbox.kubeconfig())));
        repository = new TestRepository(folder.resolve("repo.git"))
                .with("shop/namespace.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n")
                .with("shop/a.yaml", configMap("a", "1"));
    }

    /** Of the syncs that are made from now on. */
    void ignore(IgnoreRules rules) {
        ignore = rules;
    }

    Sync sync(Mode mode, Policy policy) {
        Schedule schedule = new Schedule("world-" + System.identityHashCode(this) + "-" + syncs, new Random(1));
        Sync sync = sync(mode, policy, source -> source::descends, schedule);
        open.push(schedule::close);
        return sync;
    }

    /** A schedule that others use too is closed by whoever made it. */
    Sync sync(Mode mode, Policy policy, History history, Schedule schedule) {
        return sync(mode, policy, source -> history, schedule);
    }

    private Sync sync(Mode mode, Policy policy, Function<GitSource, History> history, Schedule schedule) {
        int number = syncs++;
        ClusterSync spec = new ClusterSync(
                name,
                new SourceSpec(
                        repository.folder().toString(),
                        new Wanted.Named("main"),
                        new RepoPath("shop"),
                        Duration.ofSeconds(5),
                        Optional.empty(),
                        Optional.empty(),
                        TransferLimits.STANDARD,
                        Limits.DEFAULT,
                        verify),
                new ClusterSpec(Optional.of(kubeconfig), Optional.empty()),
                Duration.ofMillis(100),
                mode,
                true,
                true,
                policy,
                ignore,
                ClusterSync.HealthSpec.STANDARD,
                Optional.empty(),
                UpdateStrategy.Policy.IN_PLACE_IF_POSSIBLE);
        SharedCluster shared = new SharedCluster(Clusters.connect(ClusterSettings.of(kubeconfig)), clock);
        GitSource source = GitSource.open(new GitSource.Settings(
                spec.source().repository(),
                spec.source().wanted(),
                folder.resolve("mirror-" + number),
                Optional.empty(),
                spec.source().timeout(),
                true,
                Optional.empty(),
                spec.source().limits(),
                verify.map(wanted -> new Verification(wanted.scope(), shared.trustedKeys(wanted), clock))));
        Sync sync = new Sync(
                spec,
                source,
                history.apply(source),
                shared,
                schedule,
                clock,
                new Random(1),
                (sender, event) -> events.add(event));
        open.push(() -> {
            sync.close();
            shared.close();
        });
        sync.start();
        return sync;
    }

    /** As if their process had ended. */
    void stopSyncs() {
        while (!open.isEmpty()) {
            open.pop().run();
        }
        events.clear();
    }

    /** Another cluster, empty, at the same address. */
    void replaceCluster() {
        int port = sandbox.address().getPort();
        sandbox.close();
        sandbox = Sandbox.builder().port(port).nodes(List.of("node-1")).build().start();
    }

    ControlObject control() {
        return new ControlObject(cluster, name);
    }

    <T extends SyncEvent> List<T> of(Class<T> type) {
        synchronized (events) {
            return events.stream().filter(type::isInstance).map(type::cast).toList();
        }
    }

    <T extends SyncEvent> T last(Class<T> type) {
        List<T> all = of(type);
        return all.get(all.size() - 1);
    }

    /** Waits until there are as many events of this type, and gives the last of them. */
    <T extends SyncEvent> T await(Class<T> type, int count) {
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> of(type).size() >= count);
        return of(type).get(count - 1);
    }

    static String configMap(String name, String value) {
        return "apiVersion: v1\nkind: ConfigMap\nmetadata: {namespace: shop, name: " + name + "}\ndata: {value: \""
                + value + "\"}\n";
    }

    Optional<ObjectNode> find(String name) {
        return cluster.get(cluster.resource("v1", "ConfigMap").orElseThrow(), Optional.of("shop"), name);
    }

    Optional<String> data(String name) {
        return find(name).map(object -> object.at("/data/value").asText());
    }

    void awaitData(String name, String value) {
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> data(name).equals(Optional.of(value)));
    }

    void edit(String name, String value) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("data").put("value", value);
        cluster.patch(
                cluster.resource("v1", "ConfigMap").orElseThrow(),
                Optional.of("shop"),
                name,
                "",
                PatchType.MERGE,
                patch,
                "kubectl-edit");
    }

    /** As another process of the same sync would. */
    void applyAsTheSync(String configMap, String value) {
        ObjectNode object =
                JsonNodeFactory.instance.objectNode().put("apiVersion", "v1").put("kind", "ConfigMap");
        ObjectNode metadata =
                object.putObject("metadata").put("namespace", "shop").put("name", configMap);
        metadata.putObject("labels").put(Ownership.SYNC_LABEL, name);
        object.putObject("data").put("value", value);
        cluster.apply(
                cluster.resource("v1", "ConfigMap").orElseThrow(),
                object,
                new ApplyOptions(Ownership.fieldManager(name), true, false));
    }

    Path write(String name, String text) {
        try {
            return Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        stopSyncs();
        cluster.close();
        proxy.close();
        repository.close();
        sandbox.close();
    }
}
