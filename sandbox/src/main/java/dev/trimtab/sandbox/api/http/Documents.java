package dev.trimtab.sandbox.api.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import dev.trimtab.sandbox.api.Cluster;
import dev.trimtab.sandbox.api.Json;
import dev.trimtab.sandbox.api.discovery.Discovery;
import dev.trimtab.sandbox.api.discovery.OpenApi;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/** Everything that is served beside resources: discovery, the version, health. */
final class Documents {

    private static final String AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

    private final Discovery discovery;
    private final OpenApi openApi;

    Documents(Cluster cluster) {
        this.discovery = new Discovery(cluster.catalog());
        this.openApi = new OpenApi(cluster.catalog());
    }

    /** False when the path is none of these documents. */
    boolean answer(String path, HttpExchange exchange) throws IOException {
        String[] parts = Arrays.stream(path.split("/", -1))
                .filter(part -> !part.isEmpty())
                .toArray(String[]::new);
        if (parts.length == 0) {
            Reply.json(exchange, 200, paths());
            return true;
        }
        Optional<ObjectNode> document = switch (parts[0]) {
            case "api" -> core(parts, exchange);
            case "apis" -> groups(parts, exchange);
            case "openapi" -> openApi(parts);
            case "version" -> parts.length == 1 ? Optional.of(version()) : Optional.empty();
            default -> Optional.empty();
        };
        if (document.isPresent()) {
            Reply.json(exchange, 200, document.get());
            return true;
        }
        if (path.equals("/openapi/v2")) {
            oldOpenApi(exchange);
            return true;
        }
        if (path.equals("/healthz") || path.equals("/readyz") || path.equals("/livez")) {
            Reply.text(exchange, 200, "ok");
            return true;
        }
        return false;
    }

    private Optional<ObjectNode> core(String[] parts, HttpExchange exchange) throws IOException {
        if (parts.length == 1) {
            return aggregated(exchange, true)
                    .or(() -> Optional.of(
                            discovery.core(exchange.getLocalAddress().getHostString() + ":"
                                    + exchange.getLocalAddress().getPort())));
        }
        return parts.length == 2 ? discovery.resources("", parts[1]) : Optional.empty();
    }

    private Optional<ObjectNode> groups(String[] parts, HttpExchange exchange) throws IOException {
        return switch (parts.length) {
            case 1 -> aggregated(exchange, false).or(() -> Optional.of(discovery.groups()));
            case 2 -> discovery.group(parts[1]);
            case 3 -> discovery.resources(parts[1], parts[2]);
            default -> Optional.empty();
        };
    }

    private Optional<ObjectNode> openApi(String[] parts) {
        if (parts.length < 2 || !parts[1].equals("v3")) {
            return Optional.empty();
        }
        return parts.length == 2
                ? Optional.of(openApi.index())
                : openApi.document(String.join("/", Arrays.asList(parts).subList(2, parts.length)));
    }

    private Optional<ObjectNode> aggregated(HttpExchange exchange, boolean core) {
        boolean asked = Accept.of(exchange).types().stream()
                .anyMatch(type -> type.as().equals("APIGroupDiscoveryList")
                        && "v2".equals(type.parameters().get("v")));
        if (!asked) {
            return Optional.empty();
        }
        exchange.getResponseHeaders().set("Content-Type", AGGREGATED);
        return Optional.of(discovery.aggregated(core));
    }

    /**
     * A document of the second version that describes no type. Clients that do not find a type in the third version ask for it,
     * in protobuf, and check nothing when it is not there either.
     */
    private static void oldOpenApi(HttpExchange exchange) throws IOException {
        boolean protobuf = Accept.of(exchange).types().stream()
                .anyMatch(type -> type.name().startsWith("application/com.github.proto-openapi.spec.v2"));
        if (protobuf) {
            // the field "swagger", with the number 1 and three letters
            byte[] document = {1 << 3 | 2, 3, '2', '.', '0'};
            Reply.bytes(exchange, 200, "application/com.github.proto-openapi.spec.v2.v1.0+protobuf", document);
            return;
        }
        ObjectNode document = Json.object().put("swagger", "2.0");
        document.putObject("info").put("title", "Kubernetes").put("version", "v1.36.0+sandbox");
        document.putObject("paths");
        Reply.json(exchange, 200, document);
    }

    private static ObjectNode version() {
        return Json.object()
                .put("major", "1")
                .put("minor", "36")
                .put("gitVersion", "v1.36.0+sandbox")
                .put("gitCommit", "0000000000000000000000000000000000000000")
                .put("gitTreeState", "clean")
                .put("buildDate", "2026-11-21T00:00:00Z")
                .put("goVersion", "java" + Runtime.version().feature())
                .put("compiler", "javac")
                .put("platform", "linux/amd64");
    }

    private static ObjectNode paths() {
        ObjectNode document = Json.object();
        document.putArray("paths")
                .add("/api")
                .add("/api/v1")
                .add("/apis")
                .add("/healthz")
                .add("/livez")
                .add("/openapi/v2")
                .add("/openapi/v3")
                .add("/readyz")
                .add("/version");
        return document;
    }
}
