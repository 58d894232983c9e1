package dev.trimtab.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FollowedRefTest extends OriginAndMirror {

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

    private static VersionRange range(String written) {
        return VersionRange.parse(written).orElseThrow();
    }
}
