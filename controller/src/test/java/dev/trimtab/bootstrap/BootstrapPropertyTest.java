package dev.trimtab.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import dev.trimtab.definition.Definition;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random clusters. The seed is the test's name. */
class BootstrapPropertyTest {

    private static final ObjectMapper TOML = new TomlMapper();

    static LongStream seeds() {
        return LongStream.range(0, 60);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void theSameDefinitionGivesTheSameBytesAndNoSecret(long seed) throws IOException {
        Definition definition = cluster(seed);

        FileTree tree = Bootstrap.render(definition);

        assertThat(Bootstrap.render(cluster(seed))).isEqualTo(tree);
        for (var file : tree.files().entrySet()) {
            assertThat(file.getValue())
                    .as(file.getKey())
                    .doesNotContainPattern("(?<![\\w.])[a-z0-9]{6}\\.[a-z0-9]{16}(?!\\w)")
                    .doesNotContain("PRIVATE KEY");
            if (file.getKey().endsWith(".toml")) {
                TOML.readTree(file.getValue());
            }
        }
        List<String> images =
                tree.files().getOrDefault("images.txt", "").lines().toList();
        assertThat(images).isSorted().doesNotHaveDuplicates().isNotEmpty();
    }

    private static Definition cluster(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        boolean dual = random.nextBoolean();
        int controlPlanes = random.nextBoolean() ? 1 : 3;
        String spec = """
                  controlPlaneEndpoint: {host: api%d.demo.internal, port: %d}
                  network:
                    podSubnets: [10.244.0.0/16%s]
                    serviceSubnets: [10.96.0.0/16%s]
                  images: {repository: %s}
                  registries: [%s]
                  containerd: {version: %s}
                  time: {provider: %s, pools: [pool%d.ntp.org]}
                  os: {swap: %s, sysctl: {vm.swappiness: "%d"}}
                """.formatted(
                        random.nextInt(9),
                        random.nextBoolean() ? 6443 : 8443,
                        dual ? ", \"fd00:244::/56\"" : "",
                        dual ? ", \"fd00:96::/112\"" : "",
                        one(random, "registry.k8s.io", "mirror.internal/k8s"),
                        IntStream.range(0, random.nextInt(4))
                                .mapToObj(i -> "{registry: r" + i + ".example, fallback: " + random.nextBoolean()
                                        + ", endpoints: [{url: \"https://m" + random.nextInt(9) + ".internal\", trust: "
                                        + one(random, "public", "private") + "}]}")
                                .collect(Collectors.joining(", ")),
                        one(random, "2.3.4", "2.2.5"),
                        one(random, "chrony", "timesyncd"),
                        random.nextInt(9),
                        one(random, "disabled", "noSwap", "limitedSwap"),
                        random.nextInt(100));
        StringBuilder nodes =
                new StringBuilder("apiVersion: cluster.trimtab.dev/v1alpha1\nkind: Inventory\nspec:\n  nodes:\n");
        for (int i = 0; i < controlPlanes + random.nextInt(1, 5); i++) {
            nodes.append("    - {name: n")
                    .append(i)
                    .append(", address: 10.0.0.")
                    .append(10 + i)
                    .append(
                            i < controlPlanes
                                    ? ", roles: [control-plane]"
                                    : ", labels: {zone: z" + random.nextInt(3) + "}")
                    .append("}\n");
        }
        String flannel = "apiVersion: cluster.trimtab.dev/v1alpha1\nkind: Flannel\nspec: {version: "
                + one(random, "v0.25.4", "v0.27.1", "v0.28.9") + ", backend: {type: "
                + one(random, "vxlan", "host-gw", "wireguard") + "}}\n";
        return Clusters.definition(spec, nodes.toString(), flannel);
    }

    private static String one(SplittableRandom random, String... words) {
        return words[random.nextInt(words.length)];
    }
}
