package dev.trimtab.inplace;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.inplace.UpdateStrategy.Policy;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a workload of Kubernetes' own kinds lets happen to its pods when an image changes, and when only metadata does. */
class RolloutTermsTest {

    private static final ObjectNode OLD =
            Trees.yaml("{metadata: {labels: {app: web}}, spec: {containers: [{name: app, image: 'web:1'}]}}");
    private static final ObjectNode IMAGE =
            Trees.yaml("{metadata: {labels: {app: web}}, spec: {containers: [{name: app, image: 'web:2'}]}}");
    private static final ObjectNode LABEL = Trees.yaml(
            "{metadata: {labels: {app: web, tier: front}}, spec: {containers: [{name: app, image: 'web:1'}]}}");

    @ParameterizedTest(name = "{0} of {1}: {2} {3}")
    @CsvSource(
            delimiter = '|',
            value = {
                "Deployment  | 6 | {}                                                                                     | {}                                          | InPlace  | 1 | POD110",
                "Deployment  | 2 | {}                                                                                     | {}                                          | InPlace  | 1 | POD110",
                "Deployment  | 1 | {}                                                                                     | {}                                          | Recreate | 0 | POD207",
                "Deployment  | 1 | {}                                                                                     | {trimtab.dev/max-unavailable: '1'}          | InPlace  | 1 | POD110",
                "Deployment  | 6 | {}                                                                                     | {trimtab.dev/max-unavailable: '50%'}        | InPlace  | 3 | POD110",
                "Deployment  | 6 | {}                                                                                     | {trimtab.dev/max-unavailable: '10%'}        | Recreate | 0 | POD207",
                "Deployment  | 6 | {strategy: {type: RollingUpdate, rollingUpdate: {maxUnavailable: 2}}}                   | {}                                          | InPlace  | 2 | POD110",
                "Deployment  | 6 | {strategy: {type: RollingUpdate, rollingUpdate: {maxUnavailable: 0, maxSurge: 1}}}      | {}                                          | Recreate | 0 | POD207",
                "Deployment  | 3 | {strategy: {type: RollingUpdate}}                                                      | {}                                          | Recreate | 0 | POD207",
                "Deployment  | 1 | {strategy: {type: Recreate}}                                                           | {}                                          | InPlace  | 1 | POD110",
                "Deployment  | 3 | {strategy: {type: Recreate}}                                                           | {}                                          | Recreate | 0 | POD207",
                "Deployment  | 3 | {}                                                                                     | {trimtab.dev/update-policy: ReCreate}       | Recreate | 0 | POD203",
                "Deployment  | 3 | {}                                                                                     | {trimtab.dev/update-policy: InPlaceOnly}    | InPlace  | 1 | POD110",
                "StatefulSet | 1 | {}                                                                                     | {}                                          | InPlace  | 1 | POD110",
                "StatefulSet | 3 | {updateStrategy: {type: RollingUpdate, rollingUpdate: {maxUnavailable: 2}}}             | {}                                          | InPlace  | 2 | POD110",
                "StatefulSet | 3 | {updateStrategy: {type: OnDelete}}                                                     | {}                                          | Unchanged | 0 | POD130",
                "DaemonSet   | 3 | {}                                                                                     | {}                                          | InPlace  | 1 | POD110",
                "DaemonSet   | 3 | {updateStrategy: {type: RollingUpdate, rollingUpdate: {maxUnavailable: 0, maxSurge: 1}}} | {}                                         | Recreate | 0 | POD207",
            })
    void budgetOfARestartInPlace(
            String kind, int replicas, String spec, String annotations, String verdict, int budget, String code) {
        ObjectNode written = written(kind, replicas, spec, annotations);
        UpdateStrategy strategy = strategy(written, live(written, replicas, replicas), Policy.IN_PLACE_IF_POSSIBLE);
        Verdict got = Verdicts.decide(OLD, IMAGE, strategy, Abilities.NONE);

        assertThat(got.getClass().getSimpleName()).isEqualTo(verdict);
        assertThat(got.reasons().get(0).code().id()).isEqualTo(code);
        if (got instanceof Verdict.InPlace inPlace) {
            assertThat(inPlace.containers()).isEqualTo(Set.of("app"));
            assertThat(strategy.maxUnavailable(replicas)).isEqualTo(budget);
        }
    }

    @Test
    void metadataNeedsNoBudget() {
        ObjectNode written = written("Deployment", 1, "{}", "{}");

        assertThat(Verdicts.decide(
                        OLD,
                        LABEL,
                        strategy(written, live(written, 1, 1), Policy.IN_PLACE_IF_POSSIBLE),
                        Abilities.NONE))
                .isInstanceOf(Verdict.MetadataOnly.class);
    }

    @Test
    void podsOfTwoTemplatesAreLeftToTheirController() {
        ObjectNode written = written("Deployment", 6, "{}", "{}");

        assertThat(Verdicts.decide(
                        OLD,
                        IMAGE,
                        strategy(written, live(written, 6, 4), Policy.IN_PLACE_IF_POSSIBLE),
                        Abilities.NONE))
                .isInstanceOf(Verdict.Recreate.class);
    }

    @Test
    void theSyncsPolicyHoldsWhereTheWorkloadSaysNothing() {
        ObjectNode written = written("Deployment", 6, "{}", "{}");
        ObjectNode said = written("Deployment", 6, "{}", "{trimtab.dev/update-policy: InPlaceIfPossible}");

        assertThat(Verdicts.decide(OLD, IMAGE, strategy(written, live(written, 6, 6), Policy.RECREATE), Abilities.NONE))
                .isInstanceOf(Verdict.Recreate.class);
        assertThat(Verdicts.decide(OLD, IMAGE, strategy(said, live(said, 6, 6), Policy.RECREATE), Abilities.NONE))
                .isInstanceOf(Verdict.InPlace.class);
    }

    /** flannel's DaemonSet, for one: its containers would restart without what its init containers do. */
    @ParameterizedTest
    @CsvSource({"'{}', true", "'{trimtab.dev/update-policy: ReCreate}', false"})
    void whoAsksForNewPodsIsNotToldToKeepThem(String annotations, boolean advised) {
        ObjectNode written = written("DaemonSet", 3, "{}", annotations);

        Verdict verdict =
                Verdicts.decide(OLD, LABEL, strategy(written, live(written, 3, 3), Policy.RECREATE), Abilities.NONE);

        assertThat(verdict).isInstanceOf(Verdict.Recreate.class);
        assertThat(verdict.reasons()).allSatisfy(reason -> {
            assertThat(reason.gentler().isPresent()).isEqualTo(advised);
            assertThat(reason.text().contains("trimtab.dev/update-policy: ReCreate asks for new pods"))
                    .isEqualTo(!advised);
        });
    }

    private static UpdateStrategy strategy(ObjectNode written, ObjectNode live, Policy policy) {
        return RolloutTerms.of(written, live, policy, false).orElseThrow();
    }

    private static ObjectNode written(String kind, int replicas, String spec, String annotations) {
        ObjectNode object = Trees.yaml("{apiVersion: apps/v1, kind: " + kind + ", metadata: {name: web}}");
        object.withObjectProperty("metadata").set("annotations", Trees.yaml(annotations));
        object.set("spec", Trees.yaml(spec));
        if (!kind.equals("DaemonSet")) {
            object.withObjectProperty("spec").put("replicas", replicas);
        }
        return object;
    }

    /** As the server has it; defaults of the strategy do not matter where Git writes one, and must not where it writes none. */
    private static ObjectNode live(ObjectNode written, int pods, int updated) {
        ObjectNode live = written.deepCopy();
        String kind = live.path("kind").asText();
        if (kind.equals("Deployment") && !live.path("spec").has("strategy")) {
            live.withObjectProperty("spec")
                    .set(
                            "strategy",
                            Trees.yaml("{type: RollingUpdate, rollingUpdate: {maxUnavailable: 25%, maxSurge: 25%}}"));
        }
        live.set(
                "status",
                Trees.yaml(
                        kind.equals("DaemonSet")
                                ? "{currentNumberScheduled: " + pods + ", desiredNumberScheduled: " + pods
                                        + ", updatedNumberScheduled: " + updated + "}"
                                : "{replicas: " + pods + ", updatedReplicas: " + updated + "}"));
        return live;
    }
}
