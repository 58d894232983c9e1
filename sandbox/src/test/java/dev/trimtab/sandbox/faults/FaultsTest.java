package dev.trimtab.sandbox.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trimtab.sandbox.api.LocalApi;
import dev.trimtab.sandbox.junit.Sandbox;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Sandbox(scope = Sandbox.Scope.METHOD, controllers = false)
class FaultsTest {

    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String MAP =
            "{\"apiVersion\": \"v1\", \"kind\": \"ConfigMap\", \"metadata\": {\"name\": \"a\"}}";

    private final HttpClient client = HttpClient.newHttpClient();
    private final URI address;
    private final Faults faults;
    private final LocalApi api;

    FaultsTest(URI address, Faults faults, LocalApi api) {
        this.address = address;
        this.faults = faults;
        this.api = api;
    }

    private HttpResponse<String> create() throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(address.resolve(MAPS))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(MAP))
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(address.resolve(path)).build(), BodyHandlers.ofString());
    }

    static Stream<Arguments> answers() {
        return Stream.of(
                Arguments.of(Fault.conflict(), 409, "Conflict"),
                Arguments.of(Fault.expired(), 410, "Expired"),
                Arguments.of(Fault.tooManyRequests(Duration.ofSeconds(2)), 429, "TooManyRequests"),
                Arguments.of(Fault.internalError(), 500, "InternalError"),
                Arguments.of(Fault.answer(503, "ServiceUnavailable", "later"), 503, "ServiceUnavailable"));
    }

    @ParameterizedTest(name = "{1} {2}")
    @MethodSource("answers")
    void anAnswerComesInsteadOfTheRequestsEffect(Fault fault, int code, String reason) throws Exception {
        faults.on("create", "configmaps").times(1).inject(fault);

        HttpResponse<String> refused = create();
        assertThat(refused.statusCode()).isEqualTo(code);
        assertThat(refused.body()).contains("\"kind\":\"Status\"", "\"reason\":\"" + reason + "\"");
        assertThat(api.list("configmaps", "default")).isEmpty();

        assertThat(create().statusCode()).isEqualTo(201);
    }

    @Test
    void tooManyRequestsSaysWhenToComeBack() throws Exception {
        faults.on("create", "configmaps").inject(Fault.tooManyRequests(Duration.ofMillis(1500)));
        assertThat(create().headers().firstValue("Retry-After")).hasValue("2");
    }

    @Test
    void onlyMatchingRequestsAreBefallenAndCounted() throws Exception {
        Faults.Injected injected =
                faults.on("get", "configmaps").in("default").named("a").inject(Fault.internalError());
        assertThat(create().statusCode()).isEqualTo(201);
        assertThat(get(MAPS).statusCode()).isEqualTo(200);
        assertThat(get(MAPS + "/b").statusCode()).isEqualTo(404);
        assertThat(get(MAPS + "/a").statusCode()).isEqualTo(500);
        assertThat(injected.hits()).isEqualTo(1);

        injected.remove();
        assertThat(get(MAPS + "/a").statusCode()).isEqualTo(200);
    }

    @Test
    void aStarStandsForEveryVerbAndResource() throws Exception {
        faults.on("*", "*").inject(Fault.internalError());
        assertThat(create().statusCode()).isEqualTo(500);
        assertThat(get("/apis/apps/v1/deployments").statusCode()).isEqualTo(500);
        assertThat(get("/version").statusCode()).as("not a resource").isEqualTo(200);

        faults.clear();
        assertThat(create().statusCode()).isEqualTo(201);
    }

    @Test
    void aDelayedRequestIsCarriedOut() throws Exception {
        faults.on("create", "configmaps").inject(Fault.delay(Duration.ofMillis(80)));
        long begin = System.nanoTime();
        assertThat(create().statusCode()).isEqualTo(201);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofMillis(80));
    }

    @Test
    void aCutRequestHasNoEffect() {
        faults.on("create", "configmaps").inject(Fault.cut());
        assertThatThrownBy(this::create).isInstanceOf(IOException.class);
        assertThat(api.list("configmaps", "default")).isEmpty();
    }

    @Test
    void afterACutAnswerTheEffectIsThere() {
        faults.on("create", "configmaps").inject(Fault.cutAfterwards());
        assertThatThrownBy(this::create).isInstanceOf(IOException.class);
        assertThat(api.list("configmaps", "default")).hasSize(1);
    }

    @Test
    void aWatchIsToldOfItsAgeWithinTheStream() throws Exception {
        faults.on("watch", "configmaps").inject(Fault.expired());
        HttpResponse<String> watch = get(MAPS + "?watch=true&resourceVersion=1");
        assertThat(watch.statusCode()).isEqualTo(200);
        assertThat(watch.body()).contains("\"type\":\"ERROR\"", "\"code\":410");
    }

    @Test
    void openWatchesCanBeCut() throws Exception {
        try (BufferedReader watch = new BufferedReader(new InputStreamReader(
                client.send(
                                HttpRequest.newBuilder(address.resolve(MAPS + "?watch=true"))
                                        .build(),
                                BodyHandlers.ofInputStream())
                        .body(),
                StandardCharsets.UTF_8))) {
            assertThat(create().statusCode()).isEqualTo(201);
            assertThat(watch.readLine()).contains("\"ADDED\"");
            Awaitility.await().until(() -> faults.cutWatches("configmaps") == 1);
            assertThatThrownBy(watch::readLine).isInstanceOf(IOException.class);
        }
        Awaitility.await().until(() -> faults.cutWatches("*") == 0);
        assertThat(create().statusCode()).isEqualTo(409);
    }
}
