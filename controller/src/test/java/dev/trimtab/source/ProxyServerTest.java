package dev.trimtab.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URISyntaxException;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.transport.URIish;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyServerTest {

    @ParameterizedTest(name = "{0} with NO_PROXY={1} goes by {2}")
    @CsvSource(
            delimiter = ';',
            value = {
                "https://git.example.org/a.git; ''; proxy:8080",
                "https://git.example.org/a.git; example.com; proxy:8080",
                "https://git.example.org/a.git; example.org; direct",
                "https://git.example.org/a.git; .example.org; direct",
                "https://git.example.org/a.git; localhost, GIT.example.org; direct",
                "https://evilexample.org/a.git; example.org; proxy:8080",
                "https://git.example.org/a.git; *; direct",
                "ssh://git@git.example.org/a.git; ''; direct",
            })
    void environmentIsReadAsCurlDoes(String repository, String exceptions, String way) throws URISyntaxException {
        Map<String, String> environment = Map.of("HTTPS_PROXY", "http://proxy:8080", "NO_PROXY", exceptions);
        assertThat(ProxyServer.ofEnvironment(environment, new URIish(repository))
                        .map(ProxyServer::toString)
                        .orElse("direct"))
                .isEqualTo(way);
    }

    @Test
    void loginInTheAddressIsTakenAndNotShown() {
        ProxyServer proxy = ProxyServer.parse("http://ann:hunter2@proxy.example.org");
        assertThat(proxy.token()).contains(new Credentials.Token("ann", "hunter2"));
        assertThat(proxy.port()).isEqualTo(3128);
        assertThat(proxy + " " + Optional.of(proxy) + proxy.login()).doesNotContain("hunter2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "http://",
                "https://ann:hunter2@proxy:1",
                "socks5://ann:hunter2@proxy:1",
                "http://ann:hunter2@[",
                "a b hunter2"
            })
    void addressThatIsNoneIsRefusedAndNotShown(String address) {
        assertThatThrownBy(() -> ProxyServer.parse(address))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the proxy's address is")
                .satisfies(e -> assertThat(e.toString() + e.getCause()).doesNotContain("hunter2"));
    }
}
