package dev.trimtab.sandbox.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Collectors;

/** The Status bodies of the Kubernetes API, worded as {@code k8s.io/apimachinery/pkg/api/errors} words them. */
public final class Failures {

    private Failures() {}

    public static StatusException notFound(Resource resource, String name) {
        return of(
                404,
                "NotFound",
                resource.name() + " \"" + name + "\" not found",
                details(resource.group(), resource.plural(), name));
    }

    public static StatusException alreadyExists(Resource resource, String name) {
        return of(
                409,
                "AlreadyExists",
                resource.name() + " \"" + name + "\" already exists",
                details(resource.group(), resource.plural(), name));
    }

    /** The optimistic lock: the resourceVersion sent is not the stored one. */
    public static StatusException modified(Resource resource, String name) {
        return conflict(
                resource,
                name,
                "the object has been modified; please apply your changes to the latest version and try again");
    }

    public static StatusException conflict(Resource resource, String name, String why) {
        return of(
                409,
                "Conflict",
                "Operation cannot be fulfilled on " + resource.name() + " \"" + name + "\": " + why,
                details(resource.group(), resource.plural(), name));
    }

    /** A deletion is about another object, or another state of it; for once the server names the kind. */
    public static StatusException preconditionFailed(Resource resource, String name, String why) {
        String kind = resource.group().isEmpty() ? resource.kind() : resource.kind() + "." + resource.group();
        return of(
                409,
                "Conflict",
                "Operation cannot be fulfilled on " + kind + " \"" + name + "\": " + why,
                details(resource.group(), resource.kind(), name));
    }

    /** Server-side apply met fields of other managers. */
    public static StatusException applyConflict(String message, List<Cause> causes) {
        ObjectNode details = node();
        addCauses(details, causes);
        return of(409, "Conflict", message, details);
    }

    public static StatusException invalid(Resource resource, String name, List<Cause> errors) {
        return invalid(resource.group(), resource.kind(), name, errors);
    }

    public static StatusException invalid(String group, String kind, String name, List<Cause> errors) {
        List<String> texts = errors.stream().map(Cause::toString).distinct().toList();
        String text = texts.size() == 1 ? texts.get(0) : texts.stream().collect(Collectors.joining(", ", "[", "]"));
        ObjectNode details = details(group, kind, name);
        addCauses(details, errors);
        String qualified = group.isEmpty() ? kind : kind + "." + group;
        return of(422, "Invalid", qualified + " \"" + name + "\" is invalid: " + text, details);
    }

    public static StatusException badRequest(String message) {
        return of(400, "BadRequest", message, node());
    }

    public static StatusException unauthorized() {
        return of(401, "Unauthorized", "Unauthorized", node());
    }

    public static StatusException forbidden(Resource resource, String name, String why, List<Cause> causes) {
        ObjectNode details = details(resource.group(), resource.plural(), name);
        addCauses(details, causes);
        return of(403, "Forbidden", resource.name() + " \"" + name + "\" is forbidden: " + why, details);
    }

    /** @param resource empty for a path that is none of a resource */
    public static StatusException forbidden(String group, String resource, String name, String why) {
        if (resource.isEmpty()) {
            StatusException forbidden = of(403, "Forbidden", "forbidden: " + why, node());
            forbidden.status().putObject("details");
            return forbidden;
        }
        String qualified = group.isEmpty() ? resource : resource + "." + group;
        String which = name.isEmpty() ? "" : " \"" + name + '"';
        return of(403, "Forbidden", qualified + which + " is forbidden: " + why, details(group, resource, name));
    }

    public static StatusException methodNotAllowed() {
        return generic(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
    }

    /** A path below a served group that is none of a resource. */
    public static StatusException noSuchResource() {
        return generic(404, "NotFound", "the server could not find the requested resource");
    }

    /** A patch that does not fit the object. */
    public static StatusException unprocessable() {
        return generic(422, "Invalid", "the server rejected our request due to an error in our request");
    }

    /** What a patch makes of an object is not one of its kind. */
    public static StatusException invalidPatch(Cause cause) {
        ObjectNode details = node();
        addCauses(details, List.of(cause));
        return of(422, "Invalid", " \"\" is invalid: " + cause, details);
    }

    public static StatusException unsupportedPatch() {
        return generic(415, "UnsupportedMediaType", "415: Unsupported Media Type");
    }

    /** A watch or a list asks for a past that is no longer kept. */
    public static StatusException expired(String message) {
        return of(410, "Expired", message, node());
    }

    /** A read asks for a future. */
    public static StatusException tooLargeVersion(long asked, long current) {
        ObjectNode details = node();
        addCauses(details, List.of(new Cause("ResourceVersionTooLarge", "", "Too large resource version")));
        details.put("retryAfterSeconds", 1);
        return of(504, "Timeout", "Timeout: Too large resource version: " + asked + ", current: " + current, details);
    }

    public static StatusException tooLarge(long limit) {
        return of(413, "RequestEntityTooLarge", "Request entity too large: limit is " + limit, node());
    }

    public static StatusException unsupportedMediaType(String message) {
        return of(415, "UnsupportedMediaType", message, node());
    }

    /** @param retryAfterSeconds 0 says nothing of when */
    public static StatusException tooManyRequests(String message, int retryAfterSeconds, List<Cause> causes) {
        ObjectNode details = node();
        addCauses(details, causes);
        if (retryAfterSeconds > 0) {
            details.put("retryAfterSeconds", retryAfterSeconds);
        }
        return of(429, "TooManyRequests", message, details);
    }

    public static StatusException internal(String message) {
        ObjectNode details = node();
        details.putArray("causes").addObject().put("message", message);
        return of(500, "InternalError", "Internal error occurred: " + message, details);
    }

    /** A 500 that is the user's fault, as the real server answers unknown fields of an apply. */
    public static StatusException unclassified(String message) {
        ObjectNode body = body(500, message);
        return new StatusException(500, body);
    }

    /** Words of the HTTP code alone, with details that say nothing. */
    private static StatusException generic(int code, String reason, String message) {
        StatusException generic = of(code, reason, message, node());
        generic.status().putObject("details");
        return generic;
    }

    public static StatusException of(int code, String reason, String message, ObjectNode details) {
        ObjectNode body = body(code, message);
        body.put("reason", reason);
        if (!details.isEmpty()) {
            body.set("details", details);
        }
        return new StatusException(code, body);
    }

    private static ObjectNode body(int code, String message) {
        ObjectNode body = node();
        body.put("kind", "Status");
        body.put("apiVersion", "v1");
        body.putObject("metadata");
        body.put("status", "Failure");
        body.put("message", message);
        body.put("code", code);
        return body;
    }

    private static ObjectNode details(String group, String kind, String name) {
        ObjectNode details = node();
        if (!name.isEmpty()) {
            details.put("name", name);
        }
        if (!group.isEmpty()) {
            details.put("group", group);
        }
        return details.put("kind", kind);
    }

    private static void addCauses(ObjectNode details, List<Cause> errors) {
        if (errors.isEmpty()) {
            return;
        }
        ArrayNode causes = details.putArray("causes");
        for (Cause error : errors) {
            ObjectNode cause = causes.addObject().put("reason", error.reason()).put("message", error.detail());
            if (!error.field().isEmpty()) {
                cause.put("field", error.field());
            }
        }
    }

    /** For a Status that says no more than its message. */
    public static ObjectNode noDetails() {
        return node();
    }

    private static ObjectNode node() {
        return JsonNodeFactory.instance.objectNode();
    }
}
