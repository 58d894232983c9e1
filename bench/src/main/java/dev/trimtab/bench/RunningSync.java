package dev.trimtab.bench;

import dev.trimtab.sandbox.Sandbox;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eclipse.jgit.api.Git;
import org.jspecify.annotations.Nullable;

/** A repository, a sandbox in this JVM, and {@code trimtab run} as a process of its own between them. */
final class RunningSync implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Path folder;
    private final Git git;
    private final Sandbox sandbox;
    private final HttpClient http = HttpClient.newHttpClient();
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private @Nullable Process process;

    RunningSync(List<String> nodes) throws Exception {
        folder = Files.createTempDirectory("trimtab-bench");
        git = Git.init()
                .setDirectory(folder.resolve("repo").toFile())
                .setInitialBranch("main")
                .call();
        sandbox = Sandbox.builder().nodes(nodes).build().start();
    }

    Sandbox sandbox() {
        return sandbox;
    }

    /** A folder that goes when this is closed. */
    Path folder() {
        return folder;
    }

    void write(String file, String text) throws IOException {
        Files.writeString(folder.resolve("repo").resolve(file), text);
    }

    void commit() throws Exception {
        git.add().addFilepattern(".").call();
        git.commit()
                .setMessage("bench")
                .setAuthor("bench", "bench@example.com")
                .setSign(false)
                .call();
    }

    /**
     * Commits, starts the process, and waits until the commit is applied.
     *
     * @param program bin/trimtab
     * @param options further ones of {@code trimtab run}
     */
    void start(Path program, String... options) throws Exception {
        commit();
        Path kubeconfig = Files.writeString(folder.resolve("kubeconfig"), sandbox.kubeconfig());
        Path config = Files.writeString(
                folder.resolve("sync.yaml"),
                "apiVersion: sync.trimtab.dev/v1alpha1\nkind: ClusterSync\nmetadata: {name: bench}\nspec:\n"
                        + "  interval: 500ms\n  source: {repository: \"" + folder.resolve("repo") + "\", ref: main}\n"
                        + "  cluster: {kubeconfig: \"" + kubeconfig + "\"}\n");
        List<String> command = new ArrayList<>(List.of(
                program.toString(),
                "run",
                "--config",
                config.toString(),
                "--cache",
                folder.resolve("cache").toString(),
                "-o",
                "json"));
        command.addAll(List.of(options));
        Process started = new ProcessBuilder(command).redirectErrorStream(true).start();
        process = started;
        Thread reader = new Thread(() -> read(started), "bench-output");
        reader.setDaemon(true);
        reader.start();
        awaitSettled();
    }

    /** Until the process says so once more. */
    void awaitSettled() throws InterruptedException {
        List<String> seen = new ArrayList<>();
        while (true) {
            String line = lines.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (line == null || (!running().isAlive() && lines.isEmpty())) {
                throw new IllegalStateException("trimtab run did not settle but said:\n" + String.join("\n", seen));
            }
            if (line.contains("\"event\":\"settled\"")) {
                return;
            }
            seen.add(line.substring(0, Math.min(200, line.length())));
        }
    }

    Process running() {
        return Objects.requireNonNull(process, "not started");
    }

    String get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(sandbox.address().resolve(path)).build());
    }

    String merge(String path, String patch) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(sandbox.address().resolve(path))
                .method("PATCH", BodyPublishers.ofString(patch))
                .header("Content-Type", "application/merge-patch+json")
                .build());
    }

    private String send(HttpRequest request) throws IOException, InterruptedException {
        return http.send(request, BodyHandlers.ofString()).body();
    }

    private void read(Process started) {
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8))) {
            output.lines().forEach(lines::add);
        } catch (IOException | UncheckedIOException closed) {
            lines.add("closed: " + closed.getMessage());
        }
    }

    @Override
    public void close() throws IOException {
        if (process != null) {
            process.destroy();
            process.onExit().completeOnTimeout(process, 10, TimeUnit.SECONDS).join();
        }
        sandbox.close();
        git.close();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }
}
