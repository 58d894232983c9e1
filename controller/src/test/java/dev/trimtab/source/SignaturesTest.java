package dev.trimtab.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trimtab.source.TrustedKeys.KeyFile;
import dev.trimtab.source.Verification.Scope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is not signed by somebody trusted is not let through, and each reason has its own code. */
class SignaturesTest {

    private static final Instant TIME = TestRepository.TIME;
    private static final Instant NOW = TIME.plus(Duration.ofDays(1));

    @TempDir
    private Path folder;

    private TestRepository origin;
    private final List<KeyFile> trusted = new ArrayList<>();

    enum Kind {
        OPENPGP {
            @Override
            TestSigner signer() {
                return OpenPgpTestKey.of("Ann <ann@example.org>", TIME.minusSeconds(3600));
            }
        },
        SSH {
            @Override
            TestSigner signer() {
                return SshTestKey.of("ann@example.org");
            }
        };

        abstract TestSigner signer();
    }

    @BeforeEach
    void makeOrigin() {
        origin = new TestRepository(folder.resolve("origin.git"));
    }

    @AfterEach
    void closeOrigin() {
        origin.close();
    }

    @ParameterizedTest
    @EnumSource
    void aCommitSignedWithATrustedKeyTellsByWhom(Kind kind) {
        TestSigner ann = kind.signer();
        trusted.add(ann.publicKey());
        origin.signedBy(Optional.of(ann)).write("a", "1").commit("one");
        try (GitSource source = open("main", Scope.HEAD)) {
            Revision.Signer signer = source.poll(Optional.empty()).verifiedBy().orElseThrow();
            assertThat(signer.identity()).contains("ann@example.org");
            assertThat(signer.keyId())
                    .isEqualTo(ann instanceof OpenPgpTestKey key ? key.keyId() : ((SshTestKey) ann).fingerprint());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCommitThatIsNotSignedIsRefusedAndTheLastGoodOneStaysReadable(Kind kind) {
        TestSigner ann = kind.signer();
        trusted.add(ann.publicKey());
        origin.signedBy(Optional.of(ann)).write("a", "1").commit("one");
        try (GitSource source = open("main", Scope.HEAD)) {
            Revision good = source.poll(Optional.empty());
            origin.signedBy(Optional.<TestSigner>empty()).write("a", "2").commit("two");
            refused(source, Optional.of(good), SourceCode.SRC010, "is not signed", "git commit -S");
            try (RepoTree tree = source.tree(good)) {
                assertThat(tree.under(RepoPath.ROOT)).hasSize(1);
            }
            origin.signedBy(Optional.of(ann)).commit("three");
            assertThat(source.poll(Optional.of(good)).verifiedBy()).isPresent();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aKeyThatIsNotTrustedIsNamed(Kind kind) {
        trusted.add(kind.signer().publicKey());
        TestSigner mallory = kind.signer();
        origin.signedBy(Optional.of(mallory)).write("a", "1").commit("one");
        String key = mallory instanceof SshTestKey ssh
                ? ssh.fingerprint()
                : ((OpenPgpTestKey) mallory).keyId().substring(24);
        try (GitSource source = open("main", Scope.HEAD)) {
            refused(source, Optional.empty(), SourceCode.SRC011, key, "not among the trusted ones");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSignatureOfSomethingElseIsRefused(Kind kind) {
        TestSigner ann = kind.signer();
        trusted.add(ann.publicKey());
        origin.signedBy((data, at) -> ann.sign("something else".getBytes(StandardCharsets.UTF_8), at))
                .write("a", "1")
                .commit("one");
        try (GitSource source = open("main", Scope.HEAD)) {
            refused(source, Optional.empty(), SourceCode.SRC014, "does not hold");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-----BEGIN PGP SIGNATURE-----\n\nAAAA\n-----END PGP SIGNATURE-----",
                "-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----",
                "-----BEGIN SSH SIGNATURE-----\nU1NIU0lHAAAAAQAAADMAAAALc3NoLWVk\n-----END SSH SIGNATURE-----",
                "-----BEGIN SIGNED MESSAGE-----\nMIIB\n-----END SIGNED MESSAGE-----",
                "signed, Ann",
            })
    void aSignatureThatIsNoneIsRefused(String signature) {
        trusted.add(Kind.SSH.signer().publicKey());
        trusted.add(Kind.OPENPGP.signer().publicKey());
        origin.signedBy((data, at) -> signature).write("a", "1").commit("one");
        try (GitSource source = open("main", Scope.HEAD)) {
            refused(source, Optional.empty(), SourceCode.SRC014, "commit");
        }
    }

    @Test
    void anSshSignatureForAnotherPurposeIsRefused() {
        SshTestKey ann = SshTestKey.of("ann@example.org");
        trusted.add(ann.publicKey());
        origin.signedBy((data, at) -> ann.sign(data, "file")).write("a", "1").commit("one");
        try (GitSource source = open("main", Scope.HEAD)) {
            refused(source, Optional.empty(), SourceCode.SRC014, "does not hold");
        }
    }

    @ParameterizedTest(name = "made {0} days after the key, looked at {1} days after it")
    @CsvSource({"1, 2, true", "1, 40, false", "40, 41, false"})
    void anOpenPgpKeyHasToBeValidWhenItSignedAndNow(int made, int looked, boolean good) {
        Instant created = TIME.minus(Duration.ofDays(made));
        OpenPgpTestKey ann = OpenPgpTestKey.of("Ann <ann@example.org>", created, Optional.of(Duration.ofDays(30)));
        trusted.add(ann.publicKey());
        origin.signedBy(Optional.of(ann)).write("a", "1").commit("one");
        try (GitSource source = open("main", Scope.HEAD, created.plus(Duration.ofDays(looked)))) {
            if (good) {
                assertThat(source.poll(Optional.empty()).verifiedBy()).isPresent();
            } else {
                refused(source, Optional.empty(), SourceCode.SRC012, ann.keyId(), "expired");
            }
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            quoteCharacter = '\'',
            value = {
                "valid-before=\"20260601Z\", true",
                "valid-before=\"20260102Z\", false",
                "valid-before=\"20260102120000Z\", false",
                "valid-after=\"20260103Z\", false",
                "'namespaces=\"git\"', true",
            })
    void anSshKeyHasToBeValidWhenItSignedAndNow(String option, boolean good) {
        SshTestKey ann = SshTestKey.of("ann@example.org").with(option);
        trusted.add(ann.publicKey());
        origin.signedBy(Optional.of(ann)).write("a", "1").commit("one");
        try (GitSource source = open("main", Scope.HEAD)) {
            if (good) {
                assertThat(source.poll(Optional.empty()).verifiedBy()).isPresent();
            } else {
                refused(source, Optional.empty(), SourceCode.SRC012, ann.fingerprint(), "expired");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anOpenPgpKeyThatIsRevokedIsRefusedWheneverItSigned(boolean stolen) {
        OpenPgpTestKey ann = OpenPgpTestKey.of("Ann <ann@example.org>", TIME.minusSeconds(3600));
        trusted.add(ann.revoked(TIME.plusSeconds(60), stolen).publicKey());
        origin.signedBy(Optional.of(ann)).write("a", "1").commit("one");
        try (GitSource source = open("main", Scope.HEAD)) {
            refused(source, Optional.empty(), SourceCode.SRC013, ann.keyId(), "revoked");
        }
    }

    @Test
    void anSshKeyOnTheListOfRevokedOnesIsRefused() {
        SshTestKey ann = SshTestKey.of("ann@example.org");
        trusted.add(ann.publicKey());
        trusted.add(new KeyFile("keys/revoked_keys", (ann.publicLine() + "\n").getBytes(StandardCharsets.UTF_8)));
        origin.signedBy(Optional.of(ann)).write("a", "1").commit("one");
        try (GitSource source = open("main", Scope.HEAD)) {
            refused(source, Optional.empty(), SourceCode.SRC013, ann.fingerprint(), "revoked");
        }
    }

    @Test
    void whereAllHaveToBeSignedEachCommitSinceTheTrustedOneIsLookedAt() {
        TestSigner ann = Kind.SSH.signer();
        trusted.add(ann.publicKey());
        origin.write("a", "0").commit("before anybody signed");
        origin.signedBy(Optional.of(ann)).write("a", "1").commit("one");
        try (GitSource head = open("main", Scope.HEAD);
                GitSource all = open("main", Scope.ALL)) {
            Revision one = all.poll(Optional.empty());
            String unsigned = origin.signedBy(Optional.<TestSigner>empty())
                    .write("a", "2")
                    .commit("two");
            origin.signedBy(Optional.of(ann)).write("a", "3").commit("three");
            assertThat(head.poll(Optional.of(one)).verifiedBy()).isPresent();
            refused(all, Optional.of(one), SourceCode.SRC010, unsigned.substring(0, 7));

            Revision gone = new Revision("f".repeat(40), "main", TIME, "", "", Optional.empty());
            assertThatThrownBy(() -> all.poll(Optional.empty(), Optional.of(gone)))
                    .as("without the trusted commit nothing is known of any")
                    .isInstanceOf(SourceException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSignedTagVouchesForACommitThatIsNotSigned(Kind kind) {
        TestSigner ann = kind.signer();
        trusted.add(ann.publicKey());
        String commit = origin.write("a", "1").commit("one");
        origin.signedBy(Optional.of(ann)).tag("v1.0.0", commit);
        try (GitSource source = open("v1.0.0", Scope.HEAD)) {
            assertThat(source.poll(Optional.empty()).verifiedBy()).isPresent();
        }
        origin.signedBy(Optional.of(kind.signer())).tag("v1.0.1", commit);
        try (GitSource source = open("v1.0.1", Scope.HEAD)) {
            refused(source, Optional.empty(), SourceCode.SRC011, "tag v1.0.1");
        }
        origin.signedBy(Optional.<TestSigner>empty()).tag("v1.0.2", commit);
        try (GitSource source = open("v1.0.2", Scope.HEAD)) {
            refused(source, Optional.empty(), SourceCode.SRC010, "is not signed");
        }
    }

    @Test
    void aSignedTagUnderAnotherNameIsRefused() {
        TestSigner ann = Kind.SSH.signer();
        trusted.add(ann.publicKey());
        String tag = origin.signedBy(Optional.of(ann))
                .tag("v1.0.0", origin.write("a", "1").commit("one"));
        origin.ref("refs/tags/v2.0.0", tag);
        try (GitSource source = open("v2.0.0", Scope.HEAD)) {
            refused(source, Optional.empty(), SourceCode.SRC014, "v1.0.0", "that name only");
        }
    }

    @Test
    void aTagThatIsSignedLaterIsFetchedAgain() {
        TestSigner ann = Kind.SSH.signer();
        trusted.add(ann.publicKey());
        String commit = origin.write("a", "1").commit("one");
        origin.ref("refs/tags/v1", commit);
        try (GitSource source = open("v1", Scope.HEAD)) {
            refused(source, Optional.empty(), SourceCode.SRC010, "is not signed");
            origin.signedBy(Optional.of(ann)).tag("v1", commit);
            assertThat(source.poll(Optional.empty()).verifiedBy()).isPresent();
        }
    }

    @Test
    void keysAreReadAnewForEachNewCommit() throws IOException {
        TestSigner ann = Kind.SSH.signer();
        Path keys = Files.createDirectories(folder.resolve("keys"));
        origin.signedBy(Optional.of(ann)).write("a", "1").commit("one");
        try (GitSource source = open("main", Scope.HEAD, NOW, new KeyFiles(List.of(keys)))) {
            refused(source, Optional.empty(), SourceCode.SRC015, "there are no keys");
            Files.write(keys.resolve("allowed_signers"), ann.publicKey().content());
            assertThat(source.poll(Optional.empty()).verifiedBy()).isPresent();
            Files.write(
                    keys.resolve("ann.asc"), Kind.OPENPGP.signer().publicKey().content());
            Files.writeString(keys.resolve(".hidden"), "not a key");
            assertThat(source.poll(Optional.empty()).verifiedBy()).isPresent();
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA== ann",
                "hello",
                "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAAAA\n-----END PGP PUBLIC KEY BLOCK-----\n",
                "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAAAA\n",
                "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n"
            })
    void whatIsNoKeyIsToldWithItsPlace(String content) {
        trusted.add(Kind.SSH.signer().publicKey());
        trusted.add(new KeyFile("keys/odd", content.getBytes(StandardCharsets.UTF_8)));
        origin.write("a", "1").commit("one");
        try (GitSource source = open("main", Scope.HEAD)) {
            refused(source, Optional.empty(), SourceCode.SRC015, "keys/odd");
        }
    }

    @Test
    void keyFilesThatAreNotThereAreNamed() {
        KeyFiles files = new KeyFiles(List.of(folder.resolve("absent")));
        assertThatThrownBy(files::read)
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("absent")
                .hasMessageContaining("not there")
                .extracting("code")
                .isEqualTo(SourceCode.SRC015);
    }

    private static void refused(GitSource source, Optional<Revision> last, SourceCode code, String... words) {
        assertThatThrownBy(() -> source.poll(last))
                .isInstanceOf(SourceException.class)
                .hasMessageContainingAll(words)
                .extracting("code")
                .isEqualTo(code);
    }

    private GitSource open(String ref, Scope scope) {
        return open(ref, scope, NOW);
    }

    private GitSource open(String ref, Scope scope, Instant now) {
        return open(ref, scope, now, () -> trusted);
    }

    private GitSource open(String ref, Scope scope, Instant now, TrustedKeys keys) {
        return GitSource.open(new GitSource.Settings(
                origin.path().toString(),
                new Wanted.Named(ref),
                folder.resolve("mirror-" + ref + scope),
                Optional.empty(),
                Duration.ofSeconds(5),
                true,
                Optional.empty(),
                TransferLimits.STANDARD,
                Optional.of(new Verification(scope, keys, Clock.fixed(now, ZoneOffset.UTC)))));
    }
}
