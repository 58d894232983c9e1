package dev.trimtab.sandbox.merge;

import java.util.List;

/** Fields that others own with another value. The message is the one of the Status (409, reason Conflict). */
public final class ApplyConflict extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * One cause of the Status.
     *
     * @param owner as the server prints it: {@code "kubectl-edit" using apps/v1}
     * @param path such as {@code .spec.replicas}
     */
    public record Conflict(String owner, String path) {

        /** The cause's message. */
        public String message() {
            return "conflict with " + owner;
        }
    }

    private final transient List<Conflict> conflicts;

    public ApplyConflict(String message, List<Conflict> conflicts) {
        super(message);
        this.conflicts = List.copyOf(conflicts);
    }

    /** Causes of type FieldManagerConflict. */
    public List<Conflict> conflicts() {
        return conflicts;
    }
}
