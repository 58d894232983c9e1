package dev.trimtab.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.drift.Healing;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.ApplyOptions;
import dev.trimtab.kube.ClusterClient.PatchType;
import dev.trimtab.kube.ClusterClient.Propagation;
import dev.trimtab.kube.ClusterSettings;
import dev.trimtab.kube.Clusters;
import dev.trimtab.kube.CountingProxy;
import dev.trimtab.kube.ResourceType;
import dev.trimtab.metrics.Metrics;
import dev.trimtab.report.Reports;
import dev.trimtab.sandbox.Sandbox;
import dev.trimtab.source.GitSource;
import dev.trimtab.source.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.core.ConditionFactory;

/**
 * A repository, a server, and between them a sync as {@code run} makes it from a file, whose every request is counted on the wire.
 * The server is a sandbox with nodes, or the disposable cluster that {@code TRIMTAB_TEST_KUBECONFIG} names. In texts,
 * {@code NAMESPACE} stands for the rig's namespace, which has the sync's name.
 */
final class ScenarioRig implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    final String name = "s-" + UUID.randomUUID().toString().substring(0, 8);
    final TestRepository repository;
    final CountingProxy proxy;
    private final Path folder;
    private final Optional<Sandbox> sandbox;
    private final ClusterClient client;
    private final AtomicInteger polls = new AtomicInteger();
    private final List<SyncEvent> events = Collections.synchronizedList(new ArrayList<>());
    private final Deque<Runnable> open = new ArrayDeque<>();
    private final Metrics metrics = new Metrics("test", Clock.systemUTC());
    private Clock clock = Clock.systemUTC();
    private Optional<Reports> reports = Optional.empty();
    private int syncs;

    ScenarioRig(Path folder) {
        this(
                folder,
                Optional.ofNullable(System.getenv("TRIMTAB_TEST_KUBECONFIG")).map(Path::of));
    }

    /** @param kubeconfig of a server that somebody else started, and closes */
    ScenarioRig(Path folder, Path kubeconfig) {
        this(folder, Optional.of(kubeconfig));
    }

    private ScenarioRig(Path folder, Optional<Path> kubeconfig) {
        this.folder = folder;
        sandbox = kubeconfig.isEmpty()
                ? Optional.of(Sandbox.builder()
                        .nodes(List.of("node-1", "node-2"))
                        .build()
                        .start())
                : Optional.empty();
        Path direct = sandbox.map(it -> write("direct", it.kubeconfig()))
                .or(() -> kubeconfig)
                .orElseThrow();
        proxy = new CountingProxy(direct);
        client = Clusters.connect(ClusterSettings.of(direct));
        repository = new TestRepository(folder.resolve("repo.git"))
                .with("namespace.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: " + name + "}\n");
    }

    Optional<Sandbox> sandbox() {
        return sandbox;
    }

    /** Whose time syncs have that are started from now on; the server has its own. */
    ScenarioRig at(Clock other) {
        clock = other;
        return this;
    }

    /** Syncs that are started from now on report to their cluster, as they do in {@code run}. */
    ScenarioRig reporting() {
        reports = Optional.of(new Reports(clock, "test"));
        return this;
    }

    ScenarioRig with(String file, String text) {
        repository.with(file, text.replace("NAMESPACE", name));
        return this;
    }

    ScenarioRig without(String file) {
        repository.without(file);
        return this;
    }

    String commit() {
        return repository.commit("a commit");
    }

    /** Starts the sync; {@code fields} are further lines of its spec, indented by two. */
    Sync start(String fields) {
        int number = syncs++;
        Path kubeconfig = write("kubeconfig-" + number, proxy.kubeconfig());
        SyncFile read = SyncFile.read(
                write("sync-" + number + ".yaml", """
                        apiVersion: sync.trimtab.dev/v1alpha1
                        kind: ClusterSync
                        metadata:
                          name: %s
                        spec:
                          interval: 500ms
                          source:
                            repository: %s
                            ref: main
                          cluster:
                            kubeconfig: %s
                        """.formatted(name, repository.folder(), kubeconfig) + fields));
        assertThat(read.problems()).isEmpty();
        ClusterSync spec = read.syncs().get(0);
        Source source = counted(GitSource.open(new GitSource.Settings(
                spec.source().repository(),
                "main",
                folder.resolve("mirror-" + number),
                Optional.empty(),
                spec.source().timeout(),
                true)));
        SharedCluster shared =
                new SharedCluster(Clusters.connect(ClusterSettings.of(kubeconfig), metrics::traffic), clock);
        Schedule schedule = new Schedule(name + "-" + number, new Random(1));
        Sync sync = new Sync(
                spec,
                source,
                source::descends,
                shared,
                schedule,
                clock,
                new Random(1),
                (sender, event) -> {
                    events.add(event);
                    metrics.on(sender, event);
                    reports.ifPresent(it -> it.on(sender, event));
                },
                Healing.Limits.STANDARD);
        metrics.add(shared);
        metrics.add(spec, source.repository(), sync, shared);
        reports.ifPresent(it -> it.add(spec, source.repository(), sync, shared));
        open.push(() -> {
            sync.close();
            reports.ifPresent(Reports::close);
            schedule.close();
            shared.close();
        });
        sync.start();
        return sync;
    }

    /** A sync with defaults to the rig's cluster, which nobody starts. */
    ClusterSync spec() {
        SyncFile read = SyncFile.read(write("unstarted.yaml", """
                apiVersion: sync.trimtab.dev/v1alpha1
                kind: ClusterSync
                metadata: {name: %s}
                spec:
                  source: {repository: %s, ref: main}
                """.formatted(name, repository.folder())));
        assertThat(read.problems()).isEmpty();
        return read.syncs().get(0);
    }

    /** Commits, starts the sync, and waits until the commit is applied and nothing more is asked for. */
    ScenarioRig settled(String fields) {
        String commit = commit();
        start(fields);
        awaitSettled(commit);
        rest();
        return this;
    }

    void awaitSettled(String commit) {
        patiently("settled at " + commit)
                .until(() -> of(SyncEvent.Settled.class).stream()
                        .anyMatch(settled -> settled.revision().commit().equals(commit)));
    }

    ConditionFactory patiently(String what) {
        return await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(20));
    }

    /** Waits until nothing was asked of the server for a while, then forgets all requests and events. */
    void rest() {
        awaitRest();
        forget();
    }

    /** As long as a debounce and what follows from it may take, twice. */
    void awaitRest() {
        int[] seen = {-1};
        await("a rest")
                .during(Duration.ofMillis(700))
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    int now = proxy.requests().size();
                    boolean quiet = now == seen[0] || seen[0] < 0;
                    seen[0] = now;
                    return quiet;
                });
    }

    void forget() {
        proxy.forget();
        events.clear();
    }

    /** Waits until the repository was asked so many more times. */
    void awaitPolls(int more) {
        int until = polls.get() + more;
        patiently(more + " polls").until(() -> polls.get() >= until);
    }

    /** As if the process had ended. */
    void stop() {
        while (!open.isEmpty()) {
            open.pop().run();
        }
    }

    /** What went over the wire, open watches aside. */
    List<CountingProxy.Request> requests() {
        return proxy.requests().stream().filter(request -> !request.watches()).toList();
    }

    List<CountingProxy.Request> writes() {
        return requests().stream().filter(CountingProxy.Request::writes).toList();
    }

    /** Everything since {@link #forget}. */
    List<SyncEvent> told() {
        synchronized (events) {
            return List.copyOf(events);
        }
    }

    <T extends SyncEvent> List<T> of(Class<T> type) {
        synchronized (events) {
            return events.stream().filter(type::isInstance).map(type::cast).toList();
        }
    }

    /** Waits for the first event of this type since {@link #forget}. */
    <T extends SyncEvent> T await1(Class<T> type) {
        patiently("a " + type.getSimpleName()).until(() -> !of(type).isEmpty());
        return of(type).get(0);
    }

    Metrics metrics() {
        return metrics;
    }

    SyncStatus status() {
        List<SyncEvent.StatusChanged> all = of(SyncEvent.StatusChanged.class);
        return all.get(all.size() - 1).status();
    }

    Optional<ObjectNode> find(String apiVersion, String kind, String object) {
        ResourceType type = type(apiVersion, kind);
        return client.get(type, type.namespaced() ? Optional.of(name) : Optional.empty(), object);
    }

    ObjectNode get(String apiVersion, String kind, String object) {
        return find(apiVersion, kind, object).orElseThrow();
    }

    /** A merge patch by somebody else. */
    void patch(String apiVersion, String kind, String object, String manager, String body) {
        client.patch(
                type(apiVersion, kind),
                Optional.of(name),
                object,
                "",
                PatchType.STRATEGIC,
                DriftRig.json(body),
                manager);
    }

    void apply(String manager, String object) {
        ObjectNode tree = (ObjectNode) DriftRig.json(object.replace("NAMESPACE", name));
        client.apply(
                type(tree.path("apiVersion").asText(), tree.path("kind").asText()),
                tree,
                new ApplyOptions(manager, true, false));
    }

    void create(String manager, String object) {
        ObjectNode tree = (ObjectNode) DriftRig.json(object.replace("NAMESPACE", name));
        client.create(type(tree.path("apiVersion").asText(), tree.path("kind").asText()), tree, manager);
    }

    ControlObject control() {
        return new ControlObject(client, name);
    }

    ClusterClient client() {
        return client;
    }

    ResourceType type(String apiVersion, String kind) {
        return client.resource(apiVersion, kind).orElseThrow();
    }

    Path write(String file, String text) {
        try {
            return Files.writeString(folder.resolve(file), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Source counted(Source source) {
        return (Source) Proxy.newProxyInstance(
                Source.class.getClassLoader(), new Class<?>[] {Source.class}, (self, method, arguments) -> {
                    try {
                        Object answer = method.invoke(source, arguments);
                        if (method.getName().equals("poll")) {
                            polls.incrementAndGet();
                        }
                        return answer;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Override
    public void close() {
        stop();
        if (sandbox.isEmpty()) {
            client.delete(type("v1", "Namespace"), Optional.empty(), name, "", Propagation.BACKGROUND);
        }
        client.close();
        proxy.close();
        repository.close();
        sandbox.ifPresent(Sandbox::close);
    }
}
