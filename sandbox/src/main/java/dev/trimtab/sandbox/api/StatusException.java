package dev.trimtab.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** A request that ends in a {@code Status} body of kind Failure. */
public final class StatusException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int code;
    private final transient ObjectNode status;

    public StatusException(int code, ObjectNode status) {
        super(status.path("message").asText());
        this.code = code;
        this.status = status;
    }

    /** The HTTP code. */
    public int code() {
        return code;
    }

    /** The machine-readable reason, for instance {@code NotFound}, {@code Conflict}, {@code AlreadyExists}. */
    public String reason() {
        return status.path("reason").asText();
    }

    /** The body as it goes to a client. */
    public ObjectNode status() {
        return status;
    }
}
