package dev.trimtab.cli;

import java.util.Optional;

/** Something a person can put right: shown as one line with a way out, never as a stack trace. */
final class UserError extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Optional<String> fix;

    UserError(String message, String fix) {
        super(message);
        this.fix = Optional.of(fix);
    }

    UserError(String message) {
        super(message);
        this.fix = Optional.empty();
    }

    Optional<String> fix() {
        return fix;
    }
}
