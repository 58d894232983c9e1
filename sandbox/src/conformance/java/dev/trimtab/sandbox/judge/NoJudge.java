package dev.trimtab.sandbox.judge;

/** The judge asked for is not to be had on this machine. That is no failure. */
public final class NoJudge extends Exception {

    private static final long serialVersionUID = 1L;

    private final String reason;

    NoJudge(String reason) {
        super(reason);
        this.reason = reason;
    }

    /** What the machine lacks. */
    public String reason() {
        return reason;
    }
}
