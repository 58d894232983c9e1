package dev.trimtab.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ApiException;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ErrorClass;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.kube.ResourceType;
import dev.trimtab.render.DesiredObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Waits until the kind that a CustomResourceDefinition brings can be used: its condition Established is True, and discovery
 * lists every served version. The first alone is not enough, as servers of one cluster learn of a kind one after the other.
 */
final class Establishment {

    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Duration STEP = Duration.ofMillis(100);

    private final ClusterClient cluster;
    private final Clock clock;
    private final Retries retries;

    Establishment(ClusterClient cluster, Clock clock, Retries retries) {
        this.cluster = cluster;
        this.clock = clock;
        this.retries = retries;
    }

    static boolean isDefinition(ObjectKey key) {
        return key.group().equals("apiextensions.k8s.io") && key.kind().equals("CustomResourceDefinition");
    }

    /** False when it takes longer than 30 s. */
    boolean await(DesiredObject definition) {
        Instant end = clock.instant().plus(LONGEST);
        while (true) {
            try {
                if (established(definition) && served(definition.json())) {
                    return true;
                }
            } catch (ApiException e) {
                if (e.errorClass() != ErrorClass.RETRY && e.errorClass() != ErrorClass.UNREACHABLE) {
                    throw e;
                }
            }
            if (!clock.instant().isBefore(end) || !retries.rest(STEP)) {
                return false;
            }
        }
    }

    private boolean established(DesiredObject definition) {
        Optional<ResourceType> type =
                cluster.resource(definition.apiVersion(), definition.key().kind());
        Optional<ObjectNode> live = type.flatMap(
                t -> cluster.get(t, Optional.empty(), definition.key().name()));
        if (live.isEmpty()) {
            return false;
        }
        for (JsonNode condition : live.get().path("status").path("conditions")) {
            if (condition.path("type").asText().equals("Established")) {
                return condition.path("status").asText().equals("True");
            }
        }
        return false;
    }

    private boolean served(ObjectNode definition) {
        JsonNode spec = definition.path("spec");
        String kind = spec.path("names").path("kind").asText();
        for (JsonNode version : spec.path("versions")) {
            String apiVersion =
                    spec.path("group").asText() + "/" + version.path("name").asText();
            if (version.path("served").asBoolean()
                    && cluster.resource(apiVersion, kind).isEmpty()) {
                return false;
            }
        }
        return true;
    }
}
