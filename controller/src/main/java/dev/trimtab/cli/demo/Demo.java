package dev.trimtab.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.definition.Definition;
import dev.trimtab.definition.Definitions;
import dev.trimtab.definition.Inventory;
import dev.trimtab.definition.Limits;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.PatchType;
import dev.trimtab.kube.ClusterSettings;
import dev.trimtab.kube.Clusters;
import dev.trimtab.kube.ResourceType;
import dev.trimtab.plan.Plan;
import dev.trimtab.sandbox.Sandbox;
import dev.trimtab.source.DirectoryTree;
import dev.trimtab.source.GitSource;
import dev.trimtab.source.RepoPath;
import dev.trimtab.sync.ClusterSync;
import dev.trimtab.sync.ClusterSync.ClusterSpec;
import dev.trimtab.sync.ClusterSync.Mode;
import dev.trimtab.sync.ClusterSync.SourceSpec;
import dev.trimtab.sync.Policy;
import dev.trimtab.sync.Schedule;
import dev.trimtab.sync.SharedCluster;
import dev.trimtab.sync.Sync;
import dev.trimtab.sync.SyncEvent;
import dev.trimtab.sync.SyncListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Starts a sandbox, a repository and a sync, and then acts as a person would: with commits, and once by hand. Nothing here is
 * staged: each step waits for what the sync says and for what the pods do.
 */
public final class Demo implements AutoCloseable {

    static final String FIRST_SYNC = "first-sync";

    private static final String NAMESPACE = "shop";
    private static final String CLONE_SET = "workloads/cart.yaml";
    private static final Duration INTERVAL = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long LOOK_EVERY_MILLIS = 50;

    private final Path folder;
    private final Clock clock;
    private final BlockingQueue<SyncEvent> events = new LinkedBlockingQueue<>();
    private final DemoRepository repository;
    private final Optional<Sandbox> sandbox;
    private final Path kubeconfig;
    private final ClusterClient person;
    private final SharedCluster cluster;
    private final Schedule schedule;
    private final Sync sync;

    /**
     * Makes everything below {@code folder} and starts it, all but the sync.
     *
     * @param disposable a cluster to use instead of a sandbox; the demo leaves its objects there
     * @param listener hears what the sync tells, besides the demo itself
     */
    public Demo(Path folder, Optional<Path> disposable, Clock clock, SyncListener listener) {
        this.folder = folder;
        this.clock = clock;
        repository = DemoRepository.create(folder);
        Template.copyTo(repository.worktree());
        sandbox = disposable.isPresent()
                ? Optional.empty()
                : Optional.of(Sandbox.builder()
                        .port(0)
                        .nodes(nodes(repository.worktree(), clock))
                        .clock(clock)
                        .build()
                        .start());
        kubeconfig = disposable.orElseGet(() -> write(folder.resolve("kubeconfig"), sandbox.orElseThrow()));
        person = Clusters.connect(ClusterSettings.of(kubeconfig));
        cluster = new SharedCluster(Clusters.connect(ClusterSettings.of(kubeconfig)), clock);
        schedule = new Schedule("demo", new Random());
        ClusterSync spec = new ClusterSync(
                "demo",
                new SourceSpec(
                        repository.bare().toUri().toString(),
                        DemoRepository.BRANCH,
                        RepoPath.ROOT,
                        Duration.ofSeconds(10),
                        Optional.empty()),
                new ClusterSpec(Optional.of(kubeconfig), Optional.empty()),
                INTERVAL,
                Mode.APPLY,
                true,
                true,
                Policy.STANDARD);
        GitSource source = GitSource.open(new GitSource.Settings(
                spec.source().repository(),
                DemoRepository.BRANCH,
                folder.resolve("mirror"),
                Optional.empty(),
                spec.source().timeout(),
                true));
        sync = new Sync(spec, source, cluster, schedule, clock, new Random(), (name, event) -> {
            events.add(event);
            listener.on(name, event);
        });
    }

    private static Path write(Path file, Sandbox sandbox) {
        try {
            return Files.writeString(file, sandbox.kubeconfig());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> nodes(Path definition, Clock clock) {
        try (DirectoryTree tree = new DirectoryTree(definition, clock)) {
            Definition read = new Definitions(Limits.DEFAULT).read(tree, RepoPath.ROOT);
            return read.inventory().nodes().stream().map(Inventory.Node::name).toList();
        }
    }

    /** Where the kubeconfig of the sandbox is. */
    public Path kubeconfig() {
        return kubeconfig;
    }

    /** The bare repository that the sync polls. */
    public Path repository() {
        return repository.bare();
    }

    /** The six steps, in order; each is made when it is asked for. */
    List<Supplier<DemoStep>> steps() {
        return List.of(
                this::firstSync,
                () -> commit(
                        "image-change",
                        "a commit changes the image of CloneSet cart",
                        "cart: 1.8.2 -> 1.8.3",
                        () -> repository.edit(CLONE_SET, "shop/cart:1.8.2", "shop/cart:1.8.3")),
                () -> commit(
                        "label-change",
                        "a commit changes a label of cart's pods",
                        "cart: move to the edge tier",
                        () -> repository.edit(CLONE_SET, "tier: backend", "tier: edge")),
                () -> commit(
                        "env-change",
                        "a commit changes an env var of cart's pods",
                        "cart: cache longer",
                        () -> repository.edit(CLONE_SET, "value: \"30\"", "value: \"60\"")),
                () -> byHand(
                        "hand-edit", "somebody edits ConfigMap shop-settings with kubectl edit", this::editSettings),
                () -> commit(
                        "file-removed",
                        "a commit removes a file",
                        "The banner is no longer needed",
                        () -> repository.remove("workloads/banner.yaml")));
    }

    private DemoStep firstSync() {
        SortedMap<String, Pod> before = pods();
        Instant started = clock.instant();
        String commit = repository.commitAndPush("Define the cluster");
        sync.start();
        return planned(FIRST_SYNC, "the definition is pushed for the first time", commit, before, started);
    }

    private DemoStep commit(String name, String deed, String message, Runnable edit) {
        SortedMap<String, Pod> before = pods();
        events.clear();
        Instant started = clock.instant();
        edit.run();
        return planned(name, deed, repository.commitAndPush(message), before, started);
    }

    private DemoStep planned(String name, String deed, String commit, SortedMap<String, Pod> before, Instant started) {
        Plan plan = await(
                "a plan for " + commit.substring(0, 7),
                event -> event instanceof SyncEvent.Planned planned
                                && planned.plan().head().commit().equals(commit)
                        ? Optional.of(planned.plan())
                        : Optional.empty());
        return settled(name, deed, Optional.of(commit), plan, before, started);
    }

    private DemoStep byHand(String name, String deed, Runnable edit) {
        SortedMap<String, Pod> before = pods();
        events.clear();
        Instant started = clock.instant();
        edit.run();
        Plan plan = await(
                "drift",
                event -> event instanceof SyncEvent.DriftFound drift ? Optional.of(drift.plan()) : Optional.empty());
        return settled(name, deed, Optional.empty(), plan, before, started);
    }

    private DemoStep settled(
            String name,
            String deed,
            Optional<String> commit,
            Plan plan,
            SortedMap<String, Pod> before,
            Instant started) {
        if (!plan.changes().isEmpty()) {
            await(
                    "the end of applying it",
                    event -> event instanceof SyncEvent.Applied applied
                            ? Optional.of(applied.outcome())
                            : Optional.empty());
        }
        awaitRest();
        Duration took = Duration.between(started, clock.instant());
        return new DemoStep(name, deed, commit, plan, PodChange.between(before, pods()), took);
    }

    private void editSettings() {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("data").put("PAGE_SIZE", "48");
        person.patch(
                type("v1", "ConfigMap"),
                Optional.of(NAMESPACE),
                "shop-settings",
                "",
                PatchType.MERGE,
                patch,
                "kubectl-edit");
    }

    private SortedMap<String, Pod> pods() {
        return Pod.in(person, NAMESPACE);
    }

    private ResourceType type(String apiVersion, String kind) {
        return person.resource(apiVersion, kind)
                .orElseThrow(() -> new IllegalStateException(apiVersion + " " + kind + " is not served"));
    }

    private <T> T await(String what, Function<SyncEvent, Optional<T>> wanted) {
        Instant deadline = clock.instant().plus(PATIENCE);
        try {
            while (clock.instant().isBefore(deadline)) {
                SyncEvent event = events.poll(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
                if (event instanceof SyncEvent.Refused refused) {
                    throw new IllegalStateException("the definition was refused: " + refused.problems());
                }
                Optional<T> found = event == null ? Optional.empty() : wanted.apply(event);
                if (found.isPresent()) {
                    return found.get();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new IllegalStateException("waited " + PATIENCE.toSeconds() + " s for " + what);
    }

    /** Waits until every workload says it is done and every pod is ready. */
    private void awaitRest() {
        Instant deadline = clock.instant().plus(PATIENCE);
        try {
            while (clock.instant().isBefore(deadline)) {
                if (atRest()) {
                    return;
                }
                Thread.sleep(LOOK_EVERY_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new IllegalStateException("the workloads were not at rest after " + PATIENCE.toSeconds() + " s");
    }

    private boolean atRest() {
        return rolledOut(type("apps.kruise.io/v1alpha1", "CloneSet"), "updatedAvailableReplicas")
                && rolledOut(type("apps/v1", "Deployment"), "availableReplicas")
                && pods().values().stream().allMatch(Pod::settled);
    }

    private boolean rolledOut(ResourceType type, String available) {
        for (JsonNode workload : person.list(type, Optional.of(NAMESPACE), "")) {
            JsonNode status = workload.path("status");
            int replicas = workload.path("spec").path("replicas").asInt(1);
            if (status.path("observedGeneration").asLong()
                            != workload.path("metadata").path("generation").asLong()
                    || status.path("replicas").asInt() != replicas
                    || status.path("updatedReplicas").asInt() != replicas
                    || status.path(available).asInt() != replicas) {
                return false;
            }
        }
        return true;
    }

    /** Ends everything; files stay. */
    @Override
    public void close() {
        sync.close();
        schedule.close();
        cluster.close();
        person.close();
        sandbox.ifPresent(Sandbox::close);
        repository.close();
    }

    /** The folder that holds everything of this demo. */
    public Path folder() {
        return folder;
    }
}
