package dev.trimtab.source;

import java.io.IOException;
import java.net.Proxy;
import java.net.URL;
import java.util.Optional;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.transport.http.HttpConnection;
import org.eclipse.jgit.transport.http.HttpConnectionFactory;
import org.eclipse.jgit.transport.http.JDKHttpConnectionFactory;
import org.jspecify.annotations.Nullable;

/**
 * Connects to one host only. JGit sends the credentials along when a server redirects it, wherever that leads; and a
 * controller must not be led to addresses that only it can reach.
 */
final class OwnHostConnections implements HttpConnectionFactory {

    private final URIish home;
    private final Proxy proxy;
    private final HttpConnectionFactory connections = new JDKHttpConnectionFactory();

    /** @param proxy on the way there, whatever Java's own settings say */
    OwnHostConnections(URIish home, Optional<ProxyServer> proxy) {
        this.home = home;
        this.proxy = proxy.map(ProxyServer::toJava).orElse(Proxy.NO_PROXY);
    }

    @Override
    public HttpConnection create(URL url) throws IOException {
        return connections.create(atHome(url), proxy);
    }

    @Override
    public HttpConnection create(URL url, @Nullable Proxy ofTheMachine) throws IOException {
        return connections.create(atHome(url), proxy);
    }

    private URL atHome(URL url) throws IOException {
        int port = home.getPort() > 0 ? home.getPort() : url.getDefaultPort();
        int asked = url.getPort() > 0 ? url.getPort() : url.getDefaultPort();
        if (!url.getProtocol().equalsIgnoreCase(home.getScheme())
                || !url.getHost().equalsIgnoreCase(home.getHost())
                || asked != port) {
            throw new IOException(
                    "it redirects to " + url.getHost() + ", which is not followed; use that address instead");
        }
        return url;
    }
}
