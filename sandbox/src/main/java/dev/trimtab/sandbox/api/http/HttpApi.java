package dev.trimtab.sandbox.api.http;

import com.sun.net.httpserver.HttpServer;
import dev.trimtab.sandbox.api.Cluster;
import dev.trimtab.sandbox.api.access.Access;
import dev.trimtab.sandbox.faults.Faults;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** The HTTP server of a cluster, on loopback only. */
public final class HttpApi implements AutoCloseable {

    private static final int BACKLOG = 512;

    private final HttpServer server;
    private final ExecutorService requests;

    private HttpApi(HttpServer server, ExecutorService requests) {
        this.server = server;
        this.requests = requests;
    }

    /**
     * @param access empty lets everybody do everything
     * @param port 0 takes any free one
     */
    public static HttpApi start(Cluster cluster, Faults faults, Optional<Access> access, int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
        ExecutorService requests = threadPerRequest();
        server.setExecutor(requests);
        server.createContext("/", new Front(cluster, faults, access));
        server.start();
        return new HttpApi(server, requests);
    }

    /** Open watches hold a thread each, so threads must be cheap: virtual where the JDK has them. */
    private static ExecutorService threadPerRequest() {
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
            AtomicInteger number = new AtomicInteger();
            return Executors.newCachedThreadPool(task -> {
                Thread thread = new Thread(task, "sandbox-request-" + number.incrementAndGet());
                thread.setDaemon(true);
                return thread;
            });
        }
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @Override
    public void close() {
        server.stop(0);
        requests.shutdownNow();
    }
}
