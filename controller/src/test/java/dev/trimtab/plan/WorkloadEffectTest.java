package dev.trimtab.plan;

import static dev.trimtab.render.Written.object;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.inplace.OpenKruise;
import dev.trimtab.inplace.UpdateStrategy;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkloadEffectTest {

    /** 10 pods run; the template's image is {@code web:1}. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "image in place          | spec.updateStrategy: {type: InPlaceIfPossible, maxUnavailable: 2} | image: web:2 | IN_PLACE | RESTART_IN_PLACE | 10 | 5 | 2 | POD110",
                "kept back by partition  | spec.updateStrategy: {type: InPlaceIfPossible, maxUnavailable: 2, partition: 7} | image: web:2 | IN_PLACE | RESTART_IN_PLACE | 3 | 2 | 2 | POD110",
                "strategy not in place   | spec.updateStrategy: {maxUnavailable: 3} | image: web:2 | RECREATE | RECREATE | 10 | 4 | 3 | POD201",
                "env                     | spec.updateStrategy: {type: InPlaceIfPossible} | env: x | RECREATE | RECREATE | 10 | 5 | 2 | POD210",
                "label                   | spec.updateStrategy: {type: InPlaceIfPossible} | label: x | IN_PLACE | METADATA_ONLY | 10 | 0 | 0 | POD120",
                "env under InPlaceOnly   | spec.updateStrategy: {type: InPlaceOnly} | env: x | APPLY | NONE | 0 | 0 | 0 | POD202",
                "while paused            | spec.updateStrategy: {type: InPlaceIfPossible, paused: true} | image: web:2 | APPLY | NONE | 0 | 0 | 0 | CHG003",
                "scale up                | spec.updateStrategy: {} | replicas: 12 | APPLY | ADD | 2 | 0 | 0 | SCL001",
                "scale down              | spec.updateStrategy: {} | replicas: 4 | APPLY | REMOVE | 6 | 0 | 0 | SCL001",
                "image and scale         | spec.updateStrategy: {type: InPlaceIfPossible} | image: web:2, replicas: 12 | IN_PLACE | RESTART_IN_PLACE | 10 | 4 | 3 | POD110",
            })
    void effectOfAChangedCloneSet(
            String name,
            String strategy,
            String change,
            Action action,
            PodImpact.Effect effect,
            int count,
            int batches,
            int maxUnavailable,
            String code) {
        ObjectNode live = cloneSet();
        live.withObjectProperty("spec")
                .set(
                        "updateStrategy",
                        object(strategy.replace("spec.updateStrategy:", "v:")).path("v"));
        WorkloadEffect got = effect(live, changed(live, object("{" + change + "}")), () -> pods(10))
                .orElseThrow();

        assertThat(got.action()).isEqualTo(action);
        assertThat(got.reason().code().id()).isEqualTo(code);
        assertThat(got.pods().effect()).isEqualTo(effect);
        assertThat(got.pods().count()).isEqualTo(count);
        assertThat(got.pods().batches()).isEqualTo(batches);
        assertThat(got.pods().maxUnavailable()).isEqualTo(maxUnavailable);
    }

    @Test
    void strategyOfTheNewRevisionCounts() {
        ObjectNode live = cloneSet();
        ObjectNode answer = changed(live, object("image: web:2"));
        answer.withObjectProperty("spec").withObjectProperty("updateStrategy").put("type", "InPlaceIfPossible");

        assertThat(effect(live, answer, () -> pods(3)).orElseThrow().action()).isEqualTo(Action.IN_PLACE);
    }

    @Test
    void podsAreNotAskedForWhenNoneIsTouched() {
        ObjectNode live = cloneSet();

        assertThat(effect(live, changed(live, object("replicas: 11")), () -> {
                    throw new AssertionError("asked");
                }))
                .isPresent();
        assertThat(effect(live, live.deepCopy(), () -> pods(0))).isEmpty();
        assertThat(effect(object("kind: ConfigMap"), object("kind: ConfigMap"), () -> pods(0)))
                .isEmpty();
    }

    @Test
    void atMostTwentyPodsAreNamed() {
        ObjectNode live = cloneSet();
        live.withObjectProperty("spec").put("replicas", 30);

        PodImpact impact = effect(live, changed(live, object("image: web:2")), () -> pods(30))
                .orElseThrow()
                .pods();

        assertThat(impact.count()).isEqualTo(30);
        assertThat(impact.names()).hasSize(20).startsWith("pod-00");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{apiVersion: apps/v1, kind: Deployment, spec: {replicas: 3}} | 3",
                "{apiVersion: apps/v1, kind: Deployment, spec: {}} | 1",
                "{apiVersion: apps/v1, kind: Deployment, spec: {replicas: 0}} | 0",
                "{apiVersion: apps.kruise.io/v1alpha1, kind: CloneSet, spec: {replicas: 5}} | 5",
                "{apiVersion: apps/v1, kind: DaemonSet, spec: {}} | 0",
                "{apiVersion: batch/v1, kind: Job, spec: {parallelism: 4, completions: 2}} | 2",
                "{apiVersion: v1, kind: Pod} | 1",
                "{apiVersion: v1, kind: ConfigMap} | 0",
            })
    void newWorkloadsAddTheirReplicas(String workload, int added) {
        PodImpact impact = WorkloadEffect.created(object(workload));

        assertThat(impact.count()).isEqualTo(added);
        assertThat(impact.effect()).isEqualTo(added == 0 ? PodImpact.Effect.NONE : PodImpact.Effect.ADD);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "{matchLabels: {a: b, c: d}} | a=b,c=d",
                "{matchExpressions: [{key: a, operator: In, values: [x, y]}, {key: b, operator: DoesNotExist}]} | a in (x,y),!b",
                "{matchLabels: {a: b}, matchExpressions: [{key: c, operator: NotIn, values: [x]}, {key: d, operator: Exists}]} | a=b,c notin (x),d",
                "{app: web} | app=web",
                "{} | -",
                "{matchExpressions: [{key: a, operator: Near, values: [x]}]} | -",
            })
    void selectorsBecomeQueries(String selector, String query) {
        assertThat(RunningPods.selector(object(selector))).isEqualTo(Optional.ofNullable(query));
    }

    @ParameterizedTest
    @CsvSource({"false, IN_PLACE, POD113", "true, IN_PLACE, POD120"})
    void openKruiseRestartsNoContainerForAChangedConfig(boolean openKruise, Action action, String code) {
        ObjectNode live = cloneSet();
        live.withObjectProperty("spec").withObjectProperty("updateStrategy").put("type", "InPlaceIfPossible");
        ObjectNode answer = live.deepCopy();
        mark(live, "1");
        mark(answer, "2");

        WorkloadEffect effect = WorkloadEffect.of(
                        live,
                        answer,
                        answer,
                        UpdateStrategy.Policy.NATIVE,
                        new Facts(() -> pods(10), manager(openKruise)))
                .orElseThrow();

        assertThat(effect.action()).isEqualTo(action);
        assertThat(effect.reason().code().id()).isEqualTo(code);
        assertThat(effect.pods().effect())
                .isEqualTo(openKruise ? PodImpact.Effect.METADATA_ONLY : PodImpact.Effect.RESTART_IN_PLACE);
    }

    private static Optional<OpenKruise> manager(boolean there) {
        return there ? Optional.of(new OpenKruise(Map.of(), true)) : Optional.empty();
    }

    private static void mark(ObjectNode workload, String digest) {
        workload.withObjectProperty("spec")
                .withObjectProperty("template")
                .withObjectProperty("metadata")
                .withObjectProperty("annotations")
                .put("trimtab.dev/config", "{\"web\":{\"ConfigMap/a\":\"" + digest + "\"}}");
    }

    private record Facts(Supplier<RunningPods.Pods> running, Optional<OpenKruise> openKruise) implements RolloutFacts {

        @Override
        public RunningPods.Pods pods() {
            return running.get();
        }

        @Override
        public boolean resizes() {
            return false;
        }

        @Override
        public Optional<String> unrepeatable(Set<String> containers) {
            return Optional.empty();
        }
    }

    /** The CloneSet is written in Git as the server has it. */
    private static Optional<WorkloadEffect> effect(
            ObjectNode live, ObjectNode answer, Supplier<RunningPods.Pods> pods) {
        return WorkloadEffect.of(
                live, answer, answer, UpdateStrategy.Policy.IN_PLACE_IF_POSSIBLE, new Facts(pods, Optional.empty()));
    }

    private static ObjectNode cloneSet() {
        return object("""
                apiVersion: apps.kruise.io/v1alpha1
                kind: CloneSet
                metadata: {name: web, namespace: shop, uid: u}
                spec:
                  replicas: 10
                  selector: {matchLabels: {app: web}}
                  template:
                    metadata: {labels: {app: web}}
                    spec: {containers: [{name: web, image: "web:1", env: [{name: MODE, value: a}]}]}
                """);
    }

    private static ObjectNode changed(ObjectNode live, ObjectNode change) {
        ObjectNode answer = live.deepCopy();
        ObjectNode spec = answer.withObjectProperty("spec");
        ObjectNode template = spec.withObjectProperty("template");
        ObjectNode container =
                (ObjectNode) template.path("spec").path("containers").get(0);
        change.properties().forEach(entry -> {
            switch (entry.getKey()) {
                case "image" -> container.set("image", entry.getValue());
                case "env" -> ((ObjectNode) container.path("env").get(0)).set("value", entry.getValue());
                case "label" ->
                    template.withObjectProperty("metadata")
                            .withObjectProperty("labels")
                            .set("tier", entry.getValue());
                default -> spec.set(entry.getKey(), entry.getValue());
            }
        });
        return answer;
    }

    private static RunningPods.Pods pods(int count) {
        return RunningPods.Pods.named(
                IntStream.range(0, count).mapToObj(i -> "pod-%02d".formatted(i)).toList());
    }
}
