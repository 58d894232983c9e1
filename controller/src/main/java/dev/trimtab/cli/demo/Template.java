package dev.trimtab.cli.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** The definition to begin with, as it is packed into the jar. */
final class Template {

    private static final String FOLDER = "/repo-template";

    private Template() {}

    /** The sandbox brings a network of its own, and there is no Kuboard server to connect to. */
    private static final String ADDONS = "addons";

    /** Copies it, but for its add-ons, into {@code target}, which may be there already. */
    static void copyTo(Path target) {
        URL url = Objects.requireNonNull(Template.class.getResource(FOLDER), "the jar has no " + FOLDER);
        try {
            URI uri = url.toURI();
            if (uri.getScheme().equals("jar")) {
                try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
                    copy(jar.getPath(FOLDER), target);
                }
            } else {
                copy(Path.of(uri), target);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(url + " is no URI", e);
        }
    }

    private static void copy(Path from, Path target) throws IOException {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(from)) {
            all = walk.filter(path -> !from.relativize(path).startsWith(ADDONS))
                    .sorted()
                    .toList();
        }
        for (Path path : all) {
            Path copy = target.resolve(from.relativize(path).toString());
            if (Files.isDirectory(path)) {
                Files.createDirectories(copy);
            } else {
                Files.copy(path, copy);
            }
        }
    }
}
