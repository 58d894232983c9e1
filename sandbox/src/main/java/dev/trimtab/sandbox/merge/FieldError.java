package dev.trimtab.sandbox.merge;

/**
 * A value that does not fit its type.
 *
 * @param path such as {@code spec.containers[0].image}
 * @param message as the server words it
 */
public record FieldError(Code code, String path, String message) {

    /** What is wrong. */
    public enum Code {
        /** Ignored, warned of or refused, as the request's fieldValidation says. */
        UNKNOWN_FIELD,
        /** Always refused: 400. */
        WRONG_TYPE
    }
}
