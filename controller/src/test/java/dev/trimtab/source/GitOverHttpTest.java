package dev.trimtab.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** Against real HTTP and HTTPS servers on loopback, also behind a proxy. */
class GitOverHttpTest {

    private static final String TOKEN = "s3cr3t/tok+en=";
    private static final String BASIC =
            "Basic " + Base64.getEncoder().encodeToString(("ann:" + TOKEN).getBytes(StandardCharsets.UTF_8));
    private static final String PROXY_PASSWORD = "pr0xy/p+ss";
    private static final String PROXY_BASIC =
            "Basic " + Base64.getEncoder().encodeToString(("bob:" + PROXY_PASSWORD).getBytes(StandardCharsets.UTF_8));

    @TempDir
    private Path folder;

    private final ListAppender<ILoggingEvent> logs = new ListAppender<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final SSLSocketFactory trusted = HttpsURLConnection.getDefaultSSLSocketFactory();
    private Level level = Level.INFO;
    private Duration timeout = Duration.ofSeconds(20);
    private TestRepository origin;
    private GitHttpServer server;

    @BeforeEach
    void serve() {
        origin = new TestRepository(folder.resolve("origin.git"));
        server = new GitHttpServer(origin.repository());
        level = root.getLevel();
        root.setLevel(Level.TRACE);
        logs.start();
        root.addAppender(logs);
    }

    @AfterEach
    void stop() {
        root.detachAppender(logs);
        root.setLevel(level);
        HttpsURLConnection.setDefaultSSLSocketFactory(trusted);
        server.close();
        origin.close();
    }

    @Test
    void commitIsReadWithTheToken() throws IOException {
        String commit = origin.write("a", "1").commit("one");
        server.answer(GitHttpServer.serving(origin.repository(), Optional.of(BASIC)));
        try (GitSource source = open(server.address())) {
            Revision revision = source.poll(Optional.empty());
            assertThat(revision.commit()).isEqualTo(commit);
            assertThat(source.repository()).doesNotContain(TOKEN);
            int requests = server.requests().size();
            assertThat(source.poll(Optional.of(revision))).isSameAs(revision);
            assertThat(server.requests().size() - requests)
                    .as("the names of refs and nothing else")
                    .isLessThanOrEqualTo(3);
        }
        assertThat(server.authorizations()).isNotEmpty().containsOnly(BASIC);
        assertNoSecretIn(allLogs());
    }

    @Test
    void commitIsReadOverTlsThroughAProxyThatAsksForALogin() throws IOException {
        String commit = origin.write("a", "1").commit("one");
        TestCertificate certificate = new TestCertificate();
        try (GitHttpServer secured = new GitHttpServer(origin.repository(), Optional.of(certificate.context()));
                ConnectProxy proxy = new ConnectProxy(Optional.of(PROXY_BASIC))) {
            secured.answer(GitHttpServer.serving(origin.repository(), Optional.of(BASIC)));
            HttpsURLConnection.setDefaultSSLSocketFactory(certificate.context().getSocketFactory());
            try (GitSource source = open(secured.address(), Optional.of(behind(proxy, PROXY_PASSWORD)))) {
                assertThat(source.poll(Optional.empty()).commit()).isEqualTo(commit);
            }
            assertThat(proxy.requests())
                    .anySatisfy(head -> assertThat(head).contains(PROXY_BASIC))
                    .allSatisfy(head -> assertThat(head)
                            .startsWith("CONNECT 127.0.0.1:" + secured.port() + " ")
                            .doesNotContain("\r\nAuthorization"));
            assertThat(secured.authorizations()).isNotEmpty().containsOnly(BASIC);
        }
        assertNoSecretIn(allLogs());
    }

    @Test
    void proxyOfTheEnvironmentIsTakenForHttpsAndItsExceptionsAreHeard() throws IOException {
        origin.write("a", "1").commit("one");
        TestCertificate certificate = new TestCertificate();
        try (GitHttpServer secured = new GitHttpServer(origin.repository(), Optional.of(certificate.context()));
                ConnectProxy proxy = new ConnectProxy(Optional.empty())) {
            HttpsURLConnection.setDefaultSSLSocketFactory(certificate.context().getSocketFactory());
            GitSource.Settings settings = settings(secured.address(), Optional.empty(), TransferLimits.STANDARD);
            try (GitSource source = GitSource.open(settings, Map.of("HTTPS_PROXY", proxy.address()))) {
                assertThat(source.head()).isNotEmpty();
            }
            int tunnels = proxy.requests().size();
            assertThat(tunnels).isPositive();
            try (GitSource source = GitSource.open(
                    settings, Map.of("https_proxy", proxy.address(), "NO_PROXY", "example.org, 127.0.0.1"))) {
                assertThat(source.head()).isNotEmpty();
            }
            assertThat(proxy.requests()).hasSize(tunnels);
        }
    }

    @Test
    void certificateThatNobodyTrustsIsRefusedBeforeTheTokenIsSent() throws IOException {
        try (GitHttpServer secured =
                new GitHttpServer(origin.repository(), Optional.of(new TestCertificate().context()))) {
            Throwable refused = failure(secured.address());
            assertThat(refused).hasMessageContaining("TLS");
            assertThat(secured.authorizations()).isEmpty();
        }
    }

    @Test
    void tokenIsNotSentWhereARedirectLeads() throws IOException {
        try (GitHttpServer elsewhere = new GitHttpServer(origin.repository())) {
            server.answer(exchange -> redirect(exchange, elsewhere.address() + "/info/refs?service=git-upload-pack"));
            assertThat(failure(server.address())).hasMessageContaining("it redirects to 127.0.0.1");
            assertThat(elsewhere.requests()).isEmpty();
        }
    }

    static Stream<Arguments> faults() {
        return Stream.<Map.Entry<String, HttpHandler>>of(
                        Map.entry("unauthorized", exchange -> {
                            exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"" + TOKEN + "\"");
                            say(exchange, 401, TOKEN);
                        }),
                        Map.entry("forbidden", exchange -> say(exchange, 403, echo(exchange))),
                        Map.entry("absent", exchange -> say(exchange, 404, echo(exchange))),
                        Map.entry("broken", exchange -> say(exchange, 500, echo(exchange))),
                        Map.entry(
                                "redirect",
                                exchange -> redirect(
                                        exchange,
                                        "https://ann:" + URLEncoder.encode(TOKEN, StandardCharsets.UTF_8)
                                                + "@evil.example/x")),
                        Map.entry("redirect to nowhere", exchange -> redirect(exchange, "::" + TOKEN)),
                        Map.entry(
                                "redirect to itself",
                                exchange -> redirect(
                                        exchange,
                                        "http://ann:" + TOKEN + "@"
                                                + exchange.getRequestHeaders().getFirst("Host")
                                                + exchange.getRequestURI())),
                        Map.entry("garbage", exchange -> say(exchange, 200, echo(exchange))),
                        Map.entry("error line", exchange -> {
                            exchange.getResponseHeaders()
                                    .add("Content-Type", "application/x-git-upload-pack-advertisement");
                            String text = "ERR denied to " + TOKEN + " " + echo(exchange) + "\n";
                            say(
                                    exchange,
                                    200,
                                    "001e# service=git-upload-pack\n0000" + String.format("%04x", text.length() + 4)
                                            + text);
                        }),
                        Map.entry("cut off", exchange -> {
                            exchange.getResponseHeaders()
                                    .add("Content-Type", "application/x-git-upload-pack-advertisement");
                            exchange.sendResponseHeaders(200, 4000);
                            exchange.getResponseBody().write("001e# ser".getBytes(StandardCharsets.US_ASCII));
                        }))
                .map(fault -> Arguments.of(fault.getKey(), fault.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void noFaultShowsTheToken(String name, HttpHandler fault) {
        server.answer(fault);
        assertThat(failure(server.address())).isInstanceOf(SourceException.class);
    }

    @ParameterizedTest(name = "{0} while the objects come")
    @MethodSource("faults")
    void noFaultDuringTheFetchShowsTheToken(String name, HttpHandler fault) {
        origin.write("a", "1").commit("one");
        HttpHandler good = GitHttpServer.serving(origin.repository(), Optional.empty());
        server.answer(exchange -> (exchange.getRequestMethod().equals("POST") ? fault : good).handle(exchange));
        assertThat(failure(server.address())).isInstanceOf(SourceException.class);
    }

    @Test
    void serverThatSaysNothingIsGivenUp() {
        CountDownLatch over = new CountDownLatch(1);
        server.answer(exchange -> {
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        timeout = Duration.ofSeconds(1);
        assertThat(failure(server.address())).hasMessageContaining("no answer within 1 s");
        over.countDown();
    }

    @Test
    void proxyThatRefusesTheLoginIsToldAsSuch() throws IOException {
        try (ConnectProxy proxy = new ConnectProxy(Optional.of("Basic other"))) {
            String address = "https://127.0.0.1:" + server.port() + "/shop.git";
            try (GitSource source = open(address, Optional.of(behind(proxy, PROXY_PASSWORD)))) {
                Throwable refused = catchThrowable(source::head);
                assertThat(refused).extracting("code").isEqualTo(SourceCode.SRC017);
                assertThat(refused).hasMessageContaining("the proxy 127.0.0.1:");
                assertNoSecretIn(trace(refused));
            }
            assertThat(proxy.requests()).as("no user is locked out").hasSizeLessThanOrEqualTo(3);
        }
        assertThat(server.requests()).isEmpty();
        assertNoSecretIn(allLogs());
    }

    @Test
    void fetchIsBoundedAndTheLastGoodRevisionStays() {
        origin.write("a", "small").commit("one");
        TransferLimits limits = new TransferLimits(64 * 1024, 10_000, 100);
        try (GitSource source = GitSource.open(settings(server.address(), Optional.empty(), limits))) {
            Revision good = source.poll(Optional.empty());
            origin.write("large", "x".repeat(10_001)).commit("two");
            assertThatThrownBy(() -> source.poll(Optional.of(good)))
                    .hasMessageContaining("larger than 10000 bytes")
                    .hasMessageContaining("spec.source.limits.object")
                    .extracting("code")
                    .isEqualTo(SourceCode.SRC009);
            try (RepoTree tree = source.tree(good)) {
                assertThat(tree.under(RepoPath.ROOT)).hasSize(1);
            }
        }
    }

    private static String echo(HttpExchange exchange) {
        return exchange.getRequestHeaders().getOrDefault("Authorization", List.of()) + " " + exchange.getRequestURI();
    }

    private static void redirect(HttpExchange exchange, String location) throws IOException {
        exchange.getResponseHeaders().add("Location", location);
        exchange.sendResponseHeaders(302, -1);
    }

    private static void say(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    /** What polling ends with; neither it nor a log holds a secret, however it is written. */
    private Throwable failure(String address) {
        try (GitSource source = open(address)) {
            Throwable failure = catchThrowable(() -> source.poll(Optional.empty()));
            assertThat(failure).isNotNull();
            assertNoSecretIn(trace(failure));
            assertNoSecretIn(allLogs());
            return failure;
        }
    }

    private static void assertNoSecretIn(String text) {
        assertThat(text)
                .doesNotContain(TOKEN)
                .doesNotContain(URLEncoder.encode(TOKEN, StandardCharsets.UTF_8))
                .doesNotContain(BASIC.substring("Basic ".length()))
                .doesNotContain(PROXY_PASSWORD)
                .doesNotContain(PROXY_BASIC.substring("Basic ".length()));
    }

    private static String trace(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text, true));
        return text.toString();
    }

    private String allLogs() {
        StringBuilder text = new StringBuilder();
        for (ILoggingEvent event : List.copyOf(logs.list)) {
            text.append(event.getFormattedMessage()).append('\n');
            if (event.getThrowableProxy() instanceof ch.qos.logback.classic.spi.ThrowableProxy thrown) {
                text.append(trace(thrown.getThrowable()));
            }
        }
        return text.toString();
    }

    private ProxyServer behind(ConnectProxy proxy, String password) throws IOException {
        Path file = Files.writeString(folder.resolve("proxy-password"), password + "\n");
        ProxyServer server = ProxyServer.parse(proxy.address());
        return new ProxyServer(server.host(), server.port(), Optional.of(new Credentials.TokenFile("bob", file)));
    }

    private GitSource open(String address) {
        return open(address, Optional.empty());
    }

    private GitSource open(String address, Optional<ProxyServer> proxy) {
        return GitSource.open(settings(address, proxy, TransferLimits.STANDARD), Map.of());
    }

    private GitSource.Settings settings(String address, Optional<ProxyServer> proxy, TransferLimits limits) {
        return new GitSource.Settings(
                address,
                new Wanted.Named("main"),
                folder.resolve("mirror"),
                Optional.of(new Credentials.Token("ann", TOKEN)),
                timeout,
                false,
                proxy,
                limits,
                Optional.empty());
    }
}
