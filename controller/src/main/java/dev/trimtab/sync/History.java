package dev.trimtab.sync;

import dev.trimtab.source.Revision;

/** How the commits of a repository follow one another. */
@FunctionalInterface
public interface History {

    /** A history that is taken at its word. */
    History TRUSTED = (head, applied) -> true;

    /**
     * Whether {@code applied} is {@code head} or in its past. Without an answer (the commit is not there any more) it is not.
     *
     * @throws dev.trimtab.source.SourceException when the repository cannot be asked
     */
    boolean contains(Revision head, Revision applied);
}
