package dev.trimtab.source;

import java.io.File;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.jgit.transport.URIish;

/**
 * Where a repository is, checked against what may be read.
 *
 * @param shown the address without user (except of ssh) and password
 * @param secrets texts that must not be shown
 */
record Address(URIish uri, Scheme scheme, String shown, List<String> secrets) {

    enum Scheme {
        HTTPS,
        SSH,
        LOCAL
    }

    private static final Pattern USER_INFO = Pattern.compile("://[^/@\\s]+@");
    private static final Pattern HELPER = Pattern.compile("[A-Za-z0-9+.-]+::");
    private static final String HIDDEN = "***";

    static Address of(GitSource.Settings settings) {
        String repository = settings.repository();
        if (HELPER.matcher(repository).lookingAt()) {
            throw new SourceException(
                    SourceCode.SRC005,
                    "an address with :: would start a program and is not read; use https:// or ssh://");
        }
        URIish uri;
        try {
            uri = new URIish(repository);
        } catch (URISyntaxException e) {
            // The exception's own text quotes the address with whatever secret stands in it.
            throw new SourceException(SourceCode.SRC005, "the repository's address is no URL");
        }
        Scheme scheme = scheme(uri, settings.allowFile());
        List<String> secrets = new ArrayList<>();
        // Forges take an access token in the place of the password, or alone as the user.
        Optional.ofNullable(uri.getPass())
                .or(() -> scheme == Scheme.HTTPS ? Optional.ofNullable(uri.getUser()) : Optional.empty())
                .ifPresent(secrets::add);
        settings.credentials().ifPresent(credentials -> {
            if (credentials instanceof Credentials.Token token) {
                secrets.add(token.token());
            }
        });
        URIish shown = scheme == Scheme.HTTPS ? uri.setUser(null).setPass(null) : uri.setPass(null);
        URIish used = scheme == Scheme.LOCAL && uri.getScheme() == null
                ? uri.setPath(new File(uri.getPath()).getAbsolutePath())
                : uri;
        secrets.removeIf(String::isEmpty);
        return new Address(used, scheme, shown.toString(), List.copyOf(secrets));
    }

    private static Scheme scheme(URIish uri, boolean allowFile) {
        String written = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        return switch (written) {
            case "https" -> Scheme.HTTPS;
            case "ssh" -> Scheme.SSH;
            case "", "file" -> {
                if (uri.getHost() != null && written.isEmpty()) {
                    yield Scheme.SSH;
                }
                if (!allowFile) {
                    throw new SourceException(
                            SourceCode.SRC005, "a repository of this machine is not read here; use https:// or ssh://");
                }
                yield Scheme.LOCAL;
            }
            default ->
                throw new SourceException(
                        SourceCode.SRC005, written + ":// is not allowed for repositories; use https:// or ssh://");
        };
    }

    /** The same address, with one more text that must not be shown. */
    Address hiding(String secret) {
        if (secret.isEmpty() || secrets.contains(secret)) {
            return this;
        }
        return new Address(
                uri,
                scheme,
                shown,
                Stream.concat(secrets.stream(), Stream.of(secret)).toList());
    }

    /** {@code text} without anything that must not be shown. */
    String redact(String text) {
        String redacted = text;
        for (String secret : secrets) {
            redacted = redacted.replace(secret, HIDDEN);
        }
        return scheme == Scheme.HTTPS ? USER_INFO.matcher(redacted).replaceAll("://") : redacted;
    }

    @Override
    public String toString() {
        return shown;
    }
}
