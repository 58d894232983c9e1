package dev.trimtab.sandbox.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.LocalApi.Event;
import dev.trimtab.sandbox.api.LocalApi.Propagation;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class FollowingTest {

    private static final int HISTORY = 4;

    private final Cluster cluster = new Cluster(Clock.systemUTC(), HISTORY);
    private final LocalApi api = cluster.local();

    private void create(String name) {
        ObjectNode map = Json.object();
        Json.metadata(map).put("namespace", "default").put("name", name);
        api.create("configmaps", map, "test");
    }

    private void delete(String name) {
        api.delete("configmaps", "default", name, "", -1, Propagation.BACKGROUND);
    }

    @Test
    void aReaderThatFellBehindIsToldTheDifference() throws Exception {
        cluster.bootstrap();
        create("goes");
        create("stays");
        create("returns");
        List<String> told = new CopyOnWriteArrayList<>();
        CountDownLatch asleep = new CountDownLatch(1);
        CountDownLatch wake = new CountDownLatch(1);
        AutoCloseable watch = api.watch("configmaps", event -> {
            told.add(words(event));
            asleep.countDown();
            uninterruptibly(wake);
        });
        try (watch) {
            asleep.await();
            delete("goes");
            delete("returns");
            create("returns");
            for (int i = 0; i < 2 * HISTORY; i++) {
                create("fleeting");
                delete("fleeting");
            }
            create("new");
            wake.countDown();

            Awaitility.await().until(() -> told.contains("ADDED new"));
            create("later");
            Awaitility.await().until(() -> told.contains("ADDED later"));
        }
        assertThat(told.subList(0, 3)).containsExactlyInAnyOrder("ADDED goes", "ADDED returns", "ADDED stays");
        assertThat(told.subList(3, told.size()))
                .containsExactlyInAnyOrder(
                        "DELETED goes", "DELETED returns", "ADDED returns", "ADDED new", "ADDED later");
        assertThat(told.lastIndexOf("ADDED returns")).isGreaterThan(told.indexOf("DELETED returns"));
        cluster.close();
    }

    private static String words(Event event) {
        return event.type() + " " + Json.name(event.object());
    }

    private static void uninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
