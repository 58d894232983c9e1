package dev.trimtab.inplace;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UpdateStrategyTest {

    @ParameterizedTest(name = "{0} of {1} pods: partition {2}, unavailable {3}, surge {4}")
    @CsvSource(delimiter = '|', textBlock = """
            {}                                            | 10 |  0 | 2  | 0
            {}                                            |  1 |  0 | 1  | 0
            {partition: 30%}                              | 10 |  3 | 2  | 0
            {partition: 99%}                              |  5 |  4 | 1  | 0
            {partition: 100%}                             |  5 |  5 | 1  | 0
            {partition: 50%}                              |  1 |  1 | 1  | 0
            {partition: 7}                                |  5 |  5 | 1  | 0
            {maxUnavailable: 25%}                         | 10 |  0 | 3  | 0
            {maxUnavailable: 25%, maxSurge: 1}            | 10 |  0 | 2  | 1
            {maxUnavailable: 25%, maxSurge: 15%}          | 10 |  0 | 2  | 2
            {maxUnavailable: 25%, maxSurge: 1, paused: true} | 10 |  0 | 3  | 0
            {maxUnavailable: 0, maxSurge: 1}              |  5 |  0 | 0  | 1
            {rollingUpdate: {partition: 2, maxUnavailable: 1}} | 5 | 2 | 1 | 0
            """)
    void percentagesOfACloneSetRoundAsItsControllerDoes(
            String strategy, int replicas, int partition, int maxUnavailable, int maxSurge) {
        UpdateStrategy read = read("apps.kruise.io/v1alpha1", "CloneSet", "{updateStrategy: " + strategy + "}");

        assertThat(read.partition(replicas)).isEqualTo(partition);
        assertThat(read.maxUnavailable(replicas)).isEqualTo(maxUnavailable);
        assertThat(read.maxSurge(replicas)).isEqualTo(maxSurge);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Deployment  | {}                                                            | 10 | 2  | 3
            Deployment  | {}                                                            |  3 | 0  | 1
            Deployment  | {strategy: {rollingUpdate: {maxUnavailable: 10%, maxSurge: 0}}} |  3 | 1  | 0
            Deployment  | {strategy: {type: Recreate}}                                  |  3 | 3  | 0
            StatefulSet | {}                                                            |  3 | 1  | 0
            DaemonSet   | {updateStrategy: {rollingUpdate: {maxUnavailable: 30%}}}      |  4 | 2  | 0
            """)
    void nativeKindsHaveTheDefaultsOfTheirController(
            String kind, String spec, int replicas, int maxUnavailable, int maxSurge) {
        UpdateStrategy read = read("apps/v1", kind, spec);

        assertThat(read.policy()).isEqualTo(UpdateStrategy.Policy.NATIVE);
        assertThat(read.maxUnavailable(replicas)).isEqualTo(maxUnavailable);
        assertThat(read.maxSurge(replicas)).isEqualTo(maxSurge);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                                                              | RECREATE
            {type: InPlaceIfPossible}                                       | IN_PLACE_IF_POSSIBLE
            {type: InPlaceOnly}                                             | IN_PLACE_ONLY
            {type: RollingUpdate}                                           | RECREATE
            {rollingUpdate: {podUpdatePolicy: InPlaceIfPossible}}           | IN_PLACE_IF_POSSIBLE
            {type: RollingUpdate, rollingUpdate: {podUpdatePolicy: InPlaceOnly}} | IN_PLACE_ONLY
            {type: OnDelete, rollingUpdate: {podUpdatePolicy: InPlaceOnly}} | ON_DELETE
            """)
    void bothShapesOfACloneSetAreRead(String strategy, UpdateStrategy.Policy policy) {
        assertThat(read("apps.kruise.io/v1beta1", "CloneSet", "{updateStrategy: " + strategy + "}")
                        .policy())
                .isEqualTo(policy);
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1/Service", "v1/Pod", "apps/v1/ControllerRevision"})
    void kindsWithoutATemplateHaveNone(String kind) {
        int slash = kind.lastIndexOf('/');
        ObjectNode object = Trees.yaml("{}");
        object.put("apiVersion", kind.substring(0, slash)).put("kind", kind.substring(slash + 1));

        assertThat(UpdateStrategy.of(object)).isEmpty();
    }

    private static UpdateStrategy read(String apiVersion, String kind, String spec) {
        ObjectNode workload = Trees.yaml("apiVersion: " + apiVersion + "\nkind: " + kind);
        workload.set("spec", Trees.yaml(spec));
        return UpdateStrategy.of(workload).orElseThrow();
    }
}
