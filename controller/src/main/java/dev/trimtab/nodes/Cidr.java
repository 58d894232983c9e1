package dev.trimtab.nodes;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** A range of IP addresses, or one address as the range that holds it alone. */
record Cidr(InetAddress network, int bits) {

    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    /** Empty when the text is no range; nothing is ever looked up. */
    static Optional<Cidr> parse(String text) {
        int slash = text.indexOf('/');
        return address(slash < 0 ? text : text.substring(0, slash)).flatMap(address -> {
            int most = address.getAddress().length * 8;
            try {
                int bits = slash < 0 ? most : Integer.parseInt(text.substring(slash + 1));
                return bits < 0 || bits > most ? Optional.empty() : Optional.of(new Cidr(address, bits));
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
        });
    }

    /** Whether both texts name one address, however it is written. */
    static boolean sameAddress(String a, String b) {
        return a.equals(b) || (address(a).isPresent() && address(a).equals(address(b)));
    }

    private static Optional<InetAddress> address(String text) {
        if (!IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(text));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    boolean contains(Cidr other) {
        return bits <= other.bits && samePrefix(other, bits);
    }

    boolean overlaps(Cidr other) {
        return samePrefix(other, Math.min(bits, other.bits));
    }

    private boolean samePrefix(Cidr other, int length) {
        byte[] mine = network.getAddress();
        byte[] its = other.network.getAddress();
        if (mine.length != its.length) {
            return false;
        }
        int whole = length / 8;
        int rest = length % 8;
        if (!Arrays.equals(Arrays.copyOf(mine, whole), Arrays.copyOf(its, whole))) {
            return false;
        }
        int mask = rest == 0 ? 0 : 0xff << (8 - rest) & 0xff;
        return rest == 0 || (mine[whole] & mask) == (its[whole] & mask);
    }
}
