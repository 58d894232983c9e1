package dev.trimtab.kube;

import static dev.trimtab.kube.Objects.CONFIG_MAP;
import static dev.trimtab.kube.Objects.SECRET;
import static dev.trimtab.kube.Objects.json;
import static dev.trimtab.kube.ScriptedServer.answer;
import static dev.trimtab.kube.ScriptedServer.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ClusterClient.Informer;
import dev.trimtab.kube.ScriptedServer.Asked;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ReflectorTest {

    private static final String LIST = "/api/v1/configmaps?limit";
    private static final String WATCH = "/api/v1/configmaps?watch";

    @TempDir
    Path directory;

    private final ScriptedServer server = new ScriptedServer();
    private final List<String> events = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch over = new CountDownLatch(1);
    private ClusterClient cluster;

    @BeforeEach
    void connect() {
        cluster = server.client(directory, 0);
    }

    @AfterEach
    void close() {
        over.countDown();
        cluster.close();
        server.close();
    }

    @Test
    void listAndThenTheWatchFillTheCache() {
        server.on("GET", LIST, 200, list("10", item("a", "8"), item("b", "9")))
                .on(
                        "GET",
                        WATCH,
                        open(event("ADDED", "c", "11"), event("MODIFIED", "a", "12"), event("DELETED", "b", "13")));

        Informer informer = informer();

        awaitEvents("ADDED a 8", "ADDED b 9", "ADDED c 11", "MODIFIED a 12", "DELETED b 13");
        assertThat(informer.synced()).isTrue();
        assertThat(informer.list()).hasSize(2);
        assertThat(informer.get(Optional.of("shop"), "a"))
                .contains(
                        json(
                                "{apiVersion:'v1',kind:'ConfigMap',metadata:{name:'a',namespace:'shop',resourceVersion:'12'}}"));
        assertThat(informer.get(Optional.of("shop"), "b")).isEmpty();
        assertThat(watches().get(0).path())
                .contains("resourceVersion=10&", "allowWatchBookmarks=true", "timeoutSeconds=");
    }

    @Test
    void closedStreamGoesOnFromTheLastEventOrBookmarkWithoutAList() {
        server.on("GET", LIST, 200, list("10"))
                .on("GET", WATCH, stream(event("ADDED", "a", "11"), event("BOOKMARK", "", "20")))
                .on("GET", WATCH, open(event("MODIFIED", "a", "21")));

        informer();

        awaitEvents("ADDED a 11", "MODIFIED a 21");
        assertThat(watches())
                .extracting(Asked::path)
                .satisfiesExactly(
                        first -> assertThat(first).contains("resourceVersion=10&"),
                        second -> assertThat(second).contains("resourceVersion=20&"));
        assertThat(server.asked("GET", "limit=")).hasSize(1);
    }

    @Test
    void versionThatIsGoneIsListedAnewAndTheDifferenceTold() {
        server.on("GET", LIST, 200, list("10", item("a", "8"), item("b", "9"), item("c", "10")))
                .on("GET", LIST, 200, list("50", item("a", "8"), item("c", "40"), item("d", "41")))
                .on(
                        "GET",
                        WATCH,
                        stream(
                                "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"code\":410,\"reason\":\"Expired\"}}"))
                .on("GET", WATCH, open());

        informer();

        awaitEvents("ADDED a 8", "ADDED b 9", "ADDED c 10", "MODIFIED c 40", "ADDED d 41", "DELETED b 9");
        await().until(() -> watches().size() == 2);
        assertThat(watches().get(1).path()).contains("resourceVersion=50&");
    }

    @Test
    void watchRefusedAsGoneIsListedAnew() {
        server.on("GET", LIST, 200, list("10", item("a", "8")))
                .on("GET", LIST, 200, list("50"))
                .on("GET", WATCH, answer(410, "{}"))
                .on("GET", WATCH, open());

        informer();

        awaitEvents("ADDED a 8", "DELETED a 8");
    }

    @Test
    void streamsThatCloseEmptyAreListedAnewAfterAFew() {
        server.on("GET", LIST, 200, list("10"))
                .on("GET", LIST, 200, list("50", item("a", "40")))
                .on("GET", WATCH, stream(new String[0]))
                .on("GET", WATCH, stream(new String[0]))
                .on("GET", WATCH, stream(new String[0]))
                .on("GET", WATCH, open());

        informer();

        awaitEvents("ADDED a 40");
        assertThat(server.asked("GET", "limit=")).hasSize(2);
    }

    @Test
    void listIsAskedForUntilItComes() {
        server.on("GET", LIST, answer(403, "{\"kind\":\"Status\",\"message\":\"no\"}"))
                .on("GET", LIST, answer(503, ""))
                .on("GET", LIST, answer(200, "this is not JSON"))
                .on("GET", LIST, answer(200, list("10", item("a", "8"))))
                .on("GET", WATCH, open());

        Informer informer = informer();
        assertThat(informer.synced()).isFalse();

        awaitEvents("ADDED a 8");
        assertThat(informer.synced()).isTrue();
    }

    @Test
    void listAndWatchComeBackNoEarlierThanTheServerWants() {
        server.on("GET", LIST, answer(429, "", "Retry-After", "1"))
                .on("GET", LIST, answer(200, list("10", item("a", "8"))))
                .on("GET", WATCH, answer(503, "", "Retry-After", "1"))
                .on("GET", WATCH, open(event("MODIFIED", "a", "11")));
        long began = System.nanoTime();

        informer();

        awaitEvents("ADDED a 8", "MODIFIED a 11");
        assertThat(java.time.Duration.ofNanos(System.nanoTime() - began))
                .isGreaterThan(java.time.Duration.ofSeconds(2));
        assertThat(server.asked()).hasSize(4);
    }

    @Test
    void charactersSurviveBuffersThatCutThem() {
        String text = "镜像已更新 – größer";
        byte[] line = ("{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"name\":\"a\",\"annotations\":{\"note\":\""
                        + text + "\"}}}}\n")
                .getBytes(StandardCharsets.UTF_8);
        server.on("GET", LIST, 200, list("10")).on("GET", WATCH, exchange -> {
            exchange.sendResponseHeaders(200, 0);
            OutputStream body = exchange.getResponseBody();
            for (byte b : line) {
                body.write(b);
                body.flush();
            }
            hold();
        });

        Informer informer = informer();

        await().until(() -> !informer.list().isEmpty());
        assertThat(informer.list().get(0).at("/metadata/annotations/note").asText())
                .isEqualTo(text);
    }

    @Test
    void emptyMapsAndListsSurviveTheWatch() {
        ObjectNode object =
                json("{apiVersion:'v1',kind:'ConfigMap',metadata:{name:'a',annotations:{}},data:{},list:[]}");
        server.on("GET", LIST, 200, list("10"))
                .on("GET", WATCH, open("{\"type\":\"ADDED\",\"object\":" + object + "}"));

        Informer informer = informer();

        await().until(() -> !informer.list().isEmpty());
        assertThat(informer.list()).containsExactly(object);
    }

    @Test
    void metadataIsAskedForAndNothingElseKept() {
        String partial =
                "{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":\"meta.k8s.io/v1\",\"metadata\":{\"name\":\"a\"},"
                        + "\"data\":{\"password\":\"aHVudGVyMg==\"}}";
        server.on(
                        "GET",
                        "/api/v1/secrets?labelSelector",
                        200,
                        "{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[" + partial + "]}")
                .on("GET", "/api/v1/secrets?watch", open());

        Informer informer = cluster.metadataInformer(SECRET, Optional.empty(), "a=b", event -> {});

        await().until(() -> server.asked("GET", "watch=true").size() == 1);
        assertThat(informer.list()).containsExactly(json("{apiVersion:'v1',kind:'Secret',metadata:{name:'a'}}"));
        assertThat(server.asked().get(0).header("Accept"))
                .contains("application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1");
        assertThat(server.asked().get(1).header("Accept"))
                .contains("application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1");
    }

    @Test
    void listenerThatThrowsDoesNotStopTheCache() {
        server.on("GET", LIST, 200, list("10", item("a", "8"))).on("GET", WATCH, open(event("ADDED", "b", "11")));

        Informer informer = cluster.informer(CONFIG_MAP, Optional.empty(), "", event -> {
            throw new IllegalStateException("listener");
        });

        await().until(() -> informer.list().size() == 2);
    }

    @Test
    void closedInformerSaysNothingMore() {
        server.on("GET", LIST, 200, list("10", item("a", "8"))).on("GET", WATCH, stream(event("MODIFIED", "a", "11")));

        Informer informer = informer();
        await().until(informer::synced);
        informer.close();
        int said = events.size();
        int asked = server.asked().size();

        await().during(java.time.Duration.ofMillis(300))
                .until(() -> events.size() <= said + 1 && server.asked().size() <= asked + 1);
    }

    private Informer informer() {
        return cluster.informer(
                CONFIG_MAP,
                Optional.empty(),
                "",
                event -> events.add(
                        event.type() + " " + event.object().at("/metadata/name").asText() + " "
                                + event.object().at("/metadata/resourceVersion").asText()));
    }

    private void awaitEvents(String... expected) {
        await().untilAsserted(() -> assertThat(List.copyOf(events)).containsExactly(expected));
    }

    private List<Asked> watches() {
        return server.asked("GET", "watch=true");
    }

    /** A stream that stays open after these lines. */
    private ScriptedServer.Answer open(String... lines) {
        ScriptedServer.Answer begin = stream(lines);
        return exchange -> {
            begin.to(exchange);
            exchange.getResponseBody().flush();
            hold();
        };
    }

    private void hold() {
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String list(String version, String... items) {
        return "{\"metadata\":{\"resourceVersion\":\"" + version + "\"},\"items\":[" + String.join(",", items) + "]}";
    }

    private static String item(String name, String version) {
        return "{\"metadata\":{\"name\":\"" + name + "\",\"namespace\":\"shop\",\"resourceVersion\":\"" + version
                + "\"}}";
    }

    private static String event(String type, String name, String version) {
        return "{\"type\":\"" + type + "\",\"object\":" + item(name, version) + "}";
    }
}
