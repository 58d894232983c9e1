package dev.trimtab.apply;

/** What is in the cluster as an inventory cannot be read. Nothing may be deleted then. */
public final class InventoryException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public InventoryException(String message, Throwable cause) {
        super(message, cause);
    }
}
