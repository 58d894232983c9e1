package dev.trimtab.sandbox.judge;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Loopback ports that were free a moment ago. */
record Ports(int etcd, int etcdPeer, int apiServer, int controllerManager, int scheduler) {

    /** All are held before any is let go, so that none comes twice. */
    static Ports free() throws IOException {
        try (ServerSocket a = any();
                ServerSocket b = any();
                ServerSocket c = any();
                ServerSocket d = any();
                ServerSocket e = any()) {
            return new Ports(a.getLocalPort(), b.getLocalPort(), c.getLocalPort(), d.getLocalPort(), e.getLocalPort());
        }
    }

    private static ServerSocket any() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    String etcdUrl() {
        return "http://127.0.0.1:" + etcd;
    }

    String etcdPeerUrl() {
        return "http://127.0.0.1:" + etcdPeer;
    }
}
