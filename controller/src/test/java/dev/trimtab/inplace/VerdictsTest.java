package dev.trimtab.inplace;

import static dev.trimtab.inplace.SampleTemplate.IF_POSSIBLE;
import static dev.trimtab.inplace.SampleTemplate.TEMPLATE;
import static dev.trimtab.inplace.SampleTemplate.at;
import static dev.trimtab.inplace.SampleTemplate.cloneSet;
import static dev.trimtab.inplace.SampleTemplate.strategy;
import static dev.trimtab.inplace.SampleTemplate.web;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class VerdictsTest {

    @ParameterizedTest(name = "{0} decides {2} {3} at {4}")
    @MethodSource("changes")
    void everyChangeHasItsVerdictAndNamesThePath(
            String change, Consumer<ObjectNode> edit, Class<? extends Verdict> expected, String code, String path) {
        Verdict verdict = decide(edit, IF_POSSIBLE);

        assertThat(verdict).isInstanceOf(expected);
        assertThat(verdict.reasons().stream().map(r -> r.code().id() + " " + r.path()))
                .containsExactly(code + " " + path);
    }

    static Stream<Arguments> changes() {
        return Stream.of(
                change(
                        "image",
                        t -> web(t).put("image", "web:2"),
                        Verdict.InPlace.class,
                        "POD110",
                        "containers[web].image"),
                change(
                        "image of a native sidecar",
                        t -> at(t, "/spec/initContainers/1").put("image", "proxy:2"),
                        Verdict.InPlace.class,
                        "POD110",
                        "initContainers[proxy].image"),
                change(
                        "label changed",
                        t -> at(t, "/metadata/labels").put("app", "shop"),
                        Verdict.MetadataOnly.class,
                        "POD120",
                        "metadata.labels[app]"),
                change(
                        "label removed",
                        t -> at(t, "/metadata/labels").remove("app"),
                        Verdict.MetadataOnly.class,
                        "POD120",
                        "metadata.labels[app]"),
                change(
                        "annotation added",
                        t -> at(t, "/metadata/annotations").put("x", "1"),
                        Verdict.MetadataOnly.class,
                        "POD120",
                        "metadata.annotations[x]"),
                change(
                        "finalizer removed",
                        t -> at(t, "/metadata").withArray("finalizers").remove(0),
                        Verdict.MetadataOnly.class,
                        "POD120",
                        "metadata.finalizers[example.com/a]"),
                change(
                        "label an env reads",
                        t -> at(t, "/metadata/labels").put("tier", "edge"),
                        Verdict.Recreate.class,
                        "POD205",
                        "metadata.labels[tier]"),
                change(
                        "label an env reads, removed",
                        t -> at(t, "/metadata/labels").remove("tier"),
                        Verdict.Recreate.class,
                        "POD205",
                        "metadata.labels[tier]"),
                change(
                        "restart asked",
                        t -> at(t, "/metadata/annotations").put("kubectl.kubernetes.io/restartedAt", "now"),
                        Verdict.Recreate.class,
                        "POD204",
                        "metadata.annotations[kubectl.kubernetes.io/restartedAt]"),
                change(
                        "env value",
                        t -> at(t, "/spec/containers/0/env/0").put("value", "b"),
                        Verdict.Recreate.class,
                        "POD210",
                        "containers[web].env[MODE]"),
                change(
                        "env order",
                        t -> web(t).withArray("env").add(web(t).withArray("env").remove(0)),
                        Verdict.Recreate.class,
                        "POD210",
                        "containers[web].env"),
                change(
                        "envFrom",
                        t -> web(t).withArray("envFrom")
                                .addObject()
                                .putObject("configMapRef")
                                .put("name", "x"),
                        Verdict.Recreate.class,
                        "POD210",
                        "containers[web].envFrom"),
                change(
                        "command",
                        t -> web(t).putArray("command").add("other"),
                        Verdict.Recreate.class,
                        "POD211",
                        "containers[web].command[0]"),
                change(
                        "port as text",
                        t -> at(t, "/spec/containers/0/readinessProbe/httpGet").put("port", "8080"),
                        Verdict.Recreate.class,
                        "POD213",
                        "containers[web].readinessProbe.httpGet.port"),
                change(
                        "port added",
                        t -> web(t).withArray("ports").addObject().put("containerPort", 9090),
                        Verdict.Recreate.class,
                        "POD212",
                        "containers[web].ports[9090]"),
                change(
                        "probe period",
                        t -> at(t, "/spec/containers/0/readinessProbe").put("periodSeconds", 9),
                        Verdict.Recreate.class,
                        "POD213",
                        "containers[web].readinessProbe.periodSeconds"),
                change(
                        "volume source",
                        t -> ((ObjectNode) t.at("/spec/volumes/0")).remove("emptyDir"),
                        Verdict.Recreate.class,
                        "POD214",
                        "volumes[data].emptyDir"),
                change(
                        "mount",
                        t -> at(t, "/spec/containers/0/volumeMounts/0").put("readOnly", true),
                        Verdict.Recreate.class,
                        "POD214",
                        "containers[web].volumeMounts[/data].readOnly"),
                change(
                        "init image",
                        t -> at(t, "/spec/initContainers/0").put("image", "init:2"),
                        Verdict.Recreate.class,
                        "POD215",
                        "initContainers[init].image"),
                change(
                        "container added",
                        t -> t.withObjectProperty("spec")
                                .withArray("containers")
                                .addObject()
                                .put("name", "new")
                                .put("image", "new:1"),
                        Verdict.Recreate.class,
                        "POD216",
                        "containers[new]"),
                change(
                        "limit",
                        t -> at(t, "/spec/containers/0/resources/limits").put("cpu", "2"),
                        Verdict.Recreate.class,
                        "POD217",
                        "containers[web].resources.limits.cpu"),
                change(
                        "node selector",
                        t -> at(t, "/spec/nodeSelector").put("zone", "b"),
                        Verdict.Recreate.class,
                        "POD218",
                        "nodeSelector.zone"),
                change(
                        "security context",
                        t -> web(t).putObject("securityContext").put("runAsUser", 1),
                        Verdict.Recreate.class,
                        "POD219",
                        "containers[web].securityContext"),
                change(
                        "pull policy",
                        t -> web(t).put("imagePullPolicy", "Always"),
                        Verdict.Recreate.class,
                        "POD299",
                        "containers[web].imagePullPolicy"),
                change(
                        "grace period",
                        t -> at(t, "/spec").put("terminationGracePeriodSeconds", 5),
                        Verdict.Recreate.class,
                        "POD299",
                        "terminationGracePeriodSeconds"),
                change(
                        "order of containers",
                        t -> t.withObjectProperty("spec")
                                .withArray("containers")
                                .add(t.withObjectProperty("spec")
                                        .withArray("containers")
                                        .remove(0)),
                        Verdict.Unchanged.class,
                        "POD121",
                        "containers"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "\"1\"", "1000m", "\"1.0\""})
    void theSameQuantityInOtherWordsIsNoChange(String cpu) {
        ObjectNode other = Trees.yaml(TEMPLATE.replace("cpu: 1000m", "cpu: " + cpu));

        assertThat(Verdicts.decide(Trees.yaml(TEMPLATE), other, IF_POSSIBLE, Abilities.NONE))
                .isEqualTo(new Verdict.Unchanged(List.of()));
    }

    @Test
    void absentNullAndEmptyListAreTheSame() {
        Verdict verdict = decide(
                t -> {
                    web(t).putArray("envFrom");
                    web(t).putNull("args");
                    at(t, "/metadata").putNull("creationTimestamp");
                },
                IF_POSSIBLE);

        assertThat(verdict).isEqualTo(new Verdict.Unchanged(List.of()));
    }

    @Test
    void imagesAndMetadataTogetherRestartOnlyTheContainersWhoseImageChanged() {
        Verdict verdict = decide(
                t -> {
                    at(t, "/spec/containers/1").put("image", "side:2");
                    at(t, "/metadata/labels").put("app", "shop");
                },
                IF_POSSIBLE);

        assertThat(verdict).isInstanceOfSatisfying(Verdict.InPlace.class, inPlace -> {
            assertThat(inPlace.containers()).containsExactly("side");
            assertThat(inPlace.reasons().stream().map(r -> r.code().id())).containsExactly("POD110", "POD120");
        });
    }

    @Test
    void aRestartThatHappensAnywayBringsTheNewLabelIntoTheEnvironment() {
        Verdict verdict = decide(
                t -> {
                    web(t).put("image", "web:2");
                    at(t, "/metadata/labels").put("tier", "edge");
                },
                IF_POSSIBLE);

        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.InPlace.class,
                        inPlace -> assertThat(inPlace.containers()).isEqualTo(Set.of("web")));
    }

    @Test
    void theFirstLabelEverIsSeenAsReadByTheEnvironment() {
        ObjectNode bare = Trees.yaml(TEMPLATE);
        at(bare, "/metadata").remove("labels");

        Verdict verdict = Verdicts.decide(bare, Trees.yaml(TEMPLATE), IF_POSSIBLE, Abilities.NONE);

        assertThat(verdict).isInstanceOf(Verdict.Recreate.class);
        assertThat(verdict.reasons().get(0).path().value()).isEqualTo("metadata.labels[tier]");
    }

    @Test
    void reorderedContainersAreMatchedByName() {
        ObjectNode swapped = Trees.yaml(TEMPLATE);
        swapped.withObjectProperty("spec")
                .withArray("containers")
                .add(swapped.withObjectProperty("spec").withArray("containers").remove(0));
        at(swapped, "/spec/containers/0").put("image", "side:2");

        Verdict verdict = Verdicts.decide(Trees.yaml(TEMPLATE), swapped, IF_POSSIBLE, Abilities.NONE);

        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.InPlace.class,
                        inPlace -> assertThat(inPlace.containers()).containsExactly("side"));
    }

    @Test
    void everyPathThatRecreatesIsListed() {
        Verdict verdict = decide(
                t -> {
                    web(t).put("image", "web:2");
                    at(t, "/spec/containers/0/env/0").put("value", "b");
                    at(t, "/spec/nodeSelector").put("zone", "b");
                },
                IF_POSSIBLE);

        assertThat(verdict).isInstanceOf(Verdict.Recreate.class);
        assertThat(verdict.reasons().stream().map(r -> r.path().value()))
                .containsExactly("containers[web].env[MODE]", "nodeSelector.zone");
        assertThat(verdict.reasons().get(0).text()).isEqualTo("env is not a field that can change in a running pod");
    }

    @Test
    void inPlaceOnlyRefusesWhatCannotBePatchedAndNamesThePath() {
        Verdict verdict = decide(t -> at(t, "/spec/containers/0/env/0").put("value", "b"), cloneSet("InPlaceOnly"));

        assertThat(verdict).isInstanceOf(Verdict.Refused.class);
        assertThat(verdict.reasons().stream().map(r -> r.code().id())).containsExactly("POD202", "POD210");
    }

    @ParameterizedTest
    @CsvSource({
        "'{type: ReCreate}', updateStrategy.type",
        "'{}', updateStrategy.type",
        "'{type: RollingUpdate}', updateStrategy.rollingUpdate.podUpdatePolicy"
    })
    void reCreateReplacesPodsAndSaysHowToKeepThem(String strategy, String field) {
        Verdict verdict = decide(
                t -> web(t).put("image", "web:2"),
                strategy("apps.kruise.io/v1beta1", "CloneSet", "updateStrategy: " + strategy));

        assertThat(verdict).isInstanceOf(Verdict.Recreate.class);
        assertThat(verdict.reasons()).singleElement().satisfies(reason -> {
            assertThat(reason.code()).isEqualTo(VerdictCode.POLICY_RECREATE);
            assertThat(reason.gentler())
                    .contains(
                            "set " + field + ": InPlaceIfPossible; then only container web restarts, in the same pods");
        });
    }

    @Test
    void onDeleteTouchesNothingAndSaysSo() {
        Verdict verdict = decide(t -> web(t).put("image", "web:2"), cloneSet("OnDelete"));

        assertThat(verdict).isInstanceOf(Verdict.Unchanged.class);
        assertThat(verdict.reasons().get(0).code()).isEqualTo(VerdictCode.ON_DELETE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Deployment", "StatefulSet", "DaemonSet"})
    void nativeWorkloadsReplaceTheirPodsForAnyChange(String kind) {
        Verdict verdict = decide(t -> at(t, "/metadata/labels").put("app", "shop"), strategy("apps/v1", kind, "{}"));

        assertThat(verdict).isInstanceOf(Verdict.Recreate.class);
        assertThat(verdict.reasons().get(0).code()).isEqualTo(VerdictCode.NATIVE_WORKLOAD);
        assertThat(verdict.reasons().get(0).gentler())
                .hasValueSatisfying(way -> assertThat(way).endsWith("nothing restarts"));
    }

    private static Verdict decide(Consumer<ObjectNode> edit, UpdateStrategy strategy) {
        ObjectNode changed = Trees.yaml(TEMPLATE);
        edit.accept(changed);
        return Verdicts.decide(Trees.yaml(TEMPLATE), changed, strategy, Abilities.NONE);
    }

    private static Arguments change(
            String name, Consumer<ObjectNode> edit, Class<? extends Verdict> verdict, String code, String path) {
        return Arguments.of(name, edit, verdict, code, path);
    }
}
