package dev.trimtab.sandbox.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The scale subresource and who owns {@code spec.replicas} after it. */
@Conformance
final class ScaleTest {

    private static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/{ns}/deployments";

    private final Api api;

    ScaleTest(Api api) {
        this.api = api;
    }

    /** Paused and of a scheduler nobody runs, so that controllers have next to nothing to do. */
    private Answer apply(String name) {
        return api.apply(DEPLOYMENTS + "/" + name, "ours", """
                        apiVersion: apps/v1
                        kind: Deployment
                        metadata: {name: %1$s}
                        spec:
                          paused: true
                          replicas: 0
                          selector: {matchLabels: {app: %1$s}}
                          template:
                            metadata: {labels: {app: %1$s}}
                            spec: {schedulerName: nobody, containers: [{name: c, image: 'a:1'}]}
                        """.formatted(name)).ok();
    }

    @Test
    void scalingTakesReplicasFromTheirApplier() {
        apply("taken");
        api.merge(DEPLOYMENTS + "/taken/scale?fieldManager=other", "{spec: {replicas: 1}}")
                .ok();

        Ownership after = api.get(DEPLOYMENTS + "/taken").ok().ownership();
        assertThat(after.applied("ours")).doesNotContain(".spec.replicas").contains(".spec.paused");
        assertThat(after.fields("other", "Update", "scale")).containsExactly(".spec.replicas");
    }

    @Test
    void scaleShowsReplicasAndTheSelectorOfPods() {
        apply("shown");
        Answer scale = api.get(DEPLOYMENTS + "/shown/scale").ok();

        assertThat(scale.text("/apiVersion")).isEqualTo("autoscaling/v1");
        assertThat(scale.text("/kind")).isEqualTo("Scale");
        assertThat(scale.at("/spec/replicas").isMissingNode()).isTrue();
        assertThat(scale.text("/status/selector")).isEqualTo("app=shown");
    }

    @Test
    void negativeReplicasAreInvalid() {
        apply("negative");
        Answer refused = api.merge(DEPLOYMENTS + "/negative/scale", "{spec: {replicas: -1}}");

        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused.message())
                .isEqualTo(
                        "Scale.autoscaling \"negative\" is invalid: spec.replicas: Invalid value: -1: must be greater"
                                + " than or equal to 0");
    }
}
