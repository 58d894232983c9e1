package dev.trimtab.definition;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Knows secrets by how they look, so that they are found where they must not be. Values never become part of a text. */
public final class SecretMaterial {

    /** The token of kubeadm's own example. */
    public static final String PUBLISHED_TOKEN = "abcdef.0123456789abcdef";

    private static final Pattern BOOTSTRAP_TOKEN =
            Pattern.compile("(?<![A-Za-z0-9._])[a-z0-9]{6}\\.[a-z0-9]{16}(?![A-Za-z0-9._-])");

    private static final Pattern PRIVATE_KEY =
            Pattern.compile("-----BEGIN (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----");

    private static final Pattern WHOLE_KEY = Pattern.compile(
            "-----BEGIN (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----.*?(?:-----END [A-Z0-9 ]+-----|$)",
            Pattern.DOTALL);

    /** Between scheme and host of a URL. */
    private static final Pattern CREDENTIALS = Pattern.compile("(?<=://)[^/@\\s:${}]*:[^/@\\s${}]+(?=@)");

    private static final Set<String> NAMES = Set.of(
            "password",
            "passwd",
            "pass",
            "passphrase",
            "sudopassword",
            "privatekey",
            "sshkey",
            "key",
            "secret",
            "token",
            "bootstraptoken",
            "certificatekey",
            "agentkey",
            "anonymoustoken",
            "psk",
            "presharedkey");

    private SecretMaterial() {}

    /** Whether a field that Trimtab does not know would hold a secret by its name. */
    static boolean isNamedBy(String field) {
        return NAMES.contains(field.toLowerCase(Locale.ROOT).replaceAll("[_-]", ""));
    }

    /** What a text of any kind holds that is secret, in words. */
    static Optional<String> in(String text) {
        if (PRIVATE_KEY.matcher(text).find()) {
            return Optional.of("a private key");
        }
        return tokens(text).stream()
                .filter(token -> !token.equals(PUBLISHED_TOKEN))
                .findFirst()
                .map(token -> "a bootstrap token");
    }

    /** As {@link #in}, in a field of Trimtab's own: none of them takes an address with a password. */
    public static Optional<String> inField(String text) {
        return in(text).or(
                        () -> CREDENTIALS.matcher(text).find() ? Optional.of("a password in a URL") : Optional.empty());
    }

    /** The text without what is secret in it; texts of problems quote what people wrote. */
    public static String masked(String text) {
        String masked = WHOLE_KEY.matcher(text).replaceAll("***");
        masked = CREDENTIALS.matcher(masked).replaceAll("***");
        for (String token : tokens(masked)) {
            masked = token.equals(PUBLISHED_TOKEN) ? masked : masked.replace(token, "***");
        }
        return masked;
    }

    static boolean holdsPublishedToken(String text) {
        return tokens(text).contains(PUBLISHED_TOKEN);
    }

    /**
     * A name such as {@code worker.europewest123456} has the form of a token too. Tokens are random, so that one without a digit in
     * its second part is next to impossible.
     */
    private static List<String> tokens(String text) {
        return BOOTSTRAP_TOKEN
                .matcher(text)
                .results()
                .map(result -> result.group())
                .filter(token -> token.substring(7).chars().anyMatch(Character::isDigit))
                .toList();
    }
}
