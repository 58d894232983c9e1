package dev.trimtab.apply;

import static dev.trimtab.apply.Shop.NAMESPACE;
import static dev.trimtab.apply.Shop.SHOP;
import static dev.trimtab.apply.Shop.config;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.kube.Ownership;
import dev.trimtab.plan.Plan;
import dev.trimtab.render.Desired;
import dev.trimtab.render.Written;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
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

    /** Seven objects change, six come and six go, of twenty. */
    @Test
    void whereverTwentyObjectsAreLeftTheEndIsThatOfAnUndisturbedRun() {
        String before = NAMESPACE + objects(0, 13, 1) + objects(13, 19, 1);
        String after = NAMESPACE + objects(0, 7, 2) + objects(7, 13, 1) + objects(19, 25, 1);
        Map<String, JsonNode> undisturbed;
        int writes;
        try (SyncRig rig = new SyncRig(false)) {
            rig.sync(1, before);
            rig.recorded.forget();
            assertThat(rig.sync(2, after).succeeded()).isTrue();
            writes = (int) rig.recorded.calls().stream()
                    .filter(RecordedCluster::isWrite)
                    .count();
            undisturbed = everything(rig);
        }
        // Two of the inventory, which is written ahead as the union.
        assertThat(writes).isEqualTo(7 + 6 + 6 + 2);
        for (int deadly = 1; deadly <= writes; deadly++) {
            try (SyncRig rig = new SyncRig(false)) {
                rig.sync(1, before);
                assertThat(diesAt(rig, deadly, after)).isTrue();
                rig.restart();
                Desired desired = Written.desired(2, after);
                await("killed at write " + deadly).until(() -> settles(rig, desired, false));
                assertThat(everything(rig)).as("killed at write " + deadly).isEqualTo(undisturbed);
                rig.restart();
                assertThat(rig.inventory.keys())
                        .as("killed at write " + deadly)
                        .isEqualTo(desired.objects().keySet());
            }
        }
    }

    private static String objects(int from, int to, int version) {
        StringBuilder yaml = new StringBuilder();
        for (int i = from; i < to; i++) {
            String metadata = "metadata: {name: object-" + i + ", namespace: shop}";
            yaml.append("---\n")
                    .append(
                            i % 2 == 0
                                    ? "{apiVersion: v1, kind: ConfigMap, " + metadata + ", data: {version: 'v" + version
                                            + "'}}"
                                    : "{apiVersion: v1, kind: Service, " + metadata
                                            + ", spec: {selector: {app: web}, ports: [{port: " + (8000 + version)
                                            + "}]}}")
                    .append("\n");
        }
        return yaml.toString();
    }

    /** All that the sync has in the cluster, without what differs from one run to the next. */
    private static Map<String, JsonNode> everything(SyncRig rig) {
        Map<String, JsonNode> objects = new TreeMap<>();
        for (String kind : List.of("Namespace", "ConfigMap", "Service")) {
            for (ObjectNode object :
                    rig.unrecorded().list(rig.type("v1", kind), Optional.empty(), Ownership.selector(SyncRig.SYNC))) {
                ObjectNode metadata = (ObjectNode) object.path("metadata");
                metadata.remove(List.of("uid", "resourceVersion", "creationTimestamp", "managedFields", "generation"));
                if (object.path("spec") instanceof ObjectNode spec) {
                    spec.remove(List.of("clusterIP", "clusterIPs"));
                }
                objects.put(kind + "/" + metadata.path("name").asText(), object);
            }
        }
        return objects;
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
        return diesAt(rig, deadly, NEW);
    }

    private static boolean diesAt(SyncRig rig, int deadly, String yaml) {
        AtomicInteger writes = new AtomicInteger();
        rig.recorded.before(call -> {
            if (writes.get() >= deadly || (RecordedCluster.isWrite(call) && writes.incrementAndGet() >= deadly)) {
                throw new Killed();
            }
        });
        try {
            rig.sync(2, yaml);
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
