package dev.trimtab.sandbox.merge;

/** An applied object does not fit its type. The server answers 500 with this message. */
public final class TypedFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public TypedFailure(String message) {
        super(message);
    }
}
