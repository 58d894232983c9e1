package dev.trimtab.source;

import dev.trimtab.source.TrustedKeys.KeyFile;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.common.util.security.SecurityUtils;

/** An SSH key made for a test; signs as OpenSSH's PROTOCOL.sshsig has it. */
public final class SshTestKey implements TestSigner {

    private static final byte[] MAGIC = "SSHSIG".getBytes(StandardCharsets.US_ASCII);

    private final String principal;
    private final String options;
    private final KeyPair pair;

    private SshTestKey(String principal, String options, KeyPair pair) {
        this.principal = principal;
        this.options = options;
        this.pair = pair;
    }

    public static SshTestKey of(String principal) {
        return new SshTestKey(principal, "", ed25519());
    }

    /** @param options for instance {@code valid-before="20260101"} */
    SshTestKey with(String options) {
        return new SshTestKey(principal, options + " ", pair);
    }

    static KeyPair ed25519() {
        try {
            return SecurityUtils.getKeyPairGenerator(SecurityUtils.ED25519).generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    String fingerprint() {
        return KeyUtils.getFingerPrint(pair.getPublic());
    }

    String publicLine() {
        return PublicKeyEntry.toString(pair.getPublic());
    }

    @Override
    public KeyFile publicKey() {
        String line = principal + " " + options + publicLine() + "\n";
        return new KeyFile("keys/allowed_signers", line.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String sign(byte[] data, Instant at) {
        return sign(data, "git");
    }

    String sign(byte[] data, String namespace) {
        try {
            ByteArrayBuffer signed = new ByteArrayBuffer();
            signed.putRawBytes(MAGIC);
            signed.putString(namespace);
            signed.putString("");
            signed.putString("sha512");
            signed.putBytes(MessageDigest.getInstance("SHA-512").digest(data));
            Signature signer = BuiltinSignatures.ed25519.create();
            signer.initSigner(null, pair.getPrivate());
            signer.update(null, signed.getCompactData());
            ByteArrayBuffer raw = new ByteArrayBuffer();
            raw.putString("ssh-ed25519");
            raw.putBytes(signer.sign(null));
            ByteArrayBuffer key = new ByteArrayBuffer();
            key.putRawPublicKey(pair.getPublic());
            ByteArrayBuffer all = new ByteArrayBuffer();
            all.putRawBytes(MAGIC);
            all.putUInt(1);
            all.putBytes(key.getCompactData());
            all.putString(namespace);
            all.putString("");
            all.putString("sha512");
            all.putBytes(raw.getCompactData());
            return "-----BEGIN SSH SIGNATURE-----\n"
                    + Base64.getMimeEncoder(70, new byte[] {'\n'}).encodeToString(all.getCompactData())
                    + "\n-----END SSH SIGNATURE-----\n";
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
