package dev.trimtab.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.GpgSignature;
import org.eclipse.jgit.lib.ObjectBuilder;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.TagBuilder;
import org.eclipse.jgit.lib.TreeFormatter;

/** A bare repository on disk that commits are written into, file by file. */
final class TestRepository implements AutoCloseable {

    static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");
    private static final PersonIdent ANN = new PersonIdent("Ann", "ann@example.org", TIME, ZoneOffset.UTC);

    private final Path path;
    private final Repository repository;
    private final Map<String, DirCacheEntry> files = new TreeMap<>();
    private Optional<BiFunction<byte[], Instant, String>> signer = Optional.empty();
    private Instant time = TIME;

    TestRepository(Path path) {
        this.path = path;
        try {
            this.repository = Git.init()
                    .setBare(true)
                    .setInitialBranch("main")
                    .setGitDir(path.toFile())
                    .call()
                    .getRepository();
        } catch (GitAPIException e) {
            throw new IllegalStateException(e);
        }
    }

    Path path() {
        return path;
    }

    TestRepository write(String file, String text) {
        return write(file, text, FileMode.REGULAR_FILE);
    }

    TestRepository write(String file, String text, FileMode mode) {
        try (ObjectInserter inserter = repository.newObjectInserter()) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            ObjectId blob = inserter.insert(Constants.OBJ_BLOB, bytes);
            inserter.flush();
            return entry(file, blob, mode);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    TestRepository submodule(String file) {
        return entry(file, ObjectId.fromString("1".repeat(40)), FileMode.GITLINK);
    }

    private TestRepository entry(String file, ObjectId id, FileMode mode) {
        DirCacheEntry entry = new DirCacheEntry(file);
        entry.setFileMode(mode);
        entry.setObjectId(id);
        files.put(file, entry);
        return this;
    }

    TestRepository delete(String file) {
        files.remove(file);
        return this;
    }

    /** From here on commits and tags are signed, or by nobody any more. */
    TestRepository signedBy(Optional<? extends TestSigner> by) {
        signer = by.map(one -> one::sign);
        return this;
    }

    /** From here on commits carry what this makes of them. */
    TestRepository signedBy(BiFunction<byte[], Instant, String> by) {
        signer = Optional.of(by);
        return this;
    }

    /** When the next commits are made. */
    TestRepository at(Instant now) {
        time = now;
        return this;
    }

    /** Commits all files on top of {@code main}. */
    String commit(String message) {
        return commit(message, "refs/heads/main", true);
    }

    /** Commits all files without a parent and moves {@code main} there: a rewritten history. */
    String rewrite(String message) {
        return commit(message, "refs/heads/main", false);
    }

    private String commit(String message, String ref, boolean onTop) {
        try (ObjectInserter inserter = repository.newObjectInserter()) {
            DirCache index = DirCache.newInCore();
            DirCacheBuilder builder = index.builder();
            files.values().forEach(builder::add);
            builder.finish();
            CommitBuilder commit = new CommitBuilder();
            commit.setTreeId(index.writeTree(inserter));
            commit.setAuthor(ann());
            commit.setCommitter(ann());
            commit.setMessage(message);
            ObjectId parent = repository.resolve(ref);
            if (onTop && parent != null) {
                commit.setParentId(parent);
            }
            signer.ifPresent(by -> commit.setGpgSignature(
                    new GpgSignature(by.apply(unsigned(commit), time).getBytes(StandardCharsets.US_ASCII))));
            ObjectId id = inserter.insert(commit);
            inserter.flush();
            move(ref, id);
            return id.name();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Moves {@code main} to a commit whose tree holds {@code width} times itself, {@code depth} times over. */
    void bomb(int width, int depth) {
        try (ObjectInserter inserter = repository.newObjectInserter()) {
            ObjectId tree = inserter.insert(new TreeFormatter());
            for (int level = 0; level < depth; level++) {
                TreeFormatter next = new TreeFormatter();
                for (int i = 0; i < width; i++) {
                    next.append("d" + i, FileMode.TREE, tree);
                }
                tree = inserter.insert(next);
            }
            CommitBuilder commit = new CommitBuilder();
            commit.setTreeId(tree);
            commit.setAuthor(ann());
            commit.setCommitter(ann());
            commit.setMessage("bomb");
            ObjectId id = inserter.insert(commit);
            inserter.flush();
            move("refs/heads/main", id);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private PersonIdent ann() {
        return new PersonIdent(ANN, time);
    }

    private static byte[] unsigned(ObjectBuilder object) {
        try {
            return object.build();
        } catch (UnsupportedEncodingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets a ref name an object, whatever it is. */
    void ref(String name, String id) {
        try {
            move(name, ObjectId.fromString(id));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String tag(String name, String commit) {
        try (ObjectInserter inserter = repository.newObjectInserter()) {
            TagBuilder tag = new TagBuilder();
            tag.setTag(name);
            tag.setTagger(ann());
            tag.setMessage(name + "\n");
            tag.setObjectId(ObjectId.fromString(commit), Constants.OBJ_COMMIT);
            signer.ifPresent(by -> tag.setGpgSignature(
                    new GpgSignature(by.apply(unsigned(tag), time).getBytes(StandardCharsets.US_ASCII))));
            ObjectId id = inserter.insert(tag);
            inserter.flush();
            move("refs/tags/" + name, id);
            return id.name();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void move(String ref, ObjectId id) throws IOException {
        RefUpdate update = repository.updateRef(ref);
        update.setNewObjectId(id);
        update.forceUpdate();
    }

    Repository repository() {
        return repository;
    }

    @Override
    public void close() {
        repository.close();
    }
}
