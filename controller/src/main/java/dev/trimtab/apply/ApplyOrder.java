package dev.trimtab.apply;

import dev.trimtab.kube.ObjectKey;
import dev.trimtab.plan.Change;
import dev.trimtab.render.Desired;
import dev.trimtab.render.DesiredObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which changes may go side by side and which go first. An object comes after everything it depends on; beyond that the kinds
 * have an order, so that what others commonly refer to is there before them.
 */
final class ApplyOrder {

    /** Stages of kinds, first to last. */
    enum Stage {
        NAMESPACE,
        DEFINITION,
        CLASS,
        SUPPORT,
        WORKLOAD,
        /** Can refuse or change every other write, so they come when the rest is there, and go first. */
        ADMISSION
    }

    private static final Set<String> CLASSES =
            Set.of("PriorityClass", "StorageClass", "IngressClass", "RuntimeClass", "DeviceClass", "CSIDriver");

    private static final Set<String> SUPPORT = Set.of(
            "ServiceAccount",
            "Role",
            "RoleBinding",
            "ClusterRole",
            "ClusterRoleBinding",
            "ConfigMap",
            "Secret",
            "PersistentVolume",
            "PersistentVolumeClaim",
            "LimitRange",
            "ResourceQuota",
            "NetworkPolicy",
            "Service");

    /** Where an object stands: waves are compared first, then stages, then the depth below what it depends on. */
    private record Place(int wave, Stage stage, int depth) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            if (wave != other.wave) {
                return Integer.compare(wave, other.wave);
            }
            int byStage = stage.compareTo(other.stage);
            return byStage != 0 ? byStage : Integer.compare(depth, other.depth);
        }
    }

    private ApplyOrder() {}

    static Stage stageOf(ObjectKey key) {
        return switch (key.group()) {
            case "apiextensions.k8s.io" -> Stage.DEFINITION;
            case "admissionregistration.k8s.io", "apiregistration.k8s.io" -> Stage.ADMISSION;
            case "" ->
                key.kind().equals("Namespace")
                        ? Stage.NAMESPACE
                        : SUPPORT.contains(key.kind()) ? Stage.SUPPORT : Stage.WORKLOAD;
            case "rbac.authorization.k8s.io" -> Stage.SUPPORT;
            case "networking.k8s.io" ->
                key.kind().equals("NetworkPolicy")
                        ? Stage.SUPPORT
                        : CLASSES.contains(key.kind()) ? Stage.CLASS : Stage.WORKLOAD;
            default -> CLASSES.contains(key.kind()) ? Stage.CLASS : Stage.WORKLOAD;
        };
    }

    /** Creates and patches, level by level; the changes of one level do not need each other. */
    static List<List<Change>> levels(Collection<Change> changes, Desired desired) {
        Map<ObjectKey, Place> places = new HashMap<>();
        Map<Place, List<Change>> levels = new TreeMap<>();
        for (Change change : changes) {
            levels.computeIfAbsent(place(change.object(), desired, places), p -> new ArrayList<>())
                    .add(change);
        }
        return List.copyOf(levels.values());
    }

    /** Deletes, level by level: the reverse of the order in which kinds are applied. */
    static List<List<Change>> deletes(Collection<Change> changes) {
        Map<Stage, List<Change>> levels = new TreeMap<>(Collections.reverseOrder());
        for (Change change : changes) {
            levels.computeIfAbsent(stageOf(change.object()), s -> new ArrayList<>())
                    .add(change);
        }
        return List.copyOf(levels.values());
    }

    /** Never before anything it depends on, whatever the kinds say. Rendering has refused circles. */
    private static Place place(ObjectKey key, Desired desired, Map<ObjectKey, Place> known) {
        Place place = known.get(key);
        if (place != null) {
            return place;
        }
        DesiredObject object = desired.objects().get(key);
        place = new Place(object == null ? 0 : object.wave(), stageOf(key), 0);
        for (ObjectKey dependency : object == null ? Set.<ObjectKey>of() : object.dependsOn()) {
            Place before = place(dependency, desired, known);
            Place after = new Place(before.wave(), before.stage(), before.depth() + 1);
            place = after.compareTo(place) > 0 ? after : place;
        }
        known.put(key, place);
        return place;
    }
}
