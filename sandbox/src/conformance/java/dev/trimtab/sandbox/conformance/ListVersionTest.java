package dev.trimtab.sandbox.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.trimtab.sandbox.judge.Judge;
import dev.trimtab.sandbox.judge.Part;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which moment a list shows: versions, how they are to match, and what becomes of moments that are too old. */
@Conformance
final class ListVersionTest {

    private static final String MAPS = "/api/v1/namespaces/{ns}/configmaps";
    private static final String TOO_OLD = "The resourceVersion for the provided list is too old.";

    private final Api api;
    private final Judge judge;

    ListVersionTest(Api api, Judge judge) {
        this.api = api;
        this.judge = judge;
    }

    /** The last one's version. */
    private String create(String label, String... names) {
        String version = "";
        for (String name : names) {
            version = api.post(
                            MAPS,
                            "{apiVersion: v1, kind: ConfigMap, metadata: {name: " + name + ", labels: {t: " + label
                                    + "}}}")
                    .ok()
                    .resourceVersion();
        }
        return version;
    }

    private static String of(String label) {
        return MAPS + "?labelSelector=t%3D" + label;
    }

    private static List<String> names(Answer list) {
        return list.at("/items").findParents("managedFields").stream()
                .map(metadata -> metadata.path("name").asText())
                .toList();
    }

    @Test
    void anExactVersionShowsThatMoment() {
        String then = create("exact", "exact-a", "exact-b");
        create("exact", "exact-c");
        api.delete(MAPS + "/exact-a", "{}").ok();
        api.merge(MAPS + "/exact-b", "{data: {a: '1'}}").ok();
        Answer past = api.get(of("exact") + "&resourceVersionMatch=Exact&resourceVersion=" + then)
                .ok();

        assertThat(names(past)).containsExactly("exact-a", "exact-b");
        assertThat(past.at("/items/1/data").isMissingNode()).isTrue();
        assertThat(past.resourceVersion()).isEqualTo(then);
        assertThat(names(api.get(of("exact") + "&resourceVersionMatch=NotOlderThan&resourceVersion=" + then)
                        .ok()))
                .containsExactly("exact-b", "exact-c");
    }

    @Test
    void aVersionAloneIsNoOlderThanAndWithALimitExact() {
        String then = create("alone", "alone-a");
        create("alone", "alone-b");

        assertThat(names(api.get(of("alone") + "&resourceVersion=" + then).ok()))
                .containsExactly("alone-a", "alone-b");
        assertThat(names(api.get(of("alone") + "&limit=5&resourceVersion=" + then)
                        .ok()))
                .containsExactly("alone-a");
    }

    @Test
    void versionZeroIgnoresTheLimit() {
        create("zero", "zero-a", "zero-b");
        Answer all = api.get(of("zero") + "&limit=1&resourceVersion=0").ok();

        await().untilAsserted(() -> assertThat(
                        names(api.get(of("zero") + "&limit=1&resourceVersion=0").ok()))
                .containsExactly("zero-a", "zero-b"));
        assertThat(all.at("/metadata/continue").isMissingNode()).isTrue();
    }

    @Test
    void pagesOfAnExactVersionShowThatMoment() {
        String then = create("pages", "pages-a", "pages-b");
        create("pages", "pages-c");
        Answer first = api.get(of("pages") + "&limit=1&resourceVersionMatch=Exact&resourceVersion=" + then)
                .ok();
        Answer rest = api.get(of("pages") + "&limit=5&continue=" + first.text("/metadata/continue"))
                .ok();

        assertThat(names(first)).containsExactly("pages-a");
        assertThat(names(rest)).containsExactly("pages-b");
        assertThat(rest.resourceVersion()).isEqualTo(then);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            resourceVersionMatch=NotOlderThan                   | resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided
            resourceVersionMatch=Bogus&resourceVersion=1        | resourceVersionMatch: Unsupported value: "Bogus": supported values: "Exact", "NotOlderThan", ""
            resourceVersionMatch=Exact&resourceVersion=0        | resourceVersionMatch: Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"
            resourceVersionMatch=Exact&resourceVersion=1&continue=a | resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden when continue is provided
            resourceVersionMatch=Exact&continue=a               | [resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided, resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden when continue is provided]
            sendInitialEvents=true                              | sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list
            """)
    void aCombinationThatMeansNothingIsInvalid(String query, String why) {
        Answer refused = api.get(MAPS + "?" + query);

        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused.reason()).isEqualTo("Invalid");
        assertThat(refused.message()).isEqualTo("ListOptions.meta.k8s.io \"\" is invalid: " + why);
        assertThat(refused.text("/details/group")).isEqualTo("meta.k8s.io");
        assertThat(refused.text("/details/kind")).isEqualTo("ListOptions");
        assertThat(refused.at("/details/causes/0/field").asText()).isNotEmpty();
    }

    @Test
    void aPageHasTheVersionOfTheFirstAndTakesNoOther() {
        String version = create("other", "other-a", "other-b");
        String token = api.get(of("other") + "&limit=1").ok().text("/metadata/continue");
        Answer refused = api.get(of("other") + "&continue=" + token + "&resourceVersion=" + version);

        assertThat(refused.code()).isEqualTo(400);
        assertThat(refused.message()).isEqualTo("specifying resource version is not allowed when using continue");
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "-1"})
    void aVersionThatIsNoNumberIsABadRequestOfAListAndAServerErrorOfAGet(String version) {
        String why = "resourceVersion: Invalid value: \"" + version + "\": strconv.ParseUint: parsing \"" + version
                + "\": invalid syntax";
        Answer list = api.get(MAPS + "?resourceVersion=" + version);
        Answer get = api.get(MAPS + "/a?resourceVersion=" + version);

        assertThat(list.code()).isEqualTo(400);
        assertThat(list.message()).isEqualTo("invalid resource version: " + why);
        assertThat(get.code()).isEqualTo(500);
        assertThat(get.message()).isEqualTo(why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"resourceVersion=%s", "resourceVersion=%s&resourceVersionMatch=Exact"})
    void aVersionThatIsNotYetIsATimeoutThatSaysWhenToAskAgain(String query) {
        Answer refused = api.get(MAPS + "?" + query.formatted("9000000000"));

        assertThat(refused.code()).isEqualTo(504);
        assertThat(refused.header("Retry-After")).isEqualTo("1");
        assertThat(refused.reason()).isEqualTo("Timeout");
        assertThat(refused.message()).startsWith("Timeout: Too large resource version: 9000000000, current: ");
        assertThat(refused.at("/details")).isEqualTo(Api.tree("""
                        causes: [{reason: ResourceVersionTooLarge, message: Too large resource version}]
                        retryAfterSeconds: 1
                        """));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {}                                  | server does not recognize this encoded version
            {"v":"meta.k8s.io/v1"}              | incorrect encoded start resourceVersion (version meta.k8s.io/v1)
            """)
    void aTokenSaysItsFormatAndItsVersion(String token, String why) {
        Answer refused = api.get(MAPS + "?limit=1&continue="
                + Base64.getUrlEncoder().withoutPadding().encodeToString(token.getBytes(StandardCharsets.UTF_8)));

        assertThat(refused.code()).isEqualTo(400);
        assertThat(refused.reason()).isEqualTo("BadRequest");
        assertThat(refused.message().strip())
                .isEqualTo("invalid continue token: continue key is not valid: " + why.strip());
    }

    /** The token's last object is where the rest begins; what has come since is in it. */
    @Test
    @Needs(Part.COMPACTION)
    void aTokenOfAForgottenMomentIsExpiredAndOffersAnotherThatGoesOnWithThePresent() {
        create("token", "token-a", "token-b", "token-d");
        Answer first = api.get(of("token") + "&limit=1").ok();
        create("token", "token-c");
        judge.compact();
        String next = of("token") + "&continue=" + first.text("/metadata/continue");
        await().atMost(Duration.ofSeconds(30)).until(() -> api.get(next).code() == 410);
        Answer expired = api.get(next);

        assertThat(expired.reason()).isEqualTo("Expired");
        assertThat(expired.message())
                .isEqualTo("The provided continue parameter is too old to display a consistent list result. You can"
                        + " start a new list without the continue parameter, or use the continue token in this"
                        + " response to retrieve the remainder of the results. Continuing with the provided token"
                        + " results in an inconsistent list - objects that were created, modified, or deleted between"
                        + " the time the first chunk was returned and now may show up in the list.");
        Answer rest = api.get(of("token") + "&limit=2&continue=" + expired.text("/metadata/continue"))
                .ok();
        Answer last = api.get(of("token") + "&limit=2&continue=" + rest.text("/metadata/continue"))
                .ok();
        assertThat(names(rest)).containsExactly("token-b", "token-c");
        assertThat(names(last)).containsExactly("token-d");
        assertThat(Long.parseLong(rest.resourceVersion())).isGreaterThan(Long.parseLong(first.resourceVersion()));
    }

    @Test
    @Needs(Part.COMPACTION)
    void aForgottenMomentCannotBeShown() {
        String then = create("forgotten", "forgotten-a");
        create("forgotten", "forgotten-b");
        judge.compact();
        String exactly = of("forgotten") + "&resourceVersionMatch=Exact&resourceVersion=" + then;
        await().atMost(Duration.ofSeconds(30)).until(() -> api.get(exactly).code() == 410);
        Answer expired = api.get(exactly);

        assertThat(expired.json()).isEqualTo(Api.tree("""
                        kind: Status
                        apiVersion: v1
                        metadata: {}
                        status: Failure
                        message: %s
                        reason: Expired
                        code: 410
                        """.formatted(TOO_OLD)));
        assertThat(names(api.get(of("forgotten") + "&resourceVersion=" + then).ok()))
                .containsExactly("forgotten-a", "forgotten-b");
    }

    @Test
    void initialEventsFromAVersionThatIsNotYetAreATimeoutWithinTheWatch() throws IOException {
        try (Events events = api.watch(MAPS + "?watch=true&sendInitialEvents=true&allowWatchBookmarks=true"
                + "&resourceVersionMatch=NotOlderThan&resourceVersion=9000000000&timeoutSeconds=10")) {
            Events.Event error = events.next();

            assertThat(events.code()).isEqualTo(200);
            assertThat(error.type()).isEqualTo("ERROR");
            assertThat(error.object().path("code").asInt()).isEqualTo(504);
            assertThat(error.object().path("reason").asText()).isEqualTo("Timeout");
            assertThat(error.object().path("message").asText())
                    .startsWith("Timeout: Too large resource version: 9000000000, current: ");
            assertThat(error.object().path("details")).isEqualTo(Api.tree("""
                            causes: [{reason: ResourceVersionTooLarge, message: Too large resource version}]
                            retryAfterSeconds: 1
                            """));
        }
    }

    @Test
    void aWatchFromAVersionThatIsNotYetSaysNothing() throws IOException {
        try (Events events = api.watch(of("early") + "&watch=true&resourceVersion=9000000000&timeoutSeconds=2")) {
            create("early", "early");

            assertThat(events.next().type()).isEqualTo("end of stream");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            resourceVersionMatch=NotOlderThan                   | resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided
            resourceVersionMatch=Exact&sendInitialEvents=true   | [resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan, resourceVersionMatch: Unsupported value: "Exact": supported values: "NotOlderThan"]
            sendInitialEvents=false                             | resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan
            continue=a                                          | resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden when continue is provided
            """)
    void aWatchThatMeansNothingIsInvalid(String query, String why) throws IOException {
        try (Events events = api.watch(MAPS + "?watch=true&" + query)) {
            assertThat(events.code()).isEqualTo(422);
            assertThat(events.next().object().path("message").asText())
                    .isEqualTo("ListOptions.meta.k8s.io \"\" is invalid: " + why);
        }
    }
}
