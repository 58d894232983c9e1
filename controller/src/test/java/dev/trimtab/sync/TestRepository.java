package dev.trimtab.sync;

import dev.trimtab.source.TestSigner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.GpgSignature;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;

/** A bare repository whose commits are written as maps of path to text. */
final class TestRepository implements AutoCloseable {

    private static final PersonIdent PERSON =
            new PersonIdent("A Person", "person@example.com", Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);

    private final Path folder;
    private final FileRepository repository;
    private final SortedMap<String, String> files = new TreeMap<>();
    private Optional<TestSigner> signer = Optional.empty();

    TestRepository(Path folder) {
        this.folder = folder;
        try {
            Files.createDirectories(folder);
            repository = new FileRepository(folder.toFile());
            repository.create(true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path folder() {
        return folder;
    }

    /** Who signs what is committed from here on. */
    TestRepository signedBy(Optional<TestSigner> by) {
        signer = by;
        return this;
    }

    TestRepository with(String path, String text) {
        files.put(path, text);
        return this;
    }

    TestRepository without(String path) {
        files.remove(path);
        return this;
    }

    /** Commits all files as they are now onto {@code main}. */
    String commit(String message) {
        return commit(message, true);
    }

    /** Commits all files without a parent and moves {@code main} there. */
    String rewrite(String message) {
        return commit(message, false);
    }

    private String commit(String message, boolean onTop) {
        try (ObjectInserter inserter = repository.newObjectInserter()) {
            DirCache index = DirCache.newInCore();
            DirCacheBuilder builder = index.builder();
            for (var file : files.entrySet()) {
                DirCacheEntry entry = new DirCacheEntry(file.getKey());
                entry.setFileMode(FileMode.REGULAR_FILE);
                entry.setObjectId(
                        inserter.insert(Constants.OBJ_BLOB, file.getValue().getBytes(StandardCharsets.UTF_8)));
                builder.add(entry);
            }
            builder.finish();
            CommitBuilder commit = new CommitBuilder();
            commit.setTreeId(index.writeTree(inserter));
            commit.setMessage(message);
            commit.setAuthor(PERSON);
            commit.setCommitter(PERSON);
            ObjectId head = repository.resolve("refs/heads/main");
            if (onTop && head != null) {
                commit.setParentId(head);
            }
            if (signer.isPresent()) {
                String signature = signer.get().sign(commit.build(), PERSON.getWhenAsInstant());
                commit.setGpgSignature(new GpgSignature(signature.getBytes(StandardCharsets.US_ASCII)));
            }
            ObjectId id = inserter.insert(commit);
            inserter.flush();
            RefUpdate update = repository.updateRef("refs/heads/main");
            update.setNewObjectId(id);
            update.forceUpdate();
            return id.name();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        repository.close();
    }
}
