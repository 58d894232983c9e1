package dev.trimtab.source;

import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.eclipse.jgit.errors.NoRemoteRepositoryException;
import org.eclipse.jgit.errors.NotSupportedException;
import org.eclipse.jgit.errors.TooLargeObjectInPackException;
import org.eclipse.jgit.errors.TooLargePackException;
import org.jspecify.annotations.Nullable;

/** Says in plain words why a remote could not be read. JGit's own texts repeat the address, credentials included. */
final class Faults {

    /** JGit and its SSH library tell these two only in words. */
    private static final Pattern HOST_KEY = Pattern.compile("server key did not validate|host key");

    private static final Pattern PROXY = Pattern.compile(
            "unable to tunnel through proxy|: 407 |proxy authentication|http proxy|proxy .*(refused|failed)");

    private static final Pattern REFUSED = Pattern.compile(
            "not authorized|authentication|not permitted|no more authentication methods|no credentialsprovider");

    private final Address address;
    private final Duration timeout;
    private final TransferLimits limits;
    private final Optional<ProxyServer> proxy;

    Faults(Address address, Duration timeout, TransferLimits limits, Optional<ProxyServer> proxy) {
        this.address = address;
        this.timeout = timeout;
        this.limits = limits;
        this.proxy = proxy;
    }

    SourceException of(Exception e) {
        List<Throwable> chain = chain(e);
        String words = chain.stream()
                .map(cause -> text(cause.getMessage()).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining("; "));
        for (Throwable cause : chain) {
            // Told by one of our own, for instance that the token file is gone.
            if (cause instanceof SourceException known) {
                return known;
            }
            if (cause instanceof TooLargePackException) {
                return fault(
                        SourceCode.SRC009,
                        "it sends more than " + limits.fetchBytes() + " bytes at once; keep the definition in a smaller"
                                + " repository, or raise spec.source.limits.fetch",
                        chain);
            }
            if (cause instanceof TooLargeObjectInPackException) {
                return fault(
                        SourceCode.SRC009,
                        "an object in it is larger than " + limits.objectBytes()
                                + " bytes; keep large files elsewhere, or" + " raise spec.source.limits.object",
                        chain);
            }
        }
        if (proxy.isPresent() && PROXY.matcher(words).find()) {
            return fault(
                    SourceCode.SRC017,
                    "the proxy" + proxy.map(server -> " " + server).orElse("")
                            + " does not let through; check its address" + " and login",
                    chain);
        }
        if (HOST_KEY.matcher(words).find()) {
            return fault(
                    SourceCode.SRC004,
                    "the host's key is not in known_hosts; compare it with the host's own, then add its line",
                    chain);
        }
        if (REFUSED.matcher(words).find()) {
            return fault(
                    SourceCode.SRC003, "the credentials were refused, or some are needed; check the Secret", chain);
        }
        return fault(SourceCode.SRC001, reason(chain), chain);
    }

    private String reason(List<Throwable> chain) {
        for (Throwable cause : chain) {
            if (cause instanceof NoRemoteRepositoryException || cause instanceof NotSupportedException) {
                return "no Git repository is there, or these credentials may not see it; check the address";
            }
            if (cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException) {
                return "the host's name is unknown; check address and DNS";
            }
            if (cause instanceof ConnectException || cause instanceof NoRouteToHostException) {
                return proxy.map(server -> "the proxy " + server + " or the host")
                                .orElse("the host") + " does not take connections; check host, port and network";
            }
            if (cause instanceof InterruptedIOException) {
                return "no answer within " + timeout.toSeconds() + " s";
            }
            if (cause instanceof SSLException) {
                return "TLS: " + text(cause.getMessage());
            }
        }
        return text(chain.get(chain.size() - 1).getMessage());
    }

    private SourceException fault(SourceCode code, String reason, List<Throwable> chain) {
        String message = "cannot read " + address.shown() + ": " + address.redact(reason);
        boolean clean = chain.stream()
                .map(cause -> text(cause.getMessage()))
                .allMatch(text -> address.redact(text).equals(text));
        // A stack trace prints the causes too: one that holds a secret is left out.
        return clean ? new SourceException(code, message, chain.get(0)) : new SourceException(code, message);
    }

    private static List<Throwable> chain(Throwable first) {
        List<Throwable> chain = new ArrayList<>();
        for (Throwable cause = first; cause != null && chain.size() < 20; cause = cause.getCause()) {
            chain.add(cause);
        }
        return chain;
    }

    private static String text(@Nullable String message) {
        return message == null ? "no reason given" : message;
    }
}
