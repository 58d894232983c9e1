package dev.trimtab.sandbox.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How old and how whole an answer may be: versions of lists, pages of one moment. */
@Conformance
final class ConsistencyTest {

    private static final String MAPS = "/api/v1/namespaces/{ns}/configmaps";

    private final Api api;

    ConsistencyTest(Api api) {
        this.api = api;
    }

    private void create(String name, String label) {
        api.post(MAPS, "{apiVersion: v1, kind: ConfigMap, metadata: {name: " + name + ", labels: {t: " + label + "}}}")
                .ok();
    }

    private static List<String> names(Answer list) {
        List<String> names = new ArrayList<>();
        list.at("/items").forEach(item -> names.add(item.at("/metadata/name").asText()));
        return names;
    }

    @Test
    void pagesShowTheMomentOfTheFirst() {
        for (String name : List.of("page-a", "page-b", "page-d")) {
            create(name, "page");
        }
        Answer first = api.get(MAPS + "?labelSelector=t%3Dpage&limit=1").ok();
        create("page-c", "page");
        api.delete(MAPS + "/page-b", "{}").ok();
        api.merge(MAPS + "/page-d", "{data: {a: '1'}}").ok();
        Answer rest = api.get(MAPS + "?labelSelector=t%3Dpage&continue=" + first.text("/metadata/continue"))
                .ok();

        assertThat(names(first)).containsExactly("page-a");
        assertThat(names(rest)).containsExactly("page-b", "page-d");
        assertThat(rest.at("/items/1/data").isMissingNode()).isTrue();
        assertThat(rest.resourceVersion()).isEqualTo(first.resourceVersion());
        assertThat(names(api.get(MAPS + "?labelSelector=t%3Dpage").ok())).containsExactly("page-a", "page-c", "page-d");
    }

    @Test
    void aPageOfASelectionDoesNotCountTheRest() {
        create("count-a", "count");
        create("count-b", "count");
        Answer page = api.get(MAPS + "?labelSelector=t%3Dcount&limit=1").ok();

        assertThat(page.text("/metadata/continue")).isNotEmpty();
        assertThat(page.at("/metadata/remainingItemCount").isMissingNode()).isTrue();
    }

    @Test
    void aTokenThatIsNoneIsABadRequest() {
        Answer refused = api.get(MAPS + "?limit=1&continue=abc");

        assertThat(refused.code()).isEqualTo(400);
        assertThat(refused.reason()).isEqualTo("BadRequest");
        assertThat(refused.message()).startsWith("invalid continue token: continue key is not valid: ");
    }

    @Test
    void aListIsAsNewAsTheLastWrite() {
        create("fresh", "fresh");
        Answer changed = api.merge(MAPS + "/fresh", "{data: {a: '1'}}").ok();
        Answer list = api.get(MAPS + "?labelSelector=t%3Dfresh").ok();

        assertThat(list.text("/items/0/metadata/resourceVersion")).isEqualTo(changed.resourceVersion());
        assertThat(Long.parseLong(list.resourceVersion()))
                .isGreaterThanOrEqualTo(Long.parseLong(changed.resourceVersion()));
    }

    @Test
    void aListCanBeAskedForNoOlderThanAVersion() {
        create("known", "known");
        String version = api.get(MAPS + "/known").ok().resourceVersion();

        assertThat(names(api.get(MAPS + "?labelSelector=t%3Dknown&resourceVersionMatch=NotOlderThan&resourceVersion="
                                + version)
                        .ok()))
                .containsExactly("known");
    }

    @Test
    void anObjectOfAVersionThatIsNotYetIsATimeout() {
        Answer refused = api.get(MAPS + "/kube-root-ca.crt?resourceVersion=9000000000");

        assertThat(refused.code()).isEqualTo(504);
        assertThat(refused.reason()).isEqualTo("Timeout");
        assertThat(refused.message()).startsWith("Timeout: Too large resource version: 9000000000, current: ");
    }
}
