package dev.trimtab.inplace;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What OpenKruise's manager does with a change where Trimtab would do something else. */
class OpenKruiseTest {

    private static final OpenKruise PLAIN = new OpenKruise(Map.of(), true);

    private static final String CLONE_SET = """
            apiVersion: apps.kruise.io/v1alpha1
            kind: CloneSet
            metadata: {name: web, namespace: shop}
            spec:
              updateStrategy: {type: InPlaceIfPossible}
              volumeClaimTemplates: [{metadata: {name: data}, spec: {storageClassName: slow}}]
              template:
                metadata: {labels: {app: web, tier: a}, annotations: {}}
                spec:
                  initContainers:
                  - {name: proxy, image: "proxy:1", restartPolicy: Always}
                  containers:
                  - name: app
                    image: "app:1"
                    resources: {requests: {cpu: 100m}}
                    env: [{name: TIER, valueFrom: {fieldRef: {fieldPath: "metadata.labels['tier']"}}}]
                  - {name: log, image: "log:1"}
            """;

    @ParameterizedTest(name = "{0}: {3}")
    @CsvSource(
            delimiter = '|',
            value = {
                "a new image                      | /spec/template/spec/containers/1/image | 'log:2' | InPlace      | POD110",
                "a restart asked for              | /spec/template/metadata/annotations/kubectl.kubernetes.io~1restartedAt | now | MetadataOnly | POD120",
                "a label that an environment reads| /spec/template/metadata/labels/tier    | b | InPlace      | POD112",
                "an init container that runs on   | /spec/template/spec/initContainers/0/image | 'proxy:2' | Recreate | POD215",
                "an amount of cpu                 | /spec/template/spec/containers/0/resources/requests/cpu | 200m | Recreate | POD217",
            })
    void withItsDefaultsItDoesThis(String what, String pointer, String value, String verdict, String code) {
        assertDecides(PLAIN, changed(pointer, value), verdict, code);
    }

    @ParameterizedTest(name = "{0} {1}: {4}")
    @CsvSource(
            delimiter = '|',
            value = {
                "InPlaceUpdateEnvFromMetadata=false   | true  | /spec/template/metadata/labels/tier | b | MetadataOnly | POD120",
                "InPlaceUpdateEnvFromMetadata=true    | false | /spec/template/metadata/labels/tier | b | MetadataOnly | POD120",
                "AllBeta=false                        | true  | /spec/template/metadata/labels/tier | b | MetadataOnly | POD120",
                "InPlaceWorkloadVerticalScaling=true  | true  | /spec/template/spec/containers/0/resources/requests/cpu | 200m | Resize | POD125",
                "AllAlpha=true                        | true  | /spec/template/spec/containers/0/resources/requests/cpu | 200m | Resize | POD125",
            })
    void itsGatesDecide(String gate, boolean daemon, String pointer, String value, String verdict, String code) {
        String[] set = gate.trim().split("=", 2);
        OpenKruise kruise = new OpenKruise(Map.of(set[0], Boolean.valueOf(set[1])), daemon);

        assertDecides(kruise, changed(pointer, value), verdict, code);
    }

    @Test
    void aServerThatResizesNothingMakesItsGateUseless() {
        OpenKruise kruise = new OpenKruise(Map.of("InPlaceWorkloadVerticalScaling", true), true);
        ObjectNode next = changed("/spec/template/spec/containers/0/resources/requests/cpu", "200m");

        assertThat(kruise.decide(Trees.yaml(CLONE_SET), next, strategy(next), false))
                .isInstanceOf(Verdict.Recreate.class);
    }

    @Test
    void anotherOrderOfContainersReplacesThePods() {
        ObjectNode next = Trees.yaml(CLONE_SET);
        var containers = next.withArray("/spec/template/spec/containers");
        containers.add(containers.remove(0));

        assertDecides(PLAIN, next, "Recreate", "POD216");
    }

    @Test
    void otherClaimsWithTheTemplateReplaceThePodsWhereItsGateSaysSo() {
        ObjectNode next = changed("/spec/template/spec/containers/1/image", "log:2");
        next.withObject("/spec/volumeClaimTemplates/0/spec").put("storageClassName", "fast");

        assertDecides(PLAIN, next, "InPlace", "POD110");
        assertDecides(
                new OpenKruise(Map.of("RecreatePodWhenChangeVCTInCloneSetGate", true), true),
                next,
                "Recreate",
                "POD214");
    }

    @Test
    void inPlaceOnlyRefusesWhatItWouldReplacePodsFor() {
        ObjectNode next = changed("/spec/template/spec/initContainers/0/image", "proxy:2");
        next.withObject("/spec/updateStrategy").put("type", "InPlaceOnly");

        assertDecides(PLAIN, next, "Refused", "POD215");
    }

    @Test
    void reCreateReplacesThePodsWhoeverRolls() {
        ObjectNode next = changed("/spec/template/spec/containers/1/image", "log:2");
        next.withObject("/spec/updateStrategy").put("type", "ReCreate");

        assertDecides(PLAIN, next, "Recreate", "POD201");
    }

    private static void assertDecides(OpenKruise kruise, ObjectNode next, String verdict, String code) {
        Verdict decided = kruise.decide(Trees.yaml(CLONE_SET), next, strategy(next), true);

        assertThat(decided.getClass().getSimpleName()).isEqualTo(verdict);
        assertThat(decided.reasons().get(0).code().id()).isEqualTo(code);
    }

    private static UpdateStrategy strategy(ObjectNode cloneSet) {
        return UpdateStrategy.of(cloneSet).orElseThrow();
    }

    private static ObjectNode changed(String pointer, String value) {
        ObjectNode next = Trees.yaml(CLONE_SET);
        int slash = pointer.lastIndexOf('/');
        next.withObject(pointer.substring(0, slash))
                .put(pointer.substring(slash + 1).replace("~1", "/"), value.replace("'", ""));
        return next;
    }
}
