package dev.trimtab.sandbox.remote;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** Where an API server answers, and as whom it is asked. */
public final class Connection {

    private static final Duration CONNECT = Duration.ofSeconds(10);

    private final URI server;
    private final HttpClient client;
    private final Optional<String> token;

    private Connection(URI server, HttpClient client, Optional<String> token) {
        this.server = server;
        this.client = client;
        this.token = token;
    }

    /** What the kubeconfig's current context says. */
    public static Connection of(Path kubeconfig) {
        Kubeconfig config = Kubeconfig.read(kubeconfig);
        return new Connection(config.server(), client(config.tls()), config.token());
    }

    /** To the same server, as somebody it does not know. */
    public static Connection ofStranger(Path kubeconfig) {
        Kubeconfig config = Kubeconfig.read(kubeconfig).withoutUser();
        return new Connection(config.server(), client(config.tls()), Optional.of("nobody-knows-this-token"));
    }

    /** A server that takes anyone, without TLS. */
    public static Connection to(URI server) {
        return new Connection(server, client(Optional.empty()), Optional.empty());
    }

    /** HTTP/1.1, because ending a watch then is closing its socket. */
    private static HttpClient client(Optional<SSLContext> tls) {
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT);
        tls.ifPresent(builder::sslContext);
        return builder.build();
    }

    public URI server() {
        return server;
    }

    /** @param pathAndQuery encoded, with a slash at its beginning */
    public HttpRequest.Builder request(String pathAndQuery) {
        String base = server.toString();
        HttpRequest.Builder request = HttpRequest.newBuilder(
                URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + pathAndQuery));
        token.ifPresent(bearer -> request.header("Authorization", "Bearer " + bearer));
        return request;
    }

    public <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> body)
            throws java.io.IOException, InterruptedException {
        return client.send(request, body);
    }
}
