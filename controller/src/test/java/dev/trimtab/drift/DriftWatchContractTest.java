package dev.trimtab.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.ApplyOptions;
import dev.trimtab.kube.ClusterClient.PatchType;
import dev.trimtab.kube.ClusterClient.Propagation;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.kube.Ownership;
import dev.trimtab.kube.ResourceType;
import dev.trimtab.kube.TestCluster;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a server's events make of confirmed objects. */
@Timeout(60)
class DriftWatchContractTest {

    private static final ResourceType NAMESPACE =
            new ResourceType("", "v1", "Namespace", "namespaces", false, Set.of());
    private static final ResourceType DEPLOYMENT =
            new ResourceType("apps", "v1", "Deployment", "deployments", true, Set.of("status", "scale"));

    private static TestCluster server;

    private final String sync = "drift-" + UUID.randomUUID().toString().substring(0, 8);
    private final ObjectKey web = new ObjectKey("apps", "Deployment", Optional.of(sync), "web");
    private final Set<ObjectKey> suspects = ConcurrentHashMap.newKeySet();
    private ClusterClient cluster;
    private DriftWatch watch;

    @BeforeAll
    static void start() {
        server = TestCluster.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void applyAndConfirm() {
        cluster = server.client();
        ObjectNode namespace = JsonNodeFactory.instance.objectNode();
        namespace
                .put("apiVersion", "v1")
                .put("kind", "Namespace")
                .putObject("metadata")
                .put("name", sync);
        cluster.create(NAMESPACE, namespace, "test");
        watch = new DriftWatch(cluster, sync, Ownership.fieldManager(sync), Clock.systemUTC(), suspects::add);
        watch.watch(Set.of(DEPLOYMENT));

        watch.confirm(web, apply());
        await().until(() -> watch.confirmed().contains(web));
        suspects.clear();
    }

    @AfterEach
    void close() {
        watch.close();
    }

    @Test
    void handEditOfOurFieldIsSuspect() {
        merge("", "spec").put("replicas", 9);
        send("");

        awaitSuspect();
    }

    @Test
    void scaleByAnotherIsSuspect() {
        merge("", "spec").put("replicas", 9);
        send("scale");

        awaitSuspect();
    }

    @Test
    void deletionIsSuspect() {
        cluster.delete(DEPLOYMENT, web.namespace(), web.name(), "", Propagation.BACKGROUND);

        awaitSuspect();
    }

    @Test
    void lostLabelIsSuspect() {
        merge("metadata", "labels").putNull(Ownership.SYNC_LABEL);
        send("");

        awaitSuspect();
    }

    @Test
    void statusAndRepeatedApplyAreNot() {
        merge("", "status").put("observedGeneration", 1);
        send("status");
        ObjectNode again = apply();
        watch.confirm(web, again);

        // An event of another object that comes after those of this one: all of them have been seen then.
        ObjectNode marker = deployment("marker");
        cluster.apply(DEPLOYMENT, marker, new ApplyOptions("someone", false, false));
        await().until(() -> suspects.contains(ObjectKey.of(marker)));
        assertThat(suspects).doesNotContain(web);
        assertThat(watch.confirmed()).contains(web);
    }

    @Test
    void healedObjectIsConfirmedAgain() {
        merge("", "spec").put("replicas", 9);
        send("");
        awaitSuspect();

        watch.confirm(web, apply());

        await().until(() -> watch.confirmed().contains(web));
    }

    private ObjectNode patch = JsonNodeFactory.instance.objectNode();

    private ObjectNode merge(String parent, String field) {
        patch = JsonNodeFactory.instance.objectNode();
        return (parent.isEmpty() ? patch : patch.putObject(parent)).putObject(field);
    }

    private void send(String subresource) {
        cluster.patch(DEPLOYMENT, web.namespace(), web.name(), subresource, PatchType.MERGE, patch, "kubectl-edit");
    }

    private void awaitSuspect() {
        await().until(() -> suspects.contains(web));
        assertThat(watch.confirmed()).doesNotContain(web);
    }

    private ObjectNode apply() {
        ApplyOptions options = new ApplyOptions(Ownership.fieldManager(sync), true, false);
        return (ObjectNode)
                cluster.apply(DEPLOYMENT, deployment("web"), options).object().get("metadata");
    }

    private ObjectNode deployment(String name) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("apiVersion", "apps/v1").put("kind", "Deployment");
        ObjectNode metadata = object.putObject("metadata").put("name", name).put("namespace", sync);
        metadata.putObject("labels").put(Ownership.SYNC_LABEL, sync);
        ObjectNode spec = object.putObject("spec").put("replicas", 2);
        spec.putObject("selector").putObject("matchLabels").put("app", name);
        ObjectNode template = spec.putObject("template");
        template.putObject("metadata").putObject("labels").put("app", name);
        template.putObject("spec")
                .putArray("containers")
                .addObject()
                .put("name", "web")
                .put("image", "web:1");
        return object;
    }
}
