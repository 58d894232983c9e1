package dev.trimtab.source;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.bcpg.KeyIdentifier;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureList;
import org.bouncycastle.openpgp.PGPUtil;
import org.bouncycastle.openpgp.api.OpenPGPCertificate;
import org.bouncycastle.openpgp.api.OpenPGPCertificate.OpenPGPComponentKey;
import org.bouncycastle.openpgp.api.OpenPGPDefaultPolicy;
import org.bouncycastle.openpgp.api.OpenPGPKeyReader;
import org.bouncycastle.openpgp.api.OpenPGPPolicy;
import org.bouncycastle.openpgp.bc.BcPGPObjectFactory;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentVerifierBuilderProvider;

/**
 * Who may sign with which OpenPGP key. JGit's own verifier looks into the user's {@code ~/.gnupg} only, and at no revocation;
 * Bouncy Castle's evaluates bindings, expiry, revocations and what a key may be used for as RFC 9580 has it.
 */
final class OpenPgpSigners {

    static final String BEGIN = "-----BEGIN PGP PUBLIC KEY BLOCK-----";

    private static final OpenPGPPolicy POLICY = new OpenPGPDefaultPolicy();

    private final List<OpenPGPCertificate> certificates = new ArrayList<>();

    /**
     * @param armored one public key block
     * @throws IOException when it is none
     */
    void add(String armored) throws IOException {
        try {
            certificates.addAll(new OpenPGPKeyReader().parseCertificates(armored));
        } catch (RuntimeException e) {
            throw new IOException("it is no OpenPGP public key", e);
        }
    }

    int size() {
        return certificates.size();
    }

    /**
     * @param data what is signed
     * @param now when the key has to be valid, besides the moment that the signature names; empty for history
     */
    SignatureVerdict verify(byte[] data, byte[] armored, Optional<Instant> now) {
        PGPSignature signature;
        try {
            signature = parse(armored);
        } catch (IOException | RuntimeException e) {
            return SignatureVerdict.bad("it cannot be read");
        }
        if (signature.getSignatureType() != PGPSignature.BINARY_DOCUMENT) {
            return SignatureVerdict.bad("it was made for something else than a file");
        }
        Optional<OpenPGPComponentKey> issuer = issuer(signature);
        if (issuer.isEmpty()) {
            return SignatureVerdict.unknownKey(HexFormat.of().withUpperCase().toHexDigits(signature.getKeyID()));
        }
        OpenPGPComponentKey key = issuer.get();
        if (!POLICY.isAcceptableSignature(signature) || !POLICY.isAcceptableVerificationKey(key.getPGPPublicKey())) {
            return SignatureVerdict.bad("its hash or its key are of a kind that can be forged");
        }
        try {
            signature.init(new BcPGPContentVerifierBuilderProvider(), key.getPGPPublicKey());
            signature.update(data);
            if (!signature.verify()) {
                return SignatureVerdict.bad("it does not fit what is signed");
            }
        } catch (PGPException | RuntimeException e) {
            return SignatureVerdict.bad("it cannot be checked");
        }
        Date made = signature.getCreationTime();
        return fault(key, made)
                .or(() -> now.flatMap(instant -> fault(key, Date.from(instant))))
                .orElseGet(() -> new SignatureVerdict.Good(new Revision.Signer(identity(key, made), id(key))));
    }

    private static PGPSignature parse(byte[] armored) throws IOException {
        try (InputStream in = PGPUtil.getDecoderStream(new ByteArrayInputStream(armored))) {
            if (new BcPGPObjectFactory(in).nextObject() instanceof PGPSignatureList list && list.size() == 1) {
                return list.get(0);
            }
        }
        throw new IOException("not one signature");
    }

    private Optional<OpenPGPComponentKey> issuer(PGPSignature signature) {
        for (KeyIdentifier id : signature.getKeyIdentifiers()) {
            for (OpenPGPCertificate certificate : certificates) {
                OpenPGPComponentKey key = id.isWildcard() ? null : certificate.getKey(id);
                if (key != null) {
                    return Optional.of(key);
                }
            }
        }
        return Optional.empty();
    }

    /** What is wrong with using the key at that time. */
    private static Optional<SignatureVerdict> fault(OpenPGPComponentKey key, Date at) {
        if (key.getRevocation(at) != null
                || key.getCertificate().getPrimaryKey().getRevocation(at) != null) {
            return Optional.of(SignatureVerdict.revoked(id(key)));
        }
        if (!key.isBoundAt(at) || !key.getCertificate().getPrimaryKey().isBoundAt(at)) {
            return Optional.of(SignatureVerdict.expired(id(key)));
        }
        return key.isSigningKey(at)
                ? Optional.empty()
                : Optional.of(SignatureVerdict.bad("key " + id(key) + " is not meant for signing"));
    }

    private static String identity(OpenPGPComponentKey key, Date at) {
        return key.getCertificate().getValidUserIds(at).stream()
                .map(OpenPGPCertificate.OpenPGPUserId::getUserId)
                .findFirst()
                .orElse(id(key));
    }

    private static String id(OpenPGPComponentKey key) {
        return HexFormat.of().withUpperCase().formatHex(key.getPGPPublicKey().getFingerprint());
    }
}
