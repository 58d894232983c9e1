package dev.trimtab.apply;

import static dev.trimtab.apply.Shop.NAMESPACE;
import static dev.trimtab.apply.Shop.SHOP;
import static dev.trimtab.apply.Shop.clusterRole;
import static dev.trimtab.apply.Shop.config;
import static dev.trimtab.apply.Shop.refusal;
import static dev.trimtab.render.Written.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ApiException;
import dev.trimtab.kube.ErrorClass;
import dev.trimtab.plan.Plan;
import dev.trimtab.plan.PlanCode;
import dev.trimtab.render.Written;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One bad object stops itself and what depends on it; the inventory never knows less than the cluster. */
class FailureTest {

    private final SyncRig rig = new SyncRig(false);

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void oneBadObjectStopsItselfAndHoldsDeletesButNotTheOthers() {
        rig.sync(1, SHOP + "---\n" + config("leaving"));

        Outcome outcome = rig.sync(
                2,
                SHOP.replace("replicas: 2", "replica: 2").replace("mode: fast,", "mode: slow,") + "---\n"
                        + config("new"));

        Plan plan = outcome.plan();
        assertThat(plan.complete()).isFalse();
        assertThat(plan.problems()).hasSize(1);
        assertThat(plan.problems().get(0).object()).isEqualTo(key("apps", "Deployment", "shop", "web"));
        assertThat(plan.problems().get(0).code()).isEqualTo(PlanCode.INVALID);
        assertThat(plan.problems().get(0).origin()).isPresent();
        assertThat(live("conf").path("data").path("mode").asText()).isEqualTo("slow");
        assertThat(rig.live("v1", "ConfigMap", "shop", "new")).isPresent();
        assertThat(outcome.results().get(key("", "ConfigMap", "shop", "leaving")))
                .isInstanceOfSatisfying(
                        Result.Held.class, held -> assertThat(held.code()).isEqualTo(ApplyCode.WAITING_FOR_APPLY));
        assertThat(rig.inventory.lastApplied()).contains(Written.revision(1));

        assertThat(rig.sync(3, SHOP).succeeded()).isTrue();
        assertThat(rig.live("v1", "ConfigMap", "shop", "leaving")).isEmpty();
    }

    @Test
    void kindThatNobodyBringsIsAProblemOfItsObjectOnly() {
        Plan plan = rig.plan(
                1,
                NAMESPACE + "---\napiVersion: sea.example/v1\nkind: Boat\nmetadata: {name: dory, namespace: shop}\n");

        assertThat(plan.problems()).extracting(Plan.ObjectProblem::code).containsExactly(PlanCode.KIND_MISSING);
        assertThat(plan.changes()).hasSize(1);
    }

    @Test
    void namespaceThatIsNeitherInGitNorInTheClusterIsAProblem() {
        assertThat(rig.plan(1, config("a")).problems())
                .extracting(Plan.ObjectProblem::code)
                .containsExactly(PlanCode.NAMESPACE_MISSING);
    }

    @Test
    void objectOfAnotherSyncIsRefused() {
        rig.sync(1, SHOP);
        rig.edit("v1", "ConfigMap", "shop", "conf", "trimtab-other", "metadata: {labels: {trimtab.dev/sync: other}}");

        Plan plan = rig.plan(1, SHOP);

        assertThat(plan.problems()).extracting(Plan.ObjectProblem::code).containsExactly(PlanCode.OTHER_SYNC);
        assertThat(plan.problems().get(0).text()).contains("sync other");
    }

    @Test
    void whatDependsOnAFailedObjectIsBlockedAndTheRestGoesOn() {
        String all = SHOP + "---\n" + NAMESPACE.replace("shop", "bank") + "---\n"
                + config("b").replace("shop", "bank");
        AtomicInteger tries = new AtomicInteger();
        rig.recorded.before(call -> {
            if (call.equals("apply Namespace bank")) {
                tries.incrementAndGet();
                throw refusal(422, ErrorClass.INVALID);
            }
        });

        Outcome outcome = rig.sync(1, all);

        assertThat(outcome.results().get(key("", "Namespace", "", "bank")))
                .isEqualTo(new Result.Failed(ApplyCode.INVALID, "no", false));
        assertThat(outcome.results().get(key("", "ConfigMap", "bank", "b")))
                .isEqualTo(new Result.Blocked(key("", "Namespace", "", "bank")));
        assertThat(live("conf").path("data").path("mode").asText()).isEqualTo("fast");
        assertThat(tries).as("what is wrong stays wrong").hasValue(1);
        assertThat(rig.inventory.keys()).as("whatever may be there").hasSize(5);
        assertThat(rig.inventory.lastApplied()).isEmpty();
    }

    @Test
    void busyServerIsAskedAgain() {
        AtomicInteger left = new AtomicInteger(2);
        rig.recorded.before(call -> {
            if (call.startsWith("apply Namespace shop") && left.getAndDecrement() > 0) {
                throw refusal(429, ErrorClass.RETRY);
            }
        });

        assertThat(rig.sync(1, SHOP).succeeded()).isTrue();
    }

    @Test
    void silentServerIsReportedOnceAndNotForEveryObject() {
        rig.recorded.before(call -> {
            throw refusal(0, ErrorClass.UNREACHABLE);
        });

        assertThatThrownBy(() -> rig.plan(1, SHOP)).isInstanceOf(ApiException.class);

        rig.recorded.before(call -> {
            if (call.startsWith("apply") && !call.contains(Inventory.NAMESPACE)) {
                throw refusal(0, ErrorClass.UNREACHABLE);
            }
        });
        rig.recorded.forget();
        Outcome outcome = rig.sync(1, NAMESPACE + "---\n" + clusterRole());
        assertThat(outcome.results().values())
                .allMatch(result -> result instanceof Result.Failed failed
                        && failed.retryable()
                        && failed.code() == ApplyCode.UNREACHABLE);
        assertThat(rig.recorded.writes()).hasSize(1);
    }

    @Test
    void inventoryIsWrittenBeforeAnythingElse() {
        rig.sync(1, SHOP);

        List<String> writes =
                rig.recorded.calls().stream().filter(RecordedCluster::isWrite).toList();
        assertThat(writes.subList(0, 3))
                .containsExactly(
                        "create Namespace trimtab-system",
                        "apply ConfigMap trimtab-system/trimtab-inventory-demo-0",
                        "apply Namespace shop");
    }

    @Test
    void nothingIsWrittenWhereTheInventoryCannotBe() {
        rig.recorded.before(call -> {
            if (call.startsWith("apply ConfigMap trimtab-system")) {
                throw refusal(403, ErrorClass.FORBIDDEN);
            }
        });

        assertThatThrownBy(() -> rig.sync(1, SHOP)).isInstanceOf(ApiException.class);
        assertThat(rig.recorded.writes()).isEmpty();
    }

    @Test
    void secondWriterOfAnInventoryIsToldInsteadOfUndoingTheFirst() {
        rig.sync(1, SHOP);
        Inventory stale = Inventory.load(rig.cluster, SyncRig.SYNC);
        rig.sync(2, SHOP + "---\n" + config("more"));

        assertThatThrownBy(() -> stale.recordApplied(Written.revision(9)))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.errorClass()).isEqualTo(ErrorClass.CONFLICT));
        rig.restart();
        assertThat(rig.inventory.keys()).hasSize(4);
    }

    private ObjectNode live(String configMap) {
        return rig.live("v1", "ConfigMap", "shop", configMap).orElseThrow();
    }
}
