package dev.trimtab.sandbox.api;

import java.util.function.Consumer;

/**
 * What a request says about how to write.
 *
 * @param dryRun do everything but store
 * @param force server-side apply takes fields over that others own
 * @param warnings takes what the client is told in {@code Warning} headers
 */
public record WriteOptions(
        String fieldManager, boolean dryRun, FieldValidation validation, boolean force, Consumer<String> warnings) {

    /** What happens to fields that the server does not know. */
    public enum FieldValidation {
        IGNORE,
        WARN,
        STRICT
    }

    /** A real write that says nothing about unknown fields. */
    public static WriteOptions by(String fieldManager) {
        return new WriteOptions(fieldManager, false, FieldValidation.IGNORE, false, warning -> {});
    }
}
