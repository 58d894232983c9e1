package dev.trimtab.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.apply.Inventory;
import dev.trimtab.kube.ApiException;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.Event;
import dev.trimtab.kube.ClusterClient.Informer;
import dev.trimtab.kube.ClusterClient.PatchType;
import dev.trimtab.kube.ErrorClass;
import dev.trimtab.kube.EventSubject;
import dev.trimtab.kube.Ownership;
import dev.trimtab.kube.ResourceType;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The ConfigMap {@code trimtab-status-<sync>} in namespace {@value Inventory#NAMESPACE}, where a sync says how it stands. Every method
 * throws {@link ApiException}.
 */
public final class StatusObject {

    private static final String LABEL = "trimtab.dev/status";
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Optional<String> NAMESPACE = Optional.of(Inventory.NAMESPACE);

    private final ClusterClient cluster;
    private final String sync;

    StatusObject(ClusterClient cluster, String sync) {
        this.cluster = cluster;
        this.sync = sync;
    }

    /**
     * What is kept of one sync.
     *
     * @param status of format {@link StatusJson#FORMAT}; empty where it cannot be read
     * @param written when; empty where it cannot be read
     */
    public record Kept(String sync, ObjectNode status, Optional<Instant> written) {

        /** The last wish to look now that a controller followed; empty where there never was one. */
        public Optional<String> handled() {
            return Optional.of(status.path(StatusJson.HANDLED).asText("")).filter(text -> !text.isEmpty());
        }
    }

    /** What the syncs of a cluster say, by name; one request. */
    public static List<Kept> list(ClusterClient cluster) {
        return cluster.list(type(cluster), NAMESPACE, LABEL).stream()
                .map(StatusObject::kept)
                .sorted(Comparator.comparing(Kept::sync))
                .toList();
    }

    /** Hears what the syncs of a cluster say from now on, all that they say now first. */
    public static Informer watch(ClusterClient cluster, Consumer<Event> heard) {
        return cluster.informer(type(cluster), NAMESPACE, LABEL, heard);
    }

    /** What such an object says. */
    public static Kept kept(ObjectNode object) {
        return new Kept(
                object.at("/metadata/labels").path(LABEL).asText(),
                parse(object.at("/data/status").asText("")),
                written(object.at("/data/written").asText("")));
    }

    private static Optional<Instant> written(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** What is written there now; empty where nothing is. */
    Optional<ObjectNode> read() {
        return cluster.get(type(cluster), NAMESPACE, name())
                .map(StatusObject::kept)
                .map(Kept::status);
    }

    void write(ObjectNode status, Instant now) {
        ObjectNode object = JSON.objectNode();
        object.putObject("metadata").putObject("labels").put(LABEL, sync);
        object.putObject("data")
                .put("status", status.toPrettyString())
                .put("written", now.truncatedTo(ChronoUnit.SECONDS).toString());
        String manager = Ownership.fieldManager(sync);
        try {
            var unused = cluster.patch(type(cluster), NAMESPACE, name(), "", PatchType.MERGE, object, manager);
        } catch (ApiException e) {
            if (e.errorClass() != ErrorClass.NOT_FOUND && e.errorClass() != ErrorClass.NAMESPACE_MISSING) {
                throw e;
            }
            object.put("apiVersion", "v1").put("kind", "ConfigMap");
            object.withObject("/metadata").put("namespace", Inventory.NAMESPACE).put("name", name());
            Inventory.createNamespace(cluster, manager);
            var unused = cluster.create(type(cluster), object, manager);
        }
    }

    /** What Events of the sync are about. */
    EventSubject subject() {
        Optional<String> uid = cluster.get(type(cluster), NAMESPACE, name())
                .map(object -> object.at("/metadata/uid").asText());
        return new EventSubject("v1", "ConfigMap", NAMESPACE, name(), uid);
    }

    private String name() {
        return "trimtab-status-" + sync;
    }

    private static ObjectNode parse(String text) {
        try {
            JsonNode read = MAPPER.readTree(text);
            return read instanceof ObjectNode status ? status : JSON.objectNode();
        } catch (JsonProcessingException e) {
            return JSON.objectNode();
        }
    }

    private static ResourceType type(ClusterClient cluster) {
        return cluster.resource("v1", "ConfigMap")
                .orElseThrow(() -> new ApiException(
                        0,
                        ErrorClass.KIND_MISSING,
                        "the cluster serves no ConfigMap of v1",
                        List.of(),
                        Optional.empty()));
    }
}
