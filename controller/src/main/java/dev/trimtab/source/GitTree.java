package dev.trimtab.source;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevTree;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.AndTreeFilter;
import org.eclipse.jgit.treewalk.filter.PathFilter;
import org.eclipse.jgit.treewalk.filter.TreeFilter;

/** One commit's tree, read straight from the object database. */
final class GitTree implements RepoTree {

    private final Repository repository;
    private final ObjectReader reader;
    private final Revision revision;
    private final ObjectId root;
    private final int limit;
    private final Runnable onDamage;

    /**
     * @param limit most files and folders that are looked at
     * @param onDamage told when an object that should be there cannot be read
     */
    GitTree(Repository repository, Revision revision, int limit, Runnable onDamage) {
        this.repository = repository;
        this.revision = revision;
        this.limit = limit;
        this.onDamage = onDamage;
        this.reader = repository.newObjectReader();
        repository.incrementOpen();
        try {
            this.root = tree(revision);
        } catch (IOException e) {
            close();
            throw damaged(e);
        }
    }

    @Override
    public Revision revision() {
        return revision;
    }

    @Override
    public List<Entry> under(RepoPath path) {
        try (TreeWalk walk = new TreeWalk(reader)) {
            walk.addTree(root);
            walk.setFilter(below(path));
            List<Entry> entries = new ArrayList<>();
            Steps steps = new Steps(path);
            while (walk.next()) {
                steps.count();
                if (walk.isSubtree()) {
                    walk.enterSubtree();
                } else {
                    entries.add(entry(walk, 0));
                }
            }
            // Git sorts a folder as if its name ended with a slash.
            entries.sort(Comparator.comparing(Entry::path));
            return List.copyOf(entries);
        } catch (IOException e) {
            throw damaged(e);
        }
    }

    @Override
    public byte[] read(Entry blob) {
        try {
            return reader.open(ObjectId.fromString(blob.blobId()), Constants.OBJ_BLOB)
                    .getCachedBytes();
        } catch (IOException e) {
            throw damaged(e);
        }
    }

    @Override
    public TreeDiff since(Revision older, RepoPath path) {
        ObjectId before;
        try {
            before = tree(older);
        } catch (MissingObjectException e) {
            return new TreeDiff(under(path), List.of());
        } catch (IOException e) {
            throw damaged(e);
        }
        try (TreeWalk walk = new TreeWalk(reader)) {
            walk.addTree(before);
            walk.addTree(root);
            walk.setFilter(AndTreeFilter.create(below(path), TreeFilter.ANY_DIFF));
            List<Entry> changed = new ArrayList<>();
            List<RepoPath> removed = new ArrayList<>();
            Steps steps = new Steps(path);
            while (walk.next()) {
                steps.count();
                if (walk.isSubtree()) {
                    walk.enterSubtree();
                } else if (walk.getRawMode(1) == FileMode.TYPE_MISSING) {
                    removed.add(path(walk));
                } else if (!FileMode.TREE.equals(walk.getRawMode(1))) {
                    changed.add(entry(walk, 1));
                }
            }
            changed.sort(Comparator.comparing(Entry::path));
            removed.sort(Comparator.naturalOrder());
            return new TreeDiff(changed, removed);
        } catch (IOException e) {
            throw damaged(e);
        }
    }

    @Override
    public void close() {
        reader.close();
        repository.close();
    }

    /** A few folders that hold each other many times over make a tree that nobody could walk to its end. */
    private final class Steps {
        private final RepoPath path;
        private int steps;

        Steps(RepoPath path) {
            this.path = path;
        }

        void count() {
            if (++steps > limit) {
                throw new SourceException(
                        SourceCode.SRC009,
                        "commit " + revision.shortCommit() + " holds more than " + limit + " files and folders below \""
                                + path + "\"; name a smaller folder in spec.source.path, or raise"
                                + " spec.source.limits.entries");
            }
        }
    }

    private ObjectId tree(Revision of) throws IOException {
        if (of.commit().equals(Revision.WORKTREE)) {
            throw new MissingObjectException(ObjectId.zeroId(), Constants.OBJ_COMMIT);
        }
        try (RevWalk walk = new RevWalk(reader)) {
            RevTree tree = walk.parseCommit(ObjectId.fromString(of.commit())).getTree();
            return tree.getId();
        }
    }

    private static TreeFilter below(RepoPath path) {
        return path.equals(RepoPath.ROOT) ? TreeFilter.ALL : PathFilter.create(path.value());
    }

    private Entry entry(TreeWalk walk, int tree) throws IOException {
        ObjectId id = walk.getObjectId(tree);
        int mode = walk.getRawMode(tree);
        if (FileMode.GITLINK.equals(mode)) {
            return new Entry(path(walk), id.name(), Mode.SUBMODULE, 0);
        }
        // The size stands in front of the content, which is not read for it.
        long size = reader.getObjectSize(id, Constants.OBJ_BLOB);
        return new Entry(path(walk), id.name(), FileMode.SYMLINK.equals(mode) ? Mode.SYMLINK : Mode.FILE, size);
    }

    /** A tree object can hold names that no checkout would allow. */
    private RepoPath path(TreeWalk walk) {
        try {
            return new RepoPath(walk.getPathString());
        } catch (IllegalArgumentException e) {
            throw new SourceException(
                    SourceCode.SRC008,
                    "commit " + revision.shortCommit()
                            + " holds a path with an empty, . or .. name; rewrite the commit",
                    e);
        }
    }

    private SourceException damaged(IOException e) {
        onDamage.run();
        return new SourceException(
                SourceCode.SRC006,
                "the local copy of commit " + revision.shortCommit()
                        + " cannot be read; it is fetched again at the next poll: " + e.getMessage(),
                e);
    }
}
