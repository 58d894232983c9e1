package dev.trimtab.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may wake a sync, and how often. */
@Timeout(60)
class PushHooksTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final String SECRET = "It's a Secret to Everybody";
    private static final String KEY =
            Base64.getEncoder().encodeToString("thirty-two bytes of signing key!".getBytes(StandardCharsets.UTF_8));
    private static final String PUSH =
            "{\"repository\": {\"clone_url\": \"https://forge.example.com/shop/cluster.git\"}}";

    private final List<String> told = new CopyOnWriteArrayList<>();
    private final AtomicInteger polls = new AtomicInteger();
    private final HttpClient client = HttpClient.newHttpClient();
    private PushHooks hooks;

    @BeforeEach
    void listen() throws IOException {
        hooks = new PushHooks(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                List.of("an older secret", SECRET, "whsec_" + KEY),
                List.of(Map.entry("git@forge.example.com:shop/cluster.git", polls::incrementAndGet)),
                Clock.fixed(NOW, ZoneOffset.UTC),
                (forge, result) -> told.add(forge + " " + result));
    }

    @AfterEach
    void stop() {
        hooks.close();
    }

    private static String hmac(String key, String text) {
        return HexFormat.of().formatHex(hmac(key.getBytes(StandardCharsets.UTF_8), text));
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static List<String> gitlab(Instant time, String body) {
        String signed = "msg-1." + time.getEpochSecond() + "." + body;
        return List.of(
                "X-Gitlab-Event",
                "Push Hook",
                "webhook-id",
                "msg-1",
                "webhook-timestamp",
                String.valueOf(time.getEpochSecond()),
                "webhook-signature",
                "v1,AAAA v1," + base64(hmac(Base64.getDecoder().decode(KEY), signed)));
    }

    private static List<String> gitee(Instant time) {
        return List.of(
                "X-Gitee-Event",
                "Push Hook",
                "X-Gitee-Timestamp",
                String.valueOf(time.toEpochMilli()),
                "X-Gitee-Token",
                base64(hmac(SECRET.getBytes(StandardCharsets.UTF_8), time.toEpochMilli() + "\n" + SECRET)));
    }

    private static List<String> github(String event, String body) {
        return List.of("X-GitHub-Event", event, "X-Hub-Signature-256", "sha256=" + hmac(SECRET, body));
    }

    static List<Arguments> requests() {
        List<Arguments> cases = new ArrayList<>();
        cases.add(Arguments.of("GitHub", github("push", PUSH), 202));
        cases.add(Arguments.of(
                "GitHub, other secret",
                List.of("X-GitHub-Event", "push", "X-Hub-Signature-256", "sha256=" + hmac("other", PUSH)),
                401));
        cases.add(Arguments.of(
                "GitHub, SHA-1 alone",
                List.of("X-GitHub-Event", "push", "X-Hub-Signature", "sha1=" + "0".repeat(40)),
                401));
        cases.add(Arguments.of(
                "GitHub, no hex", List.of("X-GitHub-Event", "push", "X-Hub-Signature-256", "sha256=xyz"), 401));
        cases.add(Arguments.of("GitHub, unsigned", List.of("X-GitHub-Event", "push"), 401));
        cases.add(
                Arguments.of("Gitea", List.of("X-Gitea-Event", "push", "X-Gitea-Signature", hmac(SECRET, PUSH)), 202));
        cases.add(Arguments.of(
                "Gitea that sends GitHub's headers too, its own unsigned",
                List.of(
                        "X-Gitea-Event",
                        "push",
                        "X-GitHub-Event",
                        "push",
                        "X-Hub-Signature-256",
                        "sha256=" + hmac(SECRET, PUSH)),
                401));
        cases.add(Arguments.of(
                "Forgejo", List.of("X-Forgejo-Event", "push", "X-Forgejo-Signature", hmac(SECRET, PUSH)), 202));
        cases.add(Arguments.of(
                "Forgejo with Gitea's signature alone",
                List.of("X-Forgejo-Event", "push", "X-Gitea-Event", "push", "X-Gitea-Signature", hmac(SECRET, PUSH)),
                401));
        cases.add(Arguments.of("GitLab, signed", gitlab(NOW.minusSeconds(290), PUSH), 202));
        cases.add(Arguments.of("GitLab, signed too long ago", gitlab(NOW.minusSeconds(310), PUSH), 401));
        cases.add(Arguments.of("GitLab, signed for another body", gitlab(NOW, PUSH + " "), 401));
        cases.add(Arguments.of(
                "GitLab, token", List.of("X-Gitlab-Event", "Tag Push Hook", "X-Gitlab-Token", SECRET), 202));
        cases.add(Arguments.of(
                "GitLab, right token beside a wrong signature",
                List.of(
                        "X-Gitlab-Event", "Push Hook",
                        "X-Gitlab-Token", SECRET,
                        "webhook-id", "1",
                        "webhook-timestamp", String.valueOf(NOW.getEpochSecond()),
                        "webhook-signature", "v1,AAAA"),
                401));
        cases.add(Arguments.of("Gitee, signed", gitee(NOW.minusSeconds(3500)), 202));
        cases.add(Arguments.of("Gitee, signed too long ago", gitee(NOW.minusSeconds(3700)), 401));
        cases.add(Arguments.of("Gitee, password", List.of("X-Gitee-Event", "Push Hook", "X-Gitee-Token", SECRET), 202));
        cases.add(Arguments.of("Gitee, nothing", List.of("X-Gitee-Event", "Push Hook"), 401));
        cases.add(Arguments.of("nobody", List.of("X-Event", "push"), 400));
        return cases;
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("requests")
    void onlyWhoKnowsTheSecretWakesASync(String name, List<String> headers, int status) throws Exception {
        HttpResponse<String> answer = post(headers, PUSH);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(polls).hasValue(status == 202 ? 1 : 0);
        assertThat(told)
                .singleElement()
                .asString()
                .matches(status == 202 ? "(git|forg).* accepted" : ".* bad_(signature|request)");
        assertThat(answer.body()).doesNotContain(SECRET).doesNotContain(KEY);
    }

    @Test
    void aHookForARepositoryThatNobodyReadsIsIgnored() throws Exception {
        String other = PUSH.replace("cluster", "other");

        HttpResponse<String> answer = post(github("push", other), other);

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(answer.body()).contains("ignored");
        assertThat(polls).hasValue(0);
    }

    @Test
    void whatIsNoPushIsIgnored() throws Exception {
        assertThat(post(github("ping", PUSH), PUSH).statusCode()).isEqualTo(202);
        assertThat(polls).hasValue(0);
    }

    @ParameterizedTest
    @MethodSource("brokenBodies")
    void aSignedBodyThatIsNoJsonIsRefused(String body) throws Exception {
        assertThat(post(github("push", body), body).statusCode()).isEqualTo(400);
        assertThat(polls).hasValue(0);
    }

    static List<String> brokenBodies() {
        return List.of("{\"repository\": ", "payload=%7B%7D", "[".repeat(100_000));
    }

    @Test
    void anEmptyBodyWakesNobody() throws Exception {
        assertThat(post(github("push", ""), "").statusCode()).isEqualTo(202);
        assertThat(polls).hasValue(0);
    }

    @Test
    void aBodyThatIsSaidToBeLargeIsNotRead() throws Exception {
        try (Socket socket =
                new Socket(hooks.address().getAddress(), hooks.address().getPort())) {
            socket.getOutputStream()
                    .write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 104857600\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));

            assertThat(statusLine(socket)).contains(" 413 ");
        }
    }

    @Test
    void aBodyThatTurnsOutToBeLargeIsReadNoFurther() throws Exception {
        byte[] chunk = new byte[1 << 20];
        try (Socket socket =
                new Socket(hooks.address().getAddress(), hooks.address().getPort())) {
            socket.getOutputStream()
                    .write("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < 6; i++) {
                socket.getOutputStream().write("100000\r\n".getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().write(chunk);
                socket.getOutputStream().write("\r\n".getBytes(StandardCharsets.US_ASCII));
            }
            socket.getOutputStream().flush();

            assertThat(statusLine(socket)).contains(" 413 ");
        }
    }

    @Test
    void twoHundredPushesWithinASecondAreTwoPollsAtMost() {
        List<CompletableFuture<Integer>> answers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            answers.add(client.sendAsync(request(github("push", PUSH), PUSH), HttpResponse.BodyHandlers.ofString())
                    .thenApply(HttpResponse::statusCode));
        }

        assertThat(answers).allSatisfy(answer -> assertThat(answer.join()).isEqualTo(202));
        assertThat(polls.get()).isBetween(1, 2);
    }

    @Test
    void otherMethodsAreRefused() throws Exception {
        assertThat(client.send(HttpRequest.newBuilder(address()).GET().build(), HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(405);
    }

    private static String statusLine(Socket socket) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = socket.getInputStream().read();
                c != '\n' && c >= 0;
                c = socket.getInputStream().read()) {
            line.append((char) c);
        }
        return line.toString();
    }

    private URI address() {
        return URI.create("http://" + hooks.address().getHostString() + ":"
                + hooks.address().getPort() + "/");
    }

    private HttpRequest request(List<String> headers, String body) {
        return HttpRequest.newBuilder(address())
                .headers(headers.toArray(String[]::new))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private HttpResponse<String> post(List<String> headers, String body) throws IOException, InterruptedException {
        return client.send(request(headers, body), HttpResponse.BodyHandlers.ofString());
    }
}
