package dev.trimtab.metrics;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program of this machine: the one that the system property of its name tells, else the one on the PATH. */
public final class Program {

    private static final int SECONDS = 60;

    private final Path file;

    /** What it said; both streams are in {@code text}. */
    public record Output(int code, String text) {}

    private Program(Path file) {
        this.file = file;
    }

    /** Ends the test as not run where it is not here. */
    public static Program orNotRun(String name) {
        Optional<Path> found = Stream.concat(
                        Stream.ofNullable(System.getProperty(name)).map(Path::of),
                        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                                .map(entry -> Path.of(entry, name)))
                .filter(Files::isExecutable)
                .findFirst();
        assumeTrue(found.isPresent(), name + " is not on the PATH, and -D" + name + "= names none");
        return new Program(found.get());
    }

    public Path file() {
        return file;
    }

    public Output run(Path folder, String... arguments) {
        return runWith("", folder, arguments);
    }

    /** @param input what it reads from its standard input */
    public Output runWith(String input, Path folder, String... arguments) {
        List<String> command = new ArrayList<>(List.of(file.toString()));
        command.addAll(List.of(arguments));
        try {
            Path in = Files.writeString(Files.createTempFile(folder, "in", ".txt"), input);
            Path out = Files.createTempFile(folder, "out", ".txt");
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectInput(in.toFile())
                    .redirectOutput(out.toFile())
                    .start();
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(String.join(" ", command) + " does not end: " + Files.readString(out));
            }
            return new Output(process.exitValue(), Files.readString(out, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
