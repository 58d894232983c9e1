package dev.trimtab.render;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.FieldPointer;
import dev.trimtab.kube.ObjectKey;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which objects set the number of replicas of which workloads: what Git says of it is a beginning at most. */
public final class ScaleTargets {

    /** The field that is theirs. */
    public static final FieldPointer REPLICAS = FieldPointer.parse("/spec/replicas");

    /** A kind whose objects scale others. */
    public record Scaler(String group, String kind) {}

    /** All that are known: of Kubernetes, KEDA and OpenKruise. */
    public static final List<Scaler> SCALERS = List.of(
            new Scaler("autoscaling", "HorizontalPodAutoscaler"),
            new Scaler("keda.sh", "ScaledObject"),
            new Scaler("apps.kruise.io", "WorkloadSpread"));

    private ScaleTargets() {}

    /** From a workload to what scales it. */
    static Map<ObjectKey, ObjectKey> of(Collection<ObjectNode> objects) {
        Map<ObjectKey, ObjectKey> scalers = new HashMap<>();
        for (ObjectNode object : objects) {
            target(object)
                    .ifPresent(target -> scalers.merge(
                            target, ObjectKey.of(object), (one, other) -> one.compareTo(other) < 0 ? one : other));
        }
        return scalers;
    }

    /** The workload that an object scales; empty when it is none of {@link #SCALERS}. */
    public static Optional<ObjectKey> target(ObjectNode object) {
        ObjectKey key = ObjectKey.of(object);
        if (!SCALERS.contains(new Scaler(key.group(), key.kind()))) {
            return Optional.empty();
        }
        JsonNode spec = object.path("spec");
        JsonNode target = key.kind().equals("WorkloadSpread") ? spec.path("targetRef") : spec.path("scaleTargetRef");
        // KEDA lets both be left out and means a Deployment then.
        boolean keda = key.group().equals("keda.sh");
        String apiVersion = target.path("apiVersion").asText(keda ? "apps/v1" : "");
        String kind = target.path("kind").asText(keda ? "Deployment" : "");
        String name = target.path("name").asText("");
        return name.isEmpty() || kind.isEmpty()
                ? Optional.empty()
                : Optional.of(new ObjectKey(ObjectKey.groupOf(apiVersion), kind, key.namespace(), name));
    }
}
