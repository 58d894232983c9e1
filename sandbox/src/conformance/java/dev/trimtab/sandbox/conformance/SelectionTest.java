package dev.trimtab.sandbox.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lists: selectors, pages, and their errors. */
@Conformance
final class SelectionTest {

    private static final String MAPS = "/api/v1/namespaces/{ns}/configmaps";

    private final Api api;

    SelectionTest(Api api) {
        this.api = api;
    }

    @BeforeEach
    void fourMaps() {
        for (String name : new String[] {"a", "b", "c", "d"}) {
            api.apply(
                            MAPS + "/" + name,
                            "ours",
                            "{apiVersion: v1, kind: ConfigMap, metadata: {name: " + name + ", labels: {all: '1', name: "
                                    + name + "}}}")
                    .ok();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            name=a                  | a
            name==a                 | a
            all,name!=a             | b c d
            all,name in (a,b)       | a b
            all,name notin (a,b)    | c d
            all,!name               |
            all,absent!=x           | a b c d
            all=1,name=b            | b
            all,name in ()          |
            all > 0                 | a b c d
            all < 1                 |
            all,! name              |
            """)
    void labelSelectorsSelect(String selector, @Nullable String names) {
        String query = URLEncoder.encode(selector, StandardCharsets.UTF_8);
        assertThat(String.join(
                        " ",
                        api
                                .get(MAPS + "?labelSelector=" + query)
                                .ok()
                                .at("/items")
                                .findParents("managedFields")
                                .stream()
                                .map(metadata -> metadata.path("name").asText())
                                .toList()))
                .isEqualTo(names == null ? "" : names);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            status.phase=Pending                                  | x y
            status.phase!=Pending                                 |
            spec.nodeName=                                        | x y
            spec.schedulerName=nobody-x                           | x
            spec.restartPolicy=Never                              | y
            spec.serviceAccountName=default,metadata.name!=x      | y
            spec.hostNetwork=false                                | x y
            """)
    void podsAreSelectedByWhereTheyRunAndHowTheyAre(String selector, @Nullable String names) {
        String pods = "/api/v1/namespaces/{ns}/pods";
        for (String name : new String[] {"x", "y"}) {
            api.post(
                    pods,
                    "{apiVersion: v1, kind: Pod, metadata: {name: " + name + "}, spec: {schedulerName: nobody-" + name
                            + ", serviceAccountName: default, restartPolicy: "
                            + (name.equals("x") ? "Always" : "Never")
                            + ", containers: [{name: c, image: 'a:1'}]}}");
        }
        Answer list = api.get(pods + "?fieldSelector=" + URLEncoder.encode(selector, StandardCharsets.UTF_8))
                .ok();

        assertThat(list.at("/items").findParents("managedFields").stream()
                        .map(metadata -> metadata.path("name").asText()))
                .containsExactly(names == null ? new String[0] : names.split(" "));
    }

    @Test
    void aFieldThatPodsAreNotSelectedByIsABadRequest() {
        Answer refused = api.get("/api/v1/namespaces/{ns}/pods?fieldSelector=spec.priority%3D1");

        assertThat(refused.code()).isEqualTo(400);
        assertThat(refused.message()).isEqualTo("field label not supported: spec.priority");
    }

    @Test
    void fieldSelectorsKnowNameAndNamespace() {
        assertThat(api.get(MAPS + "?fieldSelector=metadata.name%3Da").ok().at("/items"))
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            labelSelector=a%20b         | unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt
            labelSelector=a%3D%3D%3Db   | unable to parse requirement: found '=', expected: identifier
            labelSelector=a%20in%20(    | unable to parse requirement: found '', expected: ',', ')' or identifier
            labelSelector=a%3Db,        | found '', expected: identifier after ','
            labelSelector=-a            | unable to parse requirement: <nil>: Invalid value: "-a": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')
            labelSelector=a%3D-b        | unable to parse requirement: values[0][a]: Invalid value: "-b": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')
            fieldSelector=metadata.name | invalid selector: 'metadata.name'; can't understand 'metadata.name'
            timeoutSeconds=x            | strconv.ParseInt: parsing "x": invalid syntax
            fieldSelector=data.a%3Db    | "data.a" is not a known field selector: only "metadata.name", "metadata.namespace"
            limit=x                     | strconv.ParseInt: parsing "x": invalid syntax
            """)
    void whatCannotBeReadIsABadRequest(String query, String message) {
        Answer refused = api.get(MAPS + "?" + query);

        assertThat(refused.code()).isEqualTo(400);
        assertThat(refused.reason()).isEqualTo("BadRequest");
        assertThat(refused.message()).isEqualTo(message);
    }

    @Test
    void pagesContinueOneSnapshot() {
        Answer first = api.get(MAPS + "?labelSelector=all&limit=3").ok();
        api.delete(MAPS + "/d", "{}").ok();
        Answer second = api.get(MAPS + "?labelSelector=all&limit=3&continue=" + first.text("/metadata/continue"))
                .ok();

        assertThat(first.at("/items")).hasSize(3);
        assertThat(second.text("/items/0/metadata/name")).isEqualTo("d");
        assertThat(second.at("/metadata/continue").asText("")).isEmpty();
        assertThat(second.text("/metadata/resourceVersion")).isEqualTo(first.text("/metadata/resourceVersion"));
    }

    @Test
    void anUnselectedPageSaysHowManyAreLeft() {
        Answer all = api.get(MAPS).ok();
        Answer page = api.get(MAPS + "?limit=1").ok();

        assertThat(page.at("/metadata/remainingItemCount").asInt())
                .isEqualTo(all.at("/items").size() - 1);
    }

    @Test
    void anAbsentNamespaceHasNothing() {
        assertThat(api.get("/api/v1/namespaces/nowhere-at-all/configmaps").ok().at("/items"))
                .isEmpty();
    }
}
