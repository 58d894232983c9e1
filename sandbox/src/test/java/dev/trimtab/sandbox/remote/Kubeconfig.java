package dev.trimtab.sandbox.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The cluster and the user of a kubeconfig's current context: a server, its certificate authority, and a client certificate or a
 * token. Exec plugins and insecure TLS are not for here.
 */
final class Kubeconfig {

    private static final char[] NO_PASSWORD = {};

    private final Path file;
    private final JsonNode cluster;
    private final JsonNode user;

    private Kubeconfig(Path file, JsonNode cluster, JsonNode user) {
        this.file = file;
        this.cluster = cluster;
        this.user = user;
    }

    static Kubeconfig read(Path file) {
        Object yaml;
        try {
            yaml = new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the kubeconfig " + file, e);
        }
        JsonNode config = new ObjectMapper().valueToTree(yaml);
        JsonNode context = named(
                        file, config, "contexts", config.path("current-context").asText())
                .path("context");
        return new Kubeconfig(
                file,
                named(file, config, "clusters", context.path("cluster").asText())
                        .path("cluster"),
                named(file, config, "users", context.path("user").asText()).path("user"));
    }

    private static JsonNode named(Path file, JsonNode config, String list, String name) {
        for (JsonNode entry : config.path(list)) {
            if (entry.path("name").asText().equals(name)) {
                return entry;
            }
        }
        throw new IllegalArgumentException(file + ": its current context asks for \"" + name + "\" of " + list
                + ", which is not there; choose another with kubectl config use-context");
    }

    Kubeconfig withoutUser() {
        return new Kubeconfig(file, cluster, MissingNode.getInstance());
    }

    URI server() {
        return URI.create(cluster.path("server").asText());
    }

    Optional<String> token() {
        return Optional.of(user.path("token").asText()).filter(token -> !token.isEmpty());
    }

    /** Empty where the system's own certificate authorities do and no client certificate is given. */
    Optional<SSLContext> tls() {
        Optional<byte[]> authority = bytes(cluster, "certificate-authority");
        Optional<byte[]> certificate = bytes(user, "client-certificate");
        Optional<byte[]> key = bytes(user, "client-key");
        if (authority.isEmpty() && certificate.isEmpty()) {
            return Optional.empty();
        }
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            KeyManager[] ours = certificate.isPresent() && key.isPresent()
                    ? keyManagers(certificate.get(), key.get())
                    : new KeyManager[0];
            TrustManager[] theirs = trustManagers(authority);
            context.init(ours, theirs, null);
            return Optional.of(context);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException(file + ": cannot use its certificates", e);
        }
    }

    private Optional<byte[]> bytes(JsonNode where, String field) {
        String data = where.path(field + "-data").asText();
        if (!data.isEmpty()) {
            return Optional.of(Base64.getMimeDecoder().decode(data));
        }
        String path = where.path(field).asText();
        if (path.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readAllBytes(file.resolveSibling(path)));
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot read its " + field + " " + path, e);
        }
    }

    private static KeyManager[] keyManagers(byte[] certificate, byte[] key)
            throws GeneralSecurityException, IOException {
        KeyStore store = emptyStore();
        store.setKeyEntry(
                "client",
                PrivateKeys.of(new String(key, StandardCharsets.US_ASCII)),
                NO_PASSWORD,
                certificates(certificate).toArray(new Certificate[0]));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static TrustManager[] trustManagers(Optional<byte[]> authority)
            throws GeneralSecurityException, IOException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        if (authority.isEmpty()) {
            factory.init((KeyStore) null);
            return factory.getTrustManagers();
        }
        KeyStore store = emptyStore();
        for (Certificate certificate : certificates(authority.get())) {
            store.setCertificateEntry("authority-" + store.size(), certificate);
        }
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, NO_PASSWORD);
        return store;
    }

    private static Collection<? extends Certificate> certificates(byte[] pem) throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem));
    }
}
