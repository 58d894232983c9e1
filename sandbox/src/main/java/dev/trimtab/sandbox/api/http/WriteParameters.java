package dev.trimtab.sandbox.api.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.Cause;
import dev.trimtab.sandbox.api.DeleteOptions;
import dev.trimtab.sandbox.api.Failures;
import dev.trimtab.sandbox.api.Json;
import dev.trimtab.sandbox.api.LocalApi;
import dev.trimtab.sandbox.api.WriteOptions;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the query and the body of a request say about how to write and how to delete. */
final class WriteParameters {

    private static final int LONGEST_MANAGER = 128;

    private WriteParameters() {}

    static WriteOptions writeOptions(
            String method, Query query, @Nullable String userAgent, Consumer<String> warnings) {
        String options = switch (method) {
            case "POST" -> "CreateOptions";
            case "PUT" -> "UpdateOptions";
            default -> "PatchOptions";
        };
        String manager = query.text("fieldManager");
        checkManager(options, manager);
        return new WriteOptions(
                manager.isEmpty() ? managerOf(userAgent) : manager,
                dryRun(options, query.text("dryRun")),
                validation(options, query.text("fieldValidation")),
                query.flag("force"),
                warnings);
    }

    private static void checkManager(String options, String manager) {
        if (manager.getBytes(StandardCharsets.UTF_8).length > LONGEST_MANAGER) {
            throw invalidOptions(options, Cause.tooLong("fieldManager", LONGEST_MANAGER));
        }
        for (int i = 0; i < manager.length(); i++) {
            char each = manager.charAt(i);
            if (Character.isISOControl(each)) {
                throw invalidOptions(
                        options,
                        Cause.invalidValue(
                                "fieldManager",
                                Json.MAPPER.getNodeFactory().textNode(manager).toString(),
                                "invalid character U+%04X (at position %d)".formatted((int) each, i)));
            }
        }
    }

    /** Server-side apply does not guess who applies. */
    static void requireManager(Query query) {
        if (query.text("fieldManager").isEmpty()) {
            throw invalidOptions("PatchOptions", Cause.required("fieldManager", "is required for apply patch"));
        }
    }

    /** Every other patch overwrites anyway. */
    static void refuseForce(Query query) {
        if (query.flag("force")) {
            throw invalidOptions("PatchOptions", Cause.forbidden("force", "may not be specified for non-apply patch"));
        }
    }

    static RuntimeException invalidOptions(String kind, Cause cause) {
        return invalidOptions(kind, List.of(cause));
    }

    static RuntimeException invalidOptions(String kind, List<Cause> causes) {
        return Failures.invalid("meta.k8s.io", kind, "", causes);
    }

    private static String managerOf(@Nullable String userAgent) {
        if (userAgent == null || userAgent.isEmpty()) {
            return "unknown";
        }
        String name = userAgent.split("/", 2)[0];
        return name.substring(0, Math.min(name.length(), LONGEST_MANAGER));
    }

    private static boolean dryRun(String options, String value) {
        if (!value.isEmpty() && !value.equals("All")) {
            throw invalidOptions(
                    options,
                    new Cause(
                            "FieldValueNotSupported",
                            "dryRun",
                            "Unsupported value: [\"" + value + "\"]: supported values: \"All\""));
        }
        return value.equals("All");
    }

    private static WriteOptions.FieldValidation validation(String options, String value) {
        return switch (value) {
            case "Ignore" -> WriteOptions.FieldValidation.IGNORE;
            case "", "Warn" -> WriteOptions.FieldValidation.WARN;
            case "Strict" -> WriteOptions.FieldValidation.STRICT;
            default ->
                throw invalidOptions(
                        options, Cause.notSupported("fieldValidation", value, List.of("", "Ignore", "Strict", "Warn")));
        };
    }

    /** The body's DeleteOptions; where there is a body, the query says nothing. */
    static DeleteOptions deleteOptions(Query query, Optional<ObjectNode> body) {
        return deleteOptions(body.orElseGet(() -> asBody(query)));
    }

    private static ObjectNode asBody(Query query) {
        ObjectNode options = Json.object();
        query.optional("propagationPolicy").ifPresent(policy -> options.put("propagationPolicy", policy));
        query.number("gracePeriodSeconds").ifPresent(seconds -> options.put("gracePeriodSeconds", seconds));
        options.put("orphanDependents", query.flag("orphanDependents"));
        query.optional("dryRun").ifPresent(value -> options.putArray("dryRun").add(value));
        return options;
    }

    private static DeleteOptions deleteOptions(ObjectNode sent) {
        String propagation = sent.path("propagationPolicy").asText("");
        JsonNode grace = sent.path("gracePeriodSeconds");
        JsonNode preconditions = sent.path("preconditions");
        return new DeleteOptions(
                Optional.ofNullable(preconditions.path("uid").textValue()),
                Optional.ofNullable(preconditions.path("resourceVersion").textValue()),
                grace.isNumber() ? OptionalLong.of(grace.asLong()) : OptionalLong.empty(),
                propagation.isEmpty() && sent.path("orphanDependents").asBoolean()
                        ? Optional.of(LocalApi.Propagation.ORPHAN)
                        : propagation(propagation),
                dryRun("DeleteOptions", sent.path("dryRun").path(0).asText("")));
    }

    private static Optional<LocalApi.Propagation> propagation(String value) {
        return switch (value) {
            case "" -> Optional.empty();
            case "Background" -> Optional.of(LocalApi.Propagation.BACKGROUND);
            case "Foreground" -> Optional.of(LocalApi.Propagation.FOREGROUND);
            case "Orphan" -> Optional.of(LocalApi.Propagation.ORPHAN);
            default ->
                throw invalidOptions(
                        "DeleteOptions",
                        new Cause(
                                "FieldValueNotSupported",
                                "propagationPolicy",
                                "Unsupported value: \"" + value
                                        + "\": supported values: \"Foreground\", \"Background\", \"Orphan\", \"nil\""));
        };
    }
}
