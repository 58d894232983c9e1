package dev.trimtab.sandbox.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ResourceStoreTest {

    private static final int HISTORY = 8;

    private final ObjectStore store = new ObjectStore(HISTORY);
    private final ResourceStore maps = store.of("configmaps");

    private static ObjectNode object(Key key) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.putObject("metadata").put("name", key.name()).put("namespace", key.namespace());
        return object;
    }

    private ObjectNode insert(String namespace, String name) {
        Key key = new Key(namespace, name);
        ObjectNode object = object(key);
        assertThat(maps.insert(key, object)).isTrue();
        return object;
    }

    @Test
    void versionsGrowOverAllResources() {
        insert("a", "one");
        store.of("secrets").insert(new Key("a", "two"), object(new Key("a", "two")));
        ObjectNode third = insert("a", "three");
        assertThat(third.path("metadata").path("resourceVersion").asText()).isEqualTo("3");
        assertThat(store.version()).isEqualTo(3);
    }

    @Test
    void aNameIsTakenOnce() {
        insert("a", "one");
        assertThat(maps.insert(new Key("a", "one"), object(new Key("a", "one"))))
                .isFalse();
        assertThat(store.version()).isEqualTo(1);
    }

    @Test
    void aWriteFromAnOldStateFails() {
        Key key = new Key("a", "one");
        ObjectNode first = insert("a", "one");
        ObjectNode second = first.deepCopy();
        assertThat(maps.replace(key, first, second)).isTrue();
        assertThat(maps.replace(key, first, first.deepCopy())).isFalse();
        assertThat(maps.remove(key, first, first.deepCopy())).isFalse();
        assertThat(maps.get(key)).containsSame(second);
    }

    @Test
    void aListIsOrderedByNamespaceAndName() {
        insert("b", "x");
        insert("a", "z");
        insert("a", "y");
        assertThat(names(maps.list("").objects())).containsExactly("a/y", "a/z", "b/x");
        assertThat(names(maps.list("a").objects())).containsExactly("a/y", "a/z");
        assertThat(maps.list("none").objects()).isEmpty();
    }

    private static List<String> names(List<ObjectNode> objects) {
        return objects.stream()
                .map(object -> object.path("metadata").path("namespace").asText() + "/"
                        + object.path("metadata").path("name").asText())
                .toList();
    }

    @Test
    void aWatchGoesOnWhereItIsToldTo() throws Exception {
        insert("a", "one");
        insert("a", "two");
        ResourceStore.Cursor cursor = maps.watch(1);
        assertThat(cursor.next(0, TimeUnit.SECONDS).changes())
                .extracting(Change::version)
                .containsExactly(2L);
        insert("a", "three");
        ResourceStore.Step step = cursor.next(0, TimeUnit.SECONDS);
        assertThat(step.changes()).extracting(Change::version).containsExactly(3L);
        assertThat(step.version()).isEqualTo(3);
    }

    @Test
    void aForgottenPastIsGone() {
        for (int i = 0; i < HISTORY + 3; i++) {
            insert("a", "n" + i);
        }
        assertThatThrownBy(() -> maps.watch(2)).isInstanceOf(GoneException.class);
        assertThat(store.version()).isEqualTo(HISTORY + 3);
    }

    @Test
    void theOldestKeptChangeIsStillThere() throws Exception {
        for (int i = 0; i < HISTORY + 3; i++) {
            insert("a", "n" + i);
        }
        assertThat(maps.watch(3).next(0, TimeUnit.SECONDS).changes()).hasSize(HISTORY);
    }

    @Test
    void aReaderThatIsLappedIsTold() throws Exception {
        ResourceStore.Cursor cursor = maps.watch(0);
        for (int i = 0; i < HISTORY + 1; i++) {
            insert("a", "n" + i);
        }
        assertThatThrownBy(() -> cursor.next(0, TimeUnit.SECONDS)).isInstanceOf(GoneException.class);
    }

    @Test
    void changesOfOtherResourcesDoNotAgeAWatch() throws Exception {
        ResourceStore.Cursor cursor = maps.watch(0);
        for (int i = 0; i < 5 * HISTORY; i++) {
            Key key = new Key("a", "n" + i);
            store.of("secrets").insert(key, object(key));
        }
        assertThat(cursor.next(0, TimeUnit.SECONDS).version()).isEqualTo(5L * HISTORY);
        assertThat(maps.watch(0).next(0, TimeUnit.SECONDS).changes()).isEmpty();
    }

    @Test
    void closingTheStoreEndsWaiting() throws Exception {
        ResourceStore.Cursor cursor = maps.watch(0);
        ExecutorService reader = Executors.newSingleThreadExecutor();
        try {
            Future<ResourceStore.Step> step = reader.submit(() -> cursor.next(1, TimeUnit.HOURS));
            store.close();
            assertThat(step.get(10, TimeUnit.SECONDS).changes()).isEmpty();
            assertThat(cursor.open()).isFalse();
        } finally {
            reader.shutdownNow();
        }
    }

    /** Whoever replays a watch from a listing has what a later listing has. */
    @Test
    void listingAndWatchTogetherMissNothing() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        ObjectStore big = new ObjectStore(100_000);
        ResourceStore resource = big.of("configmaps");
        int writers = 4;
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int w = 0; w < writers; w++) {
                Random random = new Random(seed + w);
                running.add(threads.submit(() -> write(resource, random)));
            }
            Listing start = resource.list("");
            Map<String, String> replayed = new HashMap<>();
            start.objects().forEach(object -> replayed.put(nameOf(object), versionOf(object)));
            for (Future<?> each : running) {
                each.get(30, TimeUnit.SECONDS);
            }
            for (Change change :
                    resource.watch(start.version()).next(0, TimeUnit.SECONDS).changes()) {
                if (change.type() == Change.Type.DELETED) {
                    replayed.remove(change.key().name());
                } else {
                    replayed.put(change.key().name(), versionOf(change.object()));
                }
            }
            Map<String, String> end = new HashMap<>();
            resource.list("").objects().forEach(object -> end.put(nameOf(object), versionOf(object)));
            assertThat(replayed).as("seed %d", seed).isEqualTo(end);
        } finally {
            threads.shutdownNow();
        }
    }

    private static void write(ResourceStore resource, Random random) {
        for (int i = 0; i < 2_000; i++) {
            Key key = new Key("a", "n" + random.nextInt(50));
            ObjectNode live = resource.get(key).orElse(null);
            if (live == null) {
                resource.insert(key, object(key));
            } else if (random.nextBoolean()) {
                resource.replace(key, live, live.deepCopy());
            } else {
                resource.remove(key, live, live.deepCopy());
            }
        }
    }

    private static String nameOf(ObjectNode object) {
        return object.path("metadata").path("name").asText();
    }

    private static String versionOf(ObjectNode object) {
        return object.path("metadata").path("resourceVersion").asText();
    }
}
