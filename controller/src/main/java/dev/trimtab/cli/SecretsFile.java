package dev.trimtab.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.definition.YamlText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A file with secrets: for its owner only from its first byte on, and nowhere from where it could be committed. */
final class SecretsFile {

    private final Path file;

    SecretsFile(Path file) {
        this.file = file.toAbsolutePath().normalize();
    }

    /** @param definition a folder that is no work tree yet, but will be */
    void write(List<ObjectNode> manifests, Optional<Path> definition, boolean force) {
        Path folder = realFolder();
        refuseInside(folder, definition);
        Path target = folder.resolve(file.getFileName());
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)
                && !(force && Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS))) {
            throw new UserError(file + " is there already; nothing is written", "name another file");
        }
        StringBuilder text = new StringBuilder("# Secret. Apply it to the cluster, then delete this file.\n");
        manifests.forEach(manifest -> text.append("---\n").append(YamlText.of(manifest)));
        Path next = target.resolveSibling("." + target.getFileName() + ".next");
        try {
            Files.deleteIfExists(next);
            try (SeekableByteChannel channel = Files.newByteChannel(
                    next, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly(folder))) {
                channel.write(ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8)));
            }
            Files.move(next, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException e) {
            throw new UserError(next + " is there already", "remove what another run has left behind");
        } catch (IOException e) {
            throw new UserError("cannot write " + file, "name a file in a folder that can be written to");
        }
    }

    private static FileAttribute<?>[] ownerOnly(Path folder) throws IOException {
        return Files.getFileStore(folder).supportsFileAttributeView("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    /** With links followed: what counts is where the file comes to lie. */
    private Path realFolder() {
        try {
            return Optional.ofNullable(file.getParent()).orElse(file).toRealPath();
        } catch (IOException e) {
            throw new UserError("the folder of " + file + " is not there", "make it, or name another file");
        }
    }

    private void refuseInside(Path folder, Optional<Path> definition) {
        String fix = "name a file elsewhere, for instance in your home folder";
        for (Path above = folder; above != null; above = above.getParent()) {
            if (Files.exists(above.resolve(".git"), LinkOption.NOFOLLOW_LINKS)) {
                throw new UserError(
                        file + " lies in the Git work tree " + above + ", from where it could be committed; nothing is"
                                + " written",
                        fix);
            }
        }
        if (definition.map(SecretsFile::real).filter(folder::startsWith).isPresent()) {
            throw new UserError(file + " lies in the folder of the definition; nothing is written", fix);
        }
    }

    private static Path real(Path folder) {
        try {
            return folder.toRealPath();
        } catch (IOException e) {
            return folder.toAbsolutePath().normalize();
        }
    }
}
