package dev.trimtab.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.drift.Healing;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.ApplyOptions;
import dev.trimtab.kube.ClusterClient.PatchType;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.kube.ResourceType;
import dev.trimtab.kube.TestCluster;
import dev.trimtab.source.GitSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;

/**
 * A sync from a real repository to a server, whose requests are written down, and people who change things in its namespace. The
 * server is a sandbox without controllers, or the disposable cluster that {@code TRIMTAB_TEST_KUBECONFIG} names.
 */
final class DriftRig implements AutoCloseable {

    /** As quick as a test is, and as few. */
    static final Healing.Limits QUICK = new Healing.Limits(4.5, Duration.ofMinutes(5), Duration.ofMillis(20));

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(com.fasterxml.jackson.core.json.JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
            .enable(com.fasterxml.jackson.core.json.JsonReadFeature.ALLOW_SINGLE_QUOTES)
            .build();

    /** Of the sync, of its namespace, and so of every object that is cluster-scoped. */
    final String name = "drift-" + UUID.randomUUID().toString().substring(0, 8);

    final List<SyncEvent> events = Collections.synchronizedList(new ArrayList<>());
    final TestRepository repository;
    private final TestCluster server = TestCluster.start();
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private final Path folder;
    private final Clock clock = Clock.systemUTC();
    private final List<Runnable> open = new ArrayList<>();

    DriftRig(Path folder) {
        this.folder = folder;
        this.repository = new TestRepository(folder.resolve("repo.git"))
                .with("namespace.yaml", "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: " + name + "\n");
    }

    DriftRig with(String file, String text) {
        repository.with(file, text.replace("NAMESPACE", name));
        return this;
    }

    /** Starts a sync of the repository; {@code fields} are further lines of its spec, indented by two. */
    Sync sync(String fields) {
        return sync(fields, QUICK);
    }

    Sync sync(String fields, Healing.Limits limits) {
        try {
            Path file =
                    Files.writeString(folder.resolve("sync.yaml"), """
                    apiVersion: sync.trimtab.dev/v1alpha1
                    kind: ClusterSync
                    metadata:
                      name: %s
                    spec:
                      interval: 500ms
                      source:
                        repository: %s
                        ref: main
                    """.formatted(name, repository.folder()) + fields);
            SyncFile read = SyncFile.read(file);
            assertThat(read.problems()).isEmpty();
            ClusterSync spec = read.syncs().get(0);
            GitSource source = GitSource.open(new GitSource.Settings(
                    spec.source().repository(),
                    "main",
                    folder.resolve("mirror-" + open.size()),
                    Optional.empty(),
                    spec.source().timeout(),
                    true));
            SharedCluster shared = new SharedCluster(recorded(), clock);
            Schedule schedule = new Schedule(name + "-" + open.size(), new Random(1));
            Sync sync = new Sync(
                    spec,
                    source,
                    History.TRUSTED,
                    shared,
                    schedule,
                    clock,
                    new Random(1),
                    (sender, event) -> events.add(event),
                    limits);
            open.add(() -> {
                sync.close();
                schedule.close();
                shared.close();
            });
            sync.start();
            return sync;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Commits what is in the repository and waits until the first sync of it is through. */
    Sync settled(String fields) {
        repository.commit("first");
        Sync sync = sync(fields);
        await().until(() -> !of(SyncEvent.Applied.class).isEmpty());
        settle();
        return sync;
    }

    /** Waits until no request was made for two debounces, and forgets what was. */
    void settle() {
        await().during(Duration.ofMillis(600)).atMost(Duration.ofSeconds(20)).until(this::takeQuiet);
    }

    private int seen;

    private boolean takeQuiet() {
        boolean quiet = requests.size() == seen;
        seen = requests.size();
        return quiet;
    }

    /** What was asked of the server, watches and discovery aside, since {@link #forget}: {@code get Deployment web}. */
    List<String> requests() {
        synchronized (requests) {
            return List.copyOf(requests);
        }
    }

    List<String> writes() {
        return requests().stream()
                .filter(request ->
                        !request.startsWith("get ") && !request.startsWith("list ") && !request.startsWith("dry-run "))
                .toList();
    }

    void forget() {
        requests.clear();
        seen = 0;
        events.clear();
    }

    <T extends SyncEvent> List<T> of(Class<T> type) {
        synchronized (events) {
            return events.stream().filter(type::isInstance).map(type::cast).toList();
        }
    }

    Optional<ObjectNode> find(String apiVersion, String kind, String object) {
        return server.client().get(type(apiVersion, kind), Optional.of(name), object);
    }

    JsonNode at(String apiVersion, String kind, String object, String pointer) {
        return find(apiVersion, kind, object).orElseThrow().at(pointer);
    }

    /** A strategic merge patch, as kubectl sends it. */
    void patch(String apiVersion, String kind, String object, String manager, String body) {
        patch(apiVersion, kind, object, "", PatchType.STRATEGIC, manager, body);
    }

    void patch(
            String apiVersion,
            String kind,
            String object,
            String subresource,
            PatchType patchType,
            String manager,
            String body) {
        server.client()
                .patch(type(apiVersion, kind), Optional.of(name), object, subresource, patchType, json(body), manager);
    }

    /** A server-side apply by force. */
    void apply(String manager, String object) {
        ObjectNode tree = (ObjectNode) json(object);
        ((ObjectNode) tree.get("metadata")).put("namespace", name);
        server.client()
                .apply(
                        type(tree.path("apiVersion").asText(), tree.path("kind").asText()),
                        tree,
                        new ApplyOptions(manager, true, false));
    }

    void delete(String apiVersion, String kind, String object) {
        server.client()
                .delete(type(apiVersion, kind), Optional.of(name), object, "", ClusterClient.Propagation.BACKGROUND);
    }

    ClusterClient client() {
        return server.client();
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ResourceType type(String apiVersion, String kind) {
        return server.client().resource(apiVersion, kind).orElseThrow();
    }

    private ClusterClient recorded() {
        return (ClusterClient) Proxy.newProxyInstance(
                ClusterClient.class.getClassLoader(),
                new Class<?>[] {ClusterClient.class},
                (self, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        return null;
                    }
                    request(method.getName(), arguments).ifPresent(requests::add);
                    try {
                        return method.invoke(server.client(), arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static Optional<String> request(String method, Object[] arguments) {
        return switch (method) {
            case "get", "delete" -> Optional.of(method + " " + kind(arguments) + " " + arguments[2]);
            case "list" -> Optional.of("list " + kind(arguments));
            case "patch" -> Optional.of("patch " + kind(arguments) + " " + arguments[2]);
            case "create" -> Optional.of("create " + named(arguments));
            case "apply" ->
                Optional.of((((ApplyOptions) arguments[2]).dryRun() ? "dry-run " : "apply ") + named(arguments));
            default -> Optional.empty();
        };
    }

    private static String kind(Object[] arguments) {
        return ((ResourceType) arguments[0]).kind();
    }

    private static String named(Object[] arguments) {
        ObjectKey key = ObjectKey.of((JsonNode) arguments[1]);
        return key.kind() + " " + key.name();
    }

    @Override
    public void close() {
        open.forEach(Runnable::run);
        ObjectNode namespace = JsonNodeFactory.instance.objectNode();
        namespace
                .put("apiVersion", "v1")
                .put("kind", "Namespace")
                .putObject("metadata")
                .put("name", name);
        server.client()
                .delete(
                        server.client().resource("v1", "Namespace").orElseThrow(),
                        Optional.empty(),
                        name,
                        "",
                        ClusterClient.Propagation.BACKGROUND);
        server.close();
        repository.close();
    }
}
