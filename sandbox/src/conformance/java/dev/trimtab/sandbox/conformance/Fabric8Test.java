package dev.trimtab.sandbox.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.trimtab.sandbox.judge.Judge;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A typed client with informers and leader election, unchanged. */
@Conformance
@Timeout(120)
final class Fabric8Test {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String namespace;
    private final Judge judge;
    private KubernetesClient client = new KubernetesClientBuilder().build();

    Fabric8Test(Api api, Judge judge) {
        this.namespace = api.namespace();
        this.judge = judge;
    }

    @BeforeEach
    void connect() throws IOException {
        client.close();
        client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(Files.readString(judge.kubeconfig())))
                .build();
    }

    @AfterEach
    void disconnect() {
        client.close();
    }

    private ConfigMap map(String name, String value) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .addToLabels("t", name)
                .endMetadata()
                .addToData("a", value)
                .build();
    }

    /** Writes down what a handler is told. */
    private record Diary<T>(List<String> lines) implements ResourceEventHandler<T> {

        static <T> Diary<T> empty() {
            return new Diary<>(new CopyOnWriteArrayList<>());
        }

        @Override
        public void onAdd(T object) {
            lines.add("added");
        }

        @Override
        public void onUpdate(T before, T after) {
            lines.add("updated");
        }

        @Override
        public void onDelete(T object, boolean finalStateUnknown) {
            lines.add("deleted");
        }

        void awaitLines(String... expected) {
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(lines).containsExactly(expected));
        }
    }

    @Test
    void aTypedInformerFollowsItsObjects() {
        client.resource(map("typed", "1")).create();
        Diary<ConfigMap> diary = Diary.empty();
        try (SharedIndexInformer<ConfigMap> informer = client.configMaps()
                .inNamespace(namespace)
                .withLabel("t", "typed")
                .inform(diary)) {
            diary.awaitLines("added");
            client.resource(map("typed", "2")).update();
            diary.awaitLines("added", "updated");
            assertThat(informer.getStore().list().get(0).getData()).containsEntry("a", "2");
            client.resource(map("typed", "2")).delete();
            diary.awaitLines("added", "updated", "deleted");
            assertThat(informer.getStore().list()).isEmpty();
        }
    }

    @Test
    void aGenericInformerFollowsItsObjects() {
        ResourceDefinitionContext maps = new ResourceDefinitionContext.Builder()
                .withVersion("v1")
                .withKind("ConfigMap")
                .withPlural("configmaps")
                .withNamespaced(true)
                .build();
        Diary<GenericKubernetesResource> diary = Diary.empty();
        try (SharedIndexInformer<GenericKubernetesResource> informer = client.genericKubernetesResources(maps)
                .inNamespace(namespace)
                .withLabel("t", "generic")
                .inform(diary)) {
            await().atMost(PATIENCE).until(informer::hasSynced);
            client.resource(map("generic", "1")).create();
            diary.awaitLines("added");
            client.configMaps()
                    .inNamespace(namespace)
                    .withName("generic")
                    .edit(map -> new ConfigMapBuilder(map).addToData("b", "2").build());
            diary.awaitLines("added", "updated");
            GenericKubernetesResource seen = informer.getStore().list().get(0);
            assertThat(seen.<String>get("data", "b")).isEqualTo("2");
            // No longer selected: gone for this informer.
            client.configMaps()
                    .inNamespace(namespace)
                    .withName("generic")
                    .edit(map -> new ConfigMapBuilder(map)
                            .editMetadata()
                            .addToLabels("t", "elsewhere")
                            .endMetadata()
                            .build());
            diary.awaitLines("added", "updated", "deleted");
        }
    }

    @Test
    void itAppliesOnTheServer() {
        client.resource(map("applied", "1")).fieldManager("one").serverSideApply();
        ConfigMap forced = client.resource(map("applied", "2"))
                .patch(new PatchContext.Builder()
                        .withPatchType(PatchType.SERVER_SIDE_APPLY)
                        .withFieldManager("two")
                        .withForce(true)
                        .build());

        assertThat(forced.getData()).containsEntry("a", "2");
        assertThat(forced.getMetadata().getManagedFields())
                .extracting("manager")
                .contains("two");
    }

    @Test
    void leadershipIsTakenRenewedReleasedAndPassedOn() {
        List<String> diary = new CopyOnWriteArrayList<>();
        LeaderElector first = candidate("first", diary);
        var leading = first.start();
        await().atMost(PATIENCE).until(() -> diary.contains("first leads"));
        Lease taken = lease();
        assertThat(taken.getSpec().getHolderIdentity()).isEqualTo("first");

        LeaderElector second = candidate("second", diary);
        var waiting = second.start();
        await().atMost(PATIENCE)
                .until(() ->
                        lease().getSpec().getRenewTime().isAfter(taken.getSpec().getRenewTime()));
        assertThat(diary).doesNotContain("second leads");

        leading.cancel(true);
        await().atMost(PATIENCE).until(() -> diary.contains("second leads"));
        assertThat(diary).containsSubsequence("first stops", "second leads");
        assertThat(lease().getSpec().getHolderIdentity()).isEqualTo("second");
        assertThat(lease().getSpec().getLeaseTransitions()).isPositive();

        waiting.cancel(true);
        await().atMost(PATIENCE).until(() -> diary.contains("second stops"));
    }

    private Lease lease() {
        return client.leases().inNamespace(namespace).withName("leader").get();
    }

    private LeaderElector candidate(String name, List<String> diary) {
        return client.leaderElector()
                .withConfig(new LeaderElectionConfigBuilder()
                        .withName(name)
                        .withLock(new LeaseLock(namespace, "leader", name))
                        .withLeaseDuration(Duration.ofSeconds(4))
                        .withRenewDeadline(Duration.ofSeconds(3))
                        .withRetryPeriod(Duration.ofMillis(300))
                        .withReleaseOnCancel(true)
                        .withLeaderCallbacks(new LeaderCallbacks(
                                () -> diary.add(name + " leads"), () -> diary.add(name + " stops"), who -> {}))
                        .build())
                .build();
    }
}
