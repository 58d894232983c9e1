package dev.trimtab.join;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** Takes what is secret out of everything that machines say. Safe for use by many threads. */
final class Redactor {

    private static final String WITHHELD = "(withheld)";

    /** Also tokens that are not ours: kubeadm makes some itself. */
    private static final Pattern TOKEN = Pattern.compile("(?<![a-z0-9])[a-z0-9]{6}\\.[a-z0-9]{16}(?![a-z0-9])");

    private final Set<String> secrets = ConcurrentHashMap.newKeySet();

    void add(String secret) {
        secrets.add(secret);
        secrets.add(Base64.getEncoder().withoutPadding().encodeToString(secret.getBytes(StandardCharsets.UTF_8)));
    }

    String redact(String text) {
        String clean = text;
        for (String secret : secrets) {
            clean = clean.replace(secret, WITHHELD);
        }
        return TOKEN.matcher(clean).replaceAll(WITHHELD);
    }
}
