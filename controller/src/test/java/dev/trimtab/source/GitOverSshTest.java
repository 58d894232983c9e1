package dev.trimtab.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.Optional;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.command.AbstractCommandSupport;
import org.eclipse.jgit.transport.UploadPack;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real SSH server on loopback that serves one repository. */
class GitOverSshTest {

    @TempDir
    Path folder;

    private final KeyPair hostKey = keyPair();
    private final KeyPair userKey = keyPair();
    private final SshServer server = SshServer.setUpDefaultServer();
    private TestRepository origin;

    @BeforeEach
    void serve() throws IOException {
        origin = new TestRepository(folder.resolve("origin.git"));
        server.setHost("127.0.0.1");
        server.setKeyPairProvider(KeyPairProvider.wrap(hostKey));
        server.setPublickeyAuthenticator(
                (user, key, session) -> user.equals("git") && KeyUtils.compareKeys(key, userKey.getPublic()));
        server.setCommandFactory((channel, command) -> new AbstractCommandSupport(command, null) {
            @Override
            public void run() {
                try (UploadPack upload = new UploadPack(origin.repository())) {
                    upload.upload(getInputStream(), getOutputStream(), getErrorStream());
                    onExit(0);
                } catch (IOException e) {
                    onExit(1, "failed");
                }
            }
        });
        server.start();
    }

    @AfterEach
    void stop() throws IOException {
        server.close(true);
        origin.close();
    }

    @Test
    void commitIsReadWithTheGivenKeyFromTheKnownHost() {
        String commit = origin.write("a", "1").commit("one");
        try (GitSource source = open(userKey, hostKey)) {
            assertThat(source.poll(Optional.empty()).commit()).isEqualTo(commit);
        }
    }

    @Test
    void hostThatIsNotKnownOrShowsAnotherKeyIsRefused() {
        try (GitSource source = open(userKey, keyPair())) {
            assertThatThrownBy(source::head)
                    .isInstanceOf(SourceException.class)
                    .hasMessageContaining("not in known_hosts")
                    .extracting("code")
                    .isEqualTo(SourceCode.SRC004);
        }
    }

    @Test
    void keyThatTheServerDoesNotTakeIsToldAsSuch() {
        try (GitSource source = open(keyPair(), hostKey)) {
            assertThatThrownBy(source::head)
                    .isInstanceOf(SourceException.class)
                    .hasMessageContaining("the credentials were refused")
                    .extracting("code")
                    .isEqualTo(SourceCode.SRC003);
        }
    }

    private GitSource open(KeyPair user, KeyPair host) {
        Path privateKey = folder.resolve("id");
        Path knownHosts = folder.resolve("known_hosts");
        try (OutputStream out = Files.newOutputStream(privateKey)) {
            OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(user, "test", null, out);
            Files.writeString(
                    knownHosts,
                    "[127.0.0.1]:" + server.getPort() + " " + PublicKeyEntry.toString(host.getPublic()) + "\n");
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        return GitSource.open(new GitSource.Settings(
                "ssh://git@127.0.0.1:" + server.getPort() + "/shop.git",
                "main",
                folder.resolve("mirror"),
                Optional.of(new Credentials.SshKey(privateKey, knownHosts)),
                Duration.ofSeconds(20),
                false));
    }

    private static KeyPair keyPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
