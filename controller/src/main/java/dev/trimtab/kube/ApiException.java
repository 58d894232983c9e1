package dev.trimtab.kube;

import java.util.List;
import java.util.Optional;

/**
 * The API server said no, or said nothing. The message never holds a value of a Secret.
 */
public final class ApiException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** One entry of {@code details.causes}: which field, and why. */
    public record Cause(String field, String reason, String message) {}

    private final int status;
    private final ErrorClass errorClass;
    private final transient List<Cause> causes;
    private final transient Optional<Long> retryAfterSeconds;

    /**
     * @param status HTTP status, 0 when there was no answer
     */
    public ApiException(
            int status, ErrorClass errorClass, String message, List<Cause> causes, Optional<Long> retryAfterSeconds) {
        super(message);
        this.status = status;
        this.errorClass = errorClass;
        this.causes = List.copyOf(causes);
        this.retryAfterSeconds = retryAfterSeconds;
    }

    public int status() {
        return status;
    }

    public ErrorClass errorClass() {
        return errorClass;
    }

    public List<Cause> causes() {
        return causes;
    }

    public Optional<Long> retryAfterSeconds() {
        return retryAfterSeconds;
    }

    /** Whether the object's namespace is being deleted: nothing new may come into it until it is gone. */
    public boolean namespaceTerminating() {
        return causes.stream().anyMatch(cause -> cause.reason().equals("NamespaceTerminating"));
    }
}
