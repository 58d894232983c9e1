package dev.trimtab.source;

import java.io.File;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.jgit.transport.URIish;

/**
 * Where a repository is, checked against what may be read.
 *
 * @param shown the address without user (except of ssh) and password
 * @param secrets texts that must not be shown
 */
record Address(URIish uri, Scheme scheme, String shown, List<String> secrets) {

    enum Scheme {
        /** https, or http on this machine. */
        HTTP,
        SSH,
        LOCAL
    }

    private static final Pattern USER_INFO = Pattern.compile("://[^/@\\s]+@");
    /** No name but this one: others lead wherever DNS says. */
    private static final Pattern LOOPBACK = Pattern.compile("127\\.\\d+\\.\\d+\\.\\d+|\\[?::1]?|localhost");

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
                .or(() -> scheme == Scheme.HTTP ? Optional.ofNullable(uri.getUser()) : Optional.empty())
                .ifPresent(secrets::add);
        settings.credentials().ifPresent(credentials -> {
            if (credentials instanceof Credentials.Token token) {
                secrets.add(token.secret());
            }
        });
        URIish shown = scheme == Scheme.HTTP ? uri.setUser(null).setPass(null) : uri.setPass(null);
        URIish used = scheme == Scheme.LOCAL && uri.getScheme() == null
                ? uri.setPath(new File(uri.getPath()).getAbsolutePath())
                : uri;
        secrets.removeIf(String::isEmpty);
        return new Address(used, scheme, shown.toString(), List.copyOf(secrets));
    }

    private static Scheme scheme(URIish uri, boolean allowFile) {
        String written = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        return switch (written) {
            case "https" -> Scheme.HTTP;
            case "http" -> {
                if (!LOOPBACK.matcher(String.valueOf(uri.getHost())).matches()) {
                    throw new SourceException(
                            SourceCode.SRC005,
                            "http:// is not allowed for repositories of other machines; use https:// or ssh://");
                }
                yield Scheme.HTTP;
            }
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

    /** The same address, with one more login that must not be shown, however it is written on its way. */
    Address hiding(Credentials.Token login) {
        Set<String> all = new LinkedHashSet<>(secrets);
        if (!login.secret().isEmpty()) {
            byte[] basic = (login.user() + ":" + login.secret()).getBytes(StandardCharsets.UTF_8);
            all.add(login.secret());
            all.add(URLEncoder.encode(login.secret(), StandardCharsets.UTF_8));
            all.add(Base64.getEncoder().encodeToString(basic));
        }
        return new Address(uri, scheme, shown, List.copyOf(all));
    }

    /** {@code text} without anything that must not be shown. */
    String redact(String text) {
        String redacted = text;
        for (String secret : secrets) {
            redacted = redacted.replace(secret, HIDDEN);
        }
        return scheme == Scheme.HTTP ? USER_INFO.matcher(redacted).replaceAll("://") : redacted;
    }

    @Override
    public String toString() {
        return shown;
    }
}
