package dev.trimtab.inplace;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What no schema refuses is said in the status, and no pod is touched. */
class CloneSetProblemsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{selector: {}} | spec.selector is empty",
                "{selector: {matchLabels: {app: other}}} | does not select spec.template.metadata.labels",
                "{template: {spec: {restartPolicy: OnFailure}}} | spec.template.spec.restartPolicy is OnFailure",
                "{template: {spec: {activeDeadlineSeconds: 5}}} | spec.template.spec.activeDeadlineSeconds",
                "{template: {spec: {containers: []}}} | spec.template.spec.containers is empty",
                "{volumeClaimTemplates: [{spec: {}}]} | without metadata.name",
                "{volumeClaimTemplates: [{metadata: {name: a}}, {metadata: {name: a}}]} | two entries named a",
                "{scaleStrategy: {podsToDelete: [p, p]}} | podsToDelete has p twice",
                "{scaleStrategy: {maxUnavailable: -1}} | spec.scaleStrategy.maxUnavailable is -1",
                "{minReadySeconds: 9, progressDeadlineSeconds: 9} | not more than spec.minReadySeconds 9",
                "{lifecycle: {preDelete: {labelsHandler: {a: true}}}} | spec.lifecycle.preDelete.labelsHandler.a is true",
                "{updateStrategy: {partition: -1}} | spec.updateStrategy.partition is -1",
                "{updateStrategy: {maxUnavailable: 0}} | both 0 for 3 replicas",
                "{updateStrategy: {maxUnavailable: 20%, maxSurge: 0%}, replicas: 0} |",
                "{updateStrategy: {rollingUpdate: {maxUnavailable: 10%, maxSurge: 1}}} |",
                "{updateStrategy: {type: InPlaceOnly, maxSurge: 1}} | spec.updateStrategy.maxSurge 1",
                "{updateStrategy: {type: RollingUpdate, rollingUpdate: {podUpdatePolicy: InPlaceOnly, maxSurge: 1}}}"
                        + " | spec.updateStrategy.rollingUpdate.maxSurge 1",
                "{updateStrategy: {partition: 1, rollingUpdate: {}}} | spec.updateStrategy.partition stands beside",
                "{updateStrategy: {type: InPlaceOnly, rollingUpdate: {}}} | rollingUpdate.podUpdatePolicy",
                "{updateStrategy: {type: OnDelete, rollingUpdate: {maxUnavailable: 0}}} |",
                "{updateStrategy: {priorityStrategy: {weightPriority: [{weight: 101, matchSelector: {matchLabels: {a: b}}}]}}}"
                        + " | weight 101",
                "{updateStrategy: {priorityStrategy: {weightPriority: [{weight: 1}]}}} | without matchSelector",
                "{updateStrategy: {priorityStrategy: {orderPriority: [{}]}}} | without orderedKey",
                "{updateStrategy: {priorityStrategy: {orderPriority: [{orderedKey: a}], weightPriority: [{weight: 1, matchSelector: {matchLabels: {a: b}}}]}}}"
                        + " | both given",
                "{updateStrategy: {scatterStrategy: [{value: a}]}} | without key",
                "{updateStrategy: {scatterStrategy: [{key: a, value: b}, {key: a, value: b}]}} | a=b twice"
            })
    void aMistakeIsNamed(String changes, @Nullable String problem) {
        ObjectNode set = Trees.yaml("""
                metadata: {name: web}
                spec:
                  replicas: 3
                  selector: {matchLabels: {app: web}}
                  template:
                    metadata: {labels: {app: web}}
                    spec: {containers: [{name: app, image: "app:1"}]}
                """);
        ObjectNode edits = Trees.yaml(changes);
        if (edits.at("/template/spec") instanceof ObjectNode podSpec) {
            set.withObject("/spec/template/spec").setAll(podSpec);
            edits.remove("template");
        }
        set.withObject("/spec").setAll(edits);

        if (problem == null) {
            assertThat(CloneSetProblems.of(CloneSet.of(set))).isEmpty();
        } else {
            assertThat(CloneSetProblems.of(CloneSet.of(set)))
                    .hasValueSatisfying(text -> assertThat(text).contains(problem));
        }
    }

    @Test
    void aMistakeIsInTheStatusAndNoPodIsTouchedUntilItIsPutRight() {
        CloneSetWorld world = new CloneSetWorld(new SplittableRandom(1));
        world.settle();
        world.strategy().put("type", "InPlaceOnly").put("maxSurge", 1);
        world.app().put("image", "app:2");
        world.spec().put("replicas", 5);
        world.written.clear();
        assertThat(world.settle()).isTrue();

        assertThat(world.written).isEmpty();
        assertThat(world.cloneSet.at("/status/replicas").asInt()).isEqualTo(3);
        assertThat(world.cloneSet.at("/status/conditions").findValuesAsText("type"))
                .containsExactly("FailedScale", "FailedUpdate");
        assertThat(world.cloneSet.at("/status/conditions/0/message").asText())
                .contains("spec.updateStrategy.maxSurge", "InPlaceIfPossible");
        world.strategy().put("maxSurge", 0);
        assertThat(world.settle()).isTrue();
        assertThat(world.cloneSet.at("/status/conditions")).isEmpty();
        assertThat(world.pods).hasSize(5);
    }
}
