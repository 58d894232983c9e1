package dev.trimtab.inplace.prepull;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.inplace.Trees;
import dev.trimtab.inplace.prepull.PrePullState.Failed;
import dev.trimtab.inplace.prepull.PrePullState.Pulling;
import dev.trimtab.inplace.prepull.PrePullState.Ready;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrePullPlanTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private static final ObjectNode WORKLOAD = Trees.yaml("""
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web.shop, namespace: shop, uid: u-1}
            spec:
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec:
                  serviceAccountName: web
                  imagePullSecrets: [{name: registry}]
                  containers:
                  - {name: app, image: "app:2"}
                  - {name: side, image: "side:1"}
            """);

    private static PrePullOrder order(int nodes) {
        return new PrePullOrder(
                WORKLOAD,
                "r2",
                WORKLOAD.at("/spec/template/spec"),
                new TreeSet<>(Set.of("app:2")),
                IntStream.range(0, nodes)
                        .mapToObj(number -> "node-" + number)
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    /** The pod as the cluster has it, {@code seconds} after it was created. */
    private static PullPod pod(PrePullOrder order, String node, String status, int seconds) {
        ObjectNode pod = PullPodSpec.of(order, node);
        pod.withObjectProperty("metadata")
                .put("uid", "uid-" + node)
                .put("creationTimestamp", NOW.minusSeconds(seconds).toString());
        pod.set("status", Trees.yaml(status));
        return new PullPod(pod);
    }

    private static String container(String state) {
        return "{phase: Pending, containerStatuses: [{name: image-0, imageID: '', state: " + state + "}]}";
    }

    private static final String PULLED = "{phase: Succeeded}";

    private static PrePullPlan plan(PrePullOrder order, PullPod... pods) {
        return PrePullPlan.of(order, List.of(pods), NOW);
    }

    @Test
    void aFewNodesAreServedAtATime() {
        PrePullOrder order = order(25);
        assertThat(plan(order).create()).hasSize(PrePullPlan.WIDTH).doesNotHaveDuplicates();
        assertThat(plan(order).state()).isEqualTo(new Pulling(0, 25, Optional.empty()));

        PrePullPlan next = plan(
                order,
                pod(order, "node-0", PULLED, 3),
                pod(order, "node-1", container("{waiting: {reason: ContainerCreating}}"), 3));
        assertThat(next.create()).hasSize(PrePullPlan.WIDTH - 1).doesNotContain("node-0", "node-1");
        assertThat(next.delete()).isEmpty();
    }

    @Test
    void theLastNodeDoneOnePodIsMarkedAndThenTheOthersGo() {
        PrePullOrder order = order(3);
        List<PullPod> pods = new ArrayList<>(
                order.nodes().stream().map(node -> pod(order, node, PULLED, 3)).toList());
        PrePullPlan done = PrePullPlan.of(order, pods, NOW);
        assertThat(done.state()).isInstanceOf(Pulling.class);
        assertThat(done.delete()).isEmpty();
        PullPod marked = done.mark().orElseThrow();

        marked.json()
                .withObjectProperty("metadata")
                .withObjectProperty("annotations")
                .put(PullPod.DONE, "now");
        PrePullPlan after = PrePullPlan.of(order, pods, NOW);
        assertThat(after.state()).isEqualTo(new Ready());
        assertThat(after.delete()).hasSize(2).doesNotContain(marked);
        assertThat(plan(order, marked))
                .isEqualTo(new PrePullPlan(new Ready(), List.of(), List.of(), Optional.empty(), 0));
        // A node that comes later does not stop what has begun.
        assertThat(plan(order(4), marked).state()).isEqualTo(new Ready());
    }

    @Test
    void podsOfAnotherTemplateOrOfANodeThatDoesNotCountGo() {
        PrePullOrder order = order(2);
        PrePullOrder older = new PrePullOrder(WORKLOAD, "r1", order.podSpec(), order.images(), order.nodes());
        PullPod old = pod(older, "node-0", PULLED, 3);
        old.json()
                .withObjectProperty("metadata")
                .withObjectProperty("annotations")
                .put(PullPod.DONE, "then");
        PullPod elsewhere = pod(order, "node-9", PULLED, 3);

        PrePullPlan plan = plan(order, old, elsewhere);
        assertThat(plan.delete()).containsExactlyInAnyOrder(old, elsewhere);
        assertThat(plan.create()).containsExactly("node-0", "node-1");
        assertThat(plan.state()).isInstanceOf(Pulling.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{phase: Succeeded}                                                          | 1    | PULLED",
                "{waiting: {reason: ContainerCreating}}                                      | 1    | PULLING",
                "{waiting: {reason: ContainerCreating}}                                      | 600  | PASSED_OVER",
                "{waiting: {reason: ErrImagePull, message: not found}}                       | 1    | PULLING",
                "{waiting: {reason: ImagePullBackOff, message: not found}}                   | 19   | PULLING",
                "{waiting: {reason: ImagePullBackOff, message: not found}}                   | 20   | FAILED",
                "{waiting: {reason: ErrImagePull, message: not found}}                       | 2000 | FAILED",
                "{waiting: {reason: InvalidImageName}}                                       | 0    | FAILED",
                "{waiting: {reason: ErrImageNeverPull}}                                      | 0    | FAILED",
                "{waiting: {reason: CreateContainerError, message: no such user}}            | 1    | PULLED",
                "{waiting: {reason: RunContainerError}}                                      | 1    | PULLED",
                "{running: {startedAt: '2026-01-01T00:00:00Z'}}                              | 1    | PULLED",
                "{terminated: {exitCode: 128, reason: StartError}}                           | 1    | PULLED",
                "{terminated: {exitCode: 137, reason: ContainerStatusUnknown}}               | 1    | PULLING",
                "{phase: Pending}                                                            | 1    | PULLING",
                "{phase: Pending}                                                            | 60   | PASSED_OVER",
                "{phase: Pending, startTime: '2026-01-01T00:00:00Z'}                         | 60   | PULLING",
                "{phase: Pending, startTime: '2026-01-01T00:00:00Z'}                         | 600  | PASSED_OVER",
                "{phase: Failed, reason: OutOfpods}                                          | 1    | PASSED_OVER",
                "{phase: Failed, reason: DeadlineExceeded}                                   | 3601 | SPENT",
            })
    void whatTheKubeletSaysTellsWhetherTheImageIsThere(String status, int seconds, PullPod.Stage stage) {
        String whole = status.startsWith("{phase") ? status : container(status);
        assertThat(pod(order(1), "node-0", whole, seconds).stage(NOW)).isEqualTo(stage);
    }

    @Test
    void everyImageOfThePodHasToBeThere() {
        PrePullOrder order = new PrePullOrder(
                WORKLOAD, "r2", order(1).podSpec(), new TreeSet<>(Set.of("app:2", "side:2")), order(1).nodes());
        String one = "{name: image-0, imageID: 'sha256:a', state: {terminated: {exitCode: 0}}}";
        String injected = "{name: proxy, imageID: 'sha256:c', state: {running: {}}}";
        assertThat(pod(order, "node-0", "{containerStatuses: [" + one + ", " + injected + "]}", 1)
                        .stage(NOW))
                .isEqualTo(PullPod.Stage.PULLING);
        assertThat(pod(order, "node-0", "{containerStatuses: [" + one + ", " + one.replace("-0", "-1") + "]}", 1)
                        .stage(NOW))
                .isEqualTo(PullPod.Stage.PULLED);
    }

    @Test
    void aFailureNamesNodeImageAndTheKubeletsWords() {
        PrePullOrder order = order(40);
        PullPod bad = pod(
                order,
                "node-3",
                container("{waiting: {reason: ImagePullBackOff, message: 'Back-off pulling image \"app:2\":"
                        + " ErrImagePull: app:2: not found'}}"),
                30);
        PrePullPlan plan = plan(order, bad);
        assertThat(plan.state())
                .isEqualTo(new Failed("node-3", "app:2", "ErrImagePull: app:2: not found", Optional.empty()));
        assertThat(plan.state().toString())
                .contains("image app:2 cannot be pulled on node node-3: ErrImagePull: app:2: not found")
                .contains("trimtab.dev/pre-pull: \"false\"");
        // The node's own retries go on; it is not deleted.
        assertThat(plan.delete()).isEmpty();
        assertThat(plan.mark()).isEmpty();
    }

    @Test
    void whatTheFirstNodesCannotPullTheOthersAreNotSentFor() {
        PrePullOrder order = order(40);
        String failing = container("{waiting: {reason: ErrImagePull}}");
        PullPod[] failed = order.nodes().stream()
                .limit(PrePullPlan.WIDTH)
                .map(node -> pod(order, node, failing, 30))
                .toArray(PullPod[]::new);
        assertThat(plan(order, failed).create()).isEmpty();
    }

    @Test
    void aPodWhoseTimeIsOverIsReplaced() {
        PrePullOrder order = order(1);
        PullPod spent = pod(order, "node-0", "{phase: Failed, reason: DeadlineExceeded}", 4000);
        assertThat(plan(order, spent).delete()).containsExactly(spent);
        assertThat(plan(order, spent).create()).isEmpty();
        assertThat(plan(order).create()).containsExactly("node-0");
    }

    @Test
    void timeAloneIsWaitedFor() {
        PrePullOrder order = order(2);
        PrePullPlan plan = plan(
                order,
                pod(order, "node-0", container("{waiting: {reason: ErrImagePull}}"), 5),
                pod(order, "node-1", container("{waiting: {reason: ContainerCreating}}"), 5));
        assertThat(plan.state().again()).contains(Duration.ofSeconds(15));
    }

    @ParameterizedTest
    @CsvSource({
        "'',      3, false",
        "'',      4, true",
        "true,    1, true",
        "true,    0, false",
        "false, 100, false",
        "maybe,   3, false"
    })
    void theAnnotationDecidesElseTheNumberOfPods(String annotation, int restarting, boolean wanted) {
        ObjectNode workload = WORKLOAD.deepCopy();
        if (!annotation.isEmpty()) {
            workload.withObjectProperty("metadata")
                    .withObjectProperty("annotations")
                    .put(PrePullOrder.POLICY, annotation);
        }
        assertThat(PrePullOrder.wanted(workload, restarting)).isEqualTo(wanted);
    }

    @Test
    void anOrderIsTheNewImagesAndTheNodesThatDoNotRunThemYet() {
        String pod =
                "{spec: {nodeName: 'NODE', containers: [{name: app, image: 'app:1'}, {name: side, image: 'side:1'},"
                        + " {name: injected, image: 'proxy:1'}]}}";
        List<ObjectNode> restarting = List.of(
                Trees.yaml(pod.replace("NODE", "a")),
                Trees.yaml(pod.replace("NODE", "b")),
                Trees.yaml(pod.replace("NODE", "")));
        PrePullOrder order =
                PrePullOrder.of(WORKLOAD, "r2", WORKLOAD.at("/spec/template"), restarting, Set.of("a", "z"));
        assertThat(order.images()).containsExactly("app:2");
        assertThat(order.nodes()).containsExactly("b");
        assertThat(plan(order(0)).state()).isEqualTo(new Ready());
    }

    @Test
    void aPullPodHasNothingThatAServiceOrABudgetOfTheWorkloadSelects() {
        ObjectNode pod = PullPodSpec.of(order(1), "node-0");
        assertThat(pod.at("/metadata/labels").toString())
                .isEqualTo("{\"trimtab.dev/pre-pull\":\"u-1\",\"trimtab.dev/pre-pull-revision\":\"r2\"}");
        assertThat(pod.at("/metadata/name").asText())
                .startsWith("web-shop-pull-")
                .matches("[a-z0-9-]{1,63}");
        JsonNode owner = pod.at("/metadata/ownerReferences/0");
        assertThat(owner.path("uid").asText()).isEqualTo("u-1");
        assertThat(owner.path("controller").asBoolean(false)).isFalse();
    }

    @Test
    void aPullPodUsesTheWorkloadsPullSecretsAndAsksForNoRights() {
        JsonNode spec = PullPodSpec.of(order(1), "node-0").path("spec");
        assertThat(spec.at("/imagePullSecrets/0/name").asText()).isEqualTo("registry");
        assertThat(spec.path("serviceAccountName").asText()).isEqualTo("web");
        assertThat(spec.path("automountServiceAccountToken").asBoolean(true)).isFalse();
        assertThat(spec.path("nodeName").asText()).isEqualTo("node-0");
        assertThat(spec.path("restartPolicy").asText()).isEqualTo("Never");
        assertThat(spec.at("/tolerations/0").toString()).isEqualTo("{\"operator\":\"Exists\"}");
        assertThat(spec.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
        assertThat(spec.at("/securityContext/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
        JsonNode container = spec.at("/containers/0");
        assertThat(container.path("image").asText()).isEqualTo("app:2");
        assertThat(container.path("imagePullPolicy").asText()).isEqualTo("IfNotPresent");
        assertThat(container.at("/securityContext/allowPrivilegeEscalation").asBoolean(true))
                .isFalse();
        assertThat(container.at("/securityContext/capabilities/drop/0").asText())
                .isEqualTo("ALL");
        assertThat(container.at("/resources/limits")).isEqualTo(container.at("/resources/requests"));
    }
}
