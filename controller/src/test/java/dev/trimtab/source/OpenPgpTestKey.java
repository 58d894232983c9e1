package dev.trimtab.source;

import dev.trimtab.source.TrustedKeys.KeyFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.bcpg.PublicKeyPacket;
import org.bouncycastle.bcpg.sig.KeyFlags;
import org.bouncycastle.bcpg.sig.RevocationReasonTags;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPKeyPair;
import org.bouncycastle.openpgp.PGPKeyRingGenerator;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureSubpacketGenerator;
import org.bouncycastle.openpgp.api.OpenPGPKey;
import org.bouncycastle.openpgp.api.SignatureParameters;
import org.bouncycastle.openpgp.api.bc.BcOpenPGPApi;
import org.bouncycastle.openpgp.operator.PGPDigestCalculator;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentSignerBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPGPDigestCalculatorProvider;
import org.bouncycastle.openpgp.operator.bc.BcPGPKeyPairGeneratorProvider;

/** An OpenPGP key made for a test, as GnuPG makes them: version 4, Ed25519. */
final class OpenPgpTestKey implements TestSigner {

    private static final BcOpenPGPApi API = new BcOpenPGPApi();

    private final OpenPGPKey key;

    private OpenPgpTestKey(OpenPGPKey key) {
        this.key = key;
    }

    static OpenPgpTestKey of(String userId, Instant created) {
        return of(userId, created, Optional.empty());
    }

    /** As GnuPG does it, what the key may do and until when stands in the certification of its user. */
    static OpenPgpTestKey of(String userId, Instant created, Optional<Duration> validFor) {
        try {
            PGPKeyPair pair = new BcPGPKeyPairGeneratorProvider()
                    .get(PublicKeyPacket.VERSION_4, Date.from(created))
                    .generateLegacyEd25519KeyPair();
            PGPSignatureSubpacketGenerator packets = new PGPSignatureSubpacketGenerator();
            packets.setSignatureCreationTime(false, Date.from(created));
            packets.setIssuerFingerprint(false, pair.getPublicKey());
            packets.setKeyFlags(true, KeyFlags.CERTIFY_OTHER | KeyFlags.SIGN_DATA);
            validFor.ifPresent(duration -> packets.setKeyExpirationTime(false, duration.toSeconds()));
            PGPDigestCalculator sha1 = new BcPGPDigestCalculatorProvider().get(HashAlgorithmTags.SHA1);
            return new OpenPgpTestKey(new OpenPGPKey(new PGPKeyRingGenerator(
                            PGPSignature.POSITIVE_CERTIFICATION,
                            pair,
                            userId,
                            sha1,
                            packets.generate(),
                            null,
                            new BcPGPContentSignerBuilder(pair.getPublicKey().getAlgorithm(), HashAlgorithmTags.SHA512),
                            null)
                    .generateSecretKeyRing()));
        } catch (PGPException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The same key after it was revoked. */
    OpenPgpTestKey revoked(Instant at, boolean stolen) {
        try {
            return new OpenPgpTestKey(API.editKey(key)
                    .revokeKey(new SignatureParameters.Callback() {
                        @Override
                        public SignatureParameters apply(SignatureParameters parameters) {
                            return parameters
                                    .setSignatureCreationTime(Date.from(at))
                                    .setHashedSubpacketsFunction(packets -> {
                                        packets.setRevocationReason(
                                                true,
                                                stolen
                                                        ? RevocationReasonTags.KEY_COMPROMISED
                                                        : RevocationReasonTags.KEY_RETIRED,
                                                "");
                                        return packets;
                                    });
                        }
                    })
                    .done());
        } catch (PGPException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public KeyFile publicKey() {
        try {
            String armored = key.toCertificate().toAsciiArmoredString();
            return new KeyFile("keys/" + keyId() + ".asc", armored.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    String keyId() {
        return key.getPrettyFingerprint().replace(" ", "");
    }

    @Override
    public String sign(byte[] data, Instant at) {
        try {
            return API.createDetachedSignature()
                    .addSigningKey(key.getPrimarySecretKey(), (char[]) null, new SignatureParameters.Callback() {
                        @Override
                        public SignatureParameters apply(SignatureParameters parameters) {
                            return parameters.setSignatureCreationTime(Date.from(at));
                        }
                    })
                    .sign(new ByteArrayInputStream(data))
                    .get(0)
                    .toAsciiArmoredString()
                    .replace("\r\n", "\n");
        } catch (IOException | PGPException e) {
            throw new IllegalStateException(e);
        }
    }
}
