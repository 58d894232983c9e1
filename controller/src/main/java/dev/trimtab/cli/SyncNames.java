package dev.trimtab.cli;

import java.util.regex.Pattern;

/** Names of syncs: they become part of label values, field managers and ConfigMap names. */
final class SyncNames {

    /** Owns what a person applies from a folder. */
    static final String LOCAL = "local";

    private static final Pattern DNS_LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?");

    private SyncNames() {}

    static String check(String name) {
        if (!DNS_LABEL.matcher(name).matches()) {
            throw new UserError(
                    "sync name \"" + name + "\" is not a DNS label of at most 40 characters",
                    "use lower-case letters, digits and hyphens");
        }
        return name;
    }
}
