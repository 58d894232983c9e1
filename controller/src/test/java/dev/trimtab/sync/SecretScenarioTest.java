package dev.trimtab.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.cli.Sinks;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** No value of a Secret leaves the cluster or the repository by any other way. */
@Timeout(120)
class SecretScenarioTest {

    private static final String VALUE = "Tr1m&tab/marker+one";
    private static final String NEXT = "Tr1m&tab/marker+two";

    @TempDir
    private Path folder;

    private ScenarioRig rig;

    @BeforeEach
    void start() {
        rig = new ScenarioRig(folder);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private static String secret(String body) {
        return "{apiVersion: v1, kind: Secret, metadata: {name: login, namespace: NAMESPACE}, " + body + "}\n";
    }

    @Test
    @DisplayName("S13: a changed value shows as changed, and neither value in any encoding is in anything that is told")
    void noValueIsInAnythingThatIsTold() {
        rig.with("secret.yaml", secret("stringData: {password: '" + VALUE + "', user: ada}"))
                .settled("");
        String changed = rig.with("secret.yaml", secret("stringData: {password: '" + NEXT + "', user: ada}"))
                .commit();
        rig.awaitSettled(changed);
        rig.patch("v1", "Secret", "login", "kubectl-edit", "{stringData: {password: '" + VALUE + "'}}");
        rig.await1(SyncEvent.DriftEnded.class);
        // The server answers a value of another type with a text that holds it.
        rig.with("secret.yaml", secret("data: {password: [{a: '" + NEXT + "'}]}"))
                .commit();
        rig.patiently("told").until(() -> !rig.of(SyncEvent.Refused.class).isEmpty() || failed());
        rig.with("secret.yaml", secret("type: Other, stringData: {password: '" + NEXT + "'}"))
                .commit();
        rig.await1(SyncEvent.Held.class);

        List<String> told = rig.told().stream()
                .flatMap(event -> Sinks.everythingToldOf(rig.name, event).stream())
                .toList();
        assertThat(told).anyMatch(line -> line.contains("data.password"));
        for (String value : List.of(VALUE, NEXT)) {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            for (String form : List.of(
                    value,
                    Base64.getEncoder().encodeToString(bytes),
                    Base64.getUrlEncoder().withoutPadding().encodeToString(bytes),
                    URLEncoder.encode(value, StandardCharsets.UTF_8))) {
                assertThat(told).noneMatch(line -> line.contains(form));
            }
        }
        assertThat(rig.get("v1", "Secret", "login")
                        .path("metadata")
                        .path("annotations")
                        .toString())
                .doesNotContain("marker");
        assertThat(rig.client()
                        .list(rig.type("v1", "ConfigMap"), java.util.Optional.empty(), "")
                        .toString())
                .as("the inventory")
                .doesNotContain("marker")
                .doesNotContain(Base64.getEncoder().encodeToString(VALUE.getBytes(StandardCharsets.UTF_8)));
    }

    private boolean failed() {
        return rig.of(SyncEvent.Planned.class).stream()
                .anyMatch(event -> !event.plan().problems().isEmpty());
    }

    @Test
    @DisplayName("S13: an encrypted object is refused, and nothing is written")
    void anEncryptedObjectIsRefusedAndNothingIsWritten() {
        rig.with("settings.yaml", ScenarioTest.SETTINGS).settled("");
        rig.with("settings.yaml", ScenarioTest.SETTINGS.replace("a: '1'", "a: '2'"))
                .with("secret.yaml", secret("data: {password: 'ENC[AES256_GCM,data:x]'}, sops: {version: 3.9.0}"))
                .commit();
        SyncEvent.Refused refused = rig.await1(SyncEvent.Refused.class);

        assertThat(refused.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.code().id()).isEqualTo("RND008");
            assertThat(problem.at().toString()).startsWith("secret.yaml:1:");
        });
        rig.awaitRest();
        assertThat(rig.writes()).isEmpty();
        assertThat(rig.get("v1", "ConfigMap", "settings").at("/data/a").asText())
                .isEqualTo("1");
    }
}
