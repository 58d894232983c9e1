package dev.trimtab.render;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScaleTargetsTest {

    @ParameterizedTest(name = "{0} {1} with {2} scales {3} {4}")
    @CsvSource(
            delimiter = '|',
            value = {
                "autoscaling/v2 | HorizontalPodAutoscaler | {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}} | apps | Deployment",
                "autoscaling/v1 | HorizontalPodAutoscaler | {scaleTargetRef: {apiVersion: apps.kruise.io/v1alpha1, kind: CloneSet, name: web}} | apps.kruise.io | CloneSet",
                "keda.sh/v1alpha1 | ScaledObject | {scaleTargetRef: {name: web}} | apps | Deployment",
                "keda.sh/v1alpha1 | ScaledObject | {scaleTargetRef: {kind: StatefulSet, name: web}} | apps | StatefulSet",
                "apps.kruise.io/v1alpha1 | WorkloadSpread | {targetRef: {apiVersion: apps.kruise.io/v1alpha1, kind: CloneSet, name: web}} | apps.kruise.io | CloneSet",
            })
    void everyScalerNamesItsTargetInItsWay(String apiVersion, String kind, String spec, String group, String target) {
        assertThat(ScaleTargets.target(Written.object("{apiVersion: " + apiVersion + ", kind: " + kind
                        + ", metadata: {name: s, namespace: shop}, spec: " + spec + "}")))
                .contains(Written.key(group, target, "shop", "web"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "example.com/v1 | HorizontalPodAutoscaler | {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}",
                "autoscaling/v2 | HorizontalPodAutoscaler | {}",
                "keda.sh/v1alpha1 | ScaledJob | {scaleTargetRef: {name: web}}",
            })
    void othersScaleNothing(String apiVersion, String kind, String spec) {
        assertThat(ScaleTargets.target(Written.object("{apiVersion: " + apiVersion + ", kind: " + kind
                        + ", metadata: {name: s, namespace: shop}, spec: " + spec + "}")))
                .isEmpty();
    }
}
