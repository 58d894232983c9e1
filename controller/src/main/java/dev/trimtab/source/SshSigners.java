package dev.trimtab.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.util.buffer.BufferException;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.GpgConfig;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.SignatureVerifier;
import org.eclipse.jgit.lib.SignatureVerifier.SignatureVerification;
import org.eclipse.jgit.lib.SignatureVerifiers;
import org.eclipse.jgit.signing.ssh.SigningKeyDatabase;
import org.eclipse.jgit.signing.ssh.VerificationException;

/** Who may sign with which SSH key. JGit reads that from files, so they are written out for as long as this is open. */
final class SshSigners implements AutoCloseable {

    private static final Pattern LINE =
            Pattern.compile("[^\\s\"]+\\s+([a-z-]+(=\"[^\"]*\")?[\\s,]+)*(ssh|ecdsa|sk)-\\S+\\s+AAAA\\S+(\\s.*)?");

    /** {@code SSHSIG} and the version in front of the key, see OpenSSH's PROTOCOL.sshsig. */
    private static final int BEFORE_KEY = 10;

    private static final String NAMESPACE = "git";

    private final Repository repository;
    private final Path folder;
    private final GpgConfig config;

    /**
     * @param allowed lines of {@code allowed_signers}
     * @param revoked the content of a revocation list
     */
    SshSigners(Repository repository, List<String> allowed, Optional<byte[]> revoked) {
        this.repository = repository;
        try {
            folder = Files.createTempDirectory("trimtab-signers");
            Path allowedFile = Files.write(folder.resolve("allowed_signers"), allowed);
            Config files = new Config();
            files.setString("gpg", "ssh", "allowedSignersFile", allowedFile.toString());
            if (revoked.isPresent()) {
                Path revokedFile = Files.write(folder.resolve("revoked_keys"), revoked.get());
                files.setString("gpg", "ssh", "revocationFile", revokedFile.toString());
            }
            config = new GpgConfig(files);
        } catch (IOException e) {
            throw new UncheckedIOException("no folder for temporary files", e);
        }
    }

    /** Whether this is a line of {@code allowed_signers}; what JGit makes of another one is a line in a log. */
    static boolean isLine(String line) {
        return LINE.matcher(line).matches();
    }

    /**
     * @param data what is signed
     * @param now when the key has to be valid, besides the moment that the signed object names; empty for history
     */
    SignatureVerdict verify(byte[] data, byte[] signature, Optional<Instant> now) throws IOException {
        PublicKey key;
        try {
            key = key(signature);
        } catch (IOException | GeneralSecurityException | IllegalArgumentException | BufferException e) {
            return SignatureVerdict.bad("it cannot be read");
        }
        SigningKeyDatabase database = SigningKeyDatabase.getInstance();
        String fingerprint = KeyUtils.getFingerPrint(key);
        if (database.isRevoked(repository, config, key)) {
            return SignatureVerdict.revoked(fingerprint);
        }
        SignatureVerifier verifier = SignatureVerifiers.get(GpgConfig.GpgFormat.SSH);
        SignatureVerification result = verifier.verify(repository, config, data, signature);
        if (result.verified()) {
            return now.isEmpty() || allowedAt(database, key, now.get())
                    ? new SignatureVerdict.Good(new Revision.Signer(result.keyUser(), fingerprint))
                    : SignatureVerdict.expired(fingerprint);
        }
        if (result.expired()) {
            return SignatureVerdict.expired(fingerprint);
        }
        // JGit looks for the key after it found that the signature fits.
        return result.trustLevel() == SignatureVerifier.TrustLevel.UNKNOWN
                ? SignatureVerdict.unknownKey(fingerprint)
                : SignatureVerdict.bad(Optional.ofNullable(result.message()).orElse("it does not fit what is signed"));
    }

    private boolean allowedAt(SigningKeyDatabase database, PublicKey key, Instant now) throws IOException {
        try {
            return database.isAllowed(repository, config, key, NAMESPACE, new PersonIdent("", "", now, ZoneOffset.UTC))
                    != null;
        } catch (VerificationException e) {
            return false;
        }
    }

    private static PublicKey key(byte[] armored) throws IOException, GeneralSecurityException {
        String text = new String(armored, StandardCharsets.US_ASCII).replaceAll("-----[^-]+-----", "");
        byte[] decoded = Base64.getMimeDecoder().decode(text);
        if (decoded.length <= BEFORE_KEY) {
            throw new SshException("too short");
        }
        return new ByteArrayBuffer(decoded, BEFORE_KEY, decoded.length - BEFORE_KEY).getPublicKey();
    }

    @Override
    public void close() {
        try {
            for (String name : List.of("allowed_signers", "revoked_keys")) {
                Files.deleteIfExists(folder.resolve(name));
            }
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            // Public keys among the temporary files harm nobody.
            folder.toFile().deleteOnExit();
        }
    }
}
