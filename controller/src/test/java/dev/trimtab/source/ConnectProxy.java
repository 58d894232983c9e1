package dev.trimtab.source;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An HTTP proxy on loopback that makes tunnels, for everybody or for those who log in. */
final class ConnectProxy implements AutoCloseable {

    private final ServerSocket listener;
    private final Optional<String> authorization;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    /** @param authorization the value of the header that is asked for */
    ConnectProxy(Optional<String> authorization) {
        this.authorization = authorization;
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(() -> {
            while (!listener.isClosed()) {
                try {
                    Socket client = listener.accept();
                    open.add(client);
                    threads.execute(() -> serve(client));
                } catch (IOException e) {
                    return;
                }
            }
        });
    }

    private void serve(Socket client) {
        try (client) {
            while (true) {
                String head = head(client.getInputStream());
                requests.add(head);
                String[] words = head.split(" ", 3);
                OutputStream out = client.getOutputStream();
                if (!words[0].equals("CONNECT")) {
                    answer(out, "HTTP/1.1 405 No\r\nContent-Length: 0\r\n\r\n");
                } else if (authorization.isPresent()
                        && !head.matches("(?is).*\r\nproxy-authorization: \\Q" + authorization.get() + "\\E\r\n.*")) {
                    answer(
                            out,
                            "HTTP/1.1 407 Who?\r\nProxy-Authenticate: Basic realm=\"proxy\"\r\nContent-Length: 0\r\n\r\n");
                } else {
                    tunnel(client, words[1]);
                    return;
                }
            }
        } catch (IOException e) {
            // The other side went away.
        }
    }

    private void tunnel(Socket client, String target) throws IOException {
        int colon = target.lastIndexOf(':');
        try (Socket server = new Socket(target.substring(0, colon), Integer.parseInt(target.substring(colon + 1)))) {
            open.add(server);
            answer(client.getOutputStream(), "HTTP/1.1 200 OK\r\n\r\n");
            // JGit loses what comes in one piece with the answer, as a server's greeting on loopback would.
            int first = client.getInputStream().read();
            if (first < 0) {
                return;
            }
            server.getOutputStream().write(first);
            threads.execute(() -> copy(server, client));
            client.getInputStream().transferTo(server.getOutputStream());
        }
    }

    private static void copy(Socket from, Socket to) {
        try (to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // Either side went away.
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("no request");
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private static void answer(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    String address() {
        return "http://127.0.0.1:" + listener.getLocalPort();
    }

    /** The heads of all requests. */
    List<String> requests() {
        return requests;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
        threads.shutdownNow();
    }
}
