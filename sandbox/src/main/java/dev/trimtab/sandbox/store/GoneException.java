package dev.trimtab.sandbox.store;

/** The changes after a version are no longer kept: list again. */
public final class GoneException extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * @param asked the version that was asked for
     * @param oldest the oldest version from which a watch can still start
     */
    public GoneException(long asked, long oldest) {
        super("too old resource version: " + asked + " (" + oldest + ")");
    }
}
