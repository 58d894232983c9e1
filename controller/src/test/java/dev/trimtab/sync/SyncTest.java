package dev.trimtab.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.apply.ApplyCode;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.PatchType;
import dev.trimtab.kube.ClusterSettings;
import dev.trimtab.kube.Clusters;
import dev.trimtab.sandbox.Sandbox;
import dev.trimtab.source.GitSource;
import dev.trimtab.source.RepoPath;
import dev.trimtab.sync.ClusterSync.ClusterSpec;
import dev.trimtab.sync.ClusterSync.Mode;
import dev.trimtab.sync.ClusterSync.SourceSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A sync from a real repository to a sandbox. */
@Timeout(60)
class SyncTest {

    private static final Duration INTERVAL = Duration.ofMillis(100);

    @TempDir
    private Path folder;

    private final List<SyncEvent> events = Collections.synchronizedList(new ArrayList<>());
    private final Clock clock = Clock.systemUTC();
    private Sandbox sandbox;
    private Path kubeconfig;
    private TestRepository repository;
    private ClusterClient cluster;
    private final List<AutoCloseable> open = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        sandbox =
                Sandbox.builder().port(0).nodes(List.of("node-1")).clock(clock).build();
        sandbox.start();
        kubeconfig = Files.writeString(folder.resolve("kubeconfig"), sandbox.kubeconfig());
        repository = new TestRepository(folder.resolve("repo.git"))
                .with("clusters/shop/namespace.yaml", namespace("shop"))
                .with("clusters/shop/a.yaml", configMap("a", "1"));
        cluster = Clusters.connect(ClusterSettings.of(kubeconfig));
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
        cluster.close();
        repository.close();
        sandbox.close();
    }

    @Test
    void aCommitIsAppliedAndTheSameCommitIsNotAppliedAgain() {
        String commit = repository.commit("first");
        sync(Mode.APPLY, true);
        await().untilAsserted(() -> assertThat(data("a")).contains("1"));
        await().until(() -> outcomes() == 1);
        assertThat(of(SyncEvent.RevisionFound.class))
                .singleElement()
                .satisfies(found -> assertThat(found.revision().commit()).isEqualTo(commit));

        repository.with("clusters/shop/a.yaml", configMap("a", "2")).commit("second");
        await().untilAsserted(() -> assertThat(data("a")).contains("2"));
        await().until(() -> outcomes() == 2);
        assertThat(of(SyncEvent.Planned.class)).hasSize(2);
        assertThat(of(SyncEvent.DriftFound.class)).isEmpty();
    }

    @Test
    void aBrokenFileChangesNothingIsNamedAndTheNextGoodCommitGoesThrough() {
        repository.commit("good");
        sync(Mode.APPLY, true);
        await().until(() -> outcomes() == 1);

        repository
                .with("clusters/shop/a.yaml", configMap("a", "2"))
                .with("clusters/shop/broken.yaml", "kind: [\n")
                .without("clusters/shop/namespace.yaml")
                .commit("bad");
        await().until(() -> !of(SyncEvent.Refused.class).isEmpty());
        assertThat(of(SyncEvent.Refused.class).get(0).problems())
                .anySatisfy(
                        problem -> assertThat(problem.toString()).startsWith("clusters/shop/broken.yaml:2:1: error: "));
        assertThat(data("a")).contains("1");

        repository
                .without("clusters/shop/broken.yaml")
                .with("clusters/shop/namespace.yaml", namespace("shop"))
                .commit("good again");
        await().untilAsserted(() -> assertThat(data("a")).contains("2"));
        assertThat(of(SyncEvent.Refused.class)).hasSize(1);
    }

    @Test
    void aCommitOutsideThePathDoesNotAskTheCluster() {
        repository.commit("first");
        sync(Mode.APPLY, true);
        await().until(() -> outcomes() == 1);
        repository.with("README.md", "hello").commit("prose");
        await().until(() -> !of(SyncEvent.OutsidePath.class).isEmpty());
        assertThat(of(SyncEvent.Planned.class)).hasSize(1);
    }

    @Test
    void anEditOfAManagedFieldIsHealedAndAnAdditionIsLeftAlone() {
        repository.commit("first");
        sync(Mode.APPLY, true);
        await().until(() -> outcomes() == 1);

        edit("a", "added", "by hand");
        edit("a", "value", "changed by hand");
        await().until(() -> outcomes() == 2);
        await().untilAsserted(() -> assertThat(data("a")).contains("1"));
        assertThat(object("a").at("/data/added").asText()).isEqualTo("by hand");
        assertThat(of(SyncEvent.DriftFound.class)).singleElement().satisfies(drift -> {
            assertThat(drift.healing()).isTrue();
            assertThat(drift.drifts())
                    .singleElement()
                    .satisfies(one -> assertThat(one.manager()).contains("kubectl-edit"));
        });
    }

    @Test
    void aDeletedObjectComesBack() {
        repository.commit("first");
        sync(Mode.APPLY, true);
        await().until(() -> outcomes() == 1);
        String uid = object("a").at("/metadata/uid").asText();
        cluster.delete(
                cluster.resource("v1", "ConfigMap").orElseThrow(),
                Optional.of("shop"),
                "a",
                uid,
                ClusterClient.Propagation.BACKGROUND);
        await().untilAsserted(() -> assertThat(data("a")).contains("1"));
        assertThat(object("a").at("/metadata/uid").asText()).isNotEqualTo(uid);
    }

    @Test
    void observeReportsDriftAndWritesNothing() {
        repository.commit("first");
        Sync first = sync(Mode.APPLY, true);
        await().until(() -> outcomes() == 1);
        first.close();
        events.clear();
        sync(Mode.OBSERVE, true);
        await().until(() -> !of(SyncEvent.Planned.class).isEmpty());
        edit("a", "value", "changed by hand");
        await().until(() -> !of(SyncEvent.DriftFound.class).isEmpty());
        assertThat(of(SyncEvent.DriftFound.class).get(0).healing()).isFalse();
        assertThat(data("a")).contains("changed by hand");
        assertThat(outcomes()).isZero();
    }

    @Test
    void whatLeavesTheRepositoryIsDeletedButNeverEverythingAtOnce() {
        repository.with("clusters/shop/b.yaml", configMap("b", "1")).commit("two");
        sync(Mode.APPLY, true);
        await().until(() -> outcomes() == 1);
        repository.without("clusters/shop/b.yaml").commit("one");
        await().until(() -> data("b").isEmpty());
        assertThat(data("a")).contains("1");

        repository
                .without("clusters/shop/a.yaml")
                .without("clusters/shop/namespace.yaml")
                .with("clusters/shop/README.md", "nothing left")
                .commit("none");
        await().until(() -> of(SyncEvent.Held.class).size() == 1);
        assertThat(of(SyncEvent.Held.class).get(0).holds())
                .singleElement()
                .satisfies(hold -> assertThat(hold.code()).isEqualTo(ApplyCode.EMPTY_SET));
        assertThat(outcomes()).isEqualTo(2);
        assertThat(data("a")).contains("1");
    }

    @Test
    void aRestartedProcessKnowsWhatWasAppliedAndWritesNothing() {
        repository.commit("first");
        Sync first = sync(Mode.APPLY, true);
        await().until(() -> outcomes() == 1);
        first.close();
        String version = object("a").at("/metadata/resourceVersion").asText();
        events.clear();
        sync(Mode.APPLY, true);
        await().until(() -> !of(SyncEvent.Planned.class).isEmpty());
        SyncEvent.Planned planned = of(SyncEvent.Planned.class).get(0);
        assertThat(planned.plan().changes()).isEmpty();
        assertThat(planned.plan().base()).isPresent();
        assertThat(object("a").at("/metadata/resourceVersion").asText()).isEqualTo(version);
    }

    @Test
    void aRestartedProcessFindsTheLastGoodRevisionBehindABrokenOne() {
        repository.commit("good");
        Sync first = sync(Mode.APPLY, true);
        await().until(() -> outcomes() == 1);
        first.close();
        repository.with("clusters/shop/broken.yaml", "kind: [\n").commit("bad");
        edit("a", "value", "changed while nobody looked");
        events.clear();

        // The same mirror: what was applied is still in it.
        sync(Mode.APPLY, true, "mirror-0");
        await().untilAsserted(() -> assertThat(data("a")).contains("1"));
        assertThat(of(SyncEvent.Refused.class)).hasSize(1);
        edit("a", "value", "changed again");
        await().untilAsserted(() -> assertThat(data("a")).contains("1"));
    }

    @Test
    void withoutSelfHealARestartTellsDriftAndLeavesIt() {
        repository.commit("first");
        Sync first = sync(Mode.APPLY, false);
        await().until(() -> outcomes() == 1);
        first.close();
        edit("a", "value", "changed by hand");
        events.clear();
        sync(Mode.APPLY, false);
        await().until(() -> !of(SyncEvent.DriftFound.class).isEmpty());
        assertThat(of(SyncEvent.DriftFound.class).get(0).healing()).isFalse();
        repository.with("clusters/shop/b.yaml", configMap("b", "1")).commit("second");
        await().until(() -> data("b").isPresent());
    }

    @Test
    void observeDoesNotCallDriftWhatGitStillWaitsFor() {
        repository.with("clusters/shop/b.yaml", configMap("b", "1")).commit("first");
        Sync first = sync(Mode.APPLY, true);
        await().until(() -> outcomes() == 1);
        first.close();
        repository.with("clusters/shop/b.yaml", configMap("b", "2")).commit("second");
        events.clear();
        sync(Mode.OBSERVE, true);
        await().until(() -> !of(SyncEvent.Planned.class).isEmpty());
        edit("a", "value", "changed by hand");
        await().until(() -> !of(SyncEvent.DriftFound.class).isEmpty());
        assertThat(of(SyncEvent.DriftFound.class).get(0).drifts())
                .singleElement()
                .satisfies(drift -> assertThat(drift.object().name()).isEqualTo("a"));
    }

    @Test
    void anObjectThatIsLabelledAwayIsTold() {
        repository.commit("first");
        sync(Mode.APPLY, true);
        await().until(() -> outcomes() == 1);
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("metadata").putObject("labels").put("trimtab.dev/sync", "other");
        cluster.patch(
                cluster.resource("v1", "ConfigMap").orElseThrow(),
                Optional.of("shop"),
                "a",
                "",
                PatchType.MERGE,
                patch,
                "kubectl-label");
        await().until(() -> of(SyncEvent.Planned.class).stream()
                .anyMatch(planned -> !planned.plan().complete()));
    }

    @Test
    void anUnreachableRepositoryIsToldOnceAndRecoveredFrom() throws IOException {
        repository.commit("first");
        sync(Mode.APPLY, true);
        await().until(() -> outcomes() == 1);
        Path away = folder.resolve("away.git");
        Files.move(repository.folder(), away);
        await().until(() -> !of(SyncEvent.SourceFailed.class).isEmpty());
        Files.move(away, repository.folder());
        repository.with("clusters/shop/a.yaml", configMap("a", "2")).commit("second");
        await().untilAsserted(() -> assertThat(data("a")).contains("2"));
        assertThat(of(SyncEvent.SourceFailed.class)).hasSize(1);
        assertThat(of(SyncEvent.SourceRecovered.class)).hasSize(1);
    }

    @Test
    void anUnreachableClusterIsToldOnceAndRecoveredFrom() throws IOException {
        repository.commit("first");
        int port = sandbox.address().getPort();
        sandbox.close();
        sync(Mode.APPLY, true);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> !of(SyncEvent.ClusterFailed.class).isEmpty());
        sandbox = Sandbox.builder()
                .port(port)
                .nodes(List.of("node-1"))
                .clock(clock)
                .build();
        sandbox.start();
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(data("a")).contains("1"));
        assertThat(of(SyncEvent.ClusterFailed.class)).hasSize(1);
        await().until(() -> of(SyncEvent.ClusterRecovered.class).size() == 1);
    }

    private Sync sync(Mode mode, boolean selfHeal) {
        return sync(mode, selfHeal, "mirror-" + open.size());
    }

    private Sync sync(Mode mode, boolean selfHeal, String mirror) {
        ClusterSync spec = new ClusterSync(
                "test",
                new SourceSpec(
                        repository.folder().toString(),
                        "main",
                        new RepoPath("clusters/shop"),
                        Duration.ofSeconds(5),
                        Optional.empty()),
                new ClusterSpec(Optional.of(kubeconfig), Optional.empty()),
                INTERVAL,
                mode,
                selfHeal,
                true,
                Policy.STANDARD);
        GitSource source = GitSource.open(new GitSource.Settings(
                spec.source().repository(),
                "main",
                folder.resolve(mirror),
                Optional.empty(),
                spec.source().timeout(),
                true));
        SharedCluster shared = new SharedCluster(Clusters.connect(ClusterSettings.of(kubeconfig)), clock);
        Schedule own = new Schedule("test-" + open.size(), new Random(1));
        Sync sync = new Sync(spec, source, shared, own, clock, new Random(1), (name, event) -> events.add(event));
        open.add(() -> {
            sync.close();
            own.close();
            shared.close();
        });
        sync.start();
        return sync;
    }

    private <T extends SyncEvent> List<T> of(Class<T> type) {
        synchronized (events) {
            return events.stream().filter(type::isInstance).map(type::cast).toList();
        }
    }

    private int outcomes() {
        return of(SyncEvent.Applied.class).size();
    }

    private ObjectNode object(String name) {
        return find(name).orElseThrow();
    }

    private Optional<ObjectNode> find(String name) {
        return cluster.get(cluster.resource("v1", "ConfigMap").orElseThrow(), Optional.of("shop"), name);
    }

    private Optional<String> data(String name) {
        return find(name).map(object -> object.at("/data/value").asText());
    }

    private void edit(String name, String key, String value) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("data").put(key, value);
        cluster.patch(
                cluster.resource("v1", "ConfigMap").orElseThrow(),
                Optional.of("shop"),
                name,
                "",
                PatchType.MERGE,
                patch,
                "kubectl-edit");
    }

    private static String namespace(String name) {
        return "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: " + name + "\n";
    }

    private static String configMap(String name, String value) {
        return "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: " + name + "\n  namespace: shop\ndata:\n  value: \""
                + value + "\"\n";
    }
}
