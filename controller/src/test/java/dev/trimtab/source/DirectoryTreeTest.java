package dev.trimtab.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.source.RepoTree.Entry;
import dev.trimtab.source.RepoTree.Mode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryTreeTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);

    @TempDir
    Path folder;

    @Test
    void filesAndLinksAreSeenButNothingOfGitAndNothingBehindALink() throws IOException {
        write("b.yaml", "bb");
        write("a/c.yaml", "c");
        write(".git/config", "x");
        write("a/.git", "gitdir: elsewhere");
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("a"));
        try (DirectoryTree tree = new DirectoryTree(folder, CLOCK)) {
            assertThat(tree.revision().commit()).isEqualTo(Revision.WORKTREE);
            assertThat(tree.revision().committedAt()).isEqualTo(CLOCK.instant());
            assertThat(tree.under(RepoPath.ROOT))
                    .extracting(entry -> entry.path() + " " + entry.mode())
                    .containsExactly("a/c.yaml FILE", "b.yaml FILE", "link SYMLINK");
            Entry file = tree.under(new RepoPath("b.yaml")).get(0);
            assertThat(file.size()).isEqualTo(2);
            assertThat(tree.read(file)).isEqualTo("bb".getBytes(StandardCharsets.UTF_8));
            assertThat(tree.under(new RepoPath("nothing"))).isEmpty();
            assertThat(tree.since(tree.revision(), RepoPath.ROOT).changed()).hasSize(3);
        }
    }

    @Test
    void blobIdFollowsTheContentAndNotTheName() throws IOException {
        write("a", "1");
        write("b", "1");
        write("c", "2");
        try (DirectoryTree tree = new DirectoryTree(folder, CLOCK)) {
            List<Entry> entries = tree.under(RepoPath.ROOT);
            assertThat(entries.get(0).blobId()).isEqualTo(entries.get(1).blobId());
            assertThat(entries.get(0).blobId()).isNotEqualTo(entries.get(2).blobId());
            assertThat(entries).extracting(Entry::mode).containsOnly(Mode.FILE);
        }
    }

    private void write(String path, String text) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent() == null ? folder : file.getParent());
        Files.writeString(file, text);
    }
}
