package dev.trimtab.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterSettings;
import dev.trimtab.kube.Clusters;
import dev.trimtab.kube.Leftovers;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.kube.ResourceType;
import dev.trimtab.plan.Plan;
import dev.trimtab.plan.PlanRequest;
import dev.trimtab.plan.Planner;
import dev.trimtab.render.Desired;
import dev.trimtab.render.Written;
import dev.trimtab.sandbox.Sandbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A sandbox, or the disposable cluster that {@code TRIMTAB_TEST_KUBECONFIG} names, a client that writes down what is sent, and the stations from rendering to applying for sync {@code demo}.
 */
final class SyncRig implements AutoCloseable {

    static final String SYNC = "demo";

    private final Optional<Sandbox> sandbox;
    private final ClusterClient real;
    final RecordedCluster recorded;
    final ClusterClient cluster;
    Inventory inventory;

    SyncRig(boolean controllers) {
        String named = System.getenv("TRIMTAB_TEST_KUBECONFIG");
        sandbox = named == null
                ? Optional.of(Sandbox.builder().controllers(controllers).build().start())
                : Optional.empty();
        real = sandbox.map(SyncRig::connect).orElseGet(() -> connect(Path.of(named)));
        if (sandbox.isEmpty()) {
            Leftovers.sweep(real, List.of("shop", "harbour", "bank", "kube-flannel", "kuboard", Inventory.NAMESPACE));
        }
        recorded = new RecordedCluster(real);
        cluster = recorded.client();
        inventory = Inventory.load(cluster, SYNC);
    }

    private static ClusterClient connect(Sandbox sandbox) {
        try {
            Path kubeconfig = Files.createTempFile("trimtab-rig", ".yaml");
            Files.writeString(kubeconfig, sandbox.kubeconfig());
            ClusterClient client = connect(kubeconfig);
            Files.delete(kubeconfig);
            return client;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ClusterClient connect(Path kubeconfig) {
        return Clusters.connect(
                new ClusterSettings(Optional.of(kubeconfig), Optional.empty(), Duration.ofSeconds(10), 0));
    }

    /** Forgets everything that is not in the cluster. */
    void restart() {
        inventory = Inventory.load(cluster, SYNC);
    }

    Plan plan(int revision, String yaml) {
        return plan(Written.desired(revision, yaml), Set.of(), false);
    }

    Plan plan(Desired desired, Set<ObjectKey> confirmed, boolean drift) {
        return new Planner(cluster, SYNC, Clock.systemUTC())
                .plan(new PlanRequest(
                        "file:///repo.git",
                        inventory.lastApplied(),
                        desired,
                        inventory.keys(),
                        inventory.kept(),
                        confirmed,
                        drift));
    }

    Outcome sync(int revision, String yaml) {
        Desired desired = Written.desired(revision, yaml);
        return apply(plan(desired, Set.of(), false), desired);
    }

    Outcome apply(Plan plan, Desired desired) {
        return apply(plan, desired, Consent.STANDARD);
    }

    Outcome apply(Plan plan, Desired desired, Consent consent) {
        Retries retries = new Retries(3, Duration.ofMillis(1), Duration.ofSeconds(1), duration -> Thread.sleep(1));
        return new Applier(cluster, SYNC, inventory, Clock.systemUTC(), retries).apply(plan, desired, consent);
    }

    /** The live object, not written down as a call. */
    Optional<ObjectNode> live(String apiVersion, String kind, String namespace, String name) {
        return real.get(type(apiVersion, kind), namespace.isEmpty() ? Optional.empty() : Optional.of(namespace), name);
    }

    /** As another person or controller would. */
    void edit(String apiVersion, String kind, String namespace, String name, String manager, String patch) {
        real.patch(
                type(apiVersion, kind),
                namespace.isEmpty() ? Optional.empty() : Optional.of(namespace),
                name,
                "",
                ClusterClient.PatchType.MERGE,
                Written.object(patch),
                manager);
    }

    ResourceType type(String apiVersion, String kind) {
        return real.resource(apiVersion, kind).orElseThrow();
    }

    ClusterClient unrecorded() {
        return real;
    }

    @Override
    public void close() {
        real.close();
        sandbox.ifPresent(Sandbox::close);
    }
}
