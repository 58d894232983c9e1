package dev.trimtab.source;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevObject;
import org.eclipse.jgit.revwalk.RevWalk;

/**
 * One ref of a Git repository, mirrored into a bare repository on disk. Neither the user's nor the machine's Git and SSH
 * settings count; no program is started. Safe for use by several threads.
 */
public final class GitSource implements Source {

    private final Settings settings;
    private final Address address;
    private final Remote remote;
    private final Mirror mirror;

    /**
     * @param repository {@code https://…}, {@code ssh://…} or {@code user@host:path}; with {@code allowFile} also a path or
     *     {@code file://…}
     * @param ref a branch, a tag, or a full name such as {@code refs/heads/main}
     * @param mirror folder of the local copy; made when it is not there, belongs to this source alone
     * @param timeout of each read from the remote; whole seconds, at least one
     * @param allowFile whether a repository of this machine may be read: a controller that others give addresses to must not
     */
    public record Settings(
            String repository,
            String ref,
            Path mirror,
            Optional<Credentials> credentials,
            Duration timeout,
            boolean allowFile) {

        /** Without the repository, whose address may hold a token. */
        @Override
        public String toString() {
            return "Settings[ref=" + ref + ", mirror=" + mirror + "]";
        }
    }

    private GitSource(Settings settings, Address address, Remote remote, Mirror mirror) {
        this.settings = settings;
        this.address = address;
        this.remote = remote;
        this.mirror = mirror;
    }

    /**
     * Prepares the local copy; the remote is not asked yet.
     *
     * @throws SourceException when the address is not allowed or the folder cannot be used
     */
    public static GitSource open(Settings settings) {
        IsolatedSystemReader.install();
        Address address = Address.of(settings);
        Mirror mirror = Mirror.open(settings.mirror());
        return new GitSource(settings, address, new Remote(address, settings), mirror);
    }

    @Override
    public String repository() {
        return address.shown();
    }

    @Override
    public synchronized String head() {
        return remote.head(mirror.repository()).commit().name();
    }

    @Override
    public synchronized Revision poll(Optional<Revision> last) {
        if (mirror.isSuspect()) {
            mirror.renew();
        }
        Remote.Head head = remote.head(mirror.repository());
        String localRef = localRef(head);
        boolean moved = mirror.tip(localRef).filter(head.commit()::equals).isEmpty();
        if (moved) {
            fetch(head, localRef);
        } else {
            mirror.tidy();
        }
        ObjectId commit = mirror.tip(localRef).orElseThrow(this::damaged);
        return last.filter(known -> known.commit().equals(commit.name())).orElseGet(() -> revision(commit));
    }

    /** A mirror that cannot take what the remote sends is made again, once. */
    private void fetch(Remote.Head head, String localRef) {
        if (!remote.fetch(mirror.repository(), head, localRef)) {
            mirror.renew();
            if (!remote.fetch(mirror.repository(), head, localRef)) {
                throw damaged();
            }
        }
    }

    private Revision revision(ObjectId id) {
        try (RevWalk walk = new RevWalk(mirror.repository())) {
            RevObject object = walk.peel(walk.parseAny(id));
            if (!(object instanceof RevCommit commit)) {
                throw new SourceException(
                        SourceCode.SRC008,
                        address + ": \"" + settings.ref() + "\" names no commit; use a branch or tag");
            }
            PersonIdent committer = commit.getCommitterIdent();
            return new Revision(
                    commit.name(),
                    settings.ref(),
                    committer.getWhenAsInstant(),
                    commit.getAuthorIdent().getName(),
                    commit.getShortMessage(),
                    Optional.empty());
        } catch (IOException e) {
            throw damaged();
        }
    }

    private SourceException damaged() {
        mirror.suspect();
        return new SourceException(
                SourceCode.SRC006,
                "the local copy of " + address + " in " + settings.mirror()
                        + " is damaged; it is made again at the next poll");
    }

    /** The remote's name of the ref under a prefix of our own, so that nothing is taken for a branch of the mirror. */
    private static String localRef(Remote.Head head) {
        String name = head.name();
        return "refs/trimtab/" + (name.startsWith("refs/") ? name.substring("refs/".length()) : name);
    }

    @Override
    public synchronized boolean descends(Revision head, Revision older) {
        try (RevWalk walk = new RevWalk(mirror.repository())) {
            return walk.isMergedInto(
                    walk.parseCommit(ObjectId.fromString(older.commit())),
                    walk.parseCommit(ObjectId.fromString(head.commit())));
        } catch (MissingObjectException | IncorrectObjectTypeException e) {
            return false;
        } catch (IOException e) {
            throw damaged();
        }
    }

    @Override
    public synchronized RepoTree tree(Revision revision) {
        return new GitTree(mirror.repository(), revision, mirror::suspect);
    }

    @Override
    public synchronized void close() {
        remote.close();
        mirror.close();
    }
}
