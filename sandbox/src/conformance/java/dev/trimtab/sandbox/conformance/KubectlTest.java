package dev.trimtab.sandbox.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.trimtab.sandbox.judge.Judge;
import dev.trimtab.sandbox.judge.Part;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** kubectl, unchanged: transcripts of sessions that every judge must repeat line for line. */
@Conformance
@Timeout(300)
final class KubectlTest {

    private static final int MINOR = 32;

    /** Older ones do not say where from. */
    private static final String DELETED_FROM = " from NAMESPACE namespace";

    private final Api api;
    private final Judge judge;

    @TempDir
    private Path directory;

    KubectlTest(Api api, Judge judge) {
        this.api = api;
        this.judge = judge;
    }

    @BeforeAll
    static void findKubectl(@TempDir Path anywhere) throws InterruptedException {
        Optional<String> missing = missing(new Shell(anywhere, Map.of("HOME", anywhere.toString())));
        assumeTrue(missing.isEmpty(), missing.orElse(""));
    }

    /** Why kubectl cannot be used here. */
    private static Optional<String> missing(Shell shell) throws InterruptedException {
        try {
            String version = shell.run("kubectl version --client -o json 2>/dev/null");
            String minor = new ObjectMapper()
                    .readTree(version)
                    .at("/clientVersion/minor")
                    .asText("0")
                    .replaceAll("\\D.*", "");
            return Integer.parseInt(minor) >= MINOR
                    ? Optional.empty()
                    : Optional.of("kubectl on the PATH is 1." + minor + ", 1." + MINOR + " or newer is needed");
        } catch (IOException | NumberFormatException e) {
            return Optional.of("no kubectl 1." + MINOR + " or newer on the PATH");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"read", "apply", "apply-server-side", "change", "create", "ask", "custom"})
    void theServerAnswersAsTheTranscriptSays(String session) throws IOException, InterruptedException {
        repeat(session, "");
    }

    @ParameterizedTest
    @Needs({Part.CONTROLLERS, Part.NODES})
    @ValueSource(strings = {"delete", "jobs", "wait", "rollout", "sets", "nodes"})
    void theClusterActsAsTheTranscriptSays(String session) throws IOException, InterruptedException {
        repeat(session, api.get("/api/v1/nodes?limit=1").ok().text("/items/0/metadata/name"));
    }

    /** Every session has a namespace of its own, which is the one of its kubeconfig and {@code NAMESPACE} in its output. */
    private void repeat(String session, String node) throws IOException, InterruptedException {
        String namespace = api.namespace() + "-" + session;
        api.post("/api/v1/namespaces", "{apiVersion: v1, kind: Namespace, metadata: {name: " + namespace + "}}")
                .ok();
        api.post(
                "/api/v1/namespaces/" + namespace + "/serviceaccounts",
                "{apiVersion: v1, kind: ServiceAccount, metadata: {name: default}}");
        try {
            Files.copy(judge.kubeconfig(), directory.resolve("kubeconfig"));
            Shell shell = new Shell(
                    directory,
                    Map.of(
                            "HOME",
                            directory.toString(),
                            "KUBECONFIG",
                            directory.resolve("kubeconfig").toString(),
                            "NS",
                            namespace,
                            "NODE",
                            node));
            shell.run("kubectl config set-context --current --namespace=" + namespace);
            for (Transcript.Step step : transcript(session).steps()) {
                String printed = shell.run(step.command())
                        .replace(namespace, "NAMESPACE")
                        .replace(DELETED_FROM, "");
                check(session, step, node.isEmpty() ? printed : printed.replace(node, "NODE"));
            }
        } finally {
            api.delete("/api/v1/namespaces/" + namespace, "{}");
        }
    }

    private static void check(String session, Transcript.Step step, String printed) {
        if (!step.matches(printed)) {
            // Differs at least in the placeholders, but shows both sides as people read them.
            assertThat(Transcript.normal(printed))
                    .as("%s: %s", session, step.command())
                    .isEqualTo(Transcript.normal(String.join("\n", step.printed())));
        }
    }

    private static Transcript transcript(String session) throws IOException {
        try (InputStream in = KubectlTest.class.getResourceAsStream("kubectl/" + session + ".txt")) {
            return Transcript.parse(
                    new String(Objects.requireNonNull(in, session).readAllBytes(), UTF_8));
        }
    }
}
