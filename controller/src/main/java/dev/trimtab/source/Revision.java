package dev.trimtab.source;

import java.time.Instant;
import java.util.Optional;

/**
 * One commit as it was read.
 *
 * @param commit 40 or 64 hex digits; {@link #WORKTREE} for a plain folder that is no repository
 * @param ref what was asked for, for instance {@code main}
 * @param subject first line of the message
 */
public record Revision(
        String commit, String ref, Instant committedAt, String author, String subject, Optional<Signer> verifiedBy) {

    /** Stands for the commit of a folder that is read as it is. */
    public static final String WORKTREE = "0000000000000000000000000000000000000000";

    /** Who signed the commit with a key that was expected. */
    public record Signer(String identity, String keyId) {}

    /** The first seven digits, as people quote commits. */
    public String shortCommit() {
        return commit.equals(WORKTREE) ? "worktree" : commit.substring(0, 7);
    }
}
