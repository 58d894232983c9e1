package dev.trimtab.inplace.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.inplace.DyingCluster;
import dev.trimtab.inplace.RolloutRecord;
import dev.trimtab.inplace.Trees;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A process that is killed before any single write of a rollout: the next one finishes it in the same pods. */
class KilledRolloutTest {

    private RolloutRig rig;

    @BeforeEach
    void start() {
        rig = new RolloutRig();
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private enum Change {
        /** Containers get another image. */
        IMAGE,
        /** They restart with the image they have. */
        RESTART,
        /** They get another amount of cpu. */
        RESIZE,
        /** Only a label of the pods changes. */
        LABEL;

        /** The workload for the {@code n}th change. */
        ObjectNode of(String kind, int n) {
            String fields = kind.equals("DaemonSet") ? "minReadySeconds: 0" : "replicas: 3";
            ObjectNode next = Trees.yaml(RolloutRig.workload(kind, fields, this == IMAGE ? "web:" + n : "web:1"));
            ObjectNode template = next.withObject("/spec/template");
            ObjectNode app = (ObjectNode) template.at("/spec/containers/0");
            app.withObject("/resources/requests").put("cpu", (this == RESIZE ? 100 + n : 100) + "m");
            template.withObject("/metadata/labels").put("version", this == LABEL ? "v" + n : "v");
            if (this == RESTART) {
                template.withObject("/metadata/annotations").put("kubectl.kubernetes.io/restartedAt", "at-" + n);
            }
            return next;
        }

        void begin(RolloutRig rig, ObjectNode next) {
            Set<String> app = Set.of("app");
            Set<String> none = Set.of();
            rig.begin(
                    next,
                    1,
                    this == IMAGE || this == RESTART ? app : none,
                    this == RESTART ? app : none,
                    this == RESIZE ? app : none);
        }

        Predicate<ObjectNode> in(ObjectNode next) {
            String pointer = switch (this) {
                case IMAGE -> "/spec/containers/0/image";
                case RESTART -> "/metadata/annotations/kubectl.kubernetes.io~1restartedAt";
                case RESIZE -> "/spec/containers/0/resources/requests/cpu";
                case LABEL -> "/metadata/labels/version";
            };
            return pod -> pod.at(pointer).equals(next.at("/spec/template" + pointer));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Deployment, IMAGE, 5",
        "Deployment, RESTART, 5",
        "Deployment, RESIZE, 5",
        "Deployment, LABEL, 5",
        "StatefulSet, IMAGE, 4",
        "StatefulSet, RESTART, 4",
        "StatefulSet, RESIZE, 4",
        "DaemonSet, IMAGE, 3",
        "DaemonSet, RESTART, 3",
        "DaemonSet, RESIZE, 3",
    })
    void killedAtAnyWriteTheNextProcessFinishesWithTheSamePods(String kind, Change change, int atLeast) {
        int pods = kind.equals("DaemonSet") ? 2 : 3;
        rig.apply(change.of(kind, 1).toString());
        rig.awaitReady(kind, pods);
        Map<String, String> uids = rig.uids();
        int deadly = 0;
        for (boolean survived = false; !survived; deadly++) {
            ObjectNode next = change.of(kind, deadly + 2);
            DyingCluster dying = new DyingCluster(deadly);
            try (RolloutController first = new RolloutController(dying.over(rig.cluster), Clock.systemUTC())) {
                first.start();
                change.begin(rig, next.deepCopy());
                RolloutRig.patiently("done or dead").until(() -> dying.dead() || isDone(kind));
                survived = !dying.dead();
            }
            try (RolloutController second = new RolloutController(rig.cluster, Clock.systemUTC())) {
                second.start();
                rig.awaitDone(kind, pods, change.in(next));
            }
            assertThat(rig.uids()).as("killed at write " + (deadly + 1)).isEqualTo(uids);
            if (kind.equals("Deployment")) {
                assertThat(rig.list("apps/v1", "ReplicaSet", "app=web")).hasSize(1);
            }
        }
        assertThat(deadly - 1).as("writes that were died at").isGreaterThanOrEqualTo(atLeast);
    }

    private boolean isDone(String kind) {
        return !RolloutRecord.marks(rig.get(kind, "web").path("metadata"));
    }
}
