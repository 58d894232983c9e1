package dev.trimtab.cli;

import java.net.InetSocketAddress;

/** An address to listen on, as people write it: {@code HOST:PORT}. */
final class ListenAddress {

    private ListenAddress() {}

    /** @throws UserError when it is none */
    static InetSocketAddress parse(String address) {
        int colon = address.lastIndexOf(':');
        try {
            int port = Integer.parseInt(address.substring(colon + 1));
            InetSocketAddress parsed = new InetSocketAddress(
                    address.substring(0, Math.max(0, colon)).replaceAll("^\\[|]$", ""), port);
            if (colon > 0 && !parsed.isUnresolved()) {
                return parsed;
            }
        } catch (IllegalArgumentException noPort) {
            // told below
        }
        throw new UserError(
                "\"" + address + "\" is no address to listen on", "write HOST:PORT, for instance 0.0.0.0:9292");
    }

    static String text(InetSocketAddress address) {
        return address.getHostString() + ":" + address.getPort();
    }
}
