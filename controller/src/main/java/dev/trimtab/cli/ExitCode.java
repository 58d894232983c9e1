package dev.trimtab.cli;

/** What a command's exit code says. */
final class ExitCode {

    static final int DONE = 0;
    /** An error, or a plan or a comparison that is not complete. */
    static final int ERROR = 1;
    /** Only with {@code --detailed-exitcode}: there are changes, or there is drift. */
    static final int CHANGES = 2;
    /** {@code --fail-on} matched. */
    static final int FAIL_ON = 3;
    /** Not approved. */
    static final int REFUSED = 5;

    static final int USAGE = 64;

    private ExitCode() {}
}
