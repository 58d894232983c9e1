package dev.trimtab.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Many open watches, read by the thread that calls. */
final class Watchers implements AutoCloseable {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Selector selector = Selector.open();
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    private final int count;

    Watchers(URI server, String path, int count) throws IOException {
        this.count = count;
        byte[] request = Wire.request("GET", path, server.getHost(), "", "");
        for (int i = 0; i < count; i++) {
            SocketChannel channel = SocketChannel.open(new InetSocketAddress(server.getHost(), server.getPort()));
            ByteBuffer bytes = ByteBuffer.wrap(request);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
        }
    }

    /** Waits until every watch has received something, and forgets it. */
    void awaitEach() throws IOException {
        Set<SelectionKey> heard = new HashSet<>();
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (heard.size() < count) {
            if (System.nanoTime() > end) {
                throw new IOException("Only " + heard.size() + " of " + count + " watches heard something");
            }
            selector.select(100);
            for (SelectionKey key : selector.selectedKeys()) {
                buffer.clear();
                if (((SocketChannel) key.channel()).read(buffer) < 0) {
                    throw new EOFException("The server ended a watch");
                }
                heard.add(key);
            }
            selector.selectedKeys().clear();
        }
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
