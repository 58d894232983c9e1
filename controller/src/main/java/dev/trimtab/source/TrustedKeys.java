package dev.trimtab.source;

import java.util.List;

/** Where the public keys are that commits may be signed with. Asked anew for each new commit, so that a change counts at once. */
@FunctionalInterface
public interface TrustedKeys {

    /**
     * One file as it was found: armored OpenPGP keys; lines of {@code allowed_signers} (see ssh-keygen); or, under the name
     * {@link #REVOKED}, SSH keys that are revoked.
     *
     * @param name as a person knows it, for instance its path
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares files of keys
    record KeyFile(String name, byte[] content) {

        /** A list of SSH public keys, or a key revocation list as {@code ssh-keygen -k} makes it. */
        static final String REVOKED = "revoked_keys";

        boolean isRevocationList() {
            return name.endsWith("/" + REVOKED) || name.equals(REVOKED);
        }
    }

    /** @throws SourceException with {@link SourceCode#SRC015} when they cannot be read */
    List<KeyFile> read();
}
