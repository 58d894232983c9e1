package dev.trimtab.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.command.AbstractCommandSupport;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.eclipse.jgit.transport.UploadPack;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real SSH server on loopback that serves one repository. */
class GitOverSshTest {

    @TempDir
    Path folder;

    private KeyPair hostKey = keyPair();
    private KeyPair userKey = keyPair();
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
    void commitIsReadThroughAProxyThatAsksForALogin() throws IOException {
        String commit = origin.write("a", "1").commit("one");
        String login = "Basic " + Base64.getEncoder().encodeToString("bob:hunter2".getBytes(StandardCharsets.UTF_8));
        try (ConnectProxy proxy = new ConnectProxy(Optional.of(login))) {
            ProxyServer server = ProxyServer.parse(proxy.address());
            Path password = Files.writeString(folder.resolve("password"), "hunter2\n");
            ProxyServer behind = new ProxyServer(
                    server.host(), server.port(), Optional.of(new Credentials.TokenFile("bob", password)));
            try (GitSource source = open(userKey, hostKey, Optional.of(behind))) {
                assertThat(source.poll(Optional.empty()).commit()).isEqualTo(commit);
            }
            assertThat(proxy.requests()).isNotEmpty();

            Files.writeString(password, "wrong");
            try (GitSource source = open(userKey, hostKey, Optional.of(behind))) {
                assertThatThrownBy(source::head)
                        .isInstanceOf(SourceException.class)
                        .hasMessageContaining("the proxy " + behind)
                        .extracting("code")
                        .isEqualTo(SourceCode.SRC017);
            }
        }
    }

    @Test
    void keysOfTodaysKindAreUnderstood() {
        String commit = origin.write("a", "1").commit("one");
        userKey = SshTestKey.ed25519();
        hostKey = SshTestKey.ed25519();
        server.setKeyPairProvider(KeyPairProvider.wrap(hostKey));
        try (GitSource source = open(userKey, hostKey)) {
            assertThat(source.poll(Optional.empty()).commit()).isEqualTo(commit);
        }
    }

    @Test
    void privateKeyMayBePem() throws IOException, GeneralSecurityException {
        userKey = KeyPairGenerator.getInstance("RSA").generateKeyPair();
        String commit = origin.write("a", "1").commit("one");
        try (GitSource source = open(userKey, hostKey)) {
            try (JcaPEMWriter pem = new JcaPEMWriter(Files.newBufferedWriter(folder.resolve("id")))) {
                pem.writeObject(userKey.getPrivate());
            }
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
        return open(user, host, Optional.empty());
    }

    private GitSource open(KeyPair user, KeyPair host, Optional<ProxyServer> proxy) {
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
                new Wanted.Named("main"),
                folder.resolve("mirror"),
                Optional.of(new Credentials.SshKey(privateKey, knownHosts)),
                Duration.ofSeconds(20),
                false,
                proxy,
                TransferLimits.STANDARD,
                Optional.empty()));
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
