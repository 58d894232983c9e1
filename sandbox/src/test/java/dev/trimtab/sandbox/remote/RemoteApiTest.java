package dev.trimtab.sandbox.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.Sandbox;
import dev.trimtab.sandbox.api.LocalApi;
import dev.trimtab.sandbox.api.LocalApi.Propagation;
import dev.trimtab.sandbox.api.LocalApi.Served;
import dev.trimtab.sandbox.api.StatusException;
import dev.trimtab.sandbox.controllers.KubeletTimes;
import dev.trimtab.sandbox.controllers.StandIns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verbs over HTTP mean what they mean within the process; a sandbox without controllers stands for the cluster. */
final class RemoteApiTest {

    private static final String ME = "test";

    private Sandbox cluster;
    private LocalApi api;

    @BeforeEach
    void connect(@TempDir Path directory) throws IOException {
        cluster = Sandbox.builder().controllers(false).build().start();
        Path kubeconfig = Files.writeString(directory.resolve("kubeconfig"), cluster.kubeconfig());
        api = RemoteApi.of(kubeconfig);
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    private static ObjectNode json(String json) {
        try {
            return (ObjectNode) new ObjectMapper().readTree(json.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
    }

    private static ObjectNode map(String name) {
        return json("{'metadata':{'namespace':'default','name':'" + name + "'},'data':{'a':'1'}}");
    }

    private static ObjectNode pod(String name, String node) {
        return json("{'metadata':{'namespace':'default','name':'" + name + "'},'spec':{'nodeName':'" + node
                + "','containers':[{'name':'c','image':'a:1'}]}}");
    }

    @Test
    void resourcesAreNamedWithTheirGroups() {
        assertThat(api.resources())
                .contains(
                        new Served("pods", "", "Pod", true),
                        new Served("nodes", "", "Node", false),
                        new Served("deployments.apps", "apps", "Deployment", true))
                .doesNotHaveDuplicates()
                .noneMatch(served -> served.name().contains("/"));
    }

    @Test
    void whatIsListedSaysItsKind() {
        api.create("configmaps", map("kind"), ME);

        assertThat(api.list("configmaps", "default"))
                .singleElement()
                .satisfies(object -> assertThat(object.path("kind").asText()).isEqualTo("ConfigMap"))
                .satisfies(
                        object -> assertThat(object.path("apiVersion").asText()).isEqualTo("v1"));
    }

    @Test
    void whatIsNotThereIsEmptyAndOtherRefusalsKeepTheirStatus() {
        assertThat(api.get("configmaps", "default", "absent")).isEmpty();
        ObjectNode old = api.create("configmaps", map("taken"), ME);
        api.mergePatch("configmaps", "default", "taken", "", json("{'data':{'a':'2'}}"), ME);

        assertThat(refusal(() -> api.create("configmaps", map("taken"), ME)).reason())
                .isEqualTo("AlreadyExists");
        old.withObject("data").put("b", "1");
        assertThat(refusal(() -> api.update("configmaps", "", old, ME)).reason())
                .isEqualTo("Conflict");
        assertThat(refusal(() -> api.delete("configmaps", "default", "taken", "another", -1, Propagation.BACKGROUND))
                        .code())
                .isEqualTo(409);
    }

    private static StatusException refusal(Runnable request) {
        return catchThrowableOfType(StatusException.class, request::run);
    }

    @Test
    void nobodyAnsweringIsServiceUnavailable() {
        api.list("pods", "");
        cluster.close();

        assertThat(refusal(() -> api.list("pods", "")).code()).isEqualTo(503);
    }

    @Test
    void aWatchTellsWhatIsThereAndThenEveryChange() throws Exception {
        api.create("configmaps", map("first"), ME);
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        try (AutoCloseable watch = api.watch(
                "configmaps",
                event -> told.add(
                        event.type() + " " + event.object().at("/metadata/name").asText()))) {
            assertThat(watch).isNotNull();
            assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo("ADDED first");
            api.mergePatch("configmaps", "default", "first", "", json("{'data':{'a':'2'}}"), ME);
            api.delete("configmaps", "default", "first", "", -1, Propagation.BACKGROUND);

            assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo("MODIFIED first");
            assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo("DELETED first");
        }
    }

    @Test
    void machinesServeTheNodesTheyAreGivenAndNoOthers() {
        api.create("nodes", json("{'metadata':{'name':'theirs'}}"), ME);
        try (StandIns machines = StandIns.machines(api, List.of("ours"), KubeletTimes.quick())) {
            assertThat(machines).isNotNull();
            api.create("pods", pod("here", "ours"), ME);
            api.create("pods", pod("there", "theirs"), ME);

            await().untilAsserted(() ->
                    assertThat(text("pods", "default", "here", "/status/phase")).isEqualTo("Running"));
            await().untilAsserted(() -> assertThat(
                            text("leases.coordination.k8s.io", "kube-node-lease", "ours", "/spec/holderIdentity"))
                    .isEqualTo("ours"));
            assertThat(text("pods", "default", "there", "/status/phase")).isEqualTo("Pending");
            assertThat(text("nodes", "", "theirs", "/status/conditions/0/type")).isEmpty();
        }
    }

    private String text(String resource, String namespace, String name, String pointer) {
        return api.get(resource, namespace, name)
                .map(object -> object.at(pointer).asText())
                .orElse("");
    }
}
