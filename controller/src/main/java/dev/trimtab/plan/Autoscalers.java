package dev.trimtab.plan;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ApiException;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ErrorClass;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.kube.ResourceType;
import dev.trimtab.render.ScaleTargets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What in the cluster scales a workload. One list of a namespace for each kind that scales and is served; what was found is remembered
 * for a while, that nothing was found is not: an autoscaler that came in the meantime must not be worked against.
 */
final class Autoscalers {

    private static final Duration REMEMBERED = Duration.ofMinutes(10);

    private record Found(ObjectKey scaler, Instant at) {}

    private final ClusterClient cluster;
    private final Clock clock;
    private final Map<ObjectKey, Found> found = new ConcurrentHashMap<>();

    Autoscalers(ClusterClient cluster, Clock clock) {
        this.cluster = cluster;
        this.clock = clock;
    }

    Optional<ObjectKey> of(ObjectKey workload) {
        Instant now = clock.instant();
        Found known = found.get(workload);
        if (known != null && now.isBefore(known.at().plus(REMEMBERED))) {
            return Optional.of(known.scaler());
        }
        Optional<ObjectKey> scaler = ask(workload);
        scaler.ifPresentOrElse(key -> found.put(workload, new Found(key, now)), () -> found.remove(workload));
        return scaler;
    }

    private Optional<ObjectKey> ask(ObjectKey workload) {
        return ScaleTargets.SCALERS.stream()
                .flatMap(kind -> cluster.preferredResource(kind.group(), kind.kind()).stream())
                .flatMap(type -> list(type, workload.namespace()).stream())
                .filter(scaler -> ScaleTargets.target(scaler).equals(Optional.of(workload)))
                .map(ObjectKey::of)
                .sorted()
                .findFirst();
    }

    /** Who may not see what scales cannot leave anything to it. */
    private List<ObjectNode> list(ResourceType type, Optional<String> namespace) {
        try {
            return cluster.list(type, namespace, "");
        } catch (ApiException e) {
            if (e.errorClass() == ErrorClass.FORBIDDEN || e.errorClass() == ErrorClass.KIND_MISSING) {
                return List.of();
            }
            throw e;
        }
    }
}
