package dev.trimtab.bootstrap.join;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** What kubeadm pins a cluster's CA by: SHA-256 of its SubjectPublicKeyInfo (Kubernetes documentation, "kubeadm join"). */
public final class Authority {

    private Authority() {}

    /**
     * {@code sha256:} and hex digits of each certificate in a PEM text, in order.
     *
     * @throws CertificateException when there is none, or one is broken
     */
    public static List<String> hashes(String pem) throws CertificateException {
        List<String> hashes = new ArrayList<>();
        for (Certificate certificate : CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))) {
            hashes.add("sha256:"
                    + HexFormat.of().formatHex(sha256(certificate.getPublicKey().getEncoded())));
        }
        if (hashes.isEmpty()) {
            throw new CertificateException("no certificate in it");
        }
        return List.copyOf(hashes);
    }

    /** 64 hex digits. */
    static String sha256(String text) {
        return HexFormat.of().formatHex(sha256(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
