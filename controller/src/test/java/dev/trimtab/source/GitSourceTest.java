package dev.trimtab.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trimtab.source.RepoTree.Entry;
import dev.trimtab.source.RepoTree.Mode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.FileMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GitSourceTest {

    @TempDir
    Path folder;

    private TestRepository origin;

    @BeforeEach
    void makeOrigin() {
        origin = new TestRepository(folder.resolve("origin.git"));
    }

    @AfterEach
    void closeOrigin() {
        origin.close();
    }

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
    void annotatedTagStandsForItsCommit() {
        String commit = origin.write("a", "1").commit("one");
        origin.tag("v1", commit);
        try (GitSource source = open("v1")) {
            assertThat(source.head()).isEqualTo(commit);
            Revision revision = source.poll(Optional.empty());
            assertThat(revision.commit()).isEqualTo(commit);
            assertThat(source.poll(Optional.of(revision))).isSameAs(revision);
        }
    }

    @Test
    void theHighestVersionInTheRangeIsFollowed() {
        String one = origin.write("a", "1").commit("one");
        origin.tag("v1.0.0", one);
        origin.ref("refs/tags/nightly", one);
        try (GitSource source = open(new Wanted.Version(range("1.x")))) {
            Revision first = source.poll(Optional.empty());
            assertThat(first.commit()).isEqualTo(one);
            assertThat(first.ref()).isEqualTo("v1.0.0");
            String two = origin.write("a", "2").commit("two");
            origin.ref("refs/tags/v1.1.0", two);
            origin.tag("v2.0.0", origin.write("a", "3").commit("three"));
            Revision second = source.poll(Optional.of(first));
            assertThat(second.commit()).isEqualTo(two).isEqualTo(source.head());
            assertThat(source.descends(second, first)).isTrue();
            origin.write("a", "9").rewrite("another line");
            origin.tag("v1.2.0", origin.write("a", "10").commit("of another history"));
            assertThat(source.descends(source.poll(Optional.of(second)), second))
                    .as("a release that does not follow the one before")
                    .isFalse();
        }
    }

    @Test
    void oneVersionWithTwoCommitsIsRefused() {
        String one = origin.write("a", "1").commit("one");
        origin.tag("v1.0.0", one);
        origin.tag("1.0.0", one);
        try (GitSource source = open(new Wanted.Version(range("*")))) {
            assertThat(source.head()).isEqualTo(one);
            origin.tag("1.0.0+rebuilt", origin.write("a", "2").commit("two"));
            assertThatThrownBy(source::head)
                    .hasMessageContaining("refs/tags/1.0.0+rebuilt and refs/tags/v1.0.0 are the same version")
                    .extracting("code")
                    .isEqualTo(SourceCode.SRC016);
        }
    }

    @Test
    void rangeThatNoTagIsInIsNamed() {
        origin.tag("v1.0.0", origin.write("a", "1").commit("one"));
        try (GitSource source = open(new Wanted.Version(range(">=2")))) {
            assertThatThrownBy(source::head)
                    .hasMessageContaining("no tag in the range \">=2\", of 1 tags")
                    .extracting("code")
                    .isEqualTo(SourceCode.SRC002);
        }
    }

    @Test
    void pinnedCommitIsReadWhereverBranchesGoAndTheRemoteIsNotAskedAgain() throws IOException {
        String one = origin.write("a", "1").commit("one");
        origin.write("a", "2").commit("two");
        try (GitSource source = open(new Wanted.Commit(one))) {
            Revision revision = source.poll(Optional.empty());
            assertThat(revision.commit()).isEqualTo(one);
            assertThat(revision.ref()).isEqualTo(one);
            Files.move(origin.path(), folder.resolve("away.git"));
            assertThat(source.poll(Optional.of(revision))).isSameAs(revision);
            assertThat(source.poll(Optional.empty())).isEqualTo(revision);
            assertThat(source.head()).isEqualTo(one);
        }
    }

    @Test
    void pinnedCommitThatIsNowhereIsNamed() {
        origin.write("a", "1").commit("one");
        try (GitSource source = open(new Wanted.Commit("f".repeat(40)))) {
            assertThatThrownBy(() -> source.poll(Optional.empty()))
                    .hasMessageContaining("has no commit ffff")
                    .extracting("code")
                    .isEqualTo(SourceCode.SRC002);
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
    void refThatIsNotThereIsNamed() {
        origin.write("a", "1").commit("one");
        try (GitSource source = open("prod")) {
            assertThatThrownBy(source::head)
                    .isInstanceOf(SourceException.class)
                    .hasMessage(origin.path() + " has no branch or tag \"prod\"; check the ref, or push it")
                    .extracting("code")
                    .isEqualTo(SourceCode.SRC002);
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

    @ParameterizedTest
    @CsvSource({
        "http://example.org/a.git, http:// is not allowed",
        "http://127.0.0.1.example.org/a.git, http:// is not allowed",
        "ftp://example.org/a.git, ftp:// is not allowed",
        "amazon-s3://key@bucket/a.git, amazon-s3:// is not allowed",
        "git://example.org/a.git, git:// is not allowed",
        "ext::sh -c evil, is not",
        "/srv/a.git, a repository of this machine is not read here",
        "file:///srv/a.git, a repository of this machine is not read here",
    })
    void addressesThatMustNotBeReadAreRefused(String address, String reason) {
        GitSource.Settings settings =
                new GitSource.Settings(address, "main", mirror(), Optional.empty(), Duration.ofSeconds(5), false);
        assertThatThrownBy(() -> GitSource.open(settings))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining(reason)
                .extracting("code")
                .isEqualTo(SourceCode.SRC005);
    }

    @ParameterizedTest
    @CsvSource({
        "https://token@example.org/a.git, https://example.org/a.git",
        "https://u:p@example.org:8443/a.git, https://example.org:8443/a.git",
        "git@example.org:shop/a.git, git@example.org:shop/a.git",
        "ssh://git:pw@example.org/a.git, ssh://git@example.org/a.git",
    })
    void shownAddressHoldsNoCredentials(String address, String shown) {
        try (GitSource source = GitSource.open(settings(address, "main", Optional.empty()))) {
            assertThat(source.repository()).isEqualTo(shown);
        }
    }

    @Test
    void credentialsAndSettingsPrintNoSecret() {
        GitSource.Settings settings = settings(
                "https://hunter2@example.org/a.git", "main", Optional.of(new Credentials.Token("ann", "hunter2")));
        assertThat(settings.toString() + settings.credentials()).doesNotContain("hunter2");
    }

    private static String everythingIn(Throwable e) {
        StringBuilder all = new StringBuilder();
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            all.append(cause).append('\n');
        }
        return all.toString();
    }

    private GitSource open(String ref) {
        return open(origin.path().toString(), ref);
    }

    private GitSource open(Wanted wanted) {
        return open(wanted, TransferLimits.STANDARD);
    }

    private GitSource open(Wanted wanted, TransferLimits limits) {
        return GitSource.open(new GitSource.Settings(
                origin.path().toString(),
                wanted,
                mirror(),
                Optional.empty(),
                Duration.ofSeconds(5),
                true,
                Optional.empty(),
                limits,
                Optional.empty()));
    }

    private static VersionRange range(String written) {
        return VersionRange.parse(written).orElseThrow();
    }

    private GitSource open(String address, String ref) {
        return GitSource.open(settings(address, ref, Optional.empty()));
    }

    @Test
    void tokenFileIsReadBeforeEachConversation(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("token");
        Credentials.TokenFile credentials = new Credentials.TokenFile("git", file);
        assertThatThrownBy(credentials::read)
                .isInstanceOf(SourceException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("not there");
        Files.writeString(file, "first\n");
        assertThat(credentials.read()).isEqualTo(new Credentials.Token("git", "first"));
        Files.writeString(file, "second\n");
        assertThat(credentials.read()).isEqualTo(new Credentials.Token("git", "second"));
        assertThat(credentials.read()).asString().doesNotContain("second");
    }

    private GitSource.Settings settings(String address, String ref, Optional<Credentials> credentials) {
        return new GitSource.Settings(address, ref, mirror(), credentials, Duration.ofSeconds(5), true);
    }

    private Path mirror() {
        return folder.resolve("mirror");
    }

    private int packs() {
        String[] packs = mirror().resolve("objects/pack").toFile().list((dir, name) -> name.endsWith(".pack"));
        return packs == null ? 0 : packs.length;
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
