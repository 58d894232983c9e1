package dev.trimtab.kube;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads what a refusal means out of an HTTP code and a {@code Status} body (Kubernetes API conventions, "Response Status Kind"). */
final class ApiErrors {

    /**
     * These come as 500 but speak of the object: a field that its schema does not know, a value of a wrong type, more bytes than
     * the store takes.
     */
    private static final List<String> TERMINAL_500 = List.of(
            "failed to create typed patch object", "failed to convert new object", "etcdserver: request is too large");

    private static final String IMMUTABLE = "field is immutable";

    private ApiErrors() {}

    /**
     * @param what the attempt in words, for instance {@code apply Deployment shop/web}
     * @param type of the object, empty for requests about no object
     */
    static ApiException of(String what, Optional<ResourceType> type, Reply reply) {
        JsonNode status = reply.status();
        ErrorClass errorClass = classify(reply.code(), status, reply.text(), type);
        boolean secret = type.map(ApiErrors::isSecret).orElse(false);
        String text = text(reply, status, secret);
        String reason = status.path("reason").asText("");
        return new ApiException(
                reply.code(),
                errorClass,
                what + ": " + text + " (" + reply.code() + (reason.isEmpty() ? "" : " " + reason) + ")",
                causes(status, secret),
                reply.retryAfterSeconds());
    }

    static ErrorClass classify(int code, JsonNode status, String text, Optional<ResourceType> type) {
        String reason = status.path("reason").asText("");
        return switch (code) {
            case 401 -> ErrorClass.FORBIDDEN;
            case 403 -> hasCause(status, "NamespaceTerminating") ? ErrorClass.RETRY : ErrorClass.FORBIDDEN;
            case 404 -> missing(status, type);
            case 408, 429 -> ErrorClass.RETRY;
            case 409 -> reason.equals("AlreadyExists") ? ErrorClass.ALREADY_EXISTS : ErrorClass.CONFLICT;
            case 410 -> ErrorClass.GONE;
            case 500 -> TERMINAL_500.stream().anyMatch(text::contains) ? ErrorClass.INVALID : ErrorClass.RETRY;
            case 501, 505 -> ErrorClass.INVALID;
            default -> code >= 500 ? ErrorClass.RETRY : ErrorClass.INVALID;
        };
    }

    /**
     * Whether a refused delete has nothing left to do: the uid is that of another object of the same name, or the namespace is
     * being emptied already.
     */
    static boolean isOtherOrGoing(Reply reply) {
        String text = reply.code() == 409 ? reply.status().path("message").asText("") : "";
        boolean otherUid = text.contains("UID") && text.contains("precondition");
        return otherUid || text.contains("ensuring all content is removed");
    }

    private static ErrorClass missing(JsonNode status, Optional<ResourceType> type) {
        JsonNode details = status.path("details");
        String kind = details.path("kind").asText("");
        if (!status.path("kind").asText("").equals("Status")
                || (kind.isEmpty() && details.path("name").asText("").isEmpty())) {
            return ErrorClass.KIND_MISSING;
        }
        boolean aboutNamespace = type.map(t -> t.group().isEmpty() && t.kind().equals("Namespace"))
                .orElse(false);
        return kind.equals("namespaces") && !aboutNamespace ? ErrorClass.NAMESPACE_MISSING : ErrorClass.NOT_FOUND;
    }

    private static boolean hasCause(JsonNode status, String reason) {
        for (JsonNode cause : status.path("details").path("causes")) {
            if (cause.path("reason").asText("").equals(reason)) {
                return true;
            }
        }
        return false;
    }

    private static String text(Reply reply, JsonNode status, boolean secret) {
        String message = status.path("message").asText("");
        if (message.isEmpty()) {
            // Not a Status: a proxy's page, or the plain "404 page not found".
            String body = reply.text();
            message = body.isBlank() || body.stripLeading().startsWith("<") || body.length() > 200
                    ? "refused"
                    : body.strip();
        }
        boolean quotesObject = secret && reply.code() != 404 && reply.code() != 403 && reply.code() != 401;
        return quotesObject ? Redaction.secretMessage(message) : Redaction.message(message);
    }

    private static List<ApiException.Cause> causes(JsonNode status, boolean secret) {
        List<ApiException.Cause> causes = new ArrayList<>();
        for (JsonNode cause : status.path("details").path("causes")) {
            causes.add(new ApiException.Cause(
                    cause.path("field").asText(""),
                    cause.path("reason").asText(""),
                    secret
                            ? phrase(cause.path("message").asText(""))
                            : Redaction.message(cause.path("message").asText(""))));
        }
        return causes;
    }

    /** The one part of a message about a Secret that is worth keeping and quotes nothing. */
    private static String phrase(String message) {
        return message.contains(IMMUTABLE) ? IMMUTABLE : "";
    }

    private static boolean isSecret(ResourceType type) {
        return type.group().isEmpty() && type.kind().equals("Secret");
    }
}
