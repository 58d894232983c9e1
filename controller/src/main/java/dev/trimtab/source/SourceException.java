package dev.trimtab.source;

import dev.trimtab.codes.Code;

/** The repository could not be read: unreachable, refused, or without the ref. The message holds no credentials. */
public final class SourceException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final SourceCode code;

    public SourceException(SourceCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public SourceException(SourceCode code, String message) {
        super(message);
        this.code = code;
    }

    public Code code() {
        return code;
    }
}
