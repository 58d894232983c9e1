package dev.trimtab.source;

import java.time.Clock;

/**
 * Which commits have to be signed, and with which keys.
 *
 * @param clock tells whether a key has expired
 */
public record Verification(Scope scope, TrustedKeys keys, Clock clock) {

    /** What has to be signed. */
    public enum Scope {
        /** The commit that is read, or the tag that names it. */
        HEAD,
        /** That, and every commit since the last one that was trusted. */
        ALL
    }
}
