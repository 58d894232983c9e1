package dev.trimtab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that hold what is expected, word by word. {@code -Dtrimtab.update=true} writes them anew, for a person to read the difference. */
public final class Golden {

    private static final Path RESOURCES = Path.of("src", "test", "resources", "dev", "trimtab");

    private Golden() {}

    /** Whether the files are written, not compared. */
    public static boolean updating() {
        return Boolean.getBoolean("trimtab.update");
    }

    /** @param name below {@code dev/trimtab} of the test resources */
    public static void check(String name, String text) {
        Path file = path(name);
        try {
            if (updating()) {
                Files.createDirectories(file.getParent());
                Files.writeString(file, text);
            }
            assertThat(file).exists();
            assertThat(text).as(name).isEqualTo(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Path path(String name) {
        return RESOURCES.resolve(name);
    }
}
