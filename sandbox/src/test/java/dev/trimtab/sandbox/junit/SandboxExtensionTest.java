package dev.trimtab.sandbox.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.VirtualClock;
import dev.trimtab.sandbox.api.LocalApi;
import dev.trimtab.sandbox.faults.Faults;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

@Sandbox(nodes = {"blue", "green"})
class SandboxExtensionTest {

    private final dev.trimtab.sandbox.Sandbox sandbox;

    SandboxExtensionTest(dev.trimtab.sandbox.Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    @Test
    void parametersAreOfOneSandbox(URI address, Path kubeconfig, LocalApi api, Faults faults, @TempDir Path other)
            throws IOException {
        assertThat(address).isEqualTo(sandbox.address());
        assertThat(Files.readString(kubeconfig)).isEqualTo(sandbox.kubeconfig());
        assertThat(api.list("nodes", "")).hasSize(2);
        assertThat(faults).isSameAs(sandbox.faults());
        assertThat(other).isDirectory();
    }

    @Test
    void anyHttpClientIsAClient(URI address) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(address.resolve("/api/v1/nodes/blue")).build();
        assertThat(HttpClient.newHttpClient()
                        .send(request, BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    @Sandbox(rbac = true, controllers = false)
    void whoHasNoRoleIsRefusedWhereATestAsksForIt(URI address) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address.resolve("/api/v1/nodes"))
                .header("Impersonate-User", "alice")
                .build();
        assertThat(HttpClient.newHttpClient()
                        .send(request, BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(403);
    }

    @Nested
    class Within {
        @Test
        void nestedClassesShareIt(dev.trimtab.sandbox.Sandbox same) {
            assertThat(same).isSameAs(sandbox);
        }
    }

    @Test
    @Sandbox(virtualTime = true)
    void aMethodMayHaveItsOwnAndDriveItsTime(LocalApi api, VirtualClock clock) {
        ObjectNode pod = JsonNodeFactory.instance.objectNode();
        pod.put("apiVersion", "v1").put("kind", "Pod");
        pod.putObject("metadata").put("name", "web").put("namespace", "default");
        pod.putObject("spec")
                .putArray("containers")
                .addObject()
                .put("name", "app")
                .put("image", "nginx");
        api.create("pods", pod, "test");

        clock.advance(Duration.ofMinutes(1));

        assertThat(api.get("pods", "default", "web").orElseThrow().at("/status/phase"))
                .hasToString("\"Running\"");
    }

    @Test
    void howLongAStartTakesIsPrinted() {
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            long begin = System.nanoTime();
            dev.trimtab.sandbox.Sandbox.builder().build().start().close();
            best = Math.min(best, System.nanoTime() - begin);
        }
        System.out.println(
                "a sandbox starts and closes in " + Duration.ofNanos(best).toMillis() + " ms");
    }

    @Test
    void oneForEachTestIfThatIsTheScope() {
        EachItsOwn.SEEN.clear();
        assertThat(run(EachItsOwn.class).getTestsSucceededCount()).isEqualTo(2);
        assertThat(EachItsOwn.SEEN).hasSize(2);
    }

    @Test
    void aVirtualClockIsNotGivenForRealTime() {
        assertThat(run(WantsAClock.class).getFailures())
                .singleElement()
                .satisfies(failure ->
                        assertThat(failure.getException()).hasMessageContaining("@Sandbox(virtualTime = true)"));
    }

    private static TestExecutionSummary run(Class<?> tests) {
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(tests))
                .build();
        LauncherFactory.create(org.junit.platform.launcher.core.LauncherConfig.builder()
                        .enableTestExecutionListenerAutoRegistration(false)
                        .build())
                .execute(request, summary);
        return summary.getSummary();
    }

    @Sandbox(scope = Sandbox.Scope.METHOD, controllers = false)
    static class EachItsOwn {

        private static final Set<URI> SEEN = new HashSet<>();

        EachItsOwn(URI address) {
            SEEN.add(address);
        }

        @Test
        void one(URI address) {
            assertThat(SEEN).contains(address);
        }

        @Test
        void other(URI address) {
            assertThat(SEEN).contains(address);
        }
    }

    @Sandbox(controllers = false)
    static class WantsAClock {
        @Test
        void test(VirtualClock clock) {
            assertThat(clock).isNotNull();
        }
    }
}
