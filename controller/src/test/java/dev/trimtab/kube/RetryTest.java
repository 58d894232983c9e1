package dev.trimtab.kube;

import static dev.trimtab.kube.Objects.CONFIG_MAP;
import static dev.trimtab.kube.Objects.json;
import static dev.trimtab.kube.ScriptedServer.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ClusterClient.ApplyOptions;
import dev.trimtab.kube.ClusterClient.PatchType;
import dev.trimtab.kube.ClusterClient.Propagation;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** How often each answer lets a request be sent, counted at the server. The client may repeat twice. */
@Timeout(60)
class RetryTest {

    private static final ObjectNode CONFIG =
            json("{apiVersion:'v1',kind:'ConfigMap',metadata:{name:'a',namespace:'shop'}}");
    private static final int ALL = 3;

    @TempDir
    Path directory;

    private final ScriptedServer server = new ScriptedServer();
    private ClusterClient cluster;

    @BeforeEach
    void connect() {
        cluster = server.client(directory, ALL - 1);
    }

    @AfterEach
    void close() {
        cluster.close();
        server.close();
    }

    static Stream<Arguments> answers() {
        return Stream.of(
                arguments(400, "{kind:'Status'}", 1, 1),
                arguments(401, "{kind:'Status'}", 1, 1),
                arguments(403, "{kind:'Status'}", 1, 1),
                arguments(403, "{kind:'Status',details:{causes:[{reason:'NamespaceTerminating'}]}}", 1, 1),
                arguments(404, "{kind:'Status',details:{kind:'namespaces',name:'shop'}}", 1, 1),
                arguments(409, "{kind:'Status',reason:'Conflict'}", 1, 1),
                arguments(409, "{kind:'Status',reason:'AlreadyExists'}", 1, 1),
                arguments(410, "{kind:'Status',reason:'Expired'}", 1, 1),
                arguments(413, "{kind:'Status'}", 1, 1),
                arguments(422, "{kind:'Status',reason:'Invalid'}", 1, 1),
                arguments(429, "{kind:'Status'}", ALL, ALL),
                arguments(429, "{kind:'Status',details:{causes:[{reason:'DisruptionBudget'}]}}", 1, 1),
                arguments(500, "{kind:'Status',message:'failed calling webhook'}", ALL, 1),
                arguments(500, "{kind:'Status',message:'failed to create typed patch object: no'}", 1, 1),
                arguments(500, "{kind:'Status',message:'failed to convert new object: no'}", 1, 1),
                arguments(500, "{kind:'Status',message:'etcdserver: request is too large'}", 1, 1),
                arguments(501, "{kind:'Status'}", 1, 1),
                arguments(502, "{kind:'Status'}", ALL, 1),
                arguments(503, "{kind:'Status'}", ALL, 1),
                arguments(504, "{kind:'Status',reason:'Timeout'}", ALL, 1));
    }

    /** @param once of a request that must not be sent twice: a POST, or a JSON patch */
    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("answers")
    void onlyWhatMayHelpIsSentAgainAndOnlyWhatMayBe(int code, String body, int repeatable, int once) {
        for (String method : new String[] {"PATCH", "POST"}) {
            server.on(method, "/", code, json(body).toString());
        }

        assertThat(sent(c -> c.apply(CONFIG_MAP, CONFIG, new ApplyOptions("t", true, false))))
                .isEqualTo(repeatable);
        assertThat(sent(c -> c.create(CONFIG_MAP, CONFIG, "t"))).isEqualTo(once);
        assertThat(sent(c -> c.patch(CONFIG_MAP, Optional.of("shop"), "a", "", PatchType.JSON, CONFIG, "t")))
                .isEqualTo(once);
    }

    @Test
    void cutConnectionIsTriedAgainOnlyForWhatMayBeSentTwice() {
        for (String method : new String[] {"PATCH", "POST", "DELETE"}) {
            server.on(method, "/", exchange -> exchange.close());
        }

        assertThat(sent(c -> c.apply(CONFIG_MAP, CONFIG, new ApplyOptions("t", true, false))))
                .isEqualTo(ALL);
        assertThat(sent(c -> c.delete(CONFIG_MAP, Optional.of("shop"), "a", "u", Propagation.BACKGROUND)))
                .isEqualTo(ALL);
        assertThat(sent(c -> c.create(CONFIG_MAP, CONFIG, "t"))).isEqualTo(1);
    }

    @Test
    void afterALongRetryAfterNothingElseIsSentEither() {
        server.on("PATCH", "/", answer(429, "", "Retry-After", "60"));

        assertThat(sent(c -> c.apply(CONFIG_MAP, CONFIG, new ApplyOptions("t", true, false))))
                .isEqualTo(1);
        assertThat(sent(c -> c.get(CONFIG_MAP, Optional.of("shop"), "b"))).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7 | 7",
                "0 | 0",
                "Tue, 24 Nov 2026 10:00:30 GMT | 30",
                "Tue, 24 Nov 2026 09:00:00 GMT | 0",
                "soon | ",
                "-1 | "
            })
    void retryAfterIsSecondsOrADate(String header, Long seconds) {
        assertThat(RetryAfter.seconds(header, Instant.parse("2026-11-24T10:00:00Z")))
                .isEqualTo(Optional.ofNullable(seconds));
    }

    private int sent(Consumer<ClusterClient> request) {
        int before = server.asked().size();
        ApiException refusal = catchThrowableOfType(ApiException.class, () -> request.accept(cluster));
        assertThat(refusal).isNotNull();
        return server.asked().size() - before;
    }
}
