package dev.trimtab.sandbox.remote;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Private keys in PEM: PKCS#8 (RFC 5958), and the older PKCS#1 (RFC 8017) and SEC 1 (RFC 5915), which Java does not read unless
 * they are wrapped in the first.
 */
final class PrivateKeys {

    private static final Pattern PEM =
            Pattern.compile("-----BEGIN ((?:RSA |EC )?PRIVATE KEY)-----(.+?)-----END \\1-----", Pattern.DOTALL);
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

    private static final int INTEGER = 0x02;
    private static final int OCTET_STRING = 0x04;
    private static final int SEQUENCE = 0x30;
    private static final int EC_PARAMETERS = 0xa0;

    private static final byte[] VERSION_0 = {INTEGER, 1, 0};
    /** SEQUENCE of OBJECT IDENTIFIER 1.2.840.113549.1.1.1 and NULL. */
    private static final byte[] RSA = {
        SEQUENCE, 13, 6, 9, 42, (byte) 0x86, 72, (byte) 0x86, (byte) 0xf7, 13, 1, 1, 1, 5, 0
    };
    /** OBJECT IDENTIFIER 1.2.840.10045.2.1. */
    private static final byte[] EC = {6, 7, 42, (byte) 0x86, 72, (byte) 0xce, 61, 2, 1};

    private PrivateKeys() {}

    static PrivateKey of(String pem) throws GeneralSecurityException {
        Matcher matcher = PEM.matcher(pem);
        if (!matcher.find()) {
            throw new InvalidKeySpecException("No private key in PEM");
        }
        byte[] der = Base64.getMimeDecoder().decode(matcher.group(2));
        PKCS8EncodedKeySpec pkcs8 = new PKCS8EncodedKeySpec(
                switch (matcher.group(1)) {
                    case "RSA PRIVATE KEY" -> wrap(RSA, der);
                    case "EC PRIVATE KEY" -> wrap(element(SEQUENCE, EC, curve(der)), der);
                    default -> der;
                });
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(pkcs8);
            } catch (InvalidKeySpecException another) {
                // RFC 5958 names the algorithm inside; asking each in turn is shorter than reading it.
            }
        }
        throw new InvalidKeySpecException("A private key that is none of " + ALGORITHMS);
    }

    private static byte[] wrap(byte[] algorithm, byte[] key) {
        return element(SEQUENCE, VERSION_0, algorithm, element(OCTET_STRING, key));
    }

    /** The curve's OBJECT IDENTIFIER, tag and length included. */
    private static byte[] curve(byte[] sec1) throws InvalidKeySpecException {
        ByteBuffer key = content(ByteBuffer.wrap(sec1));
        while (key.hasRemaining()) {
            int tag = key.get(key.position()) & 0xff;
            ByteBuffer content = content(key);
            if (tag == EC_PARAMETERS) {
                byte[] curve = new byte[content.remaining()];
                content.get(curve);
                return curve;
            }
        }
        throw new InvalidKeySpecException("An elliptic curve key that does not name its curve");
    }

    /** Steps over the next element and returns what is in it. */
    private static ByteBuffer content(ByteBuffer from) {
        from.get();
        int length = from.get() & 0xff;
        if (length > 0x7f) {
            int bytes = length & 0x7f;
            length = 0;
            for (int i = 0; i < bytes; i++) {
                length = length << 8 | (from.get() & 0xff);
            }
        }
        ByteBuffer content = from.slice(from.position(), length);
        from.position(from.position() + length);
        return content;
    }

    private static byte[] element(int tag, byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteArrayOutputStream element = new ByteArrayOutputStream();
        element.write(tag);
        if (length > 0x7f) {
            int bytes = length > 0xffff ? 3 : length > 0xff ? 2 : 1;
            element.write(0x80 | bytes);
            for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
                element.write(length >> shift);
            }
        } else {
            element.write(length);
        }
        for (byte[] part : parts) {
            element.writeBytes(part);
        }
        return element.toByteArray();
    }
}
