package dev.trimtab.source;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.Constants;
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

/** A repository elsewhere. Not thread-safe. */
final class Remote implements AutoCloseable {

    /**
     * What a ref is at the remote.
     *
     * @param name its full name
     * @param object what it names: a commit or an annotated tag
     * @param commit an annotated tag stands for the commit it names
     */
    record Head(String name, ObjectId object, ObjectId commit) {}

    private final Address address;
    private final GitSource.Settings settings;
    private final Optional<ProxyServer> proxy;
    private Faults faults;
    private final Optional<SshSessions> ssh;

    Remote(Address address, GitSource.Settings settings, Optional<ProxyServer> proxy) {
        this.address = address;
        this.settings = settings;
        this.proxy = proxy;
        this.faults = faults(address);
        this.ssh = address.scheme() == Address.Scheme.SSH
                ? Optional.of(new SshSessions(settings.credentials(), proxy))
                : Optional.empty();
        proxy.ifPresent(ProxyLogins::add);
    }

    /** Asks for the names that the ref could have, nothing else: servers with protocol version 2 then list only those. */
    Head head(Repository mirror, String ref) {
        List<String> names = ref.equals(Constants.HEAD) || ref.startsWith(Constants.R_REFS)
                ? List.of(ref)
                : List.of(Constants.R_HEADS + ref, Constants.R_TAGS + ref);
        Map<String, Head> heads = heads(mirror, names);
        return names.stream()
                .flatMap(name -> Optional.ofNullable(heads.get(name)).stream())
                .findFirst()
                .orElseThrow(() -> new SourceException(
                        SourceCode.SRC002,
                        address + " has no branch or tag \"" + ref + "\"; check the ref, or push it"));
    }

    /** Asks for all tags and takes the one of the highest version. */
    Head head(Repository mirror, VersionRange range) {
        Map<String, Head> tags = new TreeMap<>();
        heads(mirror, List.of(Constants.R_TAGS + "*"))
                .forEach((name, head) -> tags.put(name.substring(Constants.R_TAGS.length()), head));
        List<Head> highest = range.highest(tags.keySet()).stream()
                .flatMap(tag -> Optional.ofNullable(tags.get(tag)).stream())
                .toList();
        if (highest.stream().map(Head::commit).distinct().count() > 1) {
            throw new SourceException(
                    SourceCode.SRC016,
                    address + ": "
                            + String.join(
                                    " and ", highest.stream().map(Head::name).toList())
                            + " are the same version but not the same commit; delete all but one of them");
        }
        return highest.stream()
                .findFirst()
                .orElseThrow(() -> new SourceException(
                        SourceCode.SRC002,
                        address + " has no tag in the range \"" + range + "\", of " + tags.size()
                                + " tags; check the range, or push a tag such as v1.2.3"));
    }

    private Map<String, Head> heads(Repository mirror, List<String> names) {
        List<RefSpec> asked = names.stream()
                .map(name -> new RefSpec(name.endsWith("*") ? name + ":" + name : name))
                .toList();
        try (Transport transport = open(mirror);
                FetchConnection connection = transport.openFetch(asked)) {
            Map<String, Head> heads = new TreeMap<>();
            for (Ref ref : connection.getRefs()) {
                if (ref.getObjectId() != null && asked.stream().anyMatch(spec -> spec.matchSource(ref))) {
                    ObjectId peeled = ref.getPeeledObjectId();
                    heads.put(
                            ref.getName(),
                            new Head(ref.getName(), ref.getObjectId(), peeled == null ? ref.getObjectId() : peeled));
                }
            }
            return heads;
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
        return fetch(mirror, new RefSpec("+" + head.name() + ":" + localRef));
    }

    /**
     * Brings a commit and its history into {@code mirror}, where no ref keeps it yet. Servers need not hand out a commit that
     * is not the tip of a branch; all branches and tags are asked for then.
     *
     * @return whether the mirror could take it
     */
    boolean fetch(Repository mirror, ObjectId commit, String localPrefix) {
        try {
            return fetch(mirror, new RefSpec(commit.name()));
        } catch (SourceException e) {
            if (e.code() != SourceCode.SRC001) {
                throw e;
            }
            return fetch(
                    mirror,
                    Stream.of(Constants.R_HEADS, Constants.R_TAGS)
                            .map(prefix -> new RefSpec("+" + prefix + "*:" + localPrefix
                                    + prefix.substring(Constants.R_REFS.length()) + "*"))
                            .toArray(RefSpec[]::new));
        }
    }

    private boolean fetch(Repository mirror, RefSpec... specs) {
        try (Transport transport = open(mirror)) {
            transport.setTagOpt(TagOpt.NO_TAGS);
            FetchResult result = transport.fetch(NullProgressMonitor.INSTANCE, List.of(specs));
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

    private Transport open(Repository mirror) throws IOException {
        Optional<Credentials.Token> token = settings.credentials().flatMap(Credentials::token);
        Optional<Credentials.Token> login = proxy.flatMap(ProxyServer::token);
        faults = faults(Stream.of(token, login)
                .flatMap(Optional::stream)
                .reduce(address, Address::hiding, (one, other) -> other));
        ProxyLogins.begin();
        Transport transport = Transport.open(mirror, address.uri());
        transport.setTimeout(Math.toIntExact(Math.max(1, settings.timeout().toSeconds())));
        if (address.scheme() == Address.Scheme.HTTP) {
            token.ifPresent(given -> transport.setCredentialsProvider(
                    new UsernamePasswordCredentialsProvider(given.user(), given.secret())));
        }
        if (transport instanceof TransportHttp overHttp) {
            overHttp.setHttpConnectionFactory(new OwnHostConnections(address.uri(), proxy));
        }
        if (transport instanceof SshTransport overSsh) {
            ssh.ifPresent(sessions -> overSsh.setSshSessionFactory(sessions.factory()));
        }
        return transport;
    }

    private Faults faults(Address hidden) {
        return new Faults(hidden, settings.timeout(), settings.limits(), proxy);
    }

    @Override
    public void close() {
        ssh.ifPresent(SshSessions::close);
    }
}
