package dev.trimtab.web;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Where a hook comes from, and how it proves that it does: as the documentation of each forge says. All comparisons take the same time
 * whatever differs.
 */
enum Forge {
    /** Before Gitea and GitHub: it sends their headers too. */
    FORGEJO("X-Forgejo-Event", "push", "push") {
        @Override
        boolean proves(Hook hook, byte[] secret, Instant now) {
            return hexHmac(hook, hook.header("X-Forgejo-Signature"), secret);
        }
    },
    /** Before GitHub, whose headers it sends too. */
    GITEA("X-Gitea-Event", "push", "push") {
        @Override
        boolean proves(Hook hook, byte[] secret, Instant now) {
            return hexHmac(hook, hook.header("X-Gitea-Signature"), secret);
        }
    },
    GITHUB("X-GitHub-Event", "push", "push") {
        @Override
        boolean proves(Hook hook, byte[] secret, Instant now) {
            String signature = hook.header("X-Hub-Signature-256");
            return signature.startsWith("sha256=") && hexHmac(hook, signature.substring("sha256=".length()), secret);
        }
    },
    GITLAB("X-Gitlab-Event", "Push Hook", "Tag Push Hook") {
        @Override
        boolean proves(Hook hook, byte[] secret, Instant now) {
            String signatures = hook.header("webhook-signature");
            // A signature outweighs the token, which anyone who saw a request can repeat.
            return signatures.isEmpty()
                    ? same(hook.header("X-Gitlab-Token").getBytes(StandardCharsets.UTF_8), secret)
                    : signed(hook, signatures, secret, now);
        }

        private boolean signed(Hook hook, String signatures, byte[] secret, Instant now) {
            String text = new String(secret, StandardCharsets.UTF_8);
            String time = hook.header("webhook-timestamp");
            Optional<byte[]> key = base64(text.startsWith("whsec_") ? text.substring("whsec_".length()) : text);
            if (key.isEmpty() || !isWithin(time, Instant::ofEpochSecond, now, SIGNED_FOR)) {
                return false;
            }
            byte[] head = (hook.header("webhook-id") + "." + time + ".").getBytes(StandardCharsets.UTF_8);
            byte[] expected = hmac(key.get(), head, hook.body());
            return Stream.of(signatures.split(" "))
                    .filter(signature -> signature.startsWith("v1,"))
                    .flatMap(signature -> base64(signature.substring("v1,".length())).stream())
                    .anyMatch(signature -> same(signature, expected));
        }
    },
    GITEE("X-Gitee-Event", "Push Hook", "Tag Push Hook") {
        @Override
        boolean proves(Hook hook, byte[] secret, Instant now) {
            String token = hook.header("X-Gitee-Token");
            String time = hook.header("X-Gitee-Timestamp");
            if (same(token.getBytes(StandardCharsets.UTF_8), secret)) {
                return true;
            }
            byte[] expected = hmac(secret, (time + "\n").getBytes(StandardCharsets.UTF_8), secret);
            return isWithin(time, Instant::ofEpochMilli, now, TIMED_FOR)
                    && base64(token)
                            .filter(signature -> same(signature, expected))
                            .isPresent();
        }
    };

    private static final Duration SIGNED_FOR = Duration.ofMinutes(5);
    private static final Duration TIMED_FOR = Duration.ofHours(1);

    private final String eventHeader;
    private final String push;
    private final String tagPush;

    Forge(String eventHeader, String push, String tagPush) {
        this.eventHeader = eventHeader;
        this.push = push;
        this.tagPush = tagPush;
    }

    /** Who sent it, by the headers that only that one sends. */
    static Optional<Forge> of(Hook hook) {
        return Stream.of(values())
                .filter(forge -> !hook.header(forge.eventHeader).isEmpty())
                .findFirst();
    }

    /** Whether it tells of commits or tags that are new. */
    boolean isPush(Hook hook) {
        String event = hook.header(eventHeader);
        return event.equals(push) || event.equals(tagPush);
    }

    /** Whether the sender knows the secret. */
    abstract boolean proves(Hook hook, byte[] secret, Instant now);

    private static boolean hexHmac(Hook hook, String signature, byte[] secret) {
        try {
            return same(HexFormat.of().parseHex(signature), hmac(secret, hook.body()));
        } catch (IllegalArgumentException notHex) {
            return false;
        }
    }

    private static byte[] hmac(byte[] key, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    private static boolean same(byte[] one, byte[] other) {
        return MessageDigest.isEqual(one, other);
    }

    private static Optional<byte[]> base64(String text) {
        try {
            byte[] bytes = Base64.getDecoder().decode(text);
            return bytes.length == 0 ? Optional.empty() : Optional.of(bytes);
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    private static boolean isWithin(String time, Function<Long, Instant> unit, Instant now, Duration most) {
        try {
            return Duration.between(unit.apply(Long.parseLong(time)), now).abs().compareTo(most) <= 0;
        } catch (NumberFormatException | DateTimeException | ArithmeticException notATime) {
            return false;
        }
    }
}
