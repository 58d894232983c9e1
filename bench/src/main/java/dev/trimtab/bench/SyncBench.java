package dev.trimtab.bench;

import dev.trimtab.sandbox.Sandbox;
import dev.trimtab.sandbox.faults.Fault;
import dev.trimtab.sandbox.faults.Faults.Injected;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eclipse.jgit.api.Git;
import org.jspecify.annotations.Nullable;

/** One {@code trimtab run} as a process of its own, with many objects: what it costs at rest, and how fast it heals. */
public final class SyncBench implements AutoCloseable {

    private static final int OBJECTS = 5_000;
    private static final int EDITS = 200;
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final List<String> VERBS = List.of("get", "list", "create", "update", "patch", "delete");

    private final Report report;
    private final Path folder;
    private final Sandbox sandbox;
    private final HttpClient http = HttpClient.newHttpClient();
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private @Nullable Process process;

    private SyncBench(Report report) throws IOException {
        this.report = report;
        this.folder = Files.createTempDirectory("trimtab-bench");
        this.sandbox = Sandbox.builder().nodes(List.of("node-1")).build().start();
    }

    /** @param arguments bin/trimtab, which becomes the process that is measured */
    public static void main(String[] arguments) throws Exception {
        Report report = new Report();
        try (SyncBench bench = new SyncBench(report)) {
            bench.start(Path.of(arguments[0]));
            bench.rest();
            bench.heal();
        }
        report.print("The sync");
    }

    private void start(Path program) throws Exception {
        Path repository = folder.resolve("repo");
        try (Git git = Git.init()
                .setDirectory(repository.toFile())
                .setInitialBranch("main")
                .call()) {
            for (int i = 0; i < OBJECTS / 4; i++) {
                Files.writeString(repository.resolve("app-" + i + ".yaml"), app(i));
            }
            git.add().addFilepattern(".").call();
            git.commit()
                    .setMessage("bench")
                    .setAuthor("bench", "bench@example.com")
                    .setSign(false)
                    .call();
        }
        Path kubeconfig = Files.writeString(folder.resolve("kubeconfig"), sandbox.kubeconfig());
        Path config = Files.writeString(
                folder.resolve("sync.yaml"),
                "apiVersion: sync.trimtab.dev/v1alpha1\nkind: ClusterSync\nmetadata: {name: bench}\nspec:\n"
                        + "  interval: 500ms\n  source: {repository: \"" + repository + "\", ref: main}\n"
                        + "  cluster: {kubeconfig: \"" + kubeconfig + "\"}\n");
        Process started = new ProcessBuilder(
                        program.toString(),
                        "run",
                        "--config",
                        config.toString(),
                        "--cache",
                        folder.resolve("cache").toString(),
                        "-o",
                        "json")
                .redirectErrorStream(true)
                .start();
        process = started;
        Thread reader = new Thread(() -> read(started), "bench-output");
        reader.setDaemon(true);
        reader.start();
        long begin = System.nanoTime();
        await("\"event\":\"settled\"");
        report.fact("first apply of 5,000 objects", (System.nanoTime() - begin) / 1e9, "s");
    }

    private static String app(int number) {
        String metadata = "metadata: {name: app-" + number + ", namespace: default}";
        return """
                apiVersion: apps/v1
                kind: Deployment
                %1$s
                spec:
                  replicas: 0
                  selector: {matchLabels: {app: app-%2$d}}
                  template:
                    metadata: {labels: {app: app-%2$d}}
                    spec:
                      containers:
                      - name: app
                        image: example.com/app:1
                        env: [{name: MODE, value: fast}]
                        ports: [{containerPort: 8080}]
                ---
                {apiVersion: v1, kind: Service, %1$s, spec: {selector: {app: app-%2$d}, ports: [{port: 80}]}}
                ---
                {apiVersion: v1, kind: ServiceAccount, %1$s}
                ---
                {apiVersion: v1, kind: ConfigMap, %1$s, data: {mode: fast, level: high}}
                """.formatted(metadata, number);
    }

    /** Ten polls and more. */
    private void rest() throws Exception {
        TimeUnit.SECONDS.sleep(10);
        List<Injected> counters = new ArrayList<>();
        for (String verb : VERBS) {
            counters.add(sandbox.faults().on(verb, "*").inject(Fault.delay(Duration.ZERO)));
        }
        TimeUnit.SECONDS.sleep(10);
        report.atMost(
                "requests in ten seconds of rest, twenty polls of Git",
                counters.stream().mapToInt(Injected::hits).sum(),
                0,
                "requests");
        sandbox.faults().clear();
        report.atMost("resident memory at rest with 5,000 objects", memory("VmRSS"), 256, "MiB");
        report.fact("its peak, the first apply included", memory("VmHWM"), "MiB");
    }

    private Process running() {
        return Objects.requireNonNull(process, "not started");
    }

    private double memory(String name) throws IOException {
        try (Stream<String> status =
                Files.lines(Path.of("/proc", Long.toString(running().pid()), "status"))) {
            String line = status.filter(text -> text.startsWith(name + ":"))
                    .findFirst()
                    .orElse(name + ": 0 kB");
            return Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024;
        }
    }

    /** From the answer to a foreign edit to Git's value in the cluster. */
    private void heal() throws Exception {
        double[] millis = new double[EDITS];
        for (int i = 0; i < EDITS; i++) {
            URI object = sandbox.address().resolve("/api/v1/namespaces/default/configmaps/app-" + i);
            send(HttpRequest.newBuilder(object)
                    .method("PATCH", BodyPublishers.ofString("{\"data\":{\"mode\":\"slow\"}}"))
                    .header("Content-Type", "application/merge-patch+json")
                    .build());
            long begin = System.nanoTime();
            while (!send(HttpRequest.newBuilder(object).build()).contains("\"mode\":\"fast\"")) {
                TimeUnit.MILLISECONDS.sleep(2);
            }
            millis[i] = (System.nanoTime() - begin) / 1e6;
        }
        Arrays.sort(millis);
        report.fact("foreign edit to healed, median of 200", millis[EDITS / 2], "ms");
        report.atMost("foreign edit to healed, p95 of 200", millis[EDITS * 95 / 100], 1_000, "ms");
        report.fact("foreign edit to healed, slowest of 200", millis[EDITS - 1], "ms");
    }

    private String send(HttpRequest request) throws IOException, InterruptedException {
        return http.send(request, BodyHandlers.ofString()).body().replace(" ", "");
    }

    private void read(Process started) {
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8))) {
            output.lines().forEach(lines::add);
        } catch (IOException | UncheckedIOException closed) {
            lines.add("closed: " + closed.getMessage());
        }
    }

    private void await(String text) throws InterruptedException {
        List<String> seen = new ArrayList<>();
        while (true) {
            String line = lines.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (line == null || (!running().isAlive() && lines.isEmpty())) {
                throw new IllegalStateException(
                        "trimtab run did not say " + text + " but:\n" + String.join("\n", seen));
            }
            if (line.contains(text)) {
                return;
            }
            seen.add(line.substring(0, Math.min(200, line.length())));
        }
    }

    @Override
    public void close() throws IOException {
        if (process != null) {
            process.destroy();
            process.onExit().completeOnTimeout(process, 10, TimeUnit.SECONDS).join();
        }
        sandbox.close();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }
}
