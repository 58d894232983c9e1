package dev.trimtab.definition;

import inet.ipaddr.AddressStringParameters.RangeParameters;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import java.math.BigInteger;
import java.util.Optional;

/** Addresses and networks as Kubernetes takes them: no wildcards, ranges, short or octal forms, zones or ports. */
public final class Addresses {

    private static final IPAddressStringParameters ADDRESS =
            strict().allowPrefix(false).toParams();

    private static final IPAddressStringParameters NETWORK =
            strict().allowPrefix(true).toParams();

    /** Of an IPv6 address that ends like an IPv4 address, with its prefix length. */
    private static final int LONGEST = 49;

    private Addresses() {}

    private static IPAddressStringParameters.Builder strict() {
        IPAddressStringParameters.Builder builder = new IPAddressStringParameters.Builder()
                .allowEmpty(false)
                .allowAll(false)
                .allowSingleSegment(false)
                .allowMask(false)
                .allowPrefixOnly(false)
                .allowWildcardedSeparator(false)
                .setRangeOptions(RangeParameters.NO_RANGE);
        builder.getIPv4AddressParametersBuilder()
                .allow_inet_aton(false)
                .allowLeadingZeros(false)
                .allowUnlimitedLeadingZeros(false)
                .allowPrefixLengthLeadingZeros(false);
        builder.getIPv6AddressParametersBuilder()
                .allowZone(false)
                .allowBase85(false)
                .allowPrefixLengthLeadingZeros(false);
        return builder;
    }

    /** One address; two texts of one address give equal values. */
    public static Optional<IPAddress> address(String written) {
        return parse(written, ADDRESS);
    }

    /** Address and prefix length, host bits as they were written. */
    static Optional<IPAddress> cidr(String written) {
        return parse(written, NETWORK).filter(IPAddress::isPrefixed);
    }

    /** The library strips blanks, which Kubernetes does not, and stumbles over prefix lengths of hundreds of digits. */
    private static Optional<IPAddress> parse(String written, IPAddressStringParameters parameters) {
        return written.length() <= LONGEST && written.strip().equals(written)
                ? Optional.ofNullable(new IPAddressString(written, parameters).getAddress())
                : Optional.empty();
    }

    /** As {@link #cidr}, but only where no host bit is set. */
    static Optional<IPAddress> network(String written) {
        return cidr(written).filter(IPAddress::isPrefixBlock);
    }

    /** The network that an address and its prefix length lie in. */
    public static Optional<IPAddress> range(String written) {
        return cidr(written).map(IPAddress::toPrefixBlock);
    }

    /** Whether both texts name one address, however it is written. */
    public static boolean same(String one, String other) {
        return one.equals(other) || (address(one).isPresent() && address(one).equals(address(other)));
    }

    public static boolean overlap(IPAddress one, IPAddress other) {
        return one.contains(other) || other.contains(one);
    }

    /** Of a network: all of them, with those that no host may have. */
    static BigInteger count(IPAddress network) {
        return BigInteger.ONE.shiftLeft(network.getBitCount() - prefix(network));
    }

    static int prefix(IPAddress network) {
        Integer prefix = network.getNetworkPrefixLength();
        return prefix == null ? network.getBitCount() : prefix;
    }

    /** Why no other machine reaches this address, in words. */
    static Optional<String> unreachable(IPAddress address) {
        if (address.isLoopback()) {
            return Optional.of("a loopback address");
        }
        if (address.isAnyLocal()) {
            return Optional.of("the unspecified address");
        }
        if (address.isMulticast()) {
            return Optional.of("a multicast address");
        }
        return address.isLinkLocal() ? Optional.of("a link-local address") : Optional.empty();
    }
}
