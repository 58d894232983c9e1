package dev.trimtab.sandbox.judge;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.stream.Stream;

/**
 * What a control plane reads and writes, in a temporary directory of which only this user can read anything: the token of its
 * one user, the key of service accounts, a kubeconfig, data and logs.
 */
record ControlPlaneFiles(Path directory) {

    private static final int KEY_BITS = 2048;
    private static final int TOKEN_BYTES = 16;

    static ControlPlaneFiles write(int apiServer) throws IOException {
        ControlPlaneFiles files = new ControlPlaneFiles(Files.createTempDirectory("control-plane"));
        byte[] random = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(random);
        String token = HexFormat.of().formatHex(random);
        Files.writeString(files.tokens(), token + ",tester,tester,\"system:masters\"\n");
        Files.writeString(files.serviceAccountKey(), privateKey());
        Files.writeString(files.kubeconfig(), """
                apiVersion: v1
                kind: Config
                current-context: test
                clusters: [{name: test, cluster: {server: "https://127.0.0.1:%d", certificate-authority: "%s"}}]
                users: [{name: test, user: {token: "%s"}}]
                contexts: [{name: test, context: {cluster: test, user: test}}]
                """.formatted(apiServer, files.authority(), token));
        return files;
    }

    private static String privateKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(KEY_BITS);
            return "-----BEGIN PRIVATE KEY-----\n"
                    + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                            .encodeToString(
                                    generator.generateKeyPair().getPrivate().getEncoded())
                    + "\n-----END PRIVATE KEY-----\n";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has RSA", e);
        }
    }

    Path tokens() {
        return directory.resolve("tokens.csv");
    }

    /** Private and, by derivation, public. */
    Path serviceAccountKey() {
        return directory.resolve("service-account.key");
    }

    Path kubeconfig() {
        return directory.resolve("kubeconfig.yaml");
    }

    Path certificates() {
        return directory.resolve("certificates");
    }

    /** The API server makes itself a certificate, and writes its authority's into the same file. */
    Path authority() {
        return certificates().resolve("apiserver.crt");
    }

    void delete() {
        try (Stream<Path> all = Files.exists(directory) ? Files.walk(directory) : Stream.empty()) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot clear " + directory, e);
        }
    }
}
