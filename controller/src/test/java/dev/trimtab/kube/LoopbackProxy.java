package dev.trimtab.kube;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stands between a client and a server: records what goes over the wire, cuts connections, goes away and comes back. */
public final class LoopbackProxy implements AutoCloseable {

    private final URI target;
    private final int port;
    private final ByteArrayOutputStream asked = new ByteArrayOutputStream();
    private final ByteArrayOutputStream answered = new ByteArrayOutputStream();
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private Optional<ServerSocket> listener = Optional.empty();

    public LoopbackProxy(URI target) {
        this.target = target;
        this.port = up(0);
    }

    public String address() {
        return "http://127.0.0.1:" + port;
    }

    /** Everything clients have sent. */
    public String asked() {
        synchronized (asked) {
            return asked.toString(StandardCharsets.UTF_8);
        }
    }

    /** Everything the server has sent. */
    public String answered() {
        synchronized (answered) {
            return answered.toString(StandardCharsets.UTF_8);
        }
    }

    /** Breaks every connection, as a router that forgets them does. */
    public void cut() {
        connections.forEach(LoopbackProxy::closeQuietly);
        connections.clear();
    }

    public void down() {
        listener.ifPresent(LoopbackProxy::closeQuietly);
        cut();
    }

    public void up() {
        up(port);
    }

    @Override
    public void close() {
        down();
    }

    private int up(int at) {
        try {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), at));
            listener = Optional.of(socket);
            daemon(() -> accept(socket));
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                Socket server = new Socket(target.getHost(), target.getPort());
                connections.add(client);
                connections.add(server);
                daemon(() -> copy(client, server, asked));
                daemon(() -> copy(server, client, answered));
            } catch (IOException e) {
                // closed, or the server is not there: the client sees its connection end
            }
        }
    }

    private static void copy(Socket from, Socket to, ByteArrayOutputStream record) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[8192];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                synchronized (record) {
                    record.write(buffer, 0, n);
                }
                out.write(buffer, 0, n);
                out.flush();
            }
        } catch (IOException e) {
            // cut
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
