package dev.trimtab.apply;

import static dev.trimtab.apply.Shop.NAMESPACE;
import static dev.trimtab.apply.Shop.SHOP;
import static dev.trimtab.apply.Shop.config;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.trimtab.kube.ObjectKey;
import dev.trimtab.kube.Ownership;
import dev.trimtab.plan.Plan;
import dev.trimtab.render.Desired;
import dev.trimtab.render.Written;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process that dies at any write, and the one that comes after it. */
class KilledProcessTest {

    private static final String OLD = SHOP + "---\n" + config("leaving") + "---\n" + config("renamed");

    private static final String NEW = SHOP.replace("mode: fast,", "mode: slow,")
            + "---\n" + config("renamed-since")
            + "---\n" + NAMESPACE.replace("shop", "bank")
            + "---\n" + config("till").replace("shop", "bank");

    /** What the next process finds in Git: the same revision, or the one before because somebody took the commit back. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nextProcessBringsTheClusterToTheStateOfAnUndisturbedRun(boolean takenBack) {
        int survived = 0;
        for (int deadly = 1; survived == 0; deadly++) {
            try (SyncRig rig = new SyncRig(takenBack)) {
                rig.sync(1, OLD);
                if (!diesAt(rig, deadly)) {
                    survived = deadly - 1;
                }
                rig.restart();
                int revision = takenBack ? 3 : 2;
                String wanted = takenBack ? OLD : NEW;

                Desired desired = Written.desired(revision, wanted);
                String at = "killed at write " + deadly;
                await(at).until(() -> settles(rig, desired, takenBack));

                Set<ObjectKey> keys = desired.objects().keySet();
                assertThat(rig.plan(revision, wanted).changes()).as(at).isEmpty();
                assertThat(configMaps(rig)).as(at).isEqualTo(only(keys, "ConfigMap"));
                rig.restart();
                assertThat(rig.inventory.keys()).as(at).isEqualTo(keys);
                assertThat(rig.inventory.digests().keySet()).as(at).isEqualTo(keys);
            }
        }
        assertThat(survived).as("writes that were died at").isGreaterThanOrEqualTo(8);
    }

    /**
     * A plan and what comes of it; false while something is on its way out.
     *
     * @param takenBack a namespace that came with the commit goes with it, and is protected until a person says so
     */
    private static boolean settles(SyncRig rig, Desired desired, boolean takenBack) {
        Plan plan = rig.plan(desired, Set.of(), false);
        Outcome outcome = rig.apply(plan, desired, new Consent(Guards.STANDARD, takenBack));
        return outcome.succeeded() && plan.problems().isEmpty();
    }

    /** True when the process did not come to its end. */
    private static boolean diesAt(SyncRig rig, int deadly) {
        AtomicInteger writes = new AtomicInteger();
        rig.recorded.before(call -> {
            if (writes.get() >= deadly || (RecordedCluster.isWrite(call) && writes.incrementAndGet() >= deadly)) {
                throw new Killed();
            }
        });
        try {
            rig.sync(2, NEW);
            return false;
        } catch (Killed e) {
            return true;
        } finally {
            rig.recorded.before(call -> {});
        }
    }

    private static Set<ObjectKey> configMaps(SyncRig rig) {
        return rig
                .unrecorded()
                .list(rig.type("v1", "ConfigMap"), Optional.empty(), Ownership.selector(SyncRig.SYNC))
                .stream()
                .map(ObjectKey::of)
                .collect(Collectors.toSet());
    }

    private static Set<ObjectKey> only(Set<ObjectKey> keys, String kind) {
        return keys.stream().filter(key -> key.kind().equals(kind)).collect(Collectors.toSet());
    }

    /** Nothing of the product catches this. */
    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
