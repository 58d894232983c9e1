package dev.trimtab.sandbox.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The resize subresource of a pod: the resources of its containers and nothing else. */
@Conformance
final class ResizeTest {

    private static final String PODS = "/api/v1/namespaces/{ns}/pods";

    private final Api api;

    ResizeTest(Api api) {
        this.api = api;
    }

    private Answer pod(String name) {
        return api.apply(
                        PODS + "/" + name,
                        "ours",
                        "{apiVersion: v1, kind: Pod, metadata: {name: " + name + "}, spec: {schedulerName: nobody,"
                                + " containers: [{name: c, image: 'a:1', resources: {requests: {cpu: 100m}}}]}}")
                .ok();
    }

    @Test
    void cpuIsResizedInPlace() {
        Answer before = pod("cpu");
        Answer after = api.strategic(
                        PODS + "/cpu/resize?fieldManager=theirs",
                        "{spec: {containers: [{name: c, resources: {requests: {cpu: 200m}}}]}}")
                .ok();

        assertThat(after.uid()).isEqualTo(before.uid());
        assertThat(after.text("/spec/containers/0/resources/requests/cpu")).isEqualTo("200m");
        assertThat(after.generation()).isEqualTo(before.generation() + 1);
        assertThat(after.ownership().fields("theirs", "Update", "resize"))
                .containsExactly(".spec.containers[name=c].resources.requests.cpu");
        assertThat(after.ownership().applied("ours")).doesNotContain(".spec.containers[name=c].resources.requests.cpu");
    }

    @Test
    void everythingElseIsIgnored() {
        pod("rest");
        Answer after = api.strategic(
                        PODS + "/rest/resize",
                        "{metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: 'b:1', resources: {requests:"
                                + " {cpu: 300m}}}]}}")
                .ok();

        assertThat(after.text("/spec/containers/0/image")).isEqualTo("a:1");
        assertThat(after.at("/metadata/labels").isMissingNode()).isTrue();
        assertThat(after.text("/spec/containers/0/resources/requests/cpu")).isEqualTo("300m");
    }

    @Test
    void anAbsentPodIsNotFound() {
        assertThat(api.strategic(PODS + "/absent/resize", "{spec: {}}").code()).isEqualTo(404);
    }
}
