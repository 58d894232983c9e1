package dev.trimtab.cli.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.StoredConfig;
import org.eclipse.jgit.transport.URIish;

/** A bare repository, and a person's clone of it who edits, commits and pushes. */
final class DemoRepository implements AutoCloseable {

    static final String BRANCH = "main";

    private static final PersonIdent PERSON = new PersonIdent("Demo Person", "demo@trimtab.dev");

    private final Path bare;
    private final Path clone;
    private final Git git;

    private DemoRepository(Path bare, Path clone, Git git) {
        this.bare = bare;
        this.clone = clone;
        this.git = git;
    }

    /** Makes both below {@code folder}; the clone is empty and nothing is pushed yet. */
    static DemoRepository create(Path folder) {
        Path bare = folder.resolve("cluster.git");
        Path clone = folder.resolve("person");
        try {
            Git.init()
                    .setBare(true)
                    .setInitialBranch(BRANCH)
                    .setGitDir(bare.toFile())
                    .call()
                    .close();
            Git git = Git.init()
                    .setInitialBranch(BRANCH)
                    .setDirectory(clone.toFile())
                    .call();
            git.remoteAdd()
                    .setName("origin")
                    .setUri(new URIish(bare.toUri().toString()))
                    .call();
            StoredConfig config = git.getRepository().getConfig();
            config.setBoolean("commit", null, "gpgsign", false);
            config.save();
            return new DemoRepository(bare, clone, git);
        } catch (GitAPIException | URISyntaxException | IOException e) {
            throw new IllegalStateException("a repository cannot be made in " + folder, e);
        }
    }

    Path bare() {
        return bare;
    }

    Path worktree() {
        return clone;
    }

    /** Replaces text in a file of the clone; the text must be there. */
    void edit(String file, String before, String after) {
        Path path = clone.resolve(file);
        try {
            String text = Files.readString(path);
            if (!text.contains(before)) {
                throw new IllegalStateException(file + " does not contain \"" + before + "\"");
            }
            Files.writeString(path, text.replace(before, after));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void remove(String file) {
        try {
            Files.delete(clone.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Commits everything as it lies in the clone and pushes it. Returns the commit. */
    String commitAndPush(String message) {
        try {
            git.add().addFilepattern(".").call();
            git.add().addFilepattern(".").setUpdate(true).call();
            String commit = git.commit()
                    .setMessage(message)
                    .setAuthor(PERSON)
                    .setCommitter(PERSON)
                    .setSign(false)
                    .call()
                    .getName();
            git.push().setRemote("origin").add(BRANCH).call();
            return commit;
        } catch (GitAPIException e) {
            throw new IllegalStateException("\"" + message + "\" cannot be pushed to " + bare, e);
        }
    }

    @Override
    public void close() {
        git.close();
    }
}
