package dev.trimtab.inplace;

import static dev.trimtab.inplace.SampleTemplate.IF_POSSIBLE;
import static dev.trimtab.inplace.SampleTemplate.TEMPLATE;
import static dev.trimtab.inplace.SampleTemplate.at;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestartVerdictsTest {

    @Test
    void whoCanRestartContainersRestartsAllThatRunWhereARestartIsAskedFor() {
        Verdict verdict =
                restartable(t -> at(t, "/metadata/annotations").put("kubectl.kubernetes.io/restartedAt", "now"));

        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.InPlace.class,
                        inPlace -> assertThat(inPlace.containers())
                                .contains("web", "proxy")
                                .doesNotContain("init"));
        assertThat(verdict.reasons().get(0).code()).isEqualTo(VerdictCode.RESTART);
    }

    @Test
    void whoCanRestartContainersRestartsThoseThatReadWhatChanges() {
        Verdict verdict = restartable(t -> at(t, "/metadata/labels").put("tier", "edge"));

        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.InPlace.class,
                        inPlace -> assertThat(inPlace.containers()).containsExactly("web"));
        assertThat(verdict.reasons().get(0).code()).isEqualTo(VerdictCode.RESTART_FOR_ENV);
        assertThat(verdict.reasons().get(0).path().value()).isEqualTo("metadata.labels[tier]");
    }

    @Test
    void aRestartDoesNotMakeARecreateGentler() {
        Verdict verdict = restartable(t -> {
            at(t, "/metadata/labels").put("tier", "edge");
            at(t, "/spec/containers/0/env/0").put("value", "b");
        });

        assertThat(verdict).isInstanceOf(Verdict.Recreate.class);
        assertThat(verdict.reasons()).extracting(reason -> reason.code().id()).containsExactly("POD210");
    }

    @Test
    void whereNoOtherReferenceIsKnownPodsAreReplaced() {
        Verdict verdict = restartable(t -> at(t, "/metadata/labels").put("tier", "edge"));

        Verdict without = Verdicts.withoutRestart(verdict, "container web runs a bare digest");

        assertThat(without).isInstanceOf(Verdict.Recreate.class);
        assertThat(without.reasons()).singleElement().satisfies(reason -> {
            assertThat(reason.code()).isEqualTo(VerdictCode.NO_OTHER_REFERENCE);
            assertThat(reason.path().value()).isEqualTo("metadata.labels[tier]");
        });
    }

    @Test
    void aChangedConfigRestartsTheContainersThatReadItAndNoOthers() {
        Verdict verdict = marked(
                "{web: {ConfigMap/a: '1', Secret/b: '1'}, side: {ConfigMap/c: '1'}}",
                "{web: {ConfigMap/a: '2', Secret/b: '1'}, side: {ConfigMap/c: '1', ConfigMap/new: '1'}}",
                Abilities.ROLLOUT);

        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.InPlace.class,
                        inPlace -> assertThat(inPlace.containers()).containsExactly("web"));
        assertThat(verdict.reasons()).singleElement().satisfies(reason -> {
            assertThat(reason.code()).isEqualTo(VerdictCode.RESTART_FOR_CONFIG);
            assertThat(reason.text()).contains("ConfigMap/a").doesNotContain("Secret/b");
        });
    }

    @Test
    void aConfigThatWasNotMarkedBeforeRestartsNothing() {
        assertThat(marked("{}", "{web: {ConfigMap/a: '2'}}", Abilities.ROLLOUT))
                .isInstanceOf(Verdict.MetadataOnly.class);
        assertThat(marked("{web: {ConfigMap/a: '2'}}", "{}", Abilities.ROLLOUT))
                .isInstanceOf(Verdict.MetadataOnly.class);
    }

    @Test
    void whoCannotRestartContainersReplacesNoPodsForAChangedConfig() {
        Verdict verdict = marked("{web: {ConfigMap/a: '1'}}", "{web: {ConfigMap/a: '2'}}", Abilities.NONE);

        assertThat(verdict).isInstanceOf(Verdict.MetadataOnly.class);
        assertThat(verdict.reasons().get(0).text()).contains("when it starts again");
    }

    private static Verdict marked(String before, String after, Abilities abilities) {
        ObjectNode was = Trees.yaml(TEMPLATE);
        ObjectNode is = Trees.yaml(TEMPLATE);
        at(was, "/metadata/annotations")
                .put(ConfigMark.ANNOTATION, Trees.yaml(before).toString());
        at(is, "/metadata/annotations")
                .put(ConfigMark.ANNOTATION, Trees.yaml(after).toString());
        return Verdicts.decide(was, is, IF_POSSIBLE, abilities);
    }

    @ParameterizedTest(name = "{0}: {1} becomes {2}")
    @CsvSource(delimiter = '|', textBlock = """
            a limit becomes another one        | {limits: {cpu: 1, memory: 1Gi}}                                  | {limits: {cpu: 1, memory: 2Gi}}                              | Resize
            a request becomes another one      | {requests: {cpu: 1}, limits: {memory: 1Gi}}                      | {requests: {cpu: 2}, limits: {memory: 1Gi}}                  | Resize
            the same written another way       | {limits: {cpu: 1000m}}                                           | {limits: {cpu: 1}}                                           | Unchanged
            a limit is added                   | {requests: {cpu: 1}}                                             | {requests: {cpu: 1}, limits: {cpu: 2}}                       | Recreate
            a limit is removed                 | {requests: {cpu: 1}, limits: {cpu: 2}}                           | {requests: {cpu: 1}}                                         | Recreate
            the quality becomes Guaranteed     | {requests: {cpu: 1, memory: 1Gi}, limits: {cpu: 2, memory: 1Gi}} | {requests: {cpu: 2, memory: 1Gi}, limits: {cpu: 2, memory: 1Gi}} | Recreate
            another resource                   | {limits: {cpu: 1, nvidia.com/gpu: 1}}                            | {limits: {cpu: 1, nvidia.com/gpu: 2}}                        | Recreate
            """)
    void cpuAndMemoryFollowInRunningPodsWhereTheServerResizes(String about, String before, String after, String is) {
        ObjectNode was = template(before);
        ObjectNode next = template(after);

        assertThat(Verdicts.decide(was, next, IF_POSSIBLE, new Abilities(true, true))
                        .getClass()
                        .getSimpleName())
                .isEqualTo(is);
        assertThat(Verdicts.decide(was, next, IF_POSSIBLE, Abilities.ROLLOUT)
                        .getClass()
                        .getSimpleName())
                .isEqualTo(is.equals("Resize") ? "Recreate" : is);
    }

    @Test
    void aContainerThatRestartsForAResizeIsReplacedWithItsPod() {
        ObjectNode was = template("{limits: {cpu: 1, memory: 1Gi}}");
        at(was, "/spec/containers/0")
                .set(
                        "resizePolicy",
                        Trees.yaml("{a: [{resourceName: memory, restartPolicy: RestartContainer}]}")
                                .path("a"));
        ObjectNode memory = was.deepCopy();
        at(memory, "/spec/containers/0/resources/limits").put("memory", "2Gi");
        ObjectNode cpu = was.deepCopy();
        at(cpu, "/spec/containers/0/resources/limits").put("cpu", "2");

        assertThat(Verdicts.decide(was, memory, IF_POSSIBLE, new Abilities(true, true)))
                .isInstanceOf(Verdict.Recreate.class);
        assertThat(Verdicts.decide(was, cpu, IF_POSSIBLE, new Abilities(true, true)))
                .isInstanceOf(Verdict.Resize.class);
    }

    private static ObjectNode template(String resources) {
        return Trees.yaml(
                "{metadata: {}, spec: {containers: [{name: web, image: 'web:1', resources: " + resources + "}]}}");
    }

    private static Verdict restartable(Consumer<ObjectNode> edit) {
        ObjectNode next = Trees.yaml(TEMPLATE);
        edit.accept(next);
        return Verdicts.decide(Trees.yaml(TEMPLATE), next, IF_POSSIBLE, Abilities.ROLLOUT);
    }
}
