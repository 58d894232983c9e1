package dev.trimtab.apply;

import static dev.trimtab.apply.Shop.NAMESPACE;
import static dev.trimtab.apply.Shop.SHOP;
import static dev.trimtab.apply.Shop.clusterRole;
import static dev.trimtab.apply.Shop.config;
import static dev.trimtab.render.Written.key;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ObjectKey;
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
                    assertThat(held.text()).contains("kubectl", "trimtab.dev/sync=demo");
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
        assertThat(outcome.plan().released()).extracting(ObjectKey::name).containsExactly("kept", "taken", "vanished");
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

    private ObjectNode live(String configMap) {
        return rig.live("v1", "ConfigMap", "shop", configMap).orElseThrow();
    }
}
