package dev.trimtab.source;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.transport.URIish;

/**
 * An HTTP proxy on the way to a repository; both https and ssh are tunnelled through it.
 *
 * @param login for basic authentication; never shown
 */
public record ProxyServer(String host, int port, Optional<Credentials> login) {

    private static final int DEFAULT_PORT = 3128;

    /** Without the login. */
    @Override
    public String toString() {
        return host + ":" + port;
    }

    /**
     * Reads {@code http://host:port}, with or without a user and password.
     *
     * @throws IllegalArgumentException when it is something else; its message does not quote the address
     */
    public static ProxyServer parse(String address) {
        URI uri;
        try {
            uri = URI.create(address.contains("://") ? address : "http://" + address);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the proxy's address is no URL");
        }
        if (!"http".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null) {
            throw new IllegalArgumentException("the proxy's address is not of the form http://host:port");
        }
        Optional<Credentials> login = Optional.ofNullable(uri.getUserInfo()).map(given -> {
            int colon = given.indexOf(':');
            return colon < 0
                    ? new Credentials.Token(given, "")
                    : new Credentials.Token(given.substring(0, colon), given.substring(colon + 1));
        });
        return new ProxyServer(uri.getHost(), uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort(), login);
    }

    /**
     * What {@code HTTPS_PROXY} and {@code NO_PROXY} say about a repository, as curl reads them: {@code NO_PROXY} holds hosts
     * and domains separated by commas, or {@code *}.
     *
     * @throws IllegalArgumentException when the variable holds no address of a proxy
     */
    static Optional<ProxyServer> ofEnvironment(Map<String, String> environment, URIish repository) {
        if (!"https".equalsIgnoreCase(repository.getScheme())) {
            return Optional.empty();
        }
        return variable(environment, "HTTPS_PROXY")
                .filter(address -> !excepted(variable(environment, "NO_PROXY").orElse(""), repository.getHost()))
                .map(ProxyServer::parse);
    }

    private static Optional<String> variable(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name.toLowerCase(Locale.ROOT)))
                .or(() -> Optional.ofNullable(environment.get(name)))
                .map(String::strip)
                .filter(value -> !value.isEmpty());
    }

    private static boolean excepted(String exceptions, String repositoryHost) {
        String host = repositoryHost.toLowerCase(Locale.ROOT);
        for (String part : exceptions.toLowerCase(Locale.ROOT).split("[,\\s]+", -1)) {
            String domain = part.startsWith(".") ? part.substring(1) : part;
            if (part.equals("*") || (!domain.isEmpty() && (host.equals(domain) || host.endsWith("." + domain)))) {
                return true;
            }
        }
        return false;
    }

    Proxy toJava() {
        // The name is looked up when it is needed: the proxy may move while the process runs.
        return new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(host, port));
    }

    /** The login as it is now. */
    Optional<Credentials.Token> token() {
        return login.flatMap(Credentials::token);
    }
}
