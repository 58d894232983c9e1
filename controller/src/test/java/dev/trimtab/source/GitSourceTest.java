package dev.trimtab.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trimtab.source.RepoTree.Entry;
import dev.trimtab.source.RepoTree.Mode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import org.eclipse.jgit.lib.FileMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GitSourceTest extends OriginAndMirror {

    @ParameterizedTest
    @ValueSource(strings = {"%s", "file://%s"})
    void pollTellsTheCommitAndTheTreeItsFiles(String address) {
        String commit = origin.write("a-b.yaml", "x").write("a/b.yaml", "yy").commit("Say hello\n\nAt length.");
        try (GitSource source = open(address.formatted(origin.path()), "main")) {
            Revision revision = source.poll(Optional.empty());
            assertThat(revision)
                    .isEqualTo(new Revision(commit, "main", TestRepository.TIME, "Ann", "Say hello", Optional.empty()));
            assertThat(source.head()).isEqualTo(commit);
            try (RepoTree tree = source.tree(revision)) {
                assertThat(tree.under(RepoPath.ROOT))
                        .extracting(entry -> entry.path() + " " + entry.size())
                        .containsExactly("a-b.yaml 1", "a/b.yaml 2");
                assertThat(tree.under(new RepoPath("a"))).hasSize(1);
                assertThat(tree.under(new RepoPath("a-b.yaml"))).hasSize(1);
                assertThat(tree.under(new RepoPath("nothing"))).isEmpty();
                assertThat(tree.read(tree.under(new RepoPath("a")).get(0)))
                        .isEqualTo("yy".getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    @Test
    void linksAndSubmodulesAreSeenAsSuch() {
        origin.write("l", "../../etc/passwd", FileMode.SYMLINK)
                .submodule("m")
                .write("x.sh", "", FileMode.EXECUTABLE_FILE)
                .commit("x");
        try (GitSource source = open("main");
                RepoTree tree = source.tree(source.poll(Optional.empty()))) {
            assertThat(tree.under(RepoPath.ROOT))
                    .extracting(Entry::mode)
                    .containsExactly(Mode.SYMLINK, Mode.SUBMODULE, Mode.FILE);
        }
    }

    @Test
    void sameCommitGivesTheSameRevisionWithoutAFetch() {
        origin.write("a", "1").commit("one");
        try (GitSource source = open("main")) {
            Revision first = source.poll(Optional.empty());
            int packs = packs();
            assertThat(source.poll(Optional.of(first))).isSameAs(first);
            assertThat(source.poll(Optional.empty())).isEqualTo(first);
            assertThat(packs()).isEqualTo(packs);
        }
    }

    @Test
    void differencesAreAddedChangedAndRemovedEntriesBelowThePath() {
        origin.write("in/same", "s")
                .write("in/changed", "1")
                .write("in/removed", "r")
                .write("out", "1")
                .commit("one");
        try (GitSource source = open("main")) {
            Revision one = source.poll(Optional.empty());
            origin.write("in/changed", "2")
                    .write("in/added", "a")
                    .delete("in/removed")
                    .write("out", "2");
            origin.commit("two");
            Revision two = source.poll(Optional.of(one));
            try (RepoTree tree = source.tree(two)) {
                RepoTree.TreeDiff diff = tree.since(one, new RepoPath("in"));
                assertThat(diff.changed())
                        .extracting(entry -> entry.path().value())
                        .containsExactly("in/added", "in/changed");
                assertThat(diff.removed()).containsExactly(new RepoPath("in/removed"));
                assertThat(tree.since(two, RepoPath.ROOT).isEmpty()).isTrue();
            }
            origin.write("out", "3").commit("three");
            try (RepoTree tree = source.tree(source.poll(Optional.of(two)))) {
                assertThat(tree.since(two, new RepoPath("in")).isEmpty()).isTrue();
            }
        }
    }

    @Test
    void fileThatBecomesAFolderIsRemovedAndItsFilesAreAdded() {
        origin.write("a", "1").commit("one");
        try (GitSource source = open("main")) {
            Revision one = source.poll(Optional.empty());
            origin.delete("a").write("a/b", "1").commit("two");
            try (RepoTree tree = source.tree(source.poll(Optional.of(one)))) {
                RepoTree.TreeDiff diff = tree.since(one, RepoPath.ROOT);
                assertThat(diff.removed()).containsExactly(new RepoPath("a"));
                assertThat(diff.changed()).extracting(Entry::path).containsExactly(new RepoPath("a/b"));
            }
        }
    }

    @Test
    void sinceACommitThatIsGoneEverythingCountsAsChanged() {
        origin.write("a", "1").commit("one");
        Revision gone = new Revision("f".repeat(40), "main", TestRepository.TIME, "", "", Optional.empty());
        try (GitSource source = open("main");
                RepoTree tree = source.tree(source.poll(Optional.empty()))) {
            assertThat(tree.since(gone, RepoPath.ROOT).changed()).hasSize(1);
        }
    }

    @Test
    void rewrittenHistoryIsTaken() {
        origin.write("a", "1").commit("one");
        try (GitSource source = open("main")) {
            Revision one = source.poll(Optional.empty());
            String other = origin.write("a", "2").rewrite("other");
            Revision two = source.poll(Optional.of(one));
            assertThat(two.commit()).isEqualTo(other);
            try (RepoTree tree = source.tree(two)) {
                assertThat(tree.since(one, RepoPath.ROOT).changed()).hasSize(1);
            }
        }
    }

    @Test
    void historyTellsWhichCommitFollowsWhich() {
        origin.write("a", "1").commit("one");
        try (GitSource source = open("main")) {
            Revision one = source.poll(Optional.empty());
            origin.write("a", "2").commit("two");
            Revision two = source.poll(Optional.of(one));
            origin.write("a", "3").rewrite("other");
            Revision other = source.poll(Optional.of(two));
            assertThat(source.descends(two, one)).isTrue();
            assertThat(source.descends(two, two)).isTrue();
            assertThat(source.descends(one, two))
                    .as("a branch that was set back")
                    .isFalse();
            assertThat(source.descends(other, two)).as("a forced push").isFalse();
            Revision gone = new Revision("f".repeat(40), "main", TestRepository.TIME, "", "", Optional.empty());
            assertThat(source.descends(other, gone)).as("a lost commit").isFalse();
        }
    }

    @Test
    void fetchOfMoreThanIsAllowedIsBrokenOff() {
        origin.write("a", "1").commit("one");
        try (GitSource source = open(new Wanted.Named("main"), new TransferLimits(20_000, 1 << 20, 100))) {
            Revision good = source.poll(Optional.empty());
            byte[] noise = new byte[30_000];
            new Random(1).nextBytes(noise);
            origin.write("noise", HexFormat.of().formatHex(noise)).commit("two");
            assertThatThrownBy(() -> source.poll(Optional.of(good)))
                    .hasMessageContaining("more than 20000 bytes at once")
                    .hasMessageContaining("spec.source.limits.fetch")
                    .extracting("code")
                    .isEqualTo(SourceCode.SRC009);
            try (RepoTree tree = source.tree(good)) {
                assertThat(tree.under(RepoPath.ROOT)).hasSize(1);
            }
            origin.delete("noise").rewrite("three");
            assertThat(source.poll(Optional.of(good)).subject()).isEqualTo("three");
        }
    }

    @Test
    void foldersThatHoldEachOtherManyTimesOverAreNotWalkedToTheirEnd() {
        origin.write("a", "1").commit("one");
        try (GitSource source = open("main")) {
            Revision good = source.poll(Optional.empty());
            origin.bomb(10, 10);
            Revision bomb = source.poll(Optional.of(good));
            try (RepoTree tree = source.tree(bomb)) {
                assertThatThrownBy(() -> tree.under(RepoPath.ROOT))
                        .hasMessageContaining("more than 100000 files and folders")
                        .extracting("code")
                        .isEqualTo(SourceCode.SRC009);
                assertThatThrownBy(() -> tree.since(good, RepoPath.ROOT))
                        .extracting("code")
                        .isEqualTo(SourceCode.SRC009);
            }
        }
    }

    @Test
    void repositoryThatComesBackJustWorks() throws IOException {
        String commit = origin.write("a", "1").commit("one");
        Path away = folder.resolve("away.git");
        try (GitSource source = open("main")) {
            Files.move(origin.path(), away);
            assertThatThrownBy(() -> source.poll(Optional.empty()))
                    .isInstanceOf(SourceException.class)
                    .hasMessageStartingWith("cannot read " + origin.path() + ": no Git repository is there");
            Files.move(away, origin.path());
            assertThat(source.poll(Optional.empty()).commit()).isEqualTo(commit);
        }
    }

    @Test
    void hostThatDoesNotAnswerIsTold() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        String address = "https://ann:hunter2@127.0.0.1:" + port + "/shop.git";
        try (GitSource source = GitSource.open(settings(address, "main", Optional.empty()))) {
            assertThat(source.repository()).isEqualTo("https://127.0.0.1:" + port + "/shop.git");
            assertThatThrownBy(() -> source.poll(Optional.empty()))
                    .isInstanceOf(SourceException.class)
                    .hasMessage("cannot read https://127.0.0.1:" + port
                            + "/shop.git: the host does not take connections; check host, port and network")
                    .satisfies(e -> assertThat(everythingIn(e))
                            .doesNotContain("hunter2")
                            .doesNotContain("ann@"));
        }
    }

    private static String everythingIn(Throwable e) {
        StringBuilder all = new StringBuilder();
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            all.append(cause).append('\n');
        }
        return all.toString();
    }
}
