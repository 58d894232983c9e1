package dev.trimtab.apply;

import static dev.trimtab.apply.Shop.NAMESPACE;
import static dev.trimtab.apply.Shop.SHOP;
import static dev.trimtab.apply.Shop.config;
import static dev.trimtab.apply.Shop.deployment;
import static dev.trimtab.apply.Shop.statefulSet;
import static dev.trimtab.render.Written.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.trimtab.apply.Guards.Budget;
import dev.trimtab.codes.Code;
import dev.trimtab.plan.Plan;
import dev.trimtab.render.Desired;
import dev.trimtab.render.Written;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a plan may not do without a person's word, and that the word releases it. */
class GuardsTest {

    private static final OptionalInt NONE = OptionalInt.empty();

    private final SyncRig rig = new SyncRig(true);

    @AfterEach
    void stop() {
        rig.close();
    }

    static Stream<Arguments> budgets() {
        return Stream.of(
                Arguments.of(OptionalInt.of(10), OptionalInt.of(10), 5, 10),
                Arguments.of(OptionalInt.of(10), OptionalInt.of(10), 1_000, 100),
                Arguments.of(OptionalInt.of(3), NONE, 1_000, 3),
                Arguments.of(NONE, OptionalInt.of(10), 1_000, 100),
                Arguments.of(NONE, OptionalInt.of(10), 19, 1),
                Arguments.of(NONE, OptionalInt.of(10), 9, 0),
                Arguments.of(OptionalInt.of(0), NONE, 1_000, 0),
                Arguments.of(NONE, OptionalInt.of(100), 30_000_000, 30_000_000),
                Arguments.of(NONE, NONE, 7, Integer.MAX_VALUE));
    }

    @ParameterizedTest(name = "number {0}, percent {1} of {2}: {3}")
    @MethodSource("budgets")
    void theLargerOfNumberAndShareCounts(OptionalInt number, OptionalInt percent, int total, int allowed) {
        assertThat(new Budget(number, percent).of(total)).isEqualTo(allowed);
    }

    @Test
    void deletesOverTheBudgetAreHeldAllOfThemAndTheRestGoesOn() {
        String many = String.join(
                "",
                IntStream.range(0, 4).mapToObj(i -> "---\n" + config("c" + i)).toList());
        rig.sync(1, SHOP + many);
        Guards three = guards(new Budget(OptionalInt.of(3), NONE), Budget.UNLIMITED, Set.of());
        Desired next = Written.desired(2, SHOP + "---\n" + config("new"));
        Plan plan = rig.plan(next, Set.of(), false);

        Outcome held = rig.apply(plan, next, new Consent(three, false));

        assertThat(codes(held)).containsOnly(ApplyCode.DELETE_BUDGET).hasSize(4);
        assertThat(rig.live("v1", "ConfigMap", "shop", "new")).isPresent();
        assertThat(held.results().values())
                .anySatisfy(result -> assertThat(((Result.Held) result).text()).contains("deletes 4 of 7", "delete 3"));

        Plan rest = rig.plan(next, Set.of(), false);
        assertThat(rest.changes()).hasSize(4);
        assertThat(rig.apply(rest, next, new Consent(three, true)).succeeded()).isTrue();
        assertThat(rig.inventory.keys()).hasSize(4);
        assertThat(rig.inventory.lastApplied()).contains(next.revision());
    }

    @Test
    void aNamespaceIsProtectedAndItsContentIsNot() {
        rig.sync(1, SHOP + "---\n" + NAMESPACE.replace("shop", "bank") + "---\n" + Shop.clusterRole());

        Outcome outcome = rig.sync(2, NAMESPACE.replace("shop", "bank") + "---\n" + Shop.clusterRole());

        assertThat(outcome.results().get(key("", "Namespace", "", "shop")))
                .isInstanceOfSatisfying(
                        Result.Held.class, held -> assertThat(held.code()).isEqualTo(ApplyCode.PROTECTED));
        assertThat(rig.live("v1", "ConfigMap", "shop", "conf")).isEmpty();
        assertThat(rig.live("v1", "Namespace", "", "shop")).isPresent();
    }

    @Test
    void aStatefulSetIsProtectedWhileItsPodsRunAndThenNotAnyMore() {
        rig.sync(1, SHOP + "---\n" + statefulSet("db"));
        await().until(() -> rig.live("apps/v1", "StatefulSet", "shop", "db")
                        .orElseThrow()
                        .at("/status/readyReplicas")
                        .asInt()
                == 2);

        Outcome running = rig.sync(2, SHOP);
        assertThat(running.results().get(key("apps", "StatefulSet", "shop", "db")))
                .isInstanceOfSatisfying(Result.Held.class, held -> {
                    assertThat(held.code()).isEqualTo(ApplyCode.PROTECTED);
                    assertThat(held.text()).contains("while its pods run (2)");
                });

        rig.edit("apps/v1", "StatefulSet", "shop", "db", "kubectl", "spec: {replicas: 0}");
        await().until(() -> rig.unrecorded()
                .list(rig.type("v1", "Pod"), Optional.of("shop"), "app=db")
                .isEmpty());
        assertThat(rig.sync(2, SHOP).succeeded()).isTrue();
        assertThat(rig.live("apps/v1", "StatefulSet", "shop", "db")).isEmpty();
    }

    @Test
    void recreatesOverTheBudgetAreHeldAndWhatNeedsThemWaits() {
        String two = SHOP + "---\n" + deployment("one") + "---\n" + deployment("two");
        rig.sync(1, two);
        await().until(() -> rig.unrecorded()
                        .list(rig.type("v1", "Pod"), Optional.of("shop"), "")
                        .size()
                == 6);
        Guards one = guards(Budget.UNLIMITED, new Budget(OptionalInt.of(1), NONE), Set.of());
        String changed = two.replace("image: \"main:1\"", "image: \"main:1\", command: [serve]")
                .replace("mode: fast", "mode: slow");
        Desired next = Written.desired(2, changed);
        Plan plan = rig.plan(next, Set.of(), false);
        assertThat(plan.changes()).as("two workloads and a ConfigMap").hasSize(3);

        Outcome held = rig.apply(plan, next, new Consent(one, false));

        assertThat(codes(held)).containsOnly(ApplyCode.RECREATE_BUDGET).hasSize(2);
        assertThat(rig.live("v1", "ConfigMap", "shop", "conf")
                        .orElseThrow()
                        .at("/data/mode")
                        .asText())
                .isEqualTo("slow");
        assertThat(rig.apply(rig.plan(next, Set.of(), false), next, new Consent(one, true))
                        .succeeded())
                .isTrue();
    }

    @Test
    void anApprovedPlanMayEmptyTheCluster() {
        rig.sync(1, SHOP);
        Desired nothing = Written.desired(2, "");
        Plan plan = rig.plan(nothing, Set.of(), false);

        Outcome outcome = rig.apply(plan, nothing, new Consent(Guards.STANDARD, true));

        assertThat(outcome.results().values())
                .noneMatch(result -> result instanceof Result.Held)
                .noneMatch(result -> result instanceof Result.Failed);
        assertThat(rig.live("apps/v1", "Deployment", "shop", "web")).isEmpty();
    }

    private static Guards guards(Budget deletes, Budget recreates, Set<String> protectedKinds) {
        return new Guards(deletes, recreates, protectedKinds);
    }

    private static List<Code> codes(Outcome outcome) {
        return outcome.results().values().stream()
                .filter(result -> result instanceof Result.Held)
                .map(result -> ((Result.Held) result).code())
                .toList();
    }
}
