package dev.trimtab.sandbox.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs commands as a person at a terminal would, in one directory and with one environment. */
record Shell(Path directory, Map<String, String> environment) {

    private static final long PATIENCE_SECONDS = 180;

    /** All that was printed to both outputs; a failure ends with the line {@code (exit n)}. */
    String run(String command) throws IOException, InterruptedException {
        // What a killed command had started may hold a pipe open for long, so a file takes the output.
        Path output = directory.resolve(".output");
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .redirectInput(Path.of("/dev/null").toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
        String printed = Files.readString(output);
        if (process.exitValue() == 0) {
            return printed;
        }
        String end = printed.isEmpty() || printed.endsWith("\n") ? "" : "\n";
        return printed + end + "(exit " + process.exitValue() + ")\n";
    }
}
