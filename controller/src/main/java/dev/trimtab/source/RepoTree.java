package dev.trimtab.source;

import java.util.List;

/** The files of one revision, read from the object database. Not thread-safe. */
public interface RepoTree extends AutoCloseable {

    /** What Git says an entry is. */
    enum Mode {
        FILE,
        SYMLINK,
        SUBMODULE
    }

    /**
     * @param blobId content address; equal ids mean equal bytes
     * @param size in bytes; 0 for a submodule
     */
    record Entry(RepoPath path, String blobId, Mode mode, long size) {}

    /** What differs under a path between two revisions. */
    record TreeDiff(List<Entry> changed, List<RepoPath> removed) {
        public TreeDiff {
            changed = List.copyOf(changed);
            removed = List.copyOf(removed);
        }

        public boolean isEmpty() {
            return changed.isEmpty() && removed.isEmpty();
        }
    }

    Revision revision();

    /** Every entry below {@code path}, ordered by path; empty when the path is not there. */
    List<Entry> under(RepoPath path);

    /** The bytes of a file. Callers check {@link Entry#size()} first: a blob is held in memory whole. */
    byte[] read(Entry blob);

    /**
     * Entries added or changed since {@code older} and paths removed since. When {@code older} is no longer in the object
     * database (a shallow history), everything under {@code path} counts as changed.
     */
    TreeDiff since(Revision older, RepoPath path);

    @Override
    void close();
}
