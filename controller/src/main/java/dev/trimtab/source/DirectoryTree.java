package dev.trimtab.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A plain folder, read as it lies there: what {@code trimtab validate DIR} looks at. Git's own folders are left out and
 * symbolic links are shown, not followed.
 */
public final class DirectoryTree implements RepoTree {

    private final Path root;
    private final Revision revision;

    /** @param clock tells when the folder was looked at */
    public DirectoryTree(Path root, Clock clock) {
        this.root = root;
        this.revision = new Revision(Revision.WORKTREE, "worktree", clock.instant(), "", "", Optional.empty());
    }

    @Override
    public Revision revision() {
        return revision;
    }

    @Override
    public List<Entry> under(RepoPath path) {
        Path start = path.equals(RepoPath.ROOT) ? root : root.resolve(path.value());
        if (!Files.exists(start, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        List<Entry> entries = new ArrayList<>();
        try {
            Files.walkFileTree(start, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                    return isGit(directory) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    if (attributes.isSymbolicLink()) {
                        String target = Files.readSymbolicLink(file).toString();
                        entries.add(new Entry(repoPath(file), sha256Of(target), Mode.SYMLINK, attributes.size()));
                    } else if (attributes.isRegularFile() && !isGit(file)) {
                        entries.add(new Entry(repoPath(file), sha256(file), Mode.FILE, attributes.size()));
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw unreadable(e);
        }
        entries.sort(Comparator.comparing(Entry::path));
        return entries;
    }

    @Override
    public byte[] read(Entry blob) {
        try {
            return Files.readAllBytes(root.resolve(blob.path().value()));
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** A folder has no history: everything counts as changed. */
    @Override
    public TreeDiff since(Revision older, RepoPath path) {
        return new TreeDiff(under(path), List.of());
    }

    @Override
    public void close() {}

    private static boolean isGit(Path path) {
        Path name = path.getFileName();
        return name != null && name.toString().equals(".git");
    }

    private RepoPath repoPath(Path file) {
        return new RepoPath(
                root.relativize(file).toString().replace(file.getFileSystem().getSeparator(), "/"));
    }

    private static String sha256Of(String text) {
        return HexFormat.of().formatHex(digest().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String sha256(Path file) throws IOException {
        MessageDigest digest = digest();
        byte[] buffer = new byte[64 * 1024];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private SourceException unreadable(IOException e) {
        return new SourceException(SourceCode.SRC001, "cannot read folder " + root + ": " + e.getMessage(), e);
    }
}
