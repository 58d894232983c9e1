package dev.trimtab.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Keys in files of this machine.
 *
 * @param paths files, or folders whose files are taken, those with a leading dot excepted: a mounted Secret keeps its own
 *     there
 */
public record KeyFiles(List<Path> paths) implements TrustedKeys {

    private static final long LARGEST = 1024L * 1024L;

    public KeyFiles {
        paths = List.copyOf(paths);
    }

    @Override
    public List<KeyFile> read() {
        List<KeyFile> files = new ArrayList<>();
        for (Path path : paths) {
            try {
                for (Path file : Files.isDirectory(path) ? visible(path) : List.of(path)) {
                    if (Files.size(file) > LARGEST) {
                        throw new IOException("it is larger than 1 MiB");
                    }
                    files.add(new KeyFile(file.toString(), Files.readAllBytes(file)));
                }
            } catch (IOException e) {
                String reason = e instanceof NoSuchFileException ? "it is not there" : String.valueOf(e.getMessage());
                throw new SourceException(
                        SourceCode.SRC015,
                        "the keys in " + path + " cannot be read: " + reason + "; check path and permissions");
            }
        }
        return files;
    }

    private static List<Path> visible(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> !String.valueOf(file.getFileName()).startsWith("."))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        }
    }
}
