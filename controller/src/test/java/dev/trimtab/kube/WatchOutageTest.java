package dev.trimtab.kube;

import static dev.trimtab.kube.Objects.CONFIG_MAP;
import static dev.trimtab.kube.Objects.NAMESPACE;
import static dev.trimtab.kube.Objects.SECRET;
import static dev.trimtab.kube.Objects.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ClusterClient.ApplyOptions;
import dev.trimtab.kube.ClusterClient.Informer;
import dev.trimtab.kube.ClusterClient.Propagation;
import dev.trimtab.sandbox.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Informers over a line that is recorded, cut, and away for a while; changes are made on another line. */
@Timeout(60)
class WatchOutageTest {

    private static final ApplyOptions US = new ApplyOptions("trimtab-test", true, false);
    private static final Optional<String> SHOP = Optional.of("shop");

    @TempDir
    Path directory;

    private final Sandbox sandbox =
            Sandbox.builder().controllers(false).watchHistory(20).build().start();
    private final LoopbackProxy proxy = new LoopbackProxy(sandbox.address());
    private final List<String> events = Collections.synchronizedList(new ArrayList<>());
    private ClusterClient direct;
    private ClusterClient watched;

    @BeforeEach
    void connect() throws IOException {
        direct = ScriptedServer.client(
                Files.createDirectory(directory.resolve("direct")),
                sandbox.address().toString(),
                2);
        watched = ScriptedServer.client(Files.createDirectory(directory.resolve("watched")), proxy.address(), 0);
        direct.create(NAMESPACE, json("{apiVersion:'v1',kind:'Namespace',metadata:{name:'shop'}}"), "test");
    }

    @AfterEach
    void close() {
        watched.close();
        proxy.close();
        direct.close();
        sandbox.close();
    }

    @Test
    void dataOfASecretIsNeverOnTheWire() {
        direct.create(SECRET, secret("before", "aHVudGVyMg=="), "test");
        Informer informer = watched.metadataInformer(SECRET, Optional.empty(), "", event -> {});
        await().until(informer::synced);

        direct.create(SECRET, secret("after", "aHVudGVyMg=="), "test");

        await().until(() -> informer.list().size() == 2);
        assertThat(proxy.answered()).contains("before", "after").doesNotContain("aHVudGVyMg==");
    }

    @Test
    void cutLineGoesOnWhereItWasWithoutAList() {
        Informer informer = informer();
        await().until(informer::synced);
        direct.apply(CONFIG_MAP, configMap("a", "1"), US);
        awaitEvents("ADDED a 1");

        proxy.cut();
        direct.apply(CONFIG_MAP, configMap("a", "2"), US);
        direct.apply(CONFIG_MAP, configMap("b", "1"), US);

        awaitEvents("ADDED a 1", "MODIFIED a 2", "ADDED b 1");
        assertThat(proxy.asked().split("limit=500", -1)).hasSize(2);
    }

    @Test
    void whatHappenedWhileTheServerWasAwayIsTold() {
        direct.apply(CONFIG_MAP, configMap("a", "1"), US);
        Informer informer = informer();
        awaitEvents("ADDED a 1");

        proxy.down();
        direct.apply(CONFIG_MAP, configMap("b", "1"), US);
        direct.delete(CONFIG_MAP, SHOP, "a", "", Propagation.BACKGROUND);
        proxy.up();

        await().untilAsserted(() ->
                assertThat(List.copyOf(events)).containsExactlyInAnyOrder("ADDED a 1", "ADDED b 1", "DELETED a 1"));
        assertThat(informer.list()).hasSize(1);
    }

    @Test
    void moreThanTheServerRemembersIsFoundByANewList() {
        direct.apply(CONFIG_MAP, configMap("a", "1"), US);
        direct.apply(CONFIG_MAP, configMap("b", "1"), US);
        informer();
        await().until(() -> events.size() == 2);

        proxy.down();
        direct.delete(CONFIG_MAP, SHOP, "a", "", Propagation.BACKGROUND);
        for (int i = 2; i < 60; i++) {
            direct.apply(CONFIG_MAP, configMap("b", Integer.toString(i)), US);
        }
        proxy.up();

        await().untilAsserted(() -> assertThat(List.copyOf(events)).contains("DELETED a 1", "MODIFIED b 59"));
        assertThat(proxy.asked().split("limit=500", -1)).hasSize(3);
    }

    private Informer informer() {
        return watched.informer(
                CONFIG_MAP,
                SHOP,
                "",
                event -> events.add(
                        event.type() + " " + event.object().at("/metadata/name").asText() + " "
                                + event.object().at("/data/n").asText()));
    }

    private void awaitEvents(String... expected) {
        await().untilAsserted(() -> assertThat(List.copyOf(events)).containsExactly(expected));
    }

    private static ObjectNode configMap(String name, String n) {
        return json("{apiVersion:'v1',kind:'ConfigMap',metadata:{name:'" + name + "',namespace:'shop'},data:{n:'" + n
                + "'}}");
    }

    private static ObjectNode secret(String name, String value) {
        return json("{apiVersion:'v1',kind:'Secret',metadata:{name:'" + name + "',namespace:'shop'},data:{p:'" + value
                + "'}}");
    }
}
