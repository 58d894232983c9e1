package dev.trimtab.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Proxy;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import org.eclipse.jgit.transport.URIish;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OwnHostConnectionsTest {

    private final OwnHostConnections connections;

    OwnHostConnectionsTest() throws URISyntaxException {
        connections = new OwnHostConnections(new URIish("https://git.example.org/shop.git"), Optional.empty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"https://git.example.org/moved.git/info/refs", "https://GIT.example.org:443/shop.git/info/refs"})
    void ownHostIsConnectedTo(String url) throws IOException {
        assertThat(connections.create(URI.create(url).toURL(), Proxy.NO_PROXY)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example/shop.git/info/refs",
                "https://git.example.org.evil.example/shop.git/info/refs",
                "https://git.example.org:8443/shop.git/info/refs",
                "http://git.example.org/shop.git/info/refs",
                "https://169.254.169.254/shop.git/info/refs"
            })
    void redirectToAnywhereElseIsRefused(String url) {
        assertThatThrownBy(() -> connections.create(URI.create(url).toURL(), Proxy.NO_PROXY))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("which is not followed");
    }
}
