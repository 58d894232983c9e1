package dev.trimtab.source;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.errors.CorruptObjectException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.StoredConfig;
import org.jspecify.annotations.Nullable;

/**
 * The bare repository on disk. Its content can always be fetched again, so whatever is wrong with it is healed by throwing
 * it away.
 */
final class Mirror implements AutoCloseable {

    /** Shows that the folder may be emptied: one that somebody else filled is never touched. */
    private static final String MARKER = "trimtab-mirror";

    private static final int PACKS_BEFORE_GC = 20;

    private final Path directory;
    private final TransferLimits limits;
    private Repository repository;
    private volatile boolean suspect;

    private Mirror(Path directory, TransferLimits limits, Repository repository) {
        this.directory = directory;
        this.limits = limits;
        this.repository = repository;
    }

    static Mirror open(Path directory, TransferLimits limits) {
        try {
            claim(directory);
            return new Mirror(directory, limits, openOrCreate(directory, limits));
        } catch (IOException e) {
            throw unusable(directory, e);
        }
    }

    Repository repository() {
        return repository;
    }

    /** What the ref named when it was fetched last. Empty when there is none, or when it cannot be read any more. */
    Optional<ObjectId> tip(String ref) {
        try {
            Ref found = repository.exactRef(ref);
            if (found == null || found.getObjectId() == null) {
                return Optional.empty();
            }
            Ref peeled = repository.getRefDatabase().peel(found);
            ObjectId commit = peeled.getPeeledObjectId() == null ? found.getObjectId() : peeled.getPeeledObjectId();
            return repository.getObjectDatabase().has(commit) ? Optional.of(found.getObjectId()) : Optional.empty();
        } catch (IOException e) {
            suspect = true;
            return Optional.empty();
        }
    }

    /** Names an object, so that it is kept; false when it is not there. */
    boolean keep(ObjectId id, String ref) throws IOException {
        if (!repository.getObjectDatabase().has(id)) {
            return false;
        }
        RefUpdate update = repository.updateRef(ref);
        update.setNewObjectId(id);
        update.forceUpdate();
        return true;
    }

    /** Told by whoever could not read what should be there. */
    void suspect() {
        suspect = true;
    }

    boolean isSuspect() {
        return suspect;
    }

    /** Throws everything away and begins with an empty repository. */
    void renew() {
        suspect = true;
        repository.close();
        try {
            empty(directory);
            repository = openOrCreate(directory, limits);
            suspect = false;
        } catch (IOException e) {
            throw unusable(directory, e);
        }
    }

    /** Each fetch leaves a pack behind; they are put together when there is nothing else to do. */
    void tidy() {
        if (packs() <= PACKS_BEFORE_GC) {
            return;
        }
        try (Git git = Git.wrap(repository)) {
            git.gc().call();
        } catch (GitAPIException | RuntimeException e) {
            suspect = true;
        }
    }

    int packs() {
        String[] packs =
                directory.resolve("objects").resolve("pack").toFile().list((folder, name) -> name.endsWith(".pack"));
        return packs == null ? 0 : packs.length;
    }

    /** Whether {@code fault} means that the mirror lost something, and not that the remote failed. */
    static boolean isDamage(Throwable fault) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof MissingObjectException || cause instanceof CorruptObjectException) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        repository.close();
    }

    private static void claim(Path directory) throws IOException {
        Files.createDirectories(directory);
        Path marker = directory.resolve(MARKER);
        if (Files.exists(marker)) {
            return;
        }
        try (DirectoryStream<Path> content = Files.newDirectoryStream(directory)) {
            if (content.iterator().hasNext()) {
                throw new SourceException(
                        SourceCode.SRC007,
                        "folder " + directory + " holds something else; name an empty one for the local copy");
            }
        }
        Files.createFile(marker);
    }

    private static Repository openOrCreate(Path directory, TransferLimits limits) throws IOException {
        try {
            return configured(BoundedRepository.open(directory.toFile(), true, limits));
        } catch (IOException | RuntimeException notUsable) {
            empty(directory);
            Repository created = BoundedRepository.open(directory.toFile(), false, limits);
            created.create(true);
            return configured(created);
        }
    }

    private static Repository configured(Repository repository) throws IOException {
        StoredConfig config = repository.getConfig();
        // JGit would start to collect garbage inside of a fetch; it is done between polls instead.
        config.setBoolean("fetch", null, "autogc", false);
        config.setString("gc", null, "prunePackExpire", "now");
        config.save();
        repository.getRefDatabase().getRefs();
        return repository;
    }

    private static void empty(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!file.equals(directory.resolve(MARKER))) {
                    Files.delete(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                if (!visited.equals(directory)) {
                    Files.delete(visited);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static SourceException unusable(Path directory, IOException e) {
        String reason = e instanceof EOFException ? "a file ends too early" : e.getMessage();
        return new SourceException(
                SourceCode.SRC007, "the local copy cannot be kept in " + directory + ": " + reason, e);
    }
}
