package dev.trimtab.source;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.transport.sshd.ProxyData;
import org.eclipse.jgit.transport.sshd.SshdSessionFactory;
import org.eclipse.jgit.transport.sshd.SshdSessionFactoryBuilder;

/**
 * SSH with one key and a fixed list of hosts. The user's {@code ~/.ssh} is not looked at; a host that is not listed is refused,
 * since nobody is there to be asked.
 */
final class SshSessions implements AutoCloseable {

    private final Path home;
    private final SshdSessionFactory factory;

    SshSessions(Optional<Credentials> credentials, Optional<ProxyServer> proxy) {
        List<Path> keys = credentials.stream()
                .filter(Credentials.SshKey.class::isInstance)
                .map(key -> ((Credentials.SshKey) key).privateKey())
                .toList();
        List<Path> knownHosts = credentials.stream()
                .filter(Credentials.SshKey.class::isInstance)
                .map(key -> ((Credentials.SshKey) key).knownHosts())
                .toList();
        try {
            home = Files.createTempDirectory("trimtab-ssh");
        } catch (IOException e) {
            throw new UncheckedIOException("no folder for temporary files", e);
        }
        File directory = home.toFile();
        factory = new SshdSessionFactoryBuilder()
                .setPreferredAuthentications("publickey")
                .setHomeDirectory(directory)
                .setSshDirectory(directory)
                .setConfigStoreFactory((homeDirectory, config, user) -> null)
                .setDefaultIdentities(sshDirectory -> keys)
                .setDefaultKnownHostsFiles(sshDirectory -> knownHosts)
                .setProxyDataFactory(host -> proxy.map(SshSessions::proxyData).orElse(null))
                .build(null);
    }

    private static ProxyData proxyData(ProxyServer proxy) {
        return proxy.token()
                .map(login -> new ProxyData(
                        proxy.toJava(), login.user(), login.secret().toCharArray()))
                .orElseGet(() -> new ProxyData(proxy.toJava()));
    }

    SshdSessionFactory factory() {
        return factory;
    }

    @Override
    public void close() {
        factory.close();
        try {
            Files.deleteIfExists(home);
        } catch (IOException e) {
            // An empty folder among the temporary files harms nobody.
            home.toFile().deleteOnExit();
        }
    }
}
