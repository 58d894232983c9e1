package dev.trimtab.definition;

import dev.trimtab.source.RepoPath;
import dev.trimtab.source.RepoTree;
import dev.trimtab.source.Revision;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Files in memory, which also tells which of them were read. */
public final class MemoryTree implements RepoTree {

    private final SortedMap<RepoPath, byte[]> files = new TreeMap<>();
    private final SortedMap<RepoPath, Mode> modes = new TreeMap<>();
    final List<String> read = new ArrayList<>();

    public static MemoryTree of(String path, String text) {
        return new MemoryTree().with(path, text);
    }

    public MemoryTree with(String path, String text) {
        return with(path, text.getBytes(StandardCharsets.UTF_8));
    }

    MemoryTree with(String path, byte[] bytes) {
        files.put(new RepoPath(path), bytes);
        modes.put(new RepoPath(path), Mode.FILE);
        return this;
    }

    MemoryTree with(String path, Mode mode) {
        with(path, "target");
        modes.put(new RepoPath(path), mode);
        return this;
    }

    @Override
    public Revision revision() {
        return new Revision("1234567".repeat(6).substring(0, 40), "main", Instant.EPOCH, "", "", Optional.empty());
    }

    @Override
    public List<Entry> under(RepoPath path) {
        return files.entrySet().stream()
                .filter(file -> path.contains(file.getKey()))
                .map(file -> new Entry(
                        file.getKey(),
                        Integer.toHexString(Arrays.hashCode(file.getValue())),
                        modes.getOrDefault(file.getKey(), Mode.FILE),
                        file.getValue().length))
                .toList();
    }

    @Override
    public byte[] read(Entry blob) {
        read.add(blob.path().value());
        return files.getOrDefault(blob.path(), new byte[0]);
    }

    @Override
    public TreeDiff since(Revision older, RepoPath path) {
        return new TreeDiff(under(path), List.of());
    }

    @Override
    public void close() {}
}
