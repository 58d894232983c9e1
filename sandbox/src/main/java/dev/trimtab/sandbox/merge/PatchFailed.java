package dev.trimtab.sandbox.merge;

/** A patch that cannot be applied. */
public final class PatchFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Which Status the server answers with. */
    public enum Reason {
        /** 400: the patch itself is not well-formed. */
        BAD_REQUEST,
        /** 422: the patch does not fit the object, for instance a {@code test} that fails. */
        INVALID,
        /** 500: the patch has no meaning for this object, which the server does not tell from a failure of its own. */
        MEANINGLESS
    }

    private final Reason reason;

    public PatchFailed(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
