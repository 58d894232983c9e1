package dev.trimtab.sandbox.wire;

/** The bytes are not the message they should be. The text says where they go wrong, never what they hold. */
public final class MalformedMessage extends RuntimeException {

    private static final long serialVersionUID = 1;

    MalformedMessage(String message) {
        super(message);
    }
}
