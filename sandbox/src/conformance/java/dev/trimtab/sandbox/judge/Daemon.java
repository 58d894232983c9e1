package dev.trimtab.sandbox.judge;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A program that runs until it is stopped, with its output in a file. */
final class Daemon implements AutoCloseable {

    private static final int LAST_LINES = 30;
    private static final long PATIENCE_SECONDS = 20;

    private final String name;
    private final Process process;
    private final Path log;

    private Daemon(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /** @param directory where it runs and where its log is written, as {@code NAME.log} */
    static Daemon start(Path program, List<String> flags, Path directory) {
        String name = program.getFileName().toString();
        Path log = directory.resolve(name + ".log");
        try {
            Process process = new ProcessBuilder(Stream.concat(Stream.of(program.toString()), flags.stream())
                            .toList())
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            return new Daemon(name, process, log);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start " + program, e);
        }
    }

    String name() {
        return name;
    }

    boolean runs() {
        return process.isAlive();
    }

    /** Its name, whether it runs, and the end of its log. */
    String lastWords() {
        String state = runs() ? "still runs" : "has exited with " + process.exitValue();
        try (Stream<String> lines = Files.lines(log)) {
            List<String> all = lines.toList();
            return all.subList(Math.max(0, all.size() - LAST_LINES), all.size()).stream()
                    .collect(Collectors.joining("\n  ", name + " " + state + "; the end of its log:\n  ", "\n"));
        } catch (IOException e) {
            return name + " " + state + "; its log cannot be read: " + e + "\n";
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
