package dev.trimtab.sandbox.conformance;

import static dev.trimtab.sandbox.conformance.Workloads.PODS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a Job may say, what of it may change, and what may be said of it. */
@Conformance
final class JobTest {

    private static final String JOBS = "/apis/batch/v1/namespaces/{ns}/jobs";
    private static final String TEMPLATE = "template: {spec: {restartPolicy: Never, schedulerName: nobody, containers:"
            + " [{name: app, image: '" + Workloads.V1 + "'}]}}";

    private final Api api;

    JobTest(Api api) {
        this.api = api;
    }

    private static String job(String name, String spec) {
        return "{apiVersion: batch/v1, kind: Job, metadata: {name: " + name + "}, spec: {" + spec + "}}";
    }

    /** A Job that no controller touches. */
    private Answer create(String name, String spec) {
        return api.post(JOBS, job(name, "managedBy: example.com/nobody, " + spec))
                .ok();
    }

    @Test
    void whatAJobDoesNotSayIsFilledIn() {
        Answer job = create("defaults", TEMPLATE);

        assertThat(job.at("/spec/completions").asInt()).isEqualTo(1);
        assertThat(job.at("/spec/parallelism").asInt()).isEqualTo(1);
        assertThat(job.at("/spec/backoffLimit").asInt()).isEqualTo(6);
        assertThat(job.text("/spec/completionMode")).isEqualTo("NonIndexed");
        assertThat(job.text("/spec/podReplacementPolicy")).isEqualTo("TerminatingOrFailed");
        assertThat(job.at("/spec/suspend").isBoolean()).isTrue();
        assertThat(job.at("/spec/manualSelector").isBoolean()).isTrue();
        assertThat(create("some", "parallelism: 2, " + TEMPLATE).at("/spec").has("completions"))
                .isFalse();
        assertThat(create("policy", "podFailurePolicy: {rules: []}, " + TEMPLATE)
                        .text("/spec/podReplacementPolicy"))
                .isEqualTo("Failed");
    }

    @Test
    void aJobSelectsItsPodsByItsUidAndLabelsThemWithItsName() {
        create("selects", TEMPLATE);
        Answer job = api.get(JOBS + "/selects").ok();

        assertThat(job.at("/spec/selector"))
                .isEqualTo(Api.tree("{matchLabels: {batch.kubernetes.io/controller-uid: " + job.uid() + "}}"));
        for (String labelled : List.of("/metadata", "/spec/template/metadata")) {
            assertThat(job.at(labelled + "/labels"))
                    .isEqualTo(Api.tree("{batch.kubernetes.io/controller-uid: " + job.uid()
                            + ", batch.kubernetes.io/job-name: selects, controller-uid: " + job.uid()
                            + ", job-name: selects}"));
        }
    }

    @Test
    void aManualSelectorIsTakenAsItIs() {
        Answer job = create(
                "manual",
                "manualSelector: true, selector: {matchLabels: {app: x}}, template: {metadata: {labels: {app: x}}, spec:"
                        + " {restartPolicy: Never, schedulerName: nobody, containers: [{name: app, image: 'a:1'}]}}");

        assertThat(job.at("/spec/selector")).isEqualTo(Api.tree("{matchLabels: {app: x}}"));
        assertThat(job.at("/spec/template/metadata/labels")).isEqualTo(Api.tree("{app: x}"));
    }

    record Refusal(String name, String spec, String message) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Refusal> refusals() {
        return Stream.of(
                new Refusal(
                        "negative",
                        "parallelism: -1, completions: -1, activeDeadlineSeconds: -1, backoffLimit: -1,"
                                + " ttlSecondsAfterFinished: -2, " + TEMPLATE,
                        "[spec.parallelism: Invalid value: -1: must be greater than or equal to 0, spec.completions:"
                                + " Invalid value: -1: must be greater than or equal to 0, spec.activeDeadlineSeconds:"
                                + " Invalid value: -1: must be greater than or equal to 0, spec.backoffLimit: Invalid"
                                + " value: -1: must be greater than or equal to 0, spec.ttlSecondsAfterFinished: Invalid"
                                + " value: -2: must be greater than or equal to 0]"),
                new Refusal(
                        "indexed",
                        "completionMode: Indexed, parallelism: 2, " + TEMPLATE,
                        "spec.completions: Required value: when completion mode is Indexed"),
                new Refusal(
                        "mode",
                        "completionMode: Other, " + TEMPLATE,
                        "spec.completionMode: Unsupported value: \"Other\": supported values: \"NonIndexed\","
                                + " \"Indexed\""),
                new Refusal(
                        "policy",
                        "podFailurePolicy: {rules: [{action: FailJob, onExitCodes: {operator: In, values: [0]}},"
                                + " {action: Nope}]}, podReplacementPolicy: TerminatingOrFailed, " + TEMPLATE,
                        "[spec.podFailurePolicy.rules[0].onExitCodes.values[0]: Invalid value: 0: must not be 0 for the"
                                + " In operator, spec.podFailurePolicy.rules[1].action: Unsupported value: \"Nope\":"
                                + " supported values: \"Count\", \"FailIndex\", \"FailJob\", \"Ignore\","
                                + " spec.podFailurePolicy.rules[1]: Invalid value: specifying one of OnExitCodes and"
                                + " OnPodConditions is required, spec.podReplacementPolicy: Unsupported value:"
                                + " \"TerminatingOrFailed\": supported values: \"Failed\"]"),
                new Refusal(
                        "always",
                        "template: {spec: {containers: [{name: app, image: 'a:1'}]}}",
                        "spec.template.spec.restartPolicy: Required value: valid values: \"OnFailure\", \"Never\""),
                new Refusal(
                        "often",
                        "template: {spec: {restartPolicy: Often, containers: [{name: app, image: 'a:1'}]}}",
                        "[spec.template.spec.restartPolicy: Unsupported value: \"Often\": supported values: \"Always\","
                                + " \"OnFailure\", \"Never\", spec.template.spec.restartPolicy: Unsupported value:"
                                + " \"Often\": supported values: \"OnFailure\", \"Never\"]"),
                new Refusal(
                        "unselected",
                        "manualSelector: true, " + TEMPLATE,
                        "[spec.selector: Required value, spec.template.metadata.labels: Invalid value: null: `selector`"
                                + " does not match template `labels`]"),
                new Refusal(
                        "dotted.name",
                        "completionMode: Indexed, completions: 3, " + TEMPLATE,
                        "metadata.name: Invalid value: \"dotted.name\": will not able to create pod with invalid DNS"
                                + " label: dotted.name-2"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void isRefused(Refusal refusal) {
        Answer refused = api.post(JOBS, job(refusal.name(), refusal.spec()));

        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused.message())
                .isEqualTo("Job.batch \"" + refusal.name() + "\" is invalid: " + refusal.message());
    }

    @Test
    void labelsThatContradictTheGeneratedOnesAreRefused() {
        Answer refused = api.post(
                JOBS,
                job(
                        "claims",
                        "template: {metadata: {labels: {job-name: other}}, spec: {restartPolicy: Never, containers:"
                                + " [{name: app, image: 'a:1'}]}}"));

        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused.message())
                .startsWith("Job.batch \"claims\" is invalid: spec.template.metadata.labels[job-name]: Invalid value: ")
                .endsWith(": must be 'claims'");
        assertThat(api.post(JOBS, job("selector", "selector: {matchLabels: {a: b}}, " + TEMPLATE))
                        .message())
                .contains("`selector` not auto-generated");
    }

    @Test
    void howManyAndHowLongCanChangeAndWhatRunsCannot() {
        create("changes", TEMPLATE);
        String path = JOBS + "/changes";
        api.merge(
                        path,
                        "{spec: {parallelism: 2, backoffLimit: 3, activeDeadlineSeconds: 1000, ttlSecondsAfterFinished:"
                                + " 7}}")
                .ok();

        Map.of(
                        "{completions: 3}", "spec.completions: Invalid value: 3: field is immutable",
                        "{completionMode: Indexed}",
                                "spec.completionMode: Invalid value: \"Indexed\": field is immutable",
                        "{managedBy: null}", "spec.managedBy: Invalid value: null: field is immutable")
                .forEach((patch, message) -> {
                    Answer refused = api.merge(path, "{spec: " + patch + "}");
                    assertThat(refused.code()).isEqualTo(422);
                    assertThat(refused.message()).isEqualTo("Job.batch \"changes\" is invalid: " + message);
                });
        assertThat(api.merge(path, "{spec: {template: {metadata: {annotations: {a: b}}}}}")
                        .message())
                .startsWith("Job.batch \"changes\" is invalid: spec.template: Invalid value: ")
                .endsWith(": field is immutable");
    }

    @Test
    void anIndexedJobGrowsInCompletionsAndParallelismTogether() {
        create("grows", "completionMode: Indexed, completions: 3, parallelism: 3, " + TEMPLATE);

        assertThat(api.merge(JOBS + "/grows", "{spec: {completions: 5}}").message())
                .isEqualTo("Job.batch \"grows\" is invalid: spec.completions: Invalid value: 5: can only be modified in"
                        + " tandem with spec.parallelism");
        api.merge(JOBS + "/grows", "{spec: {completions: 5, parallelism: 5}}").ok();
    }

    @Test
    void whereASuspendedJobWillRunCanStillChange() {
        create("suspended", "suspend: true, " + TEMPLATE);
        String path = JOBS + "/suspended";
        api.merge(
                        path,
                        "{spec: {template: {metadata: {annotations: {a: b}}, spec: {nodeSelector: {a: b}, tolerations:"
                                + " [{operator: Exists}]}}}}")
                .ok();
        api.strategic(
                        path,
                        "{spec: {template: {spec: {containers: [{name: app, resources: {requests: {cpu: '1'}}}]}}}}")
                .ok();

        Answer refused =
                api.strategic(path, "{spec: {template: {spec: {containers: [{name: app, image: 'other:1'}]}}}}");
        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused.message()).contains("spec.template");
    }

    @Test
    void theEndIsAnnouncedBeforeItIsDeclared() {
        create("ends", TEMPLATE);
        status("ends", "{startTime: '2026-01-01T00:00:00Z', active: 1}").ok();

        assertThat(status("ends", "{conditions: [{type: Complete, status: 'True'}]}")
                        .message())
                .isEqualTo("Job.batch \"ends\" is invalid: [status.completionTime: Required value: completionTime is"
                        + " required for Complete jobs, status.conditions: Invalid value: cannot set Complete=True"
                        + " condition without the SuccessCriteriaMet=true condition, status.active: Invalid value: 1:"
                        + " active>0 is invalid for finished job]");
        assertThat(status("ends", "{active: 0, conditions: [{type: Failed, status: 'True'}]}")
                        .message())
                .isEqualTo("Job.batch \"ends\" is invalid: status.conditions: Invalid value: cannot set Failed=True"
                        + " condition without the FailureTarget=true condition");
        status(
                        "ends",
                        "{active: 0, completionTime: '2026-01-01T00:00:01Z', conditions: [{type: SuccessCriteriaMet,"
                                + " status: 'True'}, {type: Complete, status: 'True'}]}")
                .ok();
        assertThat(status("ends", "{completionTime: null, conditions: []}").message())
                .isEqualTo("Job.batch \"ends\" is invalid: [status.conditions: Invalid value: cannot disable the"
                        + " terminal Complete=True condition, status.conditions: Invalid value: cannot disable the"
                        + " SuccessCriteriaMet=True condition]");
    }

    @Test
    void countsOnlyGoUpAndTheStartStays() {
        create("counts", TEMPLATE);
        status("counts", "{startTime: '2026-01-01T00:00:00Z', active: 1, failed: 1}")
                .ok();

        assertThat(status("counts", "{failed: -1}").message())
                .isEqualTo("Job.batch \"counts\" is invalid: [status.failed: Invalid value: -1: must be greater than or"
                        + " equal to 0, status.failed: Invalid value: -1: cannot decrease the failed counter]");
        assertThat(status("counts", "{ready: 3}").message())
                .isEqualTo("Job.batch \"counts\" is invalid: status.ready: Invalid value: 3: cannot set more ready pods"
                        + " than active");
        assertThat(status("counts", "{startTime: '2026-01-02T00:00:00Z'}").message())
                .isEqualTo("Job.batch \"counts\" is invalid: status.startTime: Invalid value:"
                        + " \"2026-01-02T00:00:00Z\": field is immutable for unsuspended job once set");
    }

    private Answer status(String name, String status) {
        return api.merge(JOBS + "/" + name + "/status", "{status: " + status + "}");
    }

    @Test
    void aJobThatSomeoneElseManagesGetsNoPods() {
        Answer job = create("foreign", TEMPLATE);

        assertThat(api.get(JOBS + "/foreign").ok().at("/status").isEmpty()).isTrue();
        assertThat(api.get(PODS + "?labelSelector=controller-uid%3D" + job.uid())
                        .ok()
                        .at("/items"))
                .isEmpty();
    }

    @Test
    void theColumnsTellStateAndProgress() {
        create("columns", "completions: 3, parallelism: 2, " + TEMPLATE);
        status("columns", "{startTime: '2026-01-01T00:00:00Z', succeeded: 1, active: 1}")
                .ok();
        create("open", "parallelism: 2, " + TEMPLATE);
        create("waits", "suspend: true, " + TEMPLATE);
        status("waits", "{conditions: [{type: Suspended, status: 'True'}]}").ok();

        assertThat(cells("columns").get(1).asText()).isEqualTo("Running");
        assertThat(cells("columns").get(2).asText()).isEqualTo("1/3");
        assertThat(cells("open").get(2).asText()).isEqualTo("0/1 of 2");
        assertThat(cells("waits").get(1).asText()).isEqualTo("Suspended");
        status(
                        "columns",
                        "{active: 0, completionTime: '2026-01-01T00:00:42Z', conditions: [{type: SuccessCriteriaMet,"
                                + " status: 'True'}, {type: Complete, status: 'True'}]}")
                .ok();
        assertThat(cells("columns").get(1).asText()).isEqualTo("Complete");
        assertThat(cells("columns").get(3).asText()).isEqualTo("42s");
    }

    private JsonNode cells(String name) {
        return api.get(JOBS + "/" + name, "application/json;as=Table;v=v1;g=meta.k8s.io")
                .ok()
                .at("/rows/0/cells");
    }
}
