package dev.trimtab.source;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevObject;
import org.eclipse.jgit.revwalk.RevWalk;

/**
 * What is wanted of a Git repository, mirrored into a bare repository on disk. Neither the user's nor the machine's Git and SSH
 * settings count; no program is started. Safe for use by several threads.
 */
public final class GitSource implements Source {

    /** Prefix of our own for names in the mirror, so that nothing is taken for a branch of it. */
    private static final String LOCAL = "refs/trimtab/";

    private final Settings settings;
    private final Address address;
    private final Remote remote;
    private final Mirror mirror;

    /**
     * @param repository {@code https://…}, {@code ssh://…} or {@code user@host:path}; with {@code allowFile} also a path or
     *     {@code file://…}
     * @param mirror folder of the local copy; made when it is not there, belongs to this source alone
     * @param timeout of each read from the remote; whole seconds, at least one
     * @param allowFile whether a repository of this machine may be read: a controller that others give addresses to must not
     * @param proxy on the way to the repository; without one, {@code HTTPS_PROXY} and {@code NO_PROXY} count for https
     * @param verification without it, signatures are not looked at
     */
    public record Settings(
            String repository,
            Wanted wanted,
            Path mirror,
            Optional<Credentials> credentials,
            Duration timeout,
            boolean allowFile,
            Optional<ProxyServer> proxy,
            TransferLimits limits,
            Optional<Verification> verification) {

        /** A branch or tag, straight and unverified. */
        public Settings(
                String repository,
                String ref,
                Path mirror,
                Optional<Credentials> credentials,
                Duration timeout,
                boolean allowFile) {
            this(
                    repository,
                    new Wanted.Named(ref),
                    mirror,
                    credentials,
                    timeout,
                    allowFile,
                    Optional.empty(),
                    TransferLimits.STANDARD,
                    Optional.empty());
        }

        /** Without the repository, whose address may hold a token. */
        @Override
        public String toString() {
            return "Settings[wanted=" + wanted + ", mirror=" + mirror + "]";
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
        return open(settings, System.getenv());
    }

    static GitSource open(Settings settings, Map<String, String> environment) {
        IsolatedSystemReader.install();
        ProxyLogins.install();
        Address address = Address.of(settings);
        Optional<ProxyServer> proxy;
        try {
            proxy = settings.proxy().or(() -> ProxyServer.ofEnvironment(environment, address.uri()));
        } catch (IllegalArgumentException e) {
            throw new SourceException(SourceCode.SRC017, "HTTPS_PROXY: " + e.getMessage());
        }
        Mirror mirror = Mirror.open(settings.mirror(), settings.limits());
        return new GitSource(settings, address, new Remote(address, settings, proxy), mirror);
    }

    @Override
    public String repository() {
        return address.shown();
    }

    @Override
    public synchronized String head() {
        return settings.wanted() instanceof Wanted.Commit pinned
                ? pinned.id()
                : remoteHead().commit().name();
    }

    @Override
    public synchronized Revision poll(Optional<Revision> last, Optional<Revision> trusted) {
        if (mirror.isSuspect()) {
            mirror.renew();
        }
        Found found = settings.wanted() instanceof Wanted.Commit pinned ? pinned(pinned) : named(remoteHead());
        try (RevWalk walk = new RevWalk(mirror.repository())) {
            RevObject named = walk.parseAny(found.object());
            if (!(walk.peel(named) instanceof RevCommit commit)) {
                throw new SourceException(
                        SourceCode.SRC008,
                        address + ": \"" + settings.wanted() + "\" names no commit; use a branch or tag");
            }
            if (last.filter(known -> known.commit().equals(commit.name())).isPresent()) {
                return last.get();
            }
            return revision(found, commit, signer(walk, found, named, commit, trusted));
        } catch (IOException e) {
            throw damaged();
        }
    }

    /**
     * What is in the mirror now.
     *
     * @param shown the name that people know it by
     * @param ref its full name at the remote; empty for a commit that is wanted by its id
     */
    private record Found(String shown, String ref, ObjectId object) {}

    private Remote.Head remoteHead() {
        return settings.wanted() instanceof Wanted.Version version
                ? remote.head(mirror.repository(), version.range())
                : remote.head(mirror.repository(), settings.wanted().toString());
    }

    private Found named(Remote.Head head) {
        String name = head.name();
        String localRef =
                LOCAL + (name.startsWith(Constants.R_REFS) ? name.substring(Constants.R_REFS.length()) : name);
        // The object, not its commit: a tag may get a signature later.
        if (mirror.tip(localRef).filter(head.object()::equals).isEmpty()) {
            // A mirror that cannot take what the remote sends is made again, once.
            if (!remote.fetch(mirror.repository(), head, localRef)) {
                mirror.renew();
                if (!remote.fetch(mirror.repository(), head, localRef)) {
                    throw damaged();
                }
            }
        } else {
            mirror.tidy();
        }
        String shown = settings.wanted() instanceof Wanted.Version
                ? name.substring(Constants.R_TAGS.length())
                : settings.wanted().toString();
        return new Found(shown, name, mirror.tip(localRef).orElseThrow(this::damaged));
    }

    /** A commit that was fetched once can never be another: the remote is not asked again. */
    private Found pinned(Wanted.Commit pinned) {
        ObjectId id = ObjectId.fromString(pinned.id());
        String localRef = LOCAL + "commits/" + pinned.id();
        if (mirror.tip(localRef).isEmpty()) {
            try {
                if (!mirror.keep(id, localRef)
                        && !(remote.fetch(mirror.repository(), id, LOCAL) && mirror.keep(id, localRef))) {
                    throw new SourceException(
                            SourceCode.SRC002,
                            address + " has no commit " + pinned.id()
                                    + " on any branch or tag; check the id, or push it");
                }
            } catch (IOException e) {
                throw damaged();
            }
        }
        return new Found(pinned.id(), "", id);
    }

    private Optional<Revision.Signer> signer(
            RevWalk walk, Found found, RevObject named, RevCommit commit, Optional<Revision> trusted)
            throws IOException {
        if (settings.verification().isEmpty()) {
            return Optional.empty();
        }
        try (CommitVerifier verifier =
                new CommitVerifier(settings.verification().get(), mirror.repository())) {
            return Optional.of(verifier.verify(walk, named, commit, found.ref(), trusted));
        }
    }

    private static Revision revision(Found found, RevCommit commit, Optional<Revision.Signer> signer) {
        PersonIdent committer = commit.getCommitterIdent();
        return new Revision(
                commit.name(),
                found.shown(),
                committer.getWhenAsInstant(),
                commit.getAuthorIdent().getName(),
                commit.getShortMessage(),
                signer);
    }

    private SourceException damaged() {
        mirror.suspect();
        return new SourceException(
                SourceCode.SRC006,
                "the local copy of " + address + " in " + settings.mirror()
                        + " is damaged; it is made again at the next poll");
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
        return new GitTree(mirror.repository(), revision, settings.limits().entries(), mirror::suspect);
    }

    @Override
    public synchronized void close() {
        remote.close();
        mirror.close();
    }
}
