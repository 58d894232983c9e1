package dev.trimtab.source;

import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.FetchConnection;
import org.eclipse.jgit.transport.FetchResult;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.SshTransport;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.TrackingRefUpdate;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.TransportHttp;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;

/** One ref of a repository elsewhere. Not thread-safe. */
final class Remote implements AutoCloseable {

    /**
     * What the ref is at the remote.
     *
     * @param name its full name
     * @param commit an annotated tag stands for the commit it names
     */
    record Head(String name, ObjectId commit) {}

    private final Address address;
    private final String ref;
    private final Optional<Credentials> credentials;
    private final Duration timeout;
    private Faults faults;
    private final Optional<SshSessions> ssh;

    Remote(Address address, GitSource.Settings settings) {
        this.address = address;
        this.ref = settings.ref();
        this.credentials = settings.credentials();
        this.timeout = settings.timeout();
        this.faults = new Faults(address, timeout);
        this.ssh =
                address.scheme() == Address.Scheme.SSH ? Optional.of(new SshSessions(credentials)) : Optional.empty();
    }

    /** Asks for the names that the ref could have, nothing else: servers with protocol version 2 then list only those. */
    Head head(Repository mirror) {
        List<String> names = names();
        try (Transport transport = open(mirror);
                FetchConnection connection =
                        transport.openFetch(names.stream().map(RefSpec::new).toList())) {
            return names.stream()
                    .flatMap(name -> Optional.ofNullable(connection.getRef(name)).stream())
                    .filter(found -> found.getObjectId() != null)
                    .findFirst()
                    .map(found -> new Head(found.getName(), commit(found)))
                    .orElseThrow(() -> new SourceException(
                            SourceCode.SRC002,
                            address + " has no branch or tag \"" + ref + "\"; check the ref, or push it"));
        } catch (IOException e) {
            throw faults.of(e);
        }
    }

    /**
     * Brings the ref's history into {@code mirror}, whatever it was before: a rewritten history is taken too.
     *
     * @return whether the mirror could take it
     */
    boolean fetch(Repository mirror, Head head, String localRef) {
        try (Transport transport = open(mirror)) {
            transport.setTagOpt(TagOpt.NO_TAGS);
            RefSpec spec = new RefSpec("+" + head.name() + ":" + localRef);
            FetchResult result = transport.fetch(NullProgressMonitor.INSTANCE, List.of(spec));
            Collection<TrackingRefUpdate> updates = result.getTrackingRefUpdates();
            return updates.stream()
                    .map(TrackingRefUpdate::getResult)
                    .noneMatch(update -> update == RefUpdate.Result.LOCK_FAILURE
                            || update == RefUpdate.Result.IO_FAILURE
                            || update == RefUpdate.Result.REJECTED_MISSING_OBJECT);
        } catch (IOException e) {
            if (Mirror.isDamage(e)) {
                return false;
            }
            throw faults.of(e);
        }
    }

    private List<String> names() {
        if (ref.equals("HEAD") || ref.startsWith("refs/")) {
            return List.of(ref);
        }
        return List.of("refs/heads/" + ref, "refs/tags/" + ref);
    }

    private static ObjectId commit(Ref ref) {
        ObjectId peeled = ref.getPeeledObjectId();
        return peeled == null ? ref.getObjectId() : peeled;
    }

    private Transport open(Repository mirror) throws IOException {
        Optional<Credentials.Token> token = token();
        Transport transport = Transport.open(mirror, address.uri());
        transport.setTimeout(Math.toIntExact(Math.max(1, timeout.toSeconds())));
        if (address.scheme() == Address.Scheme.HTTPS) {
            token.ifPresent(given -> transport.setCredentialsProvider(
                    new UsernamePasswordCredentialsProvider(given.user(), given.token())));
        }
        if (transport instanceof TransportHttp overHttps) {
            overHttps.setHttpConnectionFactory(new OwnHostConnections(address.uri()));
        }
        if (transport instanceof SshTransport overSsh) {
            ssh.ifPresent(sessions -> overSsh.setSshSessionFactory(sessions.factory()));
        }
        return transport;
    }

    private Optional<Credentials.Token> token() {
        Optional<Credentials.Token> token = credentials.flatMap(given -> {
            if (given instanceof Credentials.TokenFile file) {
                return Optional.of(file.read());
            }
            return given instanceof Credentials.Token fixed ? Optional.of(fixed) : Optional.empty();
        });
        token.ifPresent(given -> faults = new Faults(address.hiding(given.token()), timeout));
        return token;
    }

    @Override
    public void close() {
        ssh.ifPresent(SshSessions::close);
    }
}
