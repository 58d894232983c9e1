package dev.trimtab.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trimtab.source.RepoTree.Entry;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MirrorTest extends OriginAndMirror {

    @Test
    void damagedMirrorIsThrownAwayAndMadeAgain() throws IOException {
        String commit = origin.write("a", "content").commit("one");
        try (GitSource source = open("main")) {
            Revision revision = source.poll(Optional.empty());
            deleteBelow(mirror().resolve("objects"));
            assertThatThrownBy(() -> {
                        try (RepoTree tree = source.tree(revision)) {
                            tree.read(tree.under(RepoPath.ROOT).get(0));
                        }
                    })
                    .isInstanceOf(SourceException.class)
                    .extracting("code")
                    .isEqualTo(SourceCode.SRC006);
            assertThat(source.poll(Optional.of(revision))).isEqualTo(revision);
            try (RepoTree tree = source.tree(revision)) {
                assertThat(tree.read(tree.under(RepoPath.ROOT).get(0))).hasSize(7);
            }
        }
        Files.writeString(mirror().resolve("config"), "[core\n");
        Files.delete(mirror().resolve("HEAD"));
        try (GitSource source = open("main")) {
            assertThat(source.poll(Optional.empty()).commit()).isEqualTo(commit);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"objects/pack/*.pack", "objects/pack/*.idx", "HEAD", "config", "refs/trimtab/heads/main"})
    void fileThatWasCutOffInTheMirrorIsHealedWithinTwoPolls(String damaged) throws IOException {
        origin.write("a", "content").commit("one");
        try (GitSource source = open("main")) {
            source.poll(Optional.empty());
        }
        Path file = Path.of(damaged);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(
                mirror().resolve(file).getParent(), file.getFileName().toString())) {
            for (Path match : files) {
                assertThat(match.toFile().setWritable(true)).isTrue();
                Files.write(match, Arrays.copyOf(Files.readAllBytes(match), 7));
            }
        }
        origin.write("b", "more").commit("two");
        try (GitSource source = open("main")) {
            assertThat(filesAfterPoll(source).or(() -> filesAfterPoll(source))).contains(2);
        }
    }

    /** Number of files that could be read, empty when the mirror turned out to be damaged. */
    private static Optional<Integer> filesAfterPoll(GitSource source) {
        try (RepoTree tree = source.tree(source.poll(Optional.empty()))) {
            List<Entry> entries = tree.under(RepoPath.ROOT);
            entries.forEach(tree::read);
            return Optional.of(entries.size());
        } catch (SourceException e) {
            assertThat(e.code()).isEqualTo(SourceCode.SRC006);
            return Optional.empty();
        }
    }

    @Test
    void lockLeftBehindByADeadProcessDoesNotStopThePoll() throws IOException {
        origin.write("a", "1").commit("one");
        try (GitSource source = open("main")) {
            Revision one = source.poll(Optional.empty());
            Files.createFile(mirror().resolve("refs/trimtab/heads/main.lock"));
            String two = origin.write("a", "2").commit("two");
            assertThat(source.poll(Optional.of(one)).commit()).isEqualTo(two);
        }
    }

    @Test
    void mirrorIsKeptBetweenProcessesAndTidiedWhenNothingMoves() {
        origin.write("a", "0").commit("first");
        Revision last;
        try (GitSource source = open("main")) {
            last = source.poll(Optional.empty());
        }
        for (int i = 0; i < 22; i++) {
            origin.write("a", "content " + i).commit("change " + i);
            try (GitSource source = open("main")) {
                last = source.poll(Optional.of(last));
            }
        }
        assertThat(packs()).isGreaterThan(20);
        try (GitSource source = open("main");
                RepoTree tree = source.tree(source.poll(Optional.of(last)))) {
            assertThat(packs()).isEqualTo(1);
            assertThat(tree.under(RepoPath.ROOT)).hasSize(1);
        }
    }

    @Test
    void folderThatSomebodyElseFilledIsNotTouched() throws IOException {
        Files.createDirectories(mirror());
        Files.writeString(mirror().resolve("thesis.txt"), "x");
        assertThatThrownBy(() -> open("main"))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("holds something else");
        assertThat(mirror().resolve("thesis.txt")).exists();
    }

    private static void deleteBelow(Path directory) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(directory)) {
            files = walk.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
    }
}
