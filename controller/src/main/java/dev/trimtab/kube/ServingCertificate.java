package dev.trimtab.kube;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * The certificate that a TLS server shows to whoever connects. It is only looked at: nothing is sent over the connection, so that
 * nobody has to be trusted, and a certificate that has ended can be told as well.
 */
final class ServingCertificate {

    private static final int HTTPS = 443;

    private ServingCertificate() {}

    /** Empty when the server speaks no TLS, or does not answer in time. */
    static Optional<Instant> end(URI server, Duration timeout) {
        if (!"https".equals(server.getScheme()) || server.getHost() == null) {
            return Optional.empty();
        }
        int port = server.getPort() < 0 ? HTTPS : server.getPort();
        int millis = Math.toIntExact(timeout.toMillis());
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host(server), port), millis);
            socket.setSoTimeout(millis);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Onlooker()}, null);
            try (SSLSocket tls =
                    (SSLSocket) context.getSocketFactory().createSocket(socket, host(server), port, true)) {
                tls.startHandshake();
                Certificate first = tls.getSession().getPeerCertificates()[0];
                return first instanceof X509Certificate certificate
                        ? Optional.of(certificate.getNotAfter().toInstant())
                        : Optional.empty();
            }
        } catch (IOException | GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    private static String host(URI server) {
        return server.getHost().replaceAll("[\\[\\]]", "");
    }

    /** Takes every certificate, because nothing depends on it. */
    private static final class Onlooker extends X509ExtendedTrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
