package dev.trimtab.join;

import dev.trimtab.bootstrap.join.Host;
import dev.trimtab.bootstrap.join.HostException;
import dev.trimtab.bootstrap.join.JoinCode;
import dev.trimtab.definition.Inventory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.apache.sshd.core.CoreModuleProperties;
import org.jspecify.annotations.Nullable;

/**
 * SSH with one key file, and for each machine the one host key that the inventory pins. The user's {@code ~/.ssh}, an agent and
 * passwords are not looked at, and an unknown host key is never taken on trust.
 */
public final class SshHosts implements Hosts {

    private final List<KeyPair> identities;
    private final Duration connectLimit;
    private final Duration commandLimit;

    /**
     * @param privateKey in the format of OpenSSH or PEM, without a passphrase
     * @param connectLimit for the connection, and again for the login
     * @param commandLimit for any command, where its own limit is not shorter
     * @throws HostException when the key cannot be read
     */
    public SshHosts(Path privateKey, Duration connectLimit, Duration commandLimit) {
        this.identities = read(privateKey);
        this.connectLimit = connectLimit;
        this.commandLimit = commandLimit;
    }

    private static List<KeyPair> read(Path file) {
        List<KeyPair> pairs = new ArrayList<>();
        try {
            Iterable<KeyPair> found = SecurityUtils.loadKeyPairIdentities(
                    null,
                    NamedResource.ofName(file.toString()),
                    Files.newInputStream(file),
                    FilePasswordProvider.EMPTY);
            if (found != null) {
                found.forEach(pairs::add);
            }
        } catch (NoSuchFileException e) {
            throw unreadable(file, "it is not there");
        } catch (IOException | GeneralSecurityException e) {
            // The library's own words may quote the file.
            throw unreadable(file, "it is no private key, or has a passphrase");
        }
        if (pairs.isEmpty()) {
            throw unreadable(file, "it holds no private key");
        }
        return List.copyOf(pairs);
    }

    private static HostException unreadable(Path file, String reason) {
        return new HostException(
                JoinCode.JOI003,
                "the private key " + file + " cannot be read: " + reason,
                "name a file with a private key without a passphrase, as ssh-keygen writes it");
    }

    @Override
    public Host connect(Inventory.Node node) {
        PublicKey pinned = pinned(node);
        AtomicReference<PublicKey> shown = new AtomicReference<>();
        SshClient client = client(pinned, shown);
        boolean connected = false;
        try {
            client.start();
            ClientSession session = client.connect(
                            node.ssh().user(), node.sshAddress(), node.ssh().port())
                    .verify(connectLimit)
                    .getSession();
            session.auth().verify(connectLimit);
            connected = true;
            return new SshHost(client, session, node.ssh().sudo(), where(node), commandLimit);
        } catch (IOException e) {
            throw refused(node, pinned, shown.get(), e);
        } finally {
            if (!connected) {
                client.stop();
            }
        }
    }

    private SshClient client(PublicKey pinned, AtomicReference<PublicKey> shown) {
        SshClient client = SshClient.setUpDefaultClient();
        UserAuthPublicKeyFactory login = new UserAuthPublicKeyFactory();
        login.setSignatureFactories(client.getSignatureFactories());
        client.setUserAuthFactories(List.of(login));
        // A machine has keys of several kinds: it must show the one that is pinned.
        String kind = KeyUtils.getKeyType(pinned);
        client.setSignatureFactories(client.getSignatureFactories().stream()
                .filter(factory ->
                        KeyUtils.getCanonicalKeyType(factory.getName()).equals(KeyUtils.getCanonicalKeyType(kind)))
                .toList());
        client.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
        client.setKeyIdentityProvider(KeyIdentityProvider.wrapKeyPairs(identities));
        client.setServerKeyVerifier((session, address, key) -> {
            shown.set(key);
            return KeyUtils.compareKeys(key, pinned);
        });
        // Installing packages may be silent for long; a dead line is not.
        CoreModuleProperties.HEARTBEAT_INTERVAL.set(client, Duration.ofSeconds(10));
        CoreModuleProperties.HEARTBEAT_NO_REPLY_MAX.set(client, 3);
        // Many small questions and answers: none should wait for the next one to fill a packet.
        CoreModuleProperties.TCP_NODELAY.set(client, true);
        CoreModuleProperties.IDLE_TIMEOUT.set(client, Duration.ZERO);
        return client;
    }

    private static PublicKey pinned(Inventory.Node node) {
        String line = node.ssh()
                .hostKey()
                .orElseThrow(() -> new HostException(
                        JoinCode.JOI003,
                        node.origin().at("/ssh") + ": node " + node.name() + " has no ssh.hostKey",
                        "add the line that ssh-keyscan prints for it, after comparing it on the machine itself"));
        try {
            PublicKeyEntry entry = PublicKeyEntry.parsePublicKeyEntry(line.strip());
            return entry.resolvePublicKey(null, Map.of(), PublicKeyEntryResolver.FAILING);
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new HostException(
                    JoinCode.JOI003,
                    node.origin().at("/ssh/hostKey") + ": the ssh.hostKey of node " + node.name() + " cannot be read",
                    "write it as in known_hosts, without the host: ssh-ed25519 AAAA...");
        }
    }

    private static HostException refused(
            Inventory.Node node, PublicKey pinned, @Nullable PublicKey shown, IOException e) {
        if (shown != null && !KeyUtils.compareKeys(shown, pinned)) {
            return new HostException(
                    JoinCode.JOI002,
                    where(node) + " shows the host key " + KeyUtils.getFingerPrint(shown) + ", the inventory pins "
                            + KeyUtils.getFingerPrint(pinned),
                    "nothing was sent; compare the key on the machine itself (ssh-keygen -lf"
                            + " /etc/ssh/ssh_host_ed25519_key.pub) before changing ssh.hostKey");
        }
        if (shown != null) {
            return new HostException(
                    JoinCode.JOI004,
                    where(node) + " refuses the login of " + node.ssh().user() + ": " + e.getMessage(),
                    "add the public half of --ssh-key to authorized_keys of "
                            + node.ssh().user() + " there");
        }
        return new HostException(
                JoinCode.JOI001,
                where(node) + " cannot be reached: " + e.getMessage(),
                "check that the machine runs and its SSH server listens there");
    }

    private static String where(Inventory.Node node) {
        return node.name() + " (" + node.sshAddress() + ":" + node.ssh().port() + ")";
    }
}
