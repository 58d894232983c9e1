package dev.trimtab.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricsServerTest {

    private final HttpClient client = HttpClient.newHttpClient();
    private final Set<String> dead = new TreeSet<>();
    private final Metrics metrics = new Metrics("1.2.3", Clock.systemUTC());
    private MetricsServer server;

    @BeforeEach
    void listen() throws IOException {
        server = new MetricsServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), metrics, () -> dead);
    }

    @AfterEach
    void stop() {
        server.close();
        metrics.close();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /metrics, 200",
        "HEAD, /metrics, 200",
        "POST, /metrics, 405",
        "GET, /healthz, 200",
        "GET, /readyz, 200",
        "GET, /metrics/other, 404",
        "GET, /, 404"
    })
    void onlyItsThreePagesAreRead(String method, String path, int status) throws Exception {
        assertThat(ask(method, path).statusCode()).isEqualTo(status);
    }

    @Test
    void theBuildIsOneOfTheSeries() throws Exception {
        HttpResponse<String> scraped = ask("GET", "/metrics");

        assertThat(scraped.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
        assertThat(scraped.body()).contains("trimtab_build_info{", "version=\"1.2.3\"", "jvm_memory_used_bytes");
    }

    @Test
    void aSyncThatStoppedIsNamed() throws Exception {
        dead.add("shop");

        assertThat(ask("GET", "/healthz").statusCode()).isEqualTo(503);
        assertThat(ask("GET", "/healthz").body()).contains("shop");
    }

    private HttpResponse<String> ask(String method, String path) throws Exception {
        URI address = URI.create("http://" + server.address().getHostString() + ":"
                + server.address().getPort() + path);
        return client.send(
                HttpRequest.newBuilder(address)
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
