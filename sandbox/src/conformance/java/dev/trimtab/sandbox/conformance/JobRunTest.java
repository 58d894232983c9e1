package dev.trimtab.sandbox.conformance;

import static dev.trimtab.sandbox.conformance.Workloads.PODS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.sandbox.judge.Part;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** How a Job makes pods, counts their ends, and comes to its own. The pods are nobody's to schedule: the tests let them end. */
@Conformance
@Needs(Part.CONTROLLERS)
final class JobRunTest {

    static final String JOBS = "/apis/batch/v1/namespaces/{ns}/jobs";
    private static final String TRACKING = "batch.kubernetes.io/job-tracking";
    private static final String INDEX = "batch.kubernetes.io/job-completion-index";
    private static final String TEMPLATE = "template: {metadata: {annotations: {a: b}}, spec: {restartPolicy: Never,"
            + " schedulerName: nobody, terminationGracePeriodSeconds: 0, containers: [{name: app, image: '"
            + Workloads.V1 + "'}]}}";

    private final Api api;
    private final Workloads workloads;

    JobRunTest(Api api) {
        this.api = api;
        this.workloads = new Workloads(api);
    }

    private Answer create(String name, String spec) {
        return api.post(
                        JOBS,
                        "{apiVersion: batch/v1, kind: Job, metadata: {name: " + name + "}, spec: {" + spec + ", "
                                + TEMPLATE + "}}")
                .ok();
    }

    private static String path(String name) {
        return JOBS + "/" + name;
    }

    private List<JsonNode> pods(String job) {
        return workloads.list(PODS, "job-name=" + job).stream()
                .filter(pod -> !Objects.finished(pod) && !Objects.deleting(pod))
                .toList();
    }

    private List<JsonNode> awaitPods(String job, int count) {
        workloads.await(() -> pods(job).size() == count);
        return pods(job);
    }

    private JsonNode await(String job, Predicate<JsonNode> state) {
        return workloads.await(path(job), state);
    }

    private JsonNode awaitActive(String job, int count) {
        return await(job, object -> object.at("/status/active").asInt() == count && settled(object));
    }

    private static boolean settled(JsonNode job) {
        JsonNode uncounted = job.at("/status/uncountedTerminatedPods");
        return uncounted.isObject() && uncounted.isEmpty();
    }

    private void end(JsonNode pod, String phase) {
        end(pod, phase, phase.equals("Failed") ? 1 : 0);
    }

    /** Lets a pod end now, as its kubelet would tell it. */
    private void end(JsonNode pod, String phase, int exitCode) {
        String now =
                Instant.now().truncatedTo(java.time.temporal.ChronoUnit.SECONDS).toString();
        workloads.play(
                Objects.name(pod),
                "{phase: " + phase
                        + ", containerStatuses: [{name: app, image: i, imageID: i, ready: false, restartCount:"
                        + " 0, state: {terminated: {exitCode: " + exitCode + ", finishedAt: '" + now
                        + "', startedAt: '" + now + "'}}}]}");
    }

    private static List<String> conditions(JsonNode job) {
        List<String> conditions = new ArrayList<>();
        for (JsonNode condition : job.at("/status/conditions")) {
            if (condition.path("status").asText().equals("True")) {
                conditions.add(condition.path("type").asText() + " "
                        + condition.path("reason").asText() + ": "
                        + condition.path("message").asText());
            }
        }
        return conditions;
    }

    @Test
    void aPodOfAJobCarriesItsLabelsAndIsHeldUntilItIsCounted() {
        Answer job = create("held", "backoffLimit: 0");
        JsonNode pod = awaitPods("held", 1).get(0);

        assertThat(pod.at("/metadata/generateName").asText()).isEqualTo("held-");
        assertThat(pod.at("/metadata/finalizers")).isEqualTo(Api.tree("[" + TRACKING + "]"));
        assertThat(pod.at("/metadata/annotations")).isEqualTo(Api.tree("{a: b}"));
        assertThat(Objects.controller(pod)).isEqualTo(job.uid());
        assertThat(pod.at("/metadata/labels"))
                .isEqualTo(Api.tree("{batch.kubernetes.io/controller-uid: " + job.uid()
                        + ", batch.kubernetes.io/job-name: held, controller-uid: " + job.uid() + ", job-name: held}"));
        JsonNode status = awaitActive("held", 1).path("status");
        assertThat(status.path("ready").asInt(-1)).isZero();
        assertThat(status.path("terminating").asInt(-1)).isZero();
        assertThat(status.path("startTime").isTextual()).isTrue();
        assertThat(status.has("succeeded")).isFalse();
    }

    @Test
    void asManyRunAtOnceAsAskedForUntilEnoughHaveSucceeded() {
        create("enough", "parallelism: 2, completions: 3");
        List<JsonNode> first = awaitPods("enough", 2);
        end(first.get(0), "Succeeded");
        await("enough", job -> job.at("/status/succeeded").asInt() == 1 && settled(job));
        JsonNode counted = workloads.get(PODS + "/" + Objects.name(first.get(0)));
        assertThat(counted.at("/metadata/finalizers").isEmpty()).isTrue();
        awaitActive("enough", 2);
        end(first.get(1), "Succeeded");
        await("enough", job -> job.at("/status/succeeded").asInt() == 2 && settled(job));
        end(awaitPods("enough", 1).get(0), "Succeeded");
        JsonNode done = await("enough", job -> Objects.conditionIs(job, "Complete", "True"));

        assertThat(conditions(done))
                .containsExactly(
                        "SuccessCriteriaMet CompletionsReached: Reached expected number of succeeded pods",
                        "Complete CompletionsReached: Reached expected number of succeeded pods");
        assertThat(done.at("/status/completionTime"))
                .isEqualTo(Objects.condition(done, "Complete").path("lastTransitionTime"));
        assertThat(done.at("/status/succeeded").asInt()).isEqualTo(3);
        assertThat(done.path("status").has("active")).isFalse();
        assertThat(settled(done)).isTrue();
        assertThat(pods("enough")).isEmpty();
    }

    @Test
    void anEndIsNotedInTheStatusBeforeItIsCounted() throws IOException {
        create("noted", "completions: 1");
        JsonNode pod = awaitPods("noted", 1).get(0);
        awaitActive("noted", 1);
        List<JsonNode> states;
        try (Events events = workloads.follow(JOBS, "fieldSelector=metadata.name%3Dnoted")) {
            end(pod, "Succeeded");
            states = Workloads.states(events, event -> Objects.conditionIs(event.object(), "Complete", "True"));
        }

        JsonNode noted = states.get(0);
        assertThat(noted.at("/status/uncountedTerminatedPods/succeeded/0").asText())
                .isEqualTo(Objects.uid(pod));
        assertThat(noted.path("status").has("succeeded")).isFalse();
        assertThat(conditions(noted)).hasSize(1);
        JsonNode counted = states.get(states.size() - 1);
        assertThat(counted.at("/status/succeeded").asInt()).isEqualTo(1);
    }

    @Test
    void aJobWithoutCompletionsIsDoneWithItsFirstSuccessOnceNothingRuns() {
        create("open", "parallelism: 2");
        List<JsonNode> pods = awaitPods("open", 2);
        end(pods.get(0), "Succeeded");
        JsonNode one = await("open", job -> job.at("/status/succeeded").asInt() == 1 && settled(job));
        assertThat(conditions(one)).isEmpty();
        assertThat(pods("open")).hasSize(1);

        end(pods.get(1), "Succeeded");
        await("open", job -> Objects.conditionIs(job, "Complete", "True"));
    }

    @Test
    void moreFailuresThanAllowedEndTheJobAndItsPods() {
        create("fails", "parallelism: 2, completions: 2, backoffLimit: 0");
        List<JsonNode> pods = awaitPods("fails", 2);
        end(pods.get(0), "Failed");
        JsonNode failed = await("fails", job -> Objects.conditionIs(job, "Failed", "True"));

        assertThat(conditions(failed))
                .containsExactly(
                        "FailureTarget BackoffLimitExceeded: Job has reached the specified backoff limit",
                        "Failed BackoffLimitExceeded: Job has reached the specified backoff limit");
        assertThat(failed.at("/status/failed").asInt()).isEqualTo(2);
        assertThat(failed.path("status").has("completionTime")).isFalse();
        workloads.awaitGone(PODS + "/" + Objects.name(pods.get(1)));
        assertThat(workloads
                        .get(PODS + "/" + Objects.name(pods.get(0)))
                        .at("/metadata/finalizers")
                        .isEmpty())
                .isTrue();
    }

    @Test
    void aFailedPodIsReplacedAfterTenSeconds() {
        create("retries", "backoffLimit: 2");
        JsonNode first = awaitPods("retries", 1).get(0);
        end(first, "Failed");
        JsonNode waiting = await("retries", job -> job.at("/status/failed").asInt() == 1 && settled(job));
        assertThat(waiting.path("status").has("active")).isFalse();

        JsonNode second = awaitPods("retries", 1).get(0);
        JsonNode ended = workloads
                .get(PODS + "/" + Objects.name(first))
                .at("/status/containerStatuses/0/state/terminated/finishedAt");
        Duration pause = Duration.between(
                Instant.parse(ended.asText()),
                Instant.parse(second.at("/metadata/creationTimestamp").asText()));
        assertThat(pause).isBetween(Duration.ofSeconds(9), Duration.ofSeconds(20));
    }

    @Test
    void aPodThatSomebodyDeletesHasFailed() {
        create("robbed", "backoffLimit: 3");
        JsonNode pod = awaitPods("robbed", 1).get(0);
        api.delete(PODS + "/" + Objects.name(pod), "{}").ok();

        await("robbed", job -> job.at("/status/failed").asInt() == 1 && settled(job));
        workloads.awaitGone(PODS + "/" + Objects.name(pod));
    }

    @Test
    void aJobThatTakesTooLongFails() {
        create("slow", "activeDeadlineSeconds: 1");
        JsonNode failed = await("slow", job -> Objects.conditionIs(job, "Failed", "True"));

        assertThat(conditions(failed))
                .containsExactly(
                        "FailureTarget DeadlineExceeded: Job was active longer than specified deadline",
                        "Failed DeadlineExceeded: Job was active longer than specified deadline");
        workloads.await(() -> workloads.list(PODS, "job-name=slow").isEmpty());
    }

    @Test
    void aSuspendedJobHasNoPodsAndNoStart() {
        create("paused", "suspend: true");
        JsonNode paused = await("paused", job -> Objects.conditionIs(job, "Suspended", "True"));
        assertThat(conditions(paused)).containsExactly("Suspended JobSuspended: Job suspended");
        assertThat(paused.path("status").has("startTime")).isFalse();
        assertThat(pods("paused")).isEmpty();

        api.merge(path("paused"), "{spec: {suspend: false}}").ok();
        JsonNode resumed = awaitActive("paused", 1);
        assertThat(Objects.condition(resumed, "Suspended").path("status").asText())
                .isEqualTo("False");
        assertThat(Objects.reason(resumed, "Suspended")).isEqualTo("JobResumed");
        assertThat(resumed.at("/status/startTime").isTextual()).isTrue();

        JsonNode pod = awaitPods("paused", 1).get(0);
        api.merge(path("paused"), "{spec: {suspend: true}}").ok();
        workloads.awaitGone(PODS + "/" + Objects.name(pod));
        JsonNode again = await("paused", job -> Objects.conditionIs(job, "Suspended", "True"));
        assertThat(again.path("status").has("failed")).isFalse();
        assertThat(again.path("status").has("startTime")).isFalse();
    }

    @Test
    void aPodFailurePolicySaysWhatAFailureMeans() {
        create(
                "policy",
                "backoffLimit: 6, podFailurePolicy: {rules: [{action: Ignore, onExitCodes: {operator: In, values: [5]}},"
                        + " {action: FailJob, onExitCodes: {containerName: app, operator: NotIn, values: [1, 2]}}]}");
        JsonNode ignored = awaitPods("policy", 1).get(0);
        end(ignored, "Failed", 5);
        workloads.await(
                () -> pods("policy").stream().anyMatch(pod -> !Objects.uid(pod).equals(Objects.uid(ignored))));
        JsonNode next = pods("policy").get(0);
        assertThat(workloads.get(path("policy")).path("status").has("failed")).isFalse();

        end(next, "Failed", 42);
        JsonNode failed = await("policy", job -> Objects.conditionIs(job, "Failed", "True"));
        String why = "PodFailurePolicy: Container app for pod " + api.namespace() + "/" + Objects.name(next)
                + " failed with exit code 42 matching FailJob rule at index 1";
        assertThat(conditions(failed)).containsExactly("FailureTarget " + why, "Failed " + why);
    }

    @Test
    void anIndexedJobHasOnePodForEachIndexThatHasNotSucceeded() {
        create("indexed", "completionMode: Indexed, completions: 4, parallelism: 3");
        List<JsonNode> pods = awaitPods("indexed", 3);
        assertThat(pods).extracting(pod -> Objects.annotation(pod, INDEX)).containsExactlyInAnyOrder("0", "1", "2");
        assertThat(pods).allSatisfy(pod -> {
            String index = Objects.annotation(pod, INDEX);
            assertThat(Objects.label(pod, INDEX)).isEqualTo(index);
            assertThat(pod.at("/metadata/generateName").asText()).isEqualTo("indexed-" + index + "-");
            assertThat(pod.at("/spec/hostname").asText()).isEqualTo("indexed-" + index);
            assertThat(pod.at("/spec/containers/0/env/0/valueFrom/fieldRef/fieldPath")
                            .asText())
                    .isEqualTo("metadata.labels['" + INDEX + "']");
        });

        pods.stream().filter(pod -> !Objects.annotation(pod, INDEX).equals("1")).forEach(pod -> end(pod, "Succeeded"));
        await("indexed", job -> job.at("/status/completedIndexes").asText().equals("0,2"));
        workloads.await(() -> pods("indexed").stream()
                .anyMatch(pod -> Objects.annotation(pod, INDEX).equals("3")));
        pods("indexed").forEach(pod -> end(pod, "Succeeded"));
        JsonNode done = await("indexed", job -> Objects.conditionIs(job, "Complete", "True"));
        assertThat(done.at("/status/completedIndexes").asText()).isEqualTo("0-3");
        assertThat(done.at("/status/succeeded").asInt()).isEqualTo(4);
    }

    @Test
    void lessParallelismTakesPodsBackWithoutCountingThem() {
        create("shrinks", "parallelism: 3, completions: 5");
        awaitPods("shrinks", 3);
        api.merge(path("shrinks"), "{spec: {parallelism: 1}}").ok();
        awaitPods("shrinks", 1);

        JsonNode job = awaitActive("shrinks", 1);
        assertThat(job.path("status").has("failed")).isFalse();
    }

    @Test
    void aFinishedJobGoesAfterItsTimeToLiveWithItsPods() {
        create("expires", "ttlSecondsAfterFinished: 1");
        end(awaitPods("expires", 1).get(0), "Succeeded");

        workloads.awaitGone(path("expires"));
        workloads.await(() -> workloads.list(PODS, "job-name=expires").isEmpty());
    }

    @Test
    void aDeletedJobTakesItsPodsAlongWhenAskedTo() {
        create("deleted", "parallelism: 2, completions: 2");
        awaitPods("deleted", 2);
        api.delete(path("deleted"), "{propagationPolicy: Background}").ok();

        workloads.await(() -> workloads.list(PODS, "job-name=deleted").isEmpty());
    }

    @Test
    void podsThatAreLeftBehindAreLetGo() {
        create("leaves", "parallelism: 1");
        JsonNode pod = awaitPods("leaves", 1).get(0);
        api.delete(path("leaves"), "{propagationPolicy: Orphan}").ok();
        workloads.awaitGone(path("leaves"));

        JsonNode left = workloads.await(
                PODS + "/" + Objects.name(pod),
                object -> object.at("/metadata/finalizers").isEmpty());
        assertThat(left.at("/metadata/ownerReferences").isEmpty()).isTrue();
    }

    @Test
    @Needs({Part.CONTROLLERS, Part.NODES})
    void commandsDecideHowPodsEnd() {
        String spec = "{apiVersion: batch/v1, kind: Job, metadata: {name: %s}, spec: {backoffLimit: 0, template: {spec:"
                + " {restartPolicy: Never, containers: [{name: app, image:"
                + " 'registry.k8s.io/e2e-test-images/busybox:1.36.1-1', command: [sh, -c, '%s']}]}}}}";
        api.post(JOBS, spec.formatted("well", "sleep 1; exit 0")).ok();
        api.post(JOBS, spec.formatted("badly", "exit 3")).ok();

        await("well", job -> Objects.conditionIs(job, "Complete", "True"));
        await("badly", job -> Objects.conditionIs(job, "Failed", "True"));
        JsonNode pod = workloads.list(PODS, "job-name=badly").get(0);
        assertThat(pod.at("/status/phase").asText()).isEqualTo("Failed");
        assertThat(Objects.app(pod).at("/state/terminated/exitCode").asInt()).isEqualTo(3);
        assertThat(Objects.app(pod).at("/state/terminated/reason").asText()).isEqualTo("Error");
    }

    @Test
    @Needs({Part.CONTROLLERS, Part.NODES})
    void restartsOfContainersCountAsFailuresToo() {
        api.post(
                        JOBS,
                        "{apiVersion: batch/v1, kind: Job, metadata: {name: restarts}, spec: {backoffLimit: 1, template:"
                                + " {spec: {restartPolicy: OnFailure, terminationGracePeriodSeconds: 1, containers:"
                                + " [{name: app, image: 'registry.k8s.io/e2e-test-images/busybox:1.36.1-1', command: ["
                                + "'false']}]}}}}")
                .ok();

        JsonNode failed = await("restarts", job -> Objects.conditionIs(job, "Failed", "True"));
        assertThat(Objects.reason(failed, "Failed")).isEqualTo("BackoffLimitExceeded");
        assertThat(failed.at("/status/failed").asInt()).isEqualTo(1);
        workloads.await(() -> workloads.list(PODS, "job-name=restarts").isEmpty());
    }
}
