package dev.trimtab.sandbox.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Watches: order, resuming, selection, bookmarks and their end. */
@Conformance
final class WatchTest {

    private static final String MAPS = "/api/v1/namespaces/{ns}/configmaps";

    private final Api api;

    WatchTest(Api api) {
        this.api = api;
    }

    private Answer create(String name, String labels) {
        return api.post(
                        MAPS,
                        "{apiVersion: v1, kind: ConfigMap, metadata: {name: " + name + ", labels: " + labels + "}}")
                .ok();
    }

    private String now() {
        return api.get(MAPS).ok().resourceVersion();
    }

    @Test
    void aWatchFromAVersionTellsEveryLaterChangeInOrder() throws IOException {
        String before = now();
        create("order", "{t: order}");
        Answer changed = api.merge(MAPS + "/order", "{data: {a: '1'}}").ok();
        api.delete(MAPS + "/order", "{}").ok();

        try (Events events = api.watch(MAPS + "?watch=true&labelSelector=t%3Dorder&resourceVersion=" + before)) {
            assertThat(events.next()).hasToString("ADDED order");
            Events.Event modified = events.next();
            assertThat(modified).hasToString("MODIFIED order");
            assertThat(modified.object()).isEqualTo(changed.json());
            Events.Event deleted = events.next();
            assertThat(deleted).hasToString("DELETED order");
            // What was deleted, at the version of its deletion.
            assertThat(deleted.object().at("/data/a").asText()).isEqualTo("1");
            assertThat(deleted.object().at("/metadata/resourceVersion").asLong())
                    .isGreaterThan(Long.parseLong(changed.resourceVersion()));
        }
    }

    @Test
    void aWatchResumesAfterTheLastVersionSeen() throws IOException {
        Answer first = create("resume", "{t: resume}");
        api.merge(MAPS + "/resume", "{data: {a: '1'}}").ok();

        try (Events events =
                api.watch(MAPS + "?watch=true&labelSelector=t%3Dresume&resourceVersion=" + first.resourceVersion())) {
            assertThat(events.next()).hasToString("MODIFIED resume");
        }
    }

    @Test
    void aWatchWithoutAVersionStartsWithWhatIsThere() throws IOException {
        create("present", "{t: present}");

        try (Events events = api.watch(MAPS + "?watch=true&labelSelector=t%3Dpresent&allowWatchBookmarks=true")) {
            assertThat(events.next()).hasToString("ADDED present");
            assertThat(initialEventsEnd(events.next())).isTrue();
        }
    }

    private static boolean initialEventsEnd(Events.Event event) {
        return event.type().equals("BOOKMARK")
                && event.object()
                        .at("/metadata/annotations/k8s.io~1initial-events-end")
                        .asText()
                        .equals("true");
    }

    @Test
    void anObjectThatLeavesTheSelectionIsDeletedForItsWatcher() throws IOException {
        create("leaves", "{t: leaves}");
        try (Events events = api.watch(MAPS + "?watch=true&labelSelector=t%3Dleaves&resourceVersion=" + now())) {
            Answer changed = api.merge(MAPS + "/leaves", "{metadata: {labels: {t: elsewhere}}}")
                    .ok();
            Events.Event left = events.next();

            assertThat(left).hasToString("DELETED leaves");
            assertThat(left.object().at("/metadata/labels/t").asText()).isEqualTo("leaves");
            assertThat(left.object().at("/metadata/resourceVersion").asText()).isEqualTo(changed.resourceVersion());
            assertThat(api.get(MAPS + "/leaves").code()).isEqualTo(200);
        }
    }

    @Test
    void anObjectThatEntersTheSelectionIsAddedForItsWatcher() throws IOException {
        create("enters", "{t: elsewhere}");
        try (Events events = api.watch(MAPS + "?watch=true&labelSelector=t%3Denters&resourceVersion=" + now())) {
            api.merge(MAPS + "/enters", "{metadata: {labels: {t: enters}}}").ok();

            assertThat(events.next()).hasToString("ADDED enters");
        }
    }

    @Test
    void initialEventsEndWithABookmarkThatSaysSo() throws IOException {
        create("initial", "{t: initial}");
        try (Events events = api.watch(MAPS + "?watch=true&labelSelector=t%3Dinitial&sendInitialEvents=true"
                + "&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan")) {
            assertThat(events.next()).hasToString("ADDED initial");
            Events.Event bookmark = events.next();

            assertThat(initialEventsEnd(bookmark)).isTrue();
            assertThat(bookmark.object().at("/kind").asText()).isEqualTo("ConfigMap");
            assertThat(bookmark.object().at("/metadata/resourceVersion").asText())
                    .isNotEmpty();
        }
    }

    @Test
    void initialEventsWithoutAVersionMatchAreInvalid() throws IOException {
        try (Events events = api.watch(MAPS + "?watch=true&sendInitialEvents=true")) {
            assertThat(events.code()).isEqualTo(422);
            assertThat(events.next().object().at("/message").asText())
                    .isEqualTo("ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden:"
                            + " sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
        }
    }

    @Test
    void aWatchEndsAfterItsTimeout() throws IOException {
        try (Events events =
                api.watch(MAPS + "?watch=true&timeoutSeconds=1&labelSelector=t%3Dnothing&resourceVersion=" + now())) {
            assertThat(events.next().type()).isEqualTo("end of stream");
        }
    }

    @Test
    void aBookmarkComesBeforeATimeoutEndsTheWatch() throws IOException {
        try (Events events = api.watch(MAPS + "?watch=true&timeoutSeconds=4&allowWatchBookmarks=true"
                + "&labelSelector=t%3Dnothing&resourceVersion=" + now())) {
            String last = create("bookmark", "{t: bookmark}").resourceVersion();
            Events.Event bookmark = events.next();

            assertThat(bookmark.type()).isEqualTo("BOOKMARK");
            assertThat(bookmark.object().at("/metadata/resourceVersion").asLong())
                    .isGreaterThanOrEqualTo(Long.parseLong(last));
        }
    }

    @Test
    void aVersionThatIsNoNumberIsRefused() throws IOException {
        try (Events events = api.watch(MAPS + "?watch=true&resourceVersion=yesterday")) {
            assertThat(events.code()).isEqualTo(500);
            assertThat(events.next().object().at("/message").asText())
                    .isEqualTo("resourceVersion: Invalid value: \"yesterday\": strconv.ParseUint: parsing"
                            + " \"yesterday\": invalid syntax");
        }
    }
}
