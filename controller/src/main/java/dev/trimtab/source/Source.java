package dev.trimtab.source;

import java.util.Optional;

/** One repository and what is wanted of it. */
public interface Source extends AutoCloseable {

    /** The repository as it may be shown: without credentials. */
    String repository();

    /**
     * Asks the remote for the commit that is wanted: one small request, no objects are fetched; none at all for a commit that is
     * wanted by its id.
     *
     * @throws SourceException when the remote does not answer or has no such ref
     */
    String head();

    /**
     * Brings {@code head()} into the mirror when it is not there yet and tells what it is. Where signatures are asked for, they
     * are checked before anything of it can be read; what is not signed as it has to be is an error, and so are keys that
     * cannot be read.
     *
     * @param last what the caller has seen last: the same commit costs {@link #head()} only and gives that revision again
     * @param trusted where each commit has to be signed: those up to this one need not be looked at any more. Without it only
     *     the head is
     * @throws SourceException when the remote does not answer, has no such ref, or holds something that is not trusted
     */
    Revision poll(Optional<Revision> last, Optional<Revision> trusted);

    /** As {@link #poll(Optional, Optional)}, where what was seen last is what is trusted. */
    default Revision poll(Optional<Revision> last) {
        return poll(last, last);
    }

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
