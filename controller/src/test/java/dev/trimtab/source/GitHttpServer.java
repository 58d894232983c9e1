package dev.trimtab.source;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.SSLContext;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.PacketLineOut;
import org.eclipse.jgit.transport.RefAdvertiser.PacketLineOutRefAdvertiser;
import org.eclipse.jgit.transport.UploadPack;

/** A Git server on loopback that speaks the smart HTTP protocol, or answers whatever a test wants. */
final class GitHttpServer implements AutoCloseable {

    private static final String SERVICE = "git-upload-pack";

    private final HttpServer server;
    private final String scheme;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private volatile HttpHandler handler;

    GitHttpServer(Repository repository) {
        this(repository, Optional.empty());
    }

    GitHttpServer(Repository repository, Optional<SSLContext> tls) {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try {
            if (tls.isPresent()) {
                HttpsServer secured = HttpsServer.create(address, 0);
                secured.setHttpsConfigurator(new HttpsConfigurator(tls.get()));
                server = secured;
            } else {
                server = HttpServer.create(address, 0);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        scheme = tls.isPresent() ? "https" : "http";
        handler = serving(repository, Optional.empty());
        server.createContext("/", exchange -> {
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                    .ifPresent(authorizations::add);
            try (exchange) {
                handler.handle(exchange);
            }
        });
        server.setExecutor(threads);
        server.start();
    }

    /** Serves the repository to those who send this header only. */
    static HttpHandler serving(Repository repository, Optional<String> authorization) {
        return exchange -> {
            if (authorization.isPresent()
                    && !authorization.get().equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"git\"");
                exchange.sendResponseHeaders(401, -1);
                return;
            }
            try (UploadPack upload = new UploadPack(repository)) {
                upload.setBiDirectionalPipe(false);
                Optional.ofNullable(exchange.getRequestHeaders().getFirst("Git-Protocol"))
                        .ifPresent(version -> upload.setExtraParameters(List.of(version)));
                if (exchange.getRequestURI().getPath().endsWith("/info/refs")) {
                    advertise(exchange, upload);
                } else {
                    answer(exchange, upload);
                }
            }
        };
    }

    private static void advertise(HttpExchange exchange, UploadPack upload) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        PacketLineOut lines = new PacketLineOut(body);
        lines.writeString("# service=" + SERVICE + "\n");
        lines.end();
        upload.sendAdvertisedRefs(new PacketLineOutRefAdvertiser(lines), SERVICE);
        exchange.getResponseHeaders().add("Content-Type", "application/x-" + SERVICE + "-advertisement");
        exchange.sendResponseHeaders(200, body.size());
        exchange.getResponseBody().write(body.toByteArray());
    }

    private static void answer(HttpExchange exchange, UploadPack upload) throws IOException {
        InputStream in = exchange.getRequestBody();
        if ("gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))) {
            in = new GZIPInputStream(in);
        }
        exchange.getResponseHeaders().add("Content-Type", "application/x-" + SERVICE + "-result");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            upload.upload(in, out, null);
        }
    }

    void answer(HttpHandler with) {
        handler = with;
    }

    String address() {
        return scheme + "://127.0.0.1:" + port() + "/shop.git";
    }

    int port() {
        return server.getAddress().getPort();
    }

    List<String> requests() {
        return requests;
    }

    /** What came in the Authorization headers. */
    List<String> authorizations() {
        return authorizations;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
