package dev.trimtab.sandbox.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.sandbox.api.http.HttpCaller.Stream;
import org.junit.jupiter.api.Test;

class WatchStreamTest extends ServerTest {

    private String version() {
        return http.get(core("configmaps")).version();
    }

    @Test
    void aWatchGoesOnFromAList() throws Exception {
        http.post(core("configmaps"), configMap("a", "1"));
        try (Stream watch = http.watch(core("configmaps") + "?watch=1&resourceVersion=" + version())) {
            http.merge(core("configmaps/a"), "{\"data\":{\"key\":\"2\"}}");
            http.delete(core("configmaps/a"), "");
            http.post(core("configmaps"), configMap("b", "1"));
            assertThat(watch.nextName()).isEqualTo("MODIFIED a");
            assertThat(watch.nextName()).isEqualTo("DELETED a");
            assertThat(watch.nextName()).isEqualTo("ADDED b");
        }
    }

    @Test
    void withoutAVersionThePresentComesFirst() throws Exception {
        http.post(core("configmaps"), configMap("a", "1"));
        try (Stream watch = http.watch(core("configmaps") + "?watch=true")) {
            assertThat(watch.nextName()).isEqualTo("ADDED a");
            http.post(core("configmaps"), configMap("b", "1"));
            assertThat(watch.nextName()).isEqualTo("ADDED b");
        }
    }

    @Test
    void aSelectedWatchSaysDeletedWhenALabelGoes() throws Exception {
        http.post(core("configmaps"), "{\"metadata\":{\"name\":\"a\",\"labels\":{\"ours\":\"yes\"}}}");
        http.post(core("configmaps"), configMap("b", "1"));
        String query = "?watch=1&labelSelector=ours%3Dyes&resourceVersion=" + version();
        try (Stream watch = http.watch(core("configmaps") + query)) {
            http.merge(core("configmaps/a"), "{\"metadata\":{\"labels\":null}}");
            http.merge(core("configmaps/b"), "{\"metadata\":{\"labels\":{\"ours\":\"yes\"}}}");
            JsonNode gone = watch.next();
            assertThat(gone.path("type").asText()).isEqualTo("DELETED");
            assertThat(gone.at("/object/metadata/labels/ours").asText()).isEqualTo("yes");
            assertThat(gone.at("/object/metadata/resourceVersion").asText())
                    .isEqualTo(http.get(core("configmaps/a")).version());
            assertThat(watch.nextName()).isEqualTo("ADDED b");
        }
    }

    @Test
    void otherNamespacesAreNotSeen() throws Exception {
        try (Stream watch = http.watch(core("configmaps") + "?watch=1&resourceVersion=" + version())) {
            http.post("/api/v1/namespaces/default/configmaps", configMap("elsewhere", "1"));
            http.post(core("configmaps"), configMap("here", "1"));
            assertThat(watch.nextName()).isEqualTo("ADDED here");
        }
    }

    @Test
    void initialEventsEndWithABookmark() throws Exception {
        http.post(core("configmaps"), configMap("a", "1"));
        String query = "?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";
        try (Stream watch = http.watch(core("configmaps") + query)) {
            assertThat(watch.nextName()).isEqualTo("ADDED a");
            JsonNode bookmark = watch.next();
            assertThat(bookmark.path("type").asText()).isEqualTo("BOOKMARK");
            assertThat(bookmark.at("/object/metadata/annotations/k8s.io~1initial-events-end")
                            .asText())
                    .isEqualTo("true");
            assertThat(bookmark.at("/object/metadata/resourceVersion").asText()).isEqualTo(version());
        }
    }

    @Test
    void aForgottenVersionIsGone() throws Exception {
        String old = http.post(core("configmaps"), configMap("a", "0")).version();
        for (int i = 1; i <= 70; i++) {
            http.merge(core("configmaps/a"), "{\"data\":{\"key\":\"" + i + "\"}}");
        }
        try (Stream watch = http.watch(core("configmaps") + "?watch=1&resourceVersion=" + old)) {
            JsonNode error = watch.next();
            assertThat(error.path("type").asText()).isEqualTo("ERROR");
            assertThat(error.at("/object/code").asInt()).isEqualTo(410);
            assertThat(error.at("/object/reason").asText()).isEqualTo("Expired");
            assertThat(watch.next().isMissingNode()).isTrue();
        }
    }

    @Test
    void metadataCanBeWatchedAlone() throws Exception {
        String query = "?watch=1&resourceVersion=" + version();
        String accept = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
        try (Stream watch = http.watchAs(core("configmaps") + query, accept)) {
            http.post(core("configmaps"), configMap("a", "1"));
            JsonNode event = watch.next();
            assertThat(event.at("/object/kind").asText()).isEqualTo("PartialObjectMetadata");
            assertThat(event.at("/object/data").isMissingNode()).isTrue();
            assertThat(event.at("/object/metadata/managedFields").isArray()).isTrue();
        }
    }
}
