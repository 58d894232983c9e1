package dev.trimtab.sandbox.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.LocalApi;
import dev.trimtab.sandbox.api.StatusException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/** The verbs of a real API server, over HTTP. Any thread may call. */
public final class RemoteApi implements LocalApi {

    private static final String JSON = "application/json";
    private static final String MERGE_PATCH = "application/merge-patch+json";
    private static final int NOT_FOUND = 404;

    private final Exchange exchange;
    private final Discovery discovery;

    private RemoteApi(Exchange exchange) {
        this.exchange = exchange;
        this.discovery = new Discovery(exchange);
    }

    /** The cluster of the kubeconfig's current context. */
    public static RemoteApi of(Path kubeconfig) {
        return of(Connection.of(kubeconfig));
    }

    public static RemoteApi of(Connection connection) {
        return new RemoteApi(new Exchange(connection));
    }

    @Override
    public Clock clock() {
        return Clock.systemUTC();
    }

    @Override
    public List<Served> resources() {
        return discovery.resources();
    }

    @Override
    public Optional<ObjectNode> get(String resource, String namespace, String name) {
        try {
            return Optional.of(exchange.get(discovery.endpoint(resource).object(namespace, name, "")));
        } catch (StatusException e) {
            if (e.code() == NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public List<ObjectNode> list(String resource, String namespace) {
        Endpoint endpoint = discovery.endpoint(resource);
        List<ObjectNode> objects = new ArrayList<>();
        exchange.get(endpoint.collection(namespace))
                .path("items")
                .forEach(item -> objects.add(endpoint.withType((ObjectNode) item)));
        return objects;
    }

    @Override
    public ObjectNode create(String resource, ObjectNode object, String fieldManager) {
        String path = discovery.endpoint(resource).collection(namespace(object));
        return exchange.send("POST", managed(path, fieldManager), JSON, object);
    }

    @Override
    public ObjectNode update(String resource, String subresource, ObjectNode object, String fieldManager) {
        String name = object.path("metadata").path("name").asText();
        String path = discovery.endpoint(resource).object(namespace(object), name, subresource);
        String method = subresource.equals("binding") ? "POST" : "PUT";
        return exchange.send(method, managed(path, fieldManager), JSON, object);
    }

    @Override
    public ObjectNode mergePatch(
            String resource, String namespace, String name, String subresource, JsonNode patch, String fieldManager) {
        String path = discovery.endpoint(resource).object(namespace, name, subresource);
        return exchange.send("PATCH", managed(path, fieldManager), MERGE_PATCH, patch);
    }

    @Override
    public void delete(
            String resource,
            String namespace,
            String name,
            String uid,
            long gracePeriodSeconds,
            Propagation propagation) {
        ObjectNode options =
                JsonNodeFactory.instance.objectNode().put("apiVersion", "v1").put("kind", "DeleteOptions");
        if (!uid.isEmpty()) {
            options.putObject("preconditions").put("uid", uid);
        }
        if (gracePeriodSeconds >= 0) {
            options.put("gracePeriodSeconds", gracePeriodSeconds);
        }
        String policy = propagation.name();
        options.put("propagationPolicy", policy.charAt(0) + policy.substring(1).toLowerCase(Locale.ROOT));
        exchange.send("DELETE", discovery.endpoint(resource).object(namespace, name, ""), JSON, options);
    }

    @Override
    public AutoCloseable watch(String resource, Consumer<Event> onEvent) {
        Follower follower = new Follower(exchange, discovery.endpoint(resource), onEvent);
        follower.start();
        return follower;
    }

    private static String namespace(JsonNode object) {
        return object.path("metadata").path("namespace").asText();
    }

    private static String managed(String path, String fieldManager) {
        return path + "?fieldManager=" + URLEncoder.encode(fieldManager, StandardCharsets.UTF_8);
    }
}
