package dev.trimtab.definition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.source.RepoPath;
import inet.ipaddr.IPAddress;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The rules about ranges against plain arithmetic on the first and last address of each. */
class NetworkRulesPropertyTest {

    private static final int ROUNDS = 400;

    /** A range as two numbers. */
    private record Range(String text, BigInteger first, BigInteger last) {

        boolean meets(Range other) {
            return first.compareTo(other.last) <= 0 && other.first.compareTo(last) <= 0;
        }

        boolean holds(BigInteger address) {
            return first.compareTo(address) <= 0 && address.compareTo(last) <= 0;
        }
    }

    @Test
    void rangesOverlapWhenTheyShareAnAddress() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < ROUNDS; i++) {
            boolean v4 = random.nextBoolean();
            Range pods = range(random, v4);
            Range services = range(random, v4);
            IPAddress one = Addresses.network(pods.text()).orElseThrow();
            IPAddress other = Addresses.network(services.text()).orElseThrow();
            assertThat(Addresses.overlap(one, other))
                    .as("seed %d, round %d: %s and %s", seed, i, pods.text(), services.text())
                    .isEqualTo(pods.meets(services))
                    .isEqualTo(Addresses.overlap(other, one));
            assertThat(Addresses.count(one))
                    .isEqualTo(pods.last().subtract(pods.first()).add(BigInteger.ONE));
        }
    }

    @Test
    void rulesTellExactlyWhatTheArithmeticSays() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < ROUNDS; i++) {
            Range pods = range(random, true);
            Range services = range(random, true);
            BigInteger address = BigInteger.valueOf(0x0a000000L + random.nextInt(1 << 20));
            int mask = 8 + random.nextInt(25);
            List<String> codes = codes(pods.text(), services.text(), text(address, 4), mask);
            String as = "seed %d, round %d: pods %s, services %s, address %s, mask %d"
                    .formatted(seed, i, pods.text(), services.text(), text(address, 4), mask);
            assertThat(codes.contains("CD011")).as(as).isEqualTo(pods.meets(services));
            assertThat(codes.contains("CD013")).as(as).isEqualTo(pods.holds(address) || services.holds(address));
            int prefix = prefix(pods.text());
            assertThat(codes.contains("CD015")).as(as).isEqualTo(mask <= prefix || mask > prefix + 16);
            boolean small =
                    size(services).compareTo(BigInteger.TEN) < 0 || size(pods).compareTo(BigInteger.valueOf(14)) < 0;
            assertThat(codes.contains("CD014")).as(as).isEqualTo(prefix(services.text()) < 12 || small);
            assertThat(codes).as(as).doesNotContain("CD010");
        }
    }

    @Test
    void hostBitsAreToldWithTheNetworkThatIsMeant() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < ROUNDS; i++) {
            boolean v4 = random.nextBoolean();
            int bits = v4 ? 32 : 128;
            int prefix = 1 + random.nextInt(bits - 1);
            BigInteger host = new BigInteger(bits - prefix, random);
            BigInteger network = new BigInteger(prefix, random).shiftLeft(bits - prefix);
            String written = text(network.or(host), bits / 8) + "/" + prefix;
            String as = "seed %d, round %d: %s".formatted(seed, i, written);
            assertThat(Addresses.network(written).isPresent()).as(as).isEqualTo(host.signum() == 0);
            assertThat(Addresses.cidr(written).orElseThrow().toPrefixBlock())
                    .as(as)
                    .isEqualTo(Addresses.network(text(network, bits / 8) + "/" + prefix)
                            .orElseThrow());
        }
    }

    @Test
    void textsThatNoNetworkToolTakesAreNoAddresses() {
        for (String text : Arrays.asList(
                "",
                "*",
                "10",
                "10.1",
                "10.1.2",
                "010.1.2.3",
                "0x0a.1.2.3",
                "1.2.3.4-9",
                "1.2.3.*",
                "1.2.3.4/24",
                "fe80::1%eth0",
                "::1::",
                "[::1]",
                "1.2.3.4:80",
                "256.1.1.1",
                " 1.2.3.4",
                "localhost")) {
            assertThat(Addresses.address(text)).as(text).isEmpty();
        }
        for (String text : Arrays.asList(
                "10.0.0.0",
                "10.0.0.0/33",
                "10/8",
                "/8",
                "10.0.0.0/255.0.0.0",
                "10.0.0.0/08",
                "*/8",
                "10.0.0.0/1" + "1".repeat(400))) {
            assertThat(Addresses.cidr(text)).as(text).isEmpty();
        }
    }

    private static List<String> codes(String pods, String services, String address, int mask) {
        MemoryTree tree = MemoryTree.of("a.yaml", """
                apiVersion: cluster.trimtab.dev/v1alpha1
                kind: Cluster
                metadata: {name: demo}
                spec:
                  kubernetesVersion: v1.36.4
                  network: {podSubnets: [%s], serviceSubnets: [%s], nodeCIDRMaskSizeIPv4: %d}
                ---
                apiVersion: cluster.trimtab.dev/v1alpha1
                kind: Inventory
                spec: {nodes: [{name: n1, address: %s, roles: [control-plane, worker]}]}
                """.formatted(pods, services, mask, address));
        return new Definitions(Limits.DEFAULT)
                .read(tree, RepoPath.ROOT).problems().stream()
                        .map(problem -> problem.code().id())
                        .toList();
    }

    /** Within few bits, so that ranges meet often. */
    private static Range range(Random random, boolean v4) {
        int bits = v4 ? 32 : 128;
        int prefix = (v4 ? 10 : 106) + random.nextInt(22);
        BigInteger base = v4
                ? BigInteger.valueOf(0x0a000000L)
                : BigInteger.valueOf(0xfd00).shiftLeft(112);
        int spread = 24;
        BigInteger offset =
                new BigInteger(spread, random).shiftRight(bits - prefix).shiftLeft(bits - prefix);
        BigInteger first = base.or(offset);
        BigInteger last = first.add(BigInteger.ONE.shiftLeft(bits - prefix)).subtract(BigInteger.ONE);
        return new Range(text(first, bits / 8) + "/" + prefix, first, last);
    }

    private static BigInteger size(Range range) {
        return range.last().subtract(range.first()).add(BigInteger.ONE);
    }

    private static int prefix(String network) {
        return Integer.parseInt(network.substring(network.indexOf('/') + 1));
    }

    private static String text(BigInteger address, int bytes) {
        byte[] number = address.toByteArray();
        byte[] padded = new byte[bytes];
        for (int i = 0; i < Math.min(bytes, number.length); i++) {
            padded[bytes - 1 - i] = number[number.length - 1 - i];
        }
        try {
            return InetAddress.getByAddress(padded).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
