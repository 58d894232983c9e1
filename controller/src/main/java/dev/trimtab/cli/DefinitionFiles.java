package dev.trimtab.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;

/** Adds files to the folder of a definition: each is there whole or not at all, and nothing is overwritten unasked. */
final class DefinitionFiles {

    private final Path folder;

    DefinitionFiles(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    /**
     * @param files text by path below the folder
     * @throws UserError when one is there already with another content
     */
    void check(SortedMap<String, String> files, boolean force) {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new UserError(folder + " is not a folder", "name the folder of the definition");
        }
        Set<String> there = new TreeSet<>();
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = folder.resolve(file.getKey());
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && !holds(path, file.getValue())) {
                if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                    throw new UserError(path + " is not a file", "move it away");
                }
                there.add(file.getKey());
            }
        }
        if (!there.isEmpty() && !force) {
            throw new UserError(
                    folder + " has " + String.join(", ", there) + " already; nothing is written",
                    "name another folder, or overwrite with --force");
        }
    }

    /**
     * All files are complete beside their places before the first one is put there.
     *
     * @return the paths of those that differed
     */
    Set<String> write(SortedMap<String, String> files) {
        Map<Path, Path> staged = new LinkedHashMap<>();
        Set<String> written = new TreeSet<>();
        try {
            for (Map.Entry<String, String> file : files.entrySet()) {
                Path path = folder.resolve(file.getKey());
                if (!holds(path, file.getValue())) {
                    Files.createDirectories(path.getParent());
                    Path next = path.resolveSibling("." + path.getFileName() + ".next");
                    staged.put(next, path);
                    Files.writeString(next, file.getValue());
                    written.add(file.getKey());
                }
            }
            for (Map.Entry<Path, Path> file : staged.entrySet()) {
                Files.move(file.getKey(), file.getValue(), StandardCopyOption.ATOMIC_MOVE);
            }
            return written;
        } catch (IOException e) {
            throw new UserError(
                    "cannot write to " + folder + ": " + e.getMessage(), "see that the folder can be written to");
        } finally {
            staged.keySet().forEach(DefinitionFiles::deleteQuietly);
        }
    }

    private static void deleteQuietly(Path leftover) {
        try {
            Files.deleteIfExists(leftover);
        } catch (IOException e) {
            // A hidden file that no definition reads; the error that left it behind is told already.
        }
    }

    private static boolean holds(Path path, String text) {
        try {
            return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
                    && Files.readString(path).equals(text);
        } catch (IOException e) {
            return false;
        }
    }
}
