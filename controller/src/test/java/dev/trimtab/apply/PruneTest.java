package dev.trimtab.apply;

import static dev.trimtab.apply.Shop.NAMESPACE;
import static dev.trimtab.apply.Shop.SHOP;
import static dev.trimtab.apply.Shop.clusterRole;
import static dev.trimtab.apply.Shop.config;
import static dev.trimtab.render.Written.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.plan.Action;
import dev.trimtab.plan.Change;
import dev.trimtab.plan.Plan;
import dev.trimtab.plan.PlanCode;
import dev.trimtab.render.Desired;
import dev.trimtab.render.Written;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What happens to objects that leave Git, and what must not happen to them. */
class PruneTest {

    private final SyncRig rig = new SyncRig(false);

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void renameCreatesFirstAndThenDeletesWithTheUidThatWasPlanned() {
        rig.sync(1, SHOP);
        rig.recorded.forget();

        Outcome outcome = rig.sync(2, SHOP.replace("name: conf", "name: settings"));

        assertThat(rig.recorded.writes())
                .containsExactly("apply ConfigMap shop/settings", "delete ConfigMap shop/conf");
        assertThat(outcome.succeeded()).isTrue();
        Change delete = outcome.plan().changes().get(0);
        assertThat(delete.action()).isEqualTo(Action.DELETE);
        assertThat(delete.uid()).isPresent();
        rig.restart();
        assertThat(rig.inventory.keys())
                .contains(key("", "ConfigMap", "shop", "settings"))
                .doesNotContain(key("", "ConfigMap", "shop", "conf"));
    }

    @Test
    void emptySetDeletesNothing() {
        rig.sync(1, SHOP);

        Outcome outcome = rig.sync(2, "");

        assertThat(outcome.results())
                .hasSize(3)
                .allSatisfy((key, result) -> assertThat(result).isInstanceOfSatisfying(Result.Held.class, held -> {
                    assertThat(held.code()).isEqualTo(ApplyCode.EMPTY_SET);
                    assertThat(held.text()).contains("3 objects are in the cluster");
                }));
        assertThat(rig.live("apps/v1", "Deployment", "shop", "web")).isPresent();
        assertThat(rig.inventory.keys()).hasSize(3);
        assertThat(rig.inventory.lastApplied()).contains(Written.revision(1));
        assertThat(rig.plan(1, SHOP).changes()).as("putting the files back").isEmpty();
    }

    @Test
    void namespaceThatGitStillUsesIsNotDeleted() {
        rig.sync(1, SHOP);

        Outcome outcome = rig.sync(2, SHOP.replace(NAMESPACE, ""));

        assertThat(outcome.plan().changes()).isEmpty();
        assertThat(outcome.plan().problems()).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo(PlanCode.STILL_NEEDED);
            assertThat(problem.text()).contains("ConfigMap shop/conf", "trimtab.dev/prune=disabled");
        });
        assertThat(rig.live("v1", "Namespace", "", "shop")).isPresent();
    }

    @Test
    void allNamespacesAtOnceAreNotDeleted() {
        String two = NAMESPACE + "---\n" + NAMESPACE.replace("shop", "bank") + "---\n" + clusterRole();
        rig.sync(1, two);

        Outcome outcome = rig.sync(2, clusterRole());

        assertThat(outcome.results().values())
                .hasSize(2)
                .allMatch(result -> result instanceof Result.Held held && held.code() == ApplyCode.ALL_NAMESPACES);
    }

    @Test
    void objectsThatAreNotOursAnyMoreAreLetGoAndNotDeleted() {
        rig.sync(1, SHOP + "---\n" + config("taken") + "---\n" + config("kept") + "---\n" + config("vanished"));
        rig.edit("v1", "ConfigMap", "shop", "taken", "other", "metadata: {labels: {trimtab.dev/sync: null}}");
        rig.edit("v1", "ConfigMap", "shop", "kept", "ada", "metadata: {annotations: {trimtab.dev/prune: disabled}}");
        String uid = live("vanished").at("/metadata/uid").asText();
        rig.unrecorded()
                .delete(
                        rig.type("v1", "ConfigMap"),
                        Optional.of("shop"),
                        "vanished",
                        uid,
                        ClusterClient.Propagation.BACKGROUND);

        Outcome outcome = rig.sync(2, SHOP);

        assertThat(outcome.plan().changes()).isEmpty();
        assertThat(outcome.plan().released())
                .containsExactly(
                        entry(key("", "ConfigMap", "shop", "kept"), PlanCode.KEPT),
                        entry(key("", "ConfigMap", "shop", "taken"), PlanCode.NOT_OURS_ANY_MORE),
                        entry(key("", "ConfigMap", "shop", "vanished"), PlanCode.GONE_EVERYWHERE));
        assertThat(outcome.plan().orphans()).containsExactly(key("", "ConfigMap", "shop", "kept"));
        assertThat(rig.live("v1", "ConfigMap", "shop", "taken")).isPresent();
        assertThat(rig.live("v1", "ConfigMap", "shop", "kept")).isPresent();
        assertThat(rig.inventory.keys()).hasSize(3);
    }

    @Test
    void labelTakenAwayBetweenPlanAndDeleteKeepsTheObject() {
        rig.sync(1, SHOP + "---\n" + config("leaving"));
        Desired next = Written.desired(2, SHOP);
        Plan plan = rig.plan(next, Set.of(), false);
        rig.edit("v1", "ConfigMap", "shop", "leaving", "other", "metadata: {labels: {trimtab.dev/sync: null}}");

        Outcome outcome = rig.apply(plan, next);

        assertThat(outcome.results().get(key("", "ConfigMap", "shop", "leaving")))
                .isInstanceOfSatisfying(
                        Result.Held.class, held -> assertThat(held.code()).isEqualTo(ApplyCode.NOT_OURS));
        assertThat(rig.live("v1", "ConfigMap", "shop", "leaving")).isPresent();
    }

    @Test
    void whatGitSaidToKeepStaysThoughSomebodyTookTheAnnotationAway() {
        rig.sync(
                1,
                SHOP + "---\n" + config("data").replace("{name", "{annotations: {trimtab.dev/prune: disabled}, name"));
        rig.edit("v1", "ConfigMap", "shop", "data", "ada", "metadata: {annotations: {trimtab.dev/prune: null}}");
        rig.restart();

        Outcome outcome = rig.sync(2, SHOP);

        assertThat(outcome.plan().orphans()).containsExactly(key("", "ConfigMap", "shop", "data"));
        assertThat(live("data").at("/metadata/name").asText()).isEqualTo("data");
        rig.restart();
        assertThat(rig.inventory.keys()).hasSize(3);
        assertThat(rig.inventory.kept()).isEmpty();
    }

    @Test
    void labelWithoutOurFieldsIsACopyAndIsNotDeleted() {
        rig.sync(1, SHOP + "---\n" + config("twin"));
        String uid = live("twin").at("/metadata/uid").asText();
        rig.unrecorded()
                .delete(
                        rig.type("v1", "ConfigMap"),
                        Optional.of("shop"),
                        "twin",
                        uid,
                        ClusterClient.Propagation.BACKGROUND);
        ObjectNode copy = Written.object(config("twin"));
        copy.withObject("/metadata/labels").put("trimtab.dev/sync", "demo");
        rig.unrecorded().create(rig.type("v1", "ConfigMap"), copy, "kubectl-create");

        Outcome outcome = rig.sync(2, SHOP);

        assertThat(outcome.plan().released())
                .containsExactly(entry(key("", "ConfigMap", "shop", "twin"), PlanCode.NOT_OURS_ANY_MORE));
        assertThat(rig.live("v1", "ConfigMap", "shop", "twin")).isPresent();
    }

    @Test
    void anObjectHeldByAFinalizerStaysInTheInventoryAndHoldsBackWhatGoesAfterIt() {
        String claim = Shop.deployment("slow") + "---\n" + config("needed");
        rig.sync(1, SHOP + "---\n" + claim);
        rig.edit("apps/v1", "Deployment", "shop", "slow", "ada", "metadata: {finalizers: [example.com/drain]}");

        Outcome first = rig.sync(2, SHOP);

        assertThat(first.results().get(key("apps", "Deployment", "shop", "slow")))
                .isInstanceOfSatisfying(
                        Result.Leaving.class,
                        leaving -> assertThat(leaving.text()).contains("example.com/drain"));
        assertThat(first.results().get(key("", "ConfigMap", "shop", "needed")))
                .isEqualTo(new Result.Blocked(key("apps", "Deployment", "shop", "slow")));
        assertThat(first.succeeded()).isFalse();
        rig.restart();
        assertThat(rig.inventory.keys())
                .contains(key("apps", "Deployment", "shop", "slow"), key("", "ConfigMap", "shop", "needed"));
        assertThat(rig.inventory.lastApplied()).contains(Written.revision(1));

        Outcome second = rig.sync(2, SHOP);
        assertThat(second.plan().problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.code()).isEqualTo(PlanCode.LEAVING));
        assertThat(rig.live("v1", "ConfigMap", "shop", "needed")).isPresent();

        rig.edit("apps/v1", "Deployment", "shop", "slow", "ada", "metadata: {finalizers: null}");
        Outcome third = rig.sync(2, SHOP);
        assertThat(third.succeeded()).isTrue();
        assertThat(rig.live("v1", "ConfigMap", "shop", "needed")).isEmpty();
        assertThat(rig.inventory.keys()).hasSize(3);
        assertThat(rig.inventory.lastApplied()).contains(Written.revision(2));
    }

    private ObjectNode live(String configMap) {
        return rig.live("v1", "ConfigMap", "shop", configMap).orElseThrow();
    }
}
