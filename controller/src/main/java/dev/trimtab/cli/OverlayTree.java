package dev.trimtab.cli;

import dev.trimtab.source.RepoPath;
import dev.trimtab.source.RepoTree;
import dev.trimtab.source.Revision;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A folder as it will be once files are written into it, so that it can be checked before. */
final class OverlayTree implements RepoTree {

    private final Optional<? extends RepoTree> base;
    private final SortedMap<RepoPath, byte[]> files = new TreeMap<>();

    /** @param files by their path; they take the place of those of {@code base} */
    OverlayTree(Optional<? extends RepoTree> base, SortedMap<String, byte[]> files) {
        this.base = base;
        files.forEach((path, bytes) -> this.files.put(new RepoPath(path), bytes));
    }

    @Override
    public Revision revision() {
        return base.map(RepoTree::revision)
                .orElseGet(() -> new Revision("0".repeat(40), "", Instant.EPOCH, "", "", Optional.empty()));
    }

    @Override
    public List<Entry> under(RepoPath path) {
        SortedMap<RepoPath, Entry> entries = new TreeMap<>();
        base.ifPresent(tree -> tree.under(path).forEach(entry -> entries.put(entry.path(), entry)));
        files.forEach((file, bytes) -> {
            if (path.contains(file)) {
                entries.put(file, new Entry(file, "overlay:" + file, Mode.FILE, bytes.length));
            }
        });
        return List.copyOf(entries.values());
    }

    @Override
    public byte[] read(Entry blob) {
        byte[] bytes = files.get(blob.path());
        return bytes == null ? base.orElseThrow().read(blob) : bytes.clone();
    }

    @Override
    public TreeDiff since(Revision older, RepoPath path) {
        return new TreeDiff(under(path), List.of());
    }

    @Override
    public void close() {
        base.ifPresent(RepoTree::close);
    }
}
