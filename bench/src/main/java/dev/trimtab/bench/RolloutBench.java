package dev.trimtab.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** How fast 1,000 pods of one workload get a new image where they run, when all of them may be out of service at once. */
public final class RolloutBench {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int PODS = 1_000;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private RolloutBench() {}

    /** @param arguments bin/trimtab, which becomes the process that is measured */
    public static void main(String[] arguments) throws Exception {
        Report report = new Report();
        Path program = Path.of(arguments[0]);
        measure(report, program, "CloneSet", """
                apiVersion: apps.kruise.io/v1alpha1
                kind: CloneSet
                metadata: {name: web, namespace: default}
                spec:
                  replicas: 1000
                  selector: {matchLabels: {app: web}}
                  updateStrategy: {type: InPlaceIfPossible, maxUnavailable: 100%}
                  template:
                    metadata: {labels: {app: web}}
                    spec: {containers: [{name: app, image: "example.com/web:1"}]}
                """, "/apis/apps.kruise.io/v1alpha1/namespaces/default/clonesets/web");
        measure(report, program, "Deployment", """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web, namespace: default, annotations: {trimtab.dev/max-unavailable: "100%"}}
                spec:
                  replicas: 1000
                  selector: {matchLabels: {app: web}}
                  template:
                    metadata: {labels: {app: web}}
                    spec: {containers: [{name: app, image: "example.com/web:1"}]}
                """, "/apis/apps/v1/namespaces/default/deployments/web");
        report.print("Rollouts in place");
    }

    private static void measure(Report report, Path program, String kind, String workload, String path)
            throws Exception {
        List<String> nodes = IntStream.range(0, 20).mapToObj(i -> "node-" + i).toList();
        try (RunningSync sync = new RunningSync(nodes);
                PodsPatched patched = new PodsPatched(sync.sandbox().api(), "example.com/web:2")) {
            sync.write("web.yaml", workload);
            sync.start(program);
            await(() -> available(sync, path));
            sync.write("web.yaml", workload.replace("web:1", "web:2"));
            sync.commit();
            await(() -> patched.count() == PODS);
            report.atLeast(
                    kind + ": pods patched, of 1,000",
                    (PODS - 1) / seconds(patched.first(), patched.last()),
                    100,
                    "pods/s");
            await(() -> available(sync, path));
            report.fact(
                    kind + ": from the first pod patched to all available",
                    seconds(patched.first(), System.nanoTime()),
                    "s");
        }
    }

    private static double seconds(long from, long to) {
        return (to - from) / 1e9;
    }

    private static boolean available(RunningSync sync, String path) throws Exception {
        JsonNode object = MAPPER.readTree(sync.get(path));
        return object.at("/status/availableReplicas").asInt() == PODS
                && object.at("/status/observedGeneration").asLong()
                        == object.at("/metadata/generation").asLong()
                && object.at("/status/updatedReplicas").asInt() == PODS;
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("not within " + PATIENCE);
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }
}
