package dev.trimtab.definition;

import dev.trimtab.source.RepoPath;
import dev.trimtab.source.RepoTree;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Keeps what was made of files, by path and content, up to a number of bytes of source text; what was used last stays. */
final class ParsedFiles {

    private record Key(RepoPath path, String blobId) {}

    private record Kept(ParsedFile file, long bytes) {}

    private final long capacity;
    private final Map<Key, Kept> kept = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    ParsedFiles(long capacity) {
        this.capacity = capacity;
    }

    synchronized ParsedFile get(RepoTree.Entry entry, Supplier<ParsedFile> parse) {
        Key key = new Key(entry.path(), entry.blobId());
        Kept known = kept.get(key);
        if (known != null) {
            return known.file();
        }
        ParsedFile parsed = parse.get();
        kept.put(key, new Kept(parsed, entry.size()));
        bytes += entry.size();
        var oldest = kept.values().iterator();
        while (bytes > capacity && oldest.hasNext()) {
            bytes -= oldest.next().bytes();
            oldest.remove();
        }
        return parsed;
    }
}
