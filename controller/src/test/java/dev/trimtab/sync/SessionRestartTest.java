package dev.trimtab.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.apply.Consent;
import dev.trimtab.apply.Inventory;
import dev.trimtab.inplace.UpdateStrategy;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.ApplyOptions;
import dev.trimtab.kube.ClusterClient.PatchType;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.kube.ResourceType;
import dev.trimtab.kube.TestCluster;
import dev.trimtab.plan.Claims;
import dev.trimtab.plan.Plan;
import dev.trimtab.plan.PodDetail;
import dev.trimtab.render.Desired;
import dev.trimtab.render.Written;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a new process asks the server for that the process before it knew. */
class SessionRestartTest {

    private static final String NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: restart}\n";
    private static final String WEB = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, namespace: restart}
            spec:
              replicas: 0
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec:
                  containers:
                  - {name: web, image: "web:1", resources: {limits: {cpu: 1000m}}}
            """;
    private static final String ALL = NAMESPACE + "---\n" + WEB + "---\n"
            + IntStream.range(0, 20).mapToObj(SessionRestartTest::config).collect(Collectors.joining("---\n"));

    private final TestCluster server = TestCluster.start();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final ClusterClient cluster = counted(server.client());
    private final Desired desired = Written.desired(1, ALL);

    @BeforeEach
    void apply() {
        server.sweep(List.of("restart", Inventory.NAMESPACE));
        try (Session session = open()) {
            session.apply(plan(session), desired, Consent.STANDARD);
        }
        requests.clear();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void nothingButTheInventoryIsAskedForWhenNothingChanged() {
        try (Session session = open()) {
            Plan plan = plan(session);

            assertThat(plan.changes()).isEmpty();
            assertThat(plan.known()).isEqualTo(22);
            assertThat(requests).containsExactly("list ConfigMap");
        }
    }

    @Test
    void whatOthersAddedCostsOneReadAndAForeignValueOneDryRunMore() {
        edit("v1", "ConfigMap", "c0", "metadata: {annotations: {note: theirs}}");
        edit("apps/v1", "Deployment", "web", "metadata: {annotations: {note: theirs}}");
        edit("v1", "ConfigMap", "c1", "data: {a: changed}");
        server.client()
                .delete(
                        type("v1", "ConfigMap"),
                        Optional.of("restart"),
                        "c2",
                        uid("c2"),
                        ClusterClient.Propagation.BACKGROUND);

        try (Session session = open()) {
            Plan plan = plan(session);

            assertThat(plan.changes())
                    .extracting(change -> change.object().name())
                    .containsExactlyInAnyOrder("c1", "c2");
            assertThat(requests)
                    .containsExactlyInAnyOrder(
                            "list ConfigMap",
                            "get ConfigMap restart/c0",
                            "get Deployment restart/web",
                            "get ConfigMap restart/c1",
                            "dry-run ConfigMap restart/c1",
                            "get ConfigMap restart/c2",
                            "dry-run ConfigMap restart/c2");
        }
    }

    @Test
    void wipedOwnershipIsNoticed() {
        edit("v1", "ConfigMap", "c3", "metadata: {managedFields: [{}]}");

        try (Session session = open()) {
            assertThat(plan(session).changes())
                    .extracting(change -> change.object().name())
                    .containsExactly("c3");
        }
    }

    @Test
    void anInventoryWithoutBaselinesIsReadAndCostsDryRunsOnce() {
        edit(
                "v1",
                "ConfigMap",
                Inventory.NAMESPACE,
                "trimtab-inventory-demo-0",
                "data: {objects: '" + "{\"/ConfigMap/restart/c4\":\""
                        + Objects.requireNonNull(desired.objects().get(Written.key("", "ConfigMap", "restart", "c4")))
                                .digest()
                                .value()
                        + "\"}'}");

        try (Session session = open()) {
            Plan plan = plan(session);
            assertThat(plan.changes()).isEmpty();
            assertThat(requests).filteredOn(call -> call.startsWith("dry-run")).hasSize(22);
            session.apply(plan, desired, Consent.STANDARD);
        }
        requests.clear();
        try (Session session = open()) {
            assertThat(plan(session).known()).isEqualTo(22);
            assertThat(requests).containsExactly("list ConfigMap");
        }
    }

    private Plan plan(Session session) {
        return session.plan("file:///repo.git", desired, true, false);
    }

    private Session open() {
        return Session.open(
                cluster,
                new Claims(),
                "demo",
                PodDetail.COUNT,
                UpdateStrategy.Policy.IN_PLACE_IF_POSSIBLE,
                Clock.systemUTC(),
                key -> {});
    }

    private void edit(String apiVersion, String kind, String name, String patch) {
        edit(apiVersion, kind, "restart", name, patch);
    }

    private void edit(String apiVersion, String kind, String namespace, String name, String patch) {
        server.client()
                .patch(
                        type(apiVersion, kind),
                        Optional.of(namespace),
                        name,
                        "",
                        PatchType.MERGE,
                        Written.object(patch),
                        "kubectl-edit");
    }

    private String uid(String configMap) {
        return server.client()
                .get(type("v1", "ConfigMap"), Optional.of("restart"), configMap)
                .orElseThrow()
                .at("/metadata/uid")
                .asText();
    }

    private ResourceType type(String apiVersion, String kind) {
        return server.client().resource(apiVersion, kind).orElseThrow();
    }

    private static String config(int number) {
        return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c" + number + ", namespace: restart}\ndata: {a: b}\n";
    }

    /** Writes down every request for objects; those of watches are not among them. */
    private ClusterClient counted(ClusterClient real) {
        return (ClusterClient) Proxy.newProxyInstance(
                ClusterClient.class.getClassLoader(),
                new Class<?>[] {ClusterClient.class},
                (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "get" ->
                            requests.add("get " + ((ResourceType) arguments[0]).kind() + " "
                                    + ((Optional<?>) arguments[1])
                                            .map(ns -> ns + "/")
                                            .orElse("")
                                    + arguments[2]);
                        case "list" -> requests.add("list " + ((ResourceType) arguments[0]).kind());
                        case "apply" ->
                            requests.add((((ApplyOptions) arguments[2]).dryRun() ? "dry-run " : "apply ")
                                    + ObjectKey.of((JsonNode) arguments[1]));
                        case "patch", "create", "delete" -> requests.add(method.getName());
                        default -> {}
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
