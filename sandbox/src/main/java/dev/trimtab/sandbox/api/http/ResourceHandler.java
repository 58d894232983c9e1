package dev.trimtab.sandbox.api.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import dev.trimtab.sandbox.api.Cluster;
import dev.trimtab.sandbox.api.Delete;
import dev.trimtab.sandbox.api.DeleteOptions;
import dev.trimtab.sandbox.api.Endpoint;
import dev.trimtab.sandbox.api.Failures;
import dev.trimtab.sandbox.api.Json;
import dev.trimtab.sandbox.api.Patch;
import dev.trimtab.sandbox.api.Read;
import dev.trimtab.sandbox.api.Resource;
import dev.trimtab.sandbox.api.Verbs;
import dev.trimtab.sandbox.api.WriteOptions;
import dev.trimtab.sandbox.api.access.User;
import dev.trimtab.sandbox.schema.Schemas;
import dev.trimtab.sandbox.schema.Type;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Turns a request on a resource into a verb, and what the verb says into an answer. */
final class ResourceHandler {

    private final Cluster cluster;
    private final Verbs verbs;
    private final Guard guard;
    private final Questions questions;

    ResourceHandler(Cluster cluster, Guard guard, Questions questions) {
        this.cluster = cluster;
        this.verbs = cluster.verbs();
        this.guard = guard;
        this.questions = questions;
    }

    /** One request: who makes it, where it goes, and how its answer shall look. */
    private record Call(
            HttpExchange exchange, User user, ResourcePath path, Endpoint endpoint, Query query, View view) {

        String namespace() {
            return path.namespace();
        }

        String name() {
            return path.name();
        }

        String subresource() {
            return path.subresource();
        }
    }

    void answer(HttpExchange exchange, User user, ResourcePath path, Endpoint endpoint) throws IOException {
        if (!path.subresource().isEmpty() && !endpoint.has(path.subresource())) {
            throw Failures.noSuchResource();
        }
        Query query = Query.parse(exchange.getRequestURI().getRawQuery());
        View view = Views.of(
                Accept.of(exchange),
                endpoint,
                query.text("includeObject"),
                cluster.clock().instant());
        Call call = new Call(exchange, user, path, endpoint, query, view);
        switch (exchange.getRequestMethod()) {
            case "GET" -> get(call);
            case "POST" -> post(call);
            case "PUT" -> put(call);
            case "PATCH" -> patch(call);
            case "DELETE" -> delete(call);
            default -> throw Failures.methodNotAllowed();
        }
    }

    private void get(Call call) throws IOException {
        Endpoint endpoint = call.endpoint();
        if (endpoint.resource().is(Resource.Trait.CREATE_ONLY)) {
            throw Failures.methodNotAllowed();
        }
        if (call.name().isEmpty()) {
            list(call);
            return;
        }
        requireNamespace(call);
        if (call.subresource().equals("scale")) {
            Reply.json(call.exchange(), 200, verbs.scale().get(endpoint, call.namespace(), call.name()));
            return;
        }
        if (Set.of("binding", "eviction", "finalize").contains(call.subresource())) {
            throw Failures.methodNotAllowed();
        }
        String version = call.query().text("resourceVersion");
        if (!Query.isVersion(version)) {
            throw Failures.unclassified(Query.noVersion(version));
        }
        ListParameters.checkKnown(version.isEmpty() ? 0 : Long.parseUnsignedLong(version), cluster.version());
        ObjectNode object = verbs.read().get(endpoint, call.namespace(), call.name());
        Reply.json(call.exchange(), 200, call.view().object(object));
    }

    private void list(Call call) throws IOException {
        if (call.query().flag("watch")) {
            Selection selection = Selection.of(call.query(), call.endpoint());
            new WatchStream(
                            cluster.objects(call.endpoint().resource()),
                            call.view(),
                            WatchStream.Options.of(call.query(), call.namespace(), selection))
                    .run(call.exchange());
            return;
        }
        Reply.json(call.exchange(), 200, call.view().list(page(call)));
    }

    private Read.Page page(Call call) {
        Selection selection = Selection.of(call.query(), call.endpoint());
        ListParameters parameters = ListParameters.of(call.query(), cluster.version());
        return verbs.read()
                .list(
                        call.endpoint(),
                        new Read.Query(
                                call.namespace(),
                                selection,
                                selection.selects(),
                                parameters.limit(),
                                parameters.token(),
                                parameters.moment()));
    }

    private void post(Call call) throws IOException {
        Endpoint endpoint = call.endpoint();
        ObjectNode body = Body.object(call.exchange(), bodyType(call));
        List<String> warnings = new ArrayList<>();
        WriteOptions options = options(call, warnings);
        requireNamespace(call);
        switch (call.subresource()) {
            case "" -> {
                if (endpoint.resource().is(Resource.Trait.CREATE_ONLY)) {
                    Reply.json(call.exchange(), 201, answerQuestion(call, body, options));
                    return;
                }
                if (!call.name().isEmpty()) {
                    throw Failures.methodNotAllowed();
                }
                ObjectNode created = verbs.create().create(endpoint, call.namespace(), body, options);
                Reply.warnings(call.exchange(), warnings);
                Reply.json(call.exchange(), 201, call.view().object(created));
            }
            case "binding" ->
                Reply.json(
                        call.exchange(),
                        201,
                        verbs.pods().bind(endpoint, call.namespace(), call.name(), body, options));
            case "eviction" ->
                Reply.json(
                        call.exchange(),
                        201,
                        verbs.pods().evict(endpoint, call.namespace(), call.name(), body, options.dryRun()));
            default -> throw Failures.methodNotAllowed();
        }
    }

    /** What is posted to a subresource is of a kind of its own. */
    private static Type.Struct bodyType(Call call) {
        Type.Struct type = call.endpoint().type();
        return switch (call.subresource()) {
            case "binding" -> Schemas.builtin().type("", "v1", "Binding").orElse(type);
            case "eviction" ->
                Schemas.builtin().type("policy", "v1", "Eviction").orElse(type);
            default -> type;
        };
    }

    /** The older way to bind a pod is to POST the Binding itself. */
    private ObjectNode answerQuestion(Call call, ObjectNode body, WriteOptions options) {
        if (call.endpoint().resource().plural().equals("bindings")) {
            Endpoint pods = cluster.catalog().find("", "v1", "pods").orElseThrow();
            return verbs.pods().bind(pods, call.namespace(), Json.name(body), body, options);
        }
        return questions.answer(body, call.user());
    }

    private void put(Call call) throws IOException {
        requireName(call);
        ObjectNode body = Body.object(call.exchange(), call.endpoint().type());
        List<String> warnings = new ArrayList<>();
        WriteOptions options = options(call, warnings);
        ObjectNode updated = call.subresource().equals("scale")
                ? verbs.scale().update(call.endpoint(), call.namespace(), call.name(), body, options)
                : verbs.modify()
                        .update(call.endpoint(), call.subresource(), call.namespace(), call.name(), body, options);
        Reply.warnings(call.exchange(), warnings);
        Reply.json(
                call.exchange(),
                200,
                call.subresource().equals("scale") ? updated : call.view().object(updated));
    }

    private void patch(Call call) throws IOException {
        requireName(call);
        Patch.Kind kind = patchKind(call);
        if (kind != Patch.Kind.APPLY) {
            WriteParameters.refuseForce(call.query());
        }
        byte[] bytes = Body.bytes(call.exchange());
        JsonNode body = kind == Patch.Kind.APPLY ? Body.jsonOrYaml(bytes) : Body.json(bytes);
        List<String> warnings = new ArrayList<>();
        WriteOptions options = options(call, warnings);
        int code = 200;
        JsonNode answer;
        if (call.subresource().equals("scale")) {
            answer = verbs.scale().patch(call.endpoint(), call.namespace(), call.name(), kind, body, options);
        } else if (kind == Patch.Kind.APPLY) {
            WriteParameters.requireManager(call.query());
            if (isAbsent(call)) {
                guard.mayCreate(call.user(), call.path());
            }
            Patch.Applied applied = verbs.patch()
                    .apply(
                            call.endpoint(),
                            call.subresource(),
                            call.namespace(),
                            call.name(),
                            Body.asObject(body),
                            options);
            code = applied.created() ? 201 : 200;
            answer = call.view().object(applied.object());
        } else {
            answer = call.view()
                    .object(verbs.patch()
                            .patch(
                                    call.endpoint(),
                                    call.subresource(),
                                    call.namespace(),
                                    call.name(),
                                    kind,
                                    body,
                                    options));
        }
        Reply.warnings(call.exchange(), warnings);
        Reply.json(call.exchange(), code, answer);
    }

    private boolean isAbsent(Call call) {
        return cluster.local()
                .get(call.endpoint().resource().name(), call.namespace(), call.name())
                .isEmpty();
    }

    private static Patch.Kind patchKind(Call call) {
        String type = Body.mediaType(call.exchange());
        boolean custom = call.endpoint().resource().is(Resource.Trait.CUSTOM);
        return switch (type) {
            case "application/json-patch+json" -> Patch.Kind.JSON;
            case "application/merge-patch+json" -> Patch.Kind.MERGE;
            case "application/apply-patch+yaml" -> Patch.Kind.APPLY;
            case "application/strategic-merge-patch+json" -> {
                if (custom) {
                    throw unknownPatch(true);
                }
                yield Patch.Kind.STRATEGIC;
            }
            default -> throw unknownPatch(custom);
        };
    }

    private static RuntimeException unknownPatch(boolean custom) {
        return custom
                ? Failures.unsupportedMediaType("the body of the request was in an unknown format - accepted media"
                        + " types include: application/json-patch+json, application/merge-patch+json,"
                        + " application/apply-patch+yaml")
                : Failures.unsupportedPatch();
    }

    private void delete(Call call) throws IOException {
        Endpoint endpoint = call.endpoint();
        if (!call.subresource().isEmpty() || endpoint.resource().is(Resource.Trait.CREATE_ONLY)) {
            throw Failures.methodNotAllowed();
        }
        requireNamespace(call);
        DeleteOptions options = WriteParameters.deleteOptions(call.query(), Body.optionalObject(call.exchange()));
        if (call.name().isEmpty()) {
            if (endpoint.resource().is(Resource.Trait.NO_COLLECTION_DELETE)) {
                throw Failures.methodNotAllowed();
            }
            deleteCollection(call, options);
            return;
        }
        Delete.Deleted deleted = verbs.delete().delete(endpoint, call.namespace(), call.name(), options);
        JsonNode answer = deleted.gone() && !endpoint.resource().is(Resource.Trait.RETURNED)
                ? success(endpoint, deleted.object())
                : call.view().object(deleted.object());
        Reply.json(call.exchange(), 200, answer);
    }

    private void deleteCollection(Call call, DeleteOptions options) throws IOException {
        Read.Page page = page(call);
        for (ObjectNode object : page.objects()) {
            verbs.delete().deleteIfThere(call.endpoint(), Json.namespace(object), Json.name(object), options);
        }
        Reply.json(call.exchange(), 200, call.view().list(page));
    }

    private static ObjectNode success(Endpoint endpoint, ObjectNode object) {
        ObjectNode status = Json.object();
        status.put("kind", "Status").put("apiVersion", "v1");
        status.putObject("metadata");
        status.put("status", "Success");
        ObjectNode details = status.putObject("details").put("name", Json.name(object));
        if (!endpoint.resource().group().isEmpty()) {
            details.put("group", endpoint.resource().group());
        }
        details.put("kind", endpoint.resource().plural());
        details.set("uid", object.path("metadata").path("uid"));
        return status;
    }

    private WriteOptions options(Call call, List<String> warnings) {
        return WriteParameters.writeOptions(
                call.exchange().getRequestMethod(),
                call.query(),
                call.exchange().getRequestHeaders().getFirst("User-Agent"),
                warnings::add);
    }

    private static void requireName(Call call) {
        requireNamespace(call);
        if (call.name().isEmpty() || call.endpoint().resource().is(Resource.Trait.CREATE_ONLY)) {
            throw Failures.methodNotAllowed();
        }
    }

    /** A collection over all namespaces can be read, but nothing can be written to it. */
    private static void requireNamespace(Call call) {
        boolean namespaced = call.endpoint().resource().namespaced();
        if (namespaced == call.namespace().isEmpty()
                && !call.endpoint().resource().is(Resource.Trait.CREATE_ONLY)) {
            throw Failures.methodNotAllowed();
        }
    }
}
