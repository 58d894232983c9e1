package dev.trimtab.sandbox.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** PartialObjectMetadata: what a client sees that asks for metadata alone. */
@Conformance
final class MetadataOnlyTest {

    private static final String MAPS = "/api/v1/namespaces/{ns}/configmaps";
    private static final String OBJECT = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
    private static final String LIST = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

    private final Api api;

    MetadataOnlyTest(Api api) {
        this.api = api;
    }

    private Answer create(String name) {
        return api.post(
                        MAPS,
                        "{apiVersion: v1, kind: ConfigMap, metadata: {name: " + name + ", labels: {t: " + name
                                + "}}, data: {a: '1'}}")
                .ok();
    }

    @Test
    void anObjectHasItsManagedFieldsAndNoData() {
        Answer created = create("one");
        Answer answer = api.get(MAPS + "/one", OBJECT).ok();

        assertThat(answer.text("/apiVersion")).isEqualTo("meta.k8s.io/v1");
        assertThat(answer.text("/kind")).isEqualTo("PartialObjectMetadata");
        assertThat(answer.at("/metadata")).isEqualTo(created.at("/metadata"));
        assertThat(answer.json().properties()).hasSize(3);
    }

    @Test
    void aListIsOneOfMetadata() {
        create("listed");
        Answer answer = api.get(MAPS + "?labelSelector=t%3Dlisted", LIST).ok();

        assertThat(answer.text("/kind")).isEqualTo("PartialObjectMetadataList");
        assertThat(answer.text("/items/0/kind")).isEqualTo("PartialObjectMetadata");
        assertThat(answer.at("/items/0/data").isMissingNode()).isTrue();
        assertThat(answer.at("/items/0/metadata/managedFields").isEmpty()).isFalse();
    }

    @Test
    void aWatchTellsMetadata() throws IOException {
        create("watched");
        try (Events events = api.watch(MAPS + "?watch=true&labelSelector=t%3Dwatched", OBJECT)) {
            Events.Event event = events.next();

            assertThat(event).hasToString("ADDED watched");
            assertThat(event.object().at("/kind").asText()).isEqualTo("PartialObjectMetadata");
            assertThat(event.object().has("data")).isFalse();
        }
    }
}
