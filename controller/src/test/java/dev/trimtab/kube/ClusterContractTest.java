package dev.trimtab.kube;

import static dev.trimtab.kube.Objects.CONFIG_MAP;
import static dev.trimtab.kube.Objects.DEPLOYMENT;
import static dev.trimtab.kube.Objects.NAMESPACE;
import static dev.trimtab.kube.Objects.SECRET;
import static dev.trimtab.kube.Objects.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ClusterClient.ApplyOptions;
import dev.trimtab.kube.ClusterClient.Informer;
import dev.trimtab.kube.ClusterClient.PatchType;
import dev.trimtab.kube.ClusterClient.Propagation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@link ClusterClient} promises, asked of a {@link TestCluster}. */
@Timeout(60)
class ClusterContractTest {

    private static final ApplyOptions US = new ApplyOptions("trimtab-test", false, false);
    private static final ApplyOptions OTHER = new ApplyOptions("other", false, false);

    private static TestCluster server;
    private static ClusterClient cluster;

    private final String namespace = "contract-" + UUID.randomUUID().toString().substring(0, 8);

    @BeforeAll
    static void connect() {
        server = TestCluster.start();
        cluster = server.client();
    }

    @AfterAll
    static void close() {
        server.close();
    }

    @BeforeEach
    void createNamespace() {
        cluster.create(
                NAMESPACE, json("{apiVersion:'v1',kind:'Namespace',metadata:{name:'" + namespace + "'}}"), "test");
    }

    @Test
    void serverSaysWhatItServes() {
        ResourceType deployment = cluster.resource("apps/v1", "Deployment").orElseThrow();

        assertThat(deployment.plural()).isEqualTo("deployments");
        assertThat(deployment.namespaced()).isTrue();
        assertThat(deployment.subresources()).contains("status", "scale");
        assertThat(cluster.preferredResource("apps", "Deployment")).contains(deployment);
        assertThat(cluster.preferredResource("", "Namespace").map(ResourceType::namespaced))
                .contains(false);
        assertThat(cluster.resource("apps/v1", "Nothing")).isEmpty();
        assertThat(cluster.resource("nobody.example.org/v1", "Nothing")).isEmpty();
        assertThat(cluster.version()).startsWith("v1.");
        assertThat(cluster.uid()).isPresent();
    }

    @Test
    void fieldNoLongerAppliedIsRemovedAndNothingChangesOnARepeat() {
        cluster.apply(CONFIG_MAP, configMap("data:{a:'1',b:'2'}"), US);

        ObjectNode applied =
                cluster.apply(CONFIG_MAP, configMap("data:{a:'1'}"), US).object();
        ObjectNode again =
                cluster.apply(CONFIG_MAP, configMap("data:{a:'1'}"), US).object();

        assertThat(applied.path("data")).isEqualTo(json("{a:'1'}"));
        assertThat(again).isEqualTo(applied);
        ManagedFields.Entry entry =
                ManagedFields.ownedBy(applied.path("metadata"), "trimtab-test").orElseThrow();
        assertThat(ManagedFields.paths(entry)).containsExactly("data.a", "metadata.labels.app");
        assertThat(entry.time()).isPresent();
    }

    @Test
    void fieldOfAnotherIsAConflictThatNamesItAndForceTakesIt() {
        cluster.apply(CONFIG_MAP, configMap("data:{a:'1'}"), OTHER);

        ApiException conflict = catchThrowableOfType(
                ApiException.class, () -> cluster.apply(CONFIG_MAP, configMap("data:{a:'2'}"), US));
        assertThat(conflict.errorClass()).isEqualTo(ErrorClass.CONFLICT);
        assertThat(conflict.causes()).extracting(ApiException.Cause::field).containsExactly(".data.a");

        ObjectNode taken = cluster.apply(
                        CONFIG_MAP, configMap("data:{a:'2'}"), new ApplyOptions("trimtab-test", true, false))
                .object();
        assertThat(ManagedFields.managersOf(taken.path("metadata"), "data.a")).containsExactly("trimtab-test");
    }

    @Test
    void dryRunAnswersAndWritesNothing() {
        ObjectNode answer = cluster.apply(
                        CONFIG_MAP, configMap("data:{a:'1'}"), new ApplyOptions("trimtab-test", false, true))
                .object();

        assertThat(answer.at("/data/a").asText()).isEqualTo("1");
        assertThat(cluster.get(CONFIG_MAP, Optional.of(namespace), "web")).isEmpty();
    }

    @Test
    void unknownFieldIsInvalidAndNamed() {
        ApiException error =
                catchThrowableOfType(ApiException.class, () -> cluster.apply(CONFIG_MAP, configMap("dta:{a:'1'}"), US));

        assertThat(error.errorClass()).isEqualTo(ErrorClass.INVALID);
        assertThat(error).hasMessageContaining("dta");
    }

    @Test
    void refusedSecretKeepsItsValue() {
        ObjectNode secret = json("{apiVersion:'v1',kind:'Secret',metadata:{name:'s',namespace:'" + namespace
                + "'},data:{password:['hunter2']}}");

        ApiException error = catchThrowableOfType(ApiException.class, () -> cluster.apply(SECRET, secret, US));

        assertThat(error.errorClass()).isEqualTo(ErrorClass.INVALID);
        assertThat(error.toString() + error.causes()).doesNotContain("hunter2");
    }

    @Test
    void whatIsMissingIsTold() {
        ObjectNode elsewhere = configMap("data:{}");
        ((ObjectNode) elsewhere.get("metadata")).put("namespace", "not-there");
        ResourceType nothing = new ResourceType("nobody.example.org", "v1", "Nothing", "nothings", true, Set.of());

        ApiException noNamespace =
                catchThrowableOfType(ApiException.class, () -> cluster.apply(CONFIG_MAP, elsewhere, US));
        ApiException noKind =
                catchThrowableOfType(ApiException.class, () -> cluster.get(nothing, Optional.of(namespace), "web"));

        assertThat(noNamespace.errorClass()).isEqualTo(ErrorClass.NAMESPACE_MISSING);
        assertThat(noKind.errorClass()).isEqualTo(ErrorClass.KIND_MISSING);
        assertThat(cluster.get(CONFIG_MAP, Optional.of("not-there"), "web")).isEmpty();
        assertThat(cluster.get(NAMESPACE, Optional.empty(), "not-there")).isEmpty();
    }

    @Test
    void createOfWhatExistsSaysSo() {
        cluster.create(CONFIG_MAP, configMap("data:{}"), "test");

        ApiException error = catchThrowableOfType(
                ApiException.class, () -> cluster.create(CONFIG_MAP, configMap("data:{}"), "test"));

        assertThat(error.errorClass()).isEqualTo(ErrorClass.ALREADY_EXISTS);
    }

    @Test
    void deleteTakesOnlyTheObjectThatWasMeant() {
        ObjectNode created = cluster.create(CONFIG_MAP, configMap("data:{}"), "test");
        String uid = created.at("/metadata/uid").asText();

        cluster.delete(CONFIG_MAP, Optional.of(namespace), "web", "another-uid", Propagation.BACKGROUND);
        assertThat(cluster.get(CONFIG_MAP, Optional.of(namespace), "web")).isPresent();

        cluster.delete(CONFIG_MAP, Optional.of(namespace), "web", uid, Propagation.BACKGROUND);
        assertThat(cluster.get(CONFIG_MAP, Optional.of(namespace), "web")).isEmpty();

        cluster.delete(CONFIG_MAP, Optional.of(namespace), "web", uid, Propagation.BACKGROUND);
    }

    @Test
    void eachPatchTypeIsUnderstood() {
        cluster.apply(CONFIG_MAP, configMap("data:{a:'1'}"), US);

        patch(PatchType.MERGE, "{data:{b:'2'}}");
        patch(PatchType.STRATEGIC, "{data:{c:'3'}}");
        ObjectNode last = cluster.patch(
                CONFIG_MAP,
                Optional.of(namespace),
                "web",
                "",
                PatchType.JSON,
                json("{ops:[{op:'remove',path:'/data/a'}]}").get("ops"),
                "test");

        assertThat(last.path("data")).isEqualTo(json("{b:'2',c:'3'}"));
    }

    @Test
    void listSelectsByLabel() {
        cluster.apply(CONFIG_MAP, configMap("data:{}"), US);

        assertThat(cluster.list(CONFIG_MAP, Optional.of(namespace), "app=web")).hasSize(1);
        assertThat(cluster.list(CONFIG_MAP, Optional.of(namespace), "app=other"))
                .isEmpty();
        assertThat(cluster.list(CONFIG_MAP, Optional.empty(), "app=web")).isNotEmpty();
    }

    @Test
    void informerFollowsWhatHappens() {
        List<String> events = Collections.synchronizedList(new ArrayList<>());
        try (Informer informer = cluster.informer(
                CONFIG_MAP,
                Optional.of(namespace),
                "app=web",
                event -> events.add(
                        event.type() + " " + event.object().at("/data/a").asText()))) {
            await().until(informer::synced);
            cluster.apply(CONFIG_MAP, configMap("data:{a:'1'}"), US);
            cluster.apply(CONFIG_MAP, configMap("data:{a:'2'}"), US);
            patch(PatchType.MERGE, "{metadata:{labels:{app:'other'}}}");

            await().untilAsserted(() ->
                    assertThat(List.copyOf(events)).containsExactly("ADDED 1", "MODIFIED 2", "DELETED 2"));
            assertThat(informer.list()).isEmpty();

            patch(PatchType.MERGE, "{metadata:{labels:{app:'web'}}}");
            await().until(() -> informer.get(Optional.of(namespace), "web").isPresent());
            ObjectNode cached = informer.get(Optional.of(namespace), "web").orElseThrow();
            assertThat(cached)
                    .isEqualTo(cluster.get(CONFIG_MAP, Optional.of(namespace), "web")
                            .orElseThrow());
        }
    }

    @Test
    void metadataInformerTellsMetadataOfTheKindAndKeepsOnlyWhichObjectsThereAre() {
        ObjectNode deployment = json("{apiVersion:'apps/v1',kind:'Deployment',metadata:{name:'web',namespace:'"
                + namespace + "'},spec:{selector:{matchLabels:{app:'web'}},template:{metadata:{labels:{app:'web'}},"
                + "spec:{containers:[{name:'web',image:'web:1'}]}}}}");
        cluster.apply(DEPLOYMENT, deployment, US);
        List<ObjectNode> told = new CopyOnWriteArrayList<>();

        try (Informer informer =
                cluster.metadataInformer(DEPLOYMENT, Optional.of(namespace), "", event -> told.add(event.object()))) {
            await().until(() -> informer.list().size() == 1);
            ((ObjectNode) deployment.get("metadata")).withObject("/annotations").put("note", "x");
            cluster.apply(DEPLOYMENT, deployment, US);
            await().until(() -> told.stream()
                    .anyMatch(object ->
                            object.at("/metadata/annotations/note").asText().equals("x")));

            ObjectNode last = told.get(told.size() - 1);
            assertThat(last.fieldNames()).toIterable().containsExactly("apiVersion", "kind", "metadata");
            assertThat(last.path("kind").asText()).isEqualTo("Deployment");
            assertThat(ManagedFields.ownedBy(last.path("metadata"), "trimtab-test"))
                    .isPresent();
            assertThat(last.at("/metadata/generation").asLong()).isPositive();
            assertThat(informer.list().get(0).path("metadata").fieldNames())
                    .toIterable()
                    .containsExactly("namespace", "name", "uid", "resourceVersion");
        }
    }

    private void patch(PatchType type, String body) {
        cluster.patch(CONFIG_MAP, Optional.of(namespace), "web", "", type, json(body), "test");
    }

    private ObjectNode configMap(String content) {
        return json("{apiVersion:'v1',kind:'ConfigMap',metadata:{name:'web',namespace:'" + namespace
                + "',labels:{app:'web'}}," + content + "}");
    }
}
