package dev.trimtab.sync;

import dev.trimtab.source.RepoPath;
import dev.trimtab.source.RepoTree;
import dev.trimtab.source.Revision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A single file as a tree, so that it is read by the same rules as a definition. */
final class OneFile implements RepoTree {

    private final Path file;
    private final Entry entry;

    OneFile(Path file, String name) throws IOException {
        this.file = file;
        this.entry = new Entry(new RepoPath(name), "", Mode.FILE, Files.size(file));
    }

    @Override
    public Revision revision() {
        return new Revision(Revision.WORKTREE, "worktree", Instant.EPOCH, "", "", Optional.empty());
    }

    @Override
    public List<Entry> under(RepoPath path) {
        return List.of(entry);
    }

    @Override
    public byte[] read(Entry blob) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public TreeDiff since(Revision older, RepoPath path) {
        return new TreeDiff(List.of(entry), List.of());
    }

    @Override
    public void close() {}
}
