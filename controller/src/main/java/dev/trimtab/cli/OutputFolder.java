package dev.trimtab.cli;

import dev.trimtab.bootstrap.FileTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A folder that is written as a whole: at no time it is there with some files of one state and some of another. */
final class OutputFolder {

    /** In each folder that was written here; it lists every file with its digest. */
    private static final String MANIFEST = "manifest.sha256";

    private final Path folder;

    OutputFolder(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    /**
     * Puts the tree in the place of what an earlier call wrote.
     *
     * @return whether anything differed
     * @throws UserError when the folder holds what was not written here
     */
    boolean replace(FileTree tree) {
        try {
            boolean there = Files.exists(folder, LinkOption.NOFOLLOW_LINKS);
            if (there) {
                checkOurs();
                if (read().equals(tree.files())) {
                    return false;
                }
            }
            Files.createDirectories(folder.getParent());
            Path next = Files.createTempDirectory(folder.getParent(), "." + folder.getFileName() + "-");
            try {
                write(tree, next);
                if (there) {
                    Path old = next.resolveSibling(next.getFileName() + "-old");
                    Files.move(folder, old);
                    Files.move(next, folder);
                    delete(old);
                } else {
                    Files.move(next, folder);
                }
            } finally {
                delete(next);
            }
            return true;
        } catch (IOException e) {
            throw new UserError(
                    "cannot write " + folder + ": " + e.getMessage(), "name another folder, or make room in this one");
        }
    }

    private void checkOurs() throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            throw new UserError(folder + " is not a folder", "name a folder that is not there yet");
        }
        boolean empty;
        try (Stream<Path> entries = Files.list(folder)) {
            empty = entries.findAny().isEmpty();
        }
        if (empty) {
            return;
        }
        Path manifest = folder.resolve(MANIFEST);
        if (!Files.isRegularFile(manifest)) {
            throw new UserError(
                    folder + " holds files that were not written by this command",
                    "name a folder that is empty or not there yet");
        }
        Map<String, String> found = read();
        Set<String> known = Files.readString(manifest)
                .lines()
                .map(line -> line.replaceFirst("^[0-9a-f]{64} {2}", ""))
                .collect(Collectors.toSet());
        for (String path : found.keySet()) {
            if (!known.contains(path) && !path.equals(MANIFEST)) {
                throw new UserError(
                        folder + " holds " + path + ", which was not written by this command",
                        "move the file away, or name another folder");
            }
        }
    }

    private Map<String, String> read() throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path file : walk.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                    .toList()) {
                files.put(name(file), Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? text(file) : "");
            }
        }
        return files;
    }

    /** What is no text was not written here. */
    private static String text(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            return "";
        }
    }

    private String name(Path file) {
        return folder.relativize(file).toString().replace('\\', '/');
    }

    private static void write(FileTree tree, Path target) {
        tree.files().forEach((path, text) -> {
            Path file = target.resolve(path);
            try {
                Files.createDirectories(file.getParent());
                Files.writeString(file, text);
                if (path.endsWith(".sh")) {
                    file.toFile().setExecutable(true, false);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        // Made for its owner alone, as every temporary folder.
        target.toFile().setReadable(true, false);
        target.toFile().setExecutable(true, false);
    }

    private static void delete(Path tree) throws IOException {
        if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> walk = Files.walk(tree)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
