package dev.trimtab.source;

import java.util.Optional;

/** One repository and one ref of it. */
public interface Source extends AutoCloseable {

    /** The repository as it may be shown: without credentials. */
    String repository();

    /**
     * Asks the remote for the ref's commit: one small request, no objects are fetched.
     *
     * @throws SourceException when the remote does not answer or has no such ref
     */
    String head();

    /**
     * Brings {@code head()} into the mirror when it is not there yet and tells what it is.
     *
     * @param last what the caller has seen last: the same commit costs {@link #head()} only and gives that revision again
     * @throws SourceException when the remote does not answer or has no such ref
     */
    Revision poll(Optional<Revision> last);

    /**
     * Whether {@code older} is {@code head} or in its past. Without an answer, because the commit is not there any more, it is
     * not.
     */
    boolean descends(Revision head, Revision older);

    /** The files of a revision that was polled before. Close it after use. */
    RepoTree tree(Revision revision);

    @Override
    void close();
}
