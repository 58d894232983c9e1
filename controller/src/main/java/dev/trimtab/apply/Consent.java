package dev.trimtab.apply;

/**
 * How far a plan may go.
 *
 * @param approved a person saw exactly this plan and wants it: guards that ask for a person's word let it pass
 */
public record Consent(Guards guards, boolean approved) {

    /** Nobody was asked. */
    public static final Consent STANDARD = new Consent(Guards.STANDARD, false);
}
