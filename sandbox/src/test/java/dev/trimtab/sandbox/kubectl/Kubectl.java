package dev.trimtab.sandbox.kubectl;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The kubectl of this machine, against one kubeconfig. */
final class Kubectl {

    private static final int SECONDS = 60;

    /** What a command said. Both streams are in {@code text}. */
    record Output(int code, String text) {}

    private final Path directory;
    private final Path kubeconfig;

    Kubectl(Path directory, String kubeconfig) throws IOException {
        this.directory = directory;
        this.kubeconfig = Files.writeString(directory.resolve("kubeconfig.yaml"), kubeconfig);
    }

    static boolean onPath() {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .anyMatch(entry -> Files.isExecutable(Path.of(entry, "kubectl")));
    }

    Output run(String... arguments) {
        return runWith("", arguments);
    }

    /** @param input what the command reads from its standard input */
    Output runWith(String input, String... arguments) {
        List<String> command = new ArrayList<>(
                List.of("kubectl", "--kubeconfig=" + kubeconfig, "--cache-dir=" + directory.resolve("cache")));
        command.addAll(List.of(arguments));
        try {
            Path said = Files.createTempFile(directory, "out", ".txt");
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
            builder.environment().put("KUBE_EDITOR", "sed -i s/one/two/");
            Process process = builder.start();
            try (OutputStream in = process.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.UTF_8));
            }
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(String.join(" ", command) + " does not end: " + Files.readString(said));
            }
            return new Output(process.exitValue(), Files.readString(said));
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
