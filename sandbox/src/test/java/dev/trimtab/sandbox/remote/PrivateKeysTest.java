package dev.trimtab.sandbox.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.security.spec.InvalidKeySpecException;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Throwaway keys, each in its own and in the common encoding. */
final class PrivateKeysTest {

    @ParameterizedTest
    @CsvSource(textBlock = """
            EC, MHcCAQEEIPUaWvHc7q3vs0n+BvKHgZJrISwWHcvAcnWbb/4hI1YtoAoGCCqGSM49AwEHoUQDQgAEEIjTPvobDnYQbK5HLJ+ya2a5q+0DGF5dXIOoPJal/V6bO+7vhxNCJeFDKcvmC5u/qsIkMOdvmgqnxVB1DmVhUg==
            RSA, MIIBOgIBAAJBAKpeWJWcv+K2dqs0YXp/6HT/1PaiiSy6FYzN+0AFrP8DuszELbY0FHCIj2fCYSDwfBi3GknOM+esjr4VmLteuU0CAwEAAQJASZ67aOtzf+SZIyJffTAIo4Zp4Kob3NgMt+vKxr+tIgUlnljTtHLAxNlc5wqJWVn0yOgDqClTq9emtJh+H0MRgQIhAOBlR8MPIBxzV7s6y3HNgju3mfTug2YcHr2vuckarjJvAiEAwl0WJIfHaSrynvJ3OHmVdrxC7RfGpa9kksDXvJxW/gMCIAi8CIIQOajB2J1iGX8xh6s5Z1XAXv7/gzbQ+0NXtYYjAiAJy7U8/BbhxwdZWXEGyKHuzQg2eNdLLG7OMqfs2phLzwIhAIBZIjEaMfnfMWtT6uOJezcaoSVkOiPrV1/Zap4TKUpO
            """)
    void anOlderEncodingIsTheSameKey(String algorithm, String base64) throws GeneralSecurityException {
        var key = PrivateKeys.of(pem(algorithm + " PRIVATE KEY", base64));

        assertThat(key.getAlgorithm()).isEqualTo(algorithm);
        assertThat(PrivateKeys.of(pem("PRIVATE KEY", Base64.getEncoder().encodeToString(key.getEncoded()))))
                .isEqualTo(key);
    }

    @Test
    void aCertificateIsNoPrivateKeyAndIsNotQuoted() {
        assertThatThrownBy(() -> PrivateKeys.of(pem("CERTIFICATE", "c2VjcmV0")))
                .isInstanceOf(InvalidKeySpecException.class)
                .hasMessage("No private key in PEM");
    }

    private static String pem(String label, String base64) {
        return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
    }
}
