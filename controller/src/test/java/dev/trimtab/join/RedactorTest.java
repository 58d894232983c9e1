package dev.trimtab.join;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class RedactorTest {

    private final Redactor redactor = new Redactor();

    @Test
    void aSecretIsWithheldPlainAndEncoded() {
        String key = "e".repeat(64);
        redactor.add(key);

        String encoded = Base64.getEncoder().encodeToString(key.getBytes(StandardCharsets.UTF_8));
        assertThat(redactor.redact("key: " + key + " or " + encoded))
                .doesNotContain(key)
                .doesNotContain(encoded.substring(0, 80))
                .startsWith("key: (withheld)");
    }

    @Test
    void aTokenIsWithheldWhoeverMadeIt() {
        assertThat(redactor.redact("kubeadm join --token zyxwv9.0123456789abcdez now"))
                .isEqualTo("kubeadm join --token (withheld) now");
    }

    @Test
    void theHashOfACaIsNoSecret() {
        String hash = "sha256:" + "d".repeat(64);
        assertThat(redactor.redact(hash)).isEqualTo(hash);
    }
}
