package dev.trimtab.bootstrap;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Text files by their path.
 *
 * @param files path with slashes, relative to the folder that holds the tree, to content
 */
public record FileTree(SortedMap<String, String> files) {

    static final String MANIFEST = "manifest.sha256";

    public FileTree {
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    }

    /** What lies below a folder, by its path below it. */
    public FileTree below(String folder) {
        SortedMap<String, String> some = new TreeMap<>();
        files.forEach((path, text) -> {
            if (path.startsWith(folder + "/")) {
                some.put(path.substring(folder.length() + 1), text);
            }
        });
        return new FileTree(some);
    }

    /** With a list of all files and their digests, as {@code sha256sum --check} reads it. */
    FileTree withManifest() {
        SortedMap<String, String> all = new TreeMap<>(files);
        all.put(
                MANIFEST,
                files.entrySet().stream()
                        .map(file -> sha256(file.getValue()) + "  " + file.getKey() + "\n")
                        .collect(Collectors.joining()));
        return new FileTree(all);
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
