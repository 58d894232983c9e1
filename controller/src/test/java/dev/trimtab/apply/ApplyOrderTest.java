package dev.trimtab.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.kube.ObjectKey;
import dev.trimtab.plan.Action;
import dev.trimtab.plan.Change;
import dev.trimtab.plan.Operation;
import dev.trimtab.plan.PlanCode;
import dev.trimtab.plan.PodImpact;
import dev.trimtab.plan.Reason;
import dev.trimtab.render.Desired;
import dev.trimtab.render.Written;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ApplyOrderTest {

    private static final String EVERYTHING = """
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingWebhookConfiguration
            metadata: {name: hook}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, namespace: shop}
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: conf, namespace: shop}
            ---
            apiVersion: scheduling.k8s.io/v1
            kind: PriorityClass
            metadata: {name: high}
            ---
            apiVersion: sea.example/v1
            kind: Boat
            metadata: {name: dory, namespace: shop}
            ---
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: boats.sea.example}
            spec: {group: sea.example, names: {kind: Boat}, scope: Namespaced}
            ---
            apiVersion: v1
            kind: Namespace
            metadata: {name: shop}
            """;

    @Test
    void kindsThatOthersReferToGoFirstAndAdmissionLast() {
        assertThat(names(ApplyOrder.levels(changes(Written.desired(1, EVERYTHING)), Written.desired(1, EVERYTHING))))
                .containsExactly(
                        List.of("shop"),
                        List.of("boats.sea.example"),
                        List.of("high"),
                        List.of("conf"),
                        List.of("dory", "web"),
                        List.of("hook"));
    }

    @Test
    void deletesGoInTheReverseOrder() {
        assertThat(names(ApplyOrder.deletes(changes(Written.desired(1, EVERYTHING)))))
                .containsExactly(
                        List.of("hook"),
                        List.of("dory", "web"),
                        List.of("conf"),
                        List.of("high"),
                        List.of("boats.sea.example"),
                        List.of("shop"));
    }

    @Test
    void whatAnObjectDependsOnGoesFirstWhateverItsKind() {
        Desired desired = Written.desired(1, """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: late, annotations: {trimtab.dev/depends-on: Deployment/web}}
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web}
                ---
                apiVersion: v1
                kind: Secret
                metadata: {name: early}
                """);

        assertThat(names(ApplyOrder.levels(changes(desired), desired)))
                .containsExactly(List.of("early"), List.of("web"), List.of("late"));
    }

    @Test
    void noObjectStandsBesideOrBeforeWhatItDependsOn() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<String> kinds =
                List.of("v1/ConfigMap", "apps/v1/Deployment", "v1/Namespace", "scheduling.k8s.io/v1/PriorityClass");
        for (int round = 0; round < 100; round++) {
            StringBuilder yaml = new StringBuilder();
            Map<Integer, String> names = new HashMap<>();
            for (int i = 0; i < 12; i++) {
                String kind = kinds.get(random.nextInt(kinds.size()));
                int slash = kind.lastIndexOf('/');
                yaml.append("---\napiVersion: ")
                        .append(kind, 0, slash)
                        .append("\nkind: ")
                        .append(kind.substring(slash + 1));
                yaml.append("\nmetadata:\n  name: o").append(i).append('\n');
                if (i > 0 && random.nextBoolean()) {
                    // Only on earlier ones, so that there is no circle.
                    yaml.append("  annotations: {trimtab.dev/depends-on: ")
                            .append(names.get(random.nextInt(i)))
                            .append("}\n");
                }
                boolean namespaced = kind.endsWith("ConfigMap") || kind.endsWith("Deployment");
                names.put(i, kind.substring(slash + 1) + (namespaced ? "/default/o" : "/o") + i);
            }
            Desired desired = Written.desired(1, yaml.toString());
            List<List<Change>> levels = ApplyOrder.levels(changes(desired), desired);
            Map<ObjectKey, Integer> levelOf = new HashMap<>();
            for (int level = 0; level < levels.size(); level++) {
                for (Change change : levels.get(level)) {
                    levelOf.put(change.object(), level);
                }
            }
            assertThat(levelOf).as("seed %d", seed).hasSize(12);
            desired.objects()
                    .forEach((key, object) -> object.dependsOn()
                            .forEach(on -> assertThat(levelOf.get(on))
                                    .as("seed %d", seed)
                                    .isLessThan(levelOf.get(key))));
        }
    }

    static List<Change> changes(Desired desired) {
        return desired.objects().values().stream()
                .map(object -> new Change(
                        object.key(),
                        object.apiVersion(),
                        Optional.of(object.origin()),
                        Optional.empty(),
                        Action.CREATE,
                        Operation.CREATE,
                        List.of(),
                        new Reason(PlanCode.NOT_YET_THERE, "not in the cluster yet", List.of(), Optional.empty()),
                        PodImpact.NONE))
                .toList();
    }

    private static List<List<String>> names(List<List<Change>> levels) {
        return levels.stream()
                .map(level -> level.stream()
                        .map(change -> change.object().name())
                        .sorted()
                        .toList())
                .toList();
    }
}
