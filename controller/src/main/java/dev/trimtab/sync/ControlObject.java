package dev.trimtab.sync;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.apply.Inventory;
import dev.trimtab.kube.ApiException;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.PatchType;
import dev.trimtab.kube.ErrorClass;
import dev.trimtab.kube.ResourceType;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The ConfigMap {@code trimtab-control-<sync>} in namespace {@value Inventory#NAMESPACE}: where people tell a sync what to do.
 * {@code kubectl annotate} does it as well as these methods. Every method throws {@link ApiException}.
 */
public final class ControlObject {

    static final String LABEL = "trimtab.dev/control";

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String MANAGER = "trimtab-control";

    private final ClusterClient cluster;
    private final String sync;

    public ControlObject(ClusterClient cluster, String sync) {
        this.cluster = cluster;
        this.sync = sync;
    }

    static String selector(String sync) {
        return LABEL + "=" + sync;
    }

    /** Approves the plan with this digest, and no other. */
    public void approve(String planId, String by, boolean despiteWindows) {
        Map<String, Optional<String>> annotations = new LinkedHashMap<>();
        annotations.put(Orders.APPROVED_PLAN, Optional.of(planId));
        annotations.put(Orders.APPROVED_BY, Optional.of(by));
        annotations.put(Orders.APPROVED_DESPITE_WINDOWS, Optional.of("true").filter(text -> despiteWindows));
        annotate(annotations);
    }

    /** The sync writes nothing from now on. */
    public void suspend(Suspension suspension) {
        Map<String, Optional<String>> annotations = new LinkedHashMap<>();
        annotations.put(Orders.SUSPENDED_REASON, Optional.of(suspension.reason()));
        annotations.put(Orders.SUSPENDED_BY, Optional.of(suspension.by()));
        annotations.put(Orders.SUSPENDED_UNTIL, suspension.until().map(Instant::toString));
        annotate(annotations);
    }

    /** Ends a suspension; what was held goes on. */
    public void resume() {
        Map<String, Optional<String>> annotations = new LinkedHashMap<>();
        annotations.put(Orders.SUSPENDED_REASON, Optional.empty());
        annotations.put(Orders.SUSPENDED_BY, Optional.empty());
        annotations.put(Orders.SUSPENDED_UNTIL, Optional.empty());
        annotate(annotations);
    }

    /** Asks for a look at the repository and the cluster now. */
    public void requestReconcile(Instant at, boolean hard) {
        Map<String, Optional<String>> annotations = new LinkedHashMap<>();
        annotations.put(Orders.RECONCILE_AT, Optional.of(at.toString()));
        annotations.put(Orders.RECONCILE_HARD, Optional.of("true").filter(text -> hard));
        annotate(annotations);
    }

    /** Whether the sync was ever at work in this cluster. */
    public boolean syncIsKnown() {
        return !Inventory.load(cluster, sync).keys().isEmpty();
    }

    Optional<ObjectNode> read() {
        return cluster.get(configMaps(), Optional.of(Inventory.NAMESPACE), name());
    }

    /** An approval is for once; one that a person wrote in the meantime stays. */
    void consumeApproval(String planId) {
        ArrayNode patch = JSON.arrayNode();
        String path = "/metadata/annotations/" + Orders.APPROVED_PLAN.replace("/", "~1");
        patch.addObject().put("op", "test").put("path", path).put("value", planId);
        patch.addObject().put("op", "remove").put("path", path);
        try {
            cluster.patch(configMaps(), Optional.of(Inventory.NAMESPACE), name(), "", PatchType.JSON, patch, MANAGER);
        } catch (ApiException e) {
            if (e.errorClass() != ErrorClass.INVALID && e.errorClass() != ErrorClass.NOT_FOUND) {
                throw e;
            }
        }
    }

    private void annotate(Map<String, Optional<String>> annotations) {
        ObjectNode object = JSON.objectNode();
        ObjectNode metadata = object.putObject("metadata");
        metadata.putObject("labels").put(LABEL, sync);
        ObjectNode written = metadata.putObject("annotations");
        annotations.forEach(
                (name, value) -> value.ifPresentOrElse(text -> written.put(name, text), () -> written.putNull(name)));
        Optional<String> namespace = Optional.of(Inventory.NAMESPACE);
        try {
            cluster.patch(configMaps(), namespace, name(), "", PatchType.MERGE, object, MANAGER);
        } catch (ApiException e) {
            if (e.errorClass() != ErrorClass.NOT_FOUND && e.errorClass() != ErrorClass.NAMESPACE_MISSING) {
                throw e;
            }
            create(object);
        }
    }

    private void create(ObjectNode object) {
        object.put("apiVersion", "v1").put("kind", "ConfigMap");
        ObjectNode metadata = object.withObject("/metadata");
        metadata.put("namespace", Inventory.NAMESPACE).put("name", name());
        ObjectNode annotations = metadata.withObject("/annotations");
        List.copyOf(annotations.properties()).stream()
                .filter(entry -> entry.getValue().isNull())
                .forEach(entry -> annotations.remove(entry.getKey()));
        Inventory.createNamespace(cluster, MANAGER);
        cluster.create(configMaps(), object, MANAGER);
    }

    private String name() {
        return "trimtab-control-" + sync;
    }

    private ResourceType configMaps() {
        return configMaps(cluster);
    }

    static ResourceType configMaps(ClusterClient cluster) {
        return cluster.resource("v1", "ConfigMap")
                .orElseThrow(() -> new ApiException(
                        0,
                        ErrorClass.KIND_MISSING,
                        "the cluster serves no ConfigMap of v1",
                        List.of(),
                        Optional.empty()));
    }
}
