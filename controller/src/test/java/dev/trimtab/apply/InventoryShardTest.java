package dev.trimtab.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.Baseline;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.render.Digest;
import dev.trimtab.render.Written;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InventoryShardTest {

    @Test
    void whatIsWrittenIsRead() {
        TreeMap<ObjectKey, Optional<Digest>> entries = new TreeMap<>();
        entries.put(Written.key("", "Namespace", "", "shop"), Optional.of(Digest.of(Written.object("a: 1"))));
        entries.put(Written.key("apps", "Deployment", "shop", "web"), Optional.empty());
        entries.put(Written.key("rbac.authorization.k8s.io", "ClusterRole", "", "system:a b\"c"), Optional.empty());
        InventoryShard shard = new InventoryShard(
                3,
                entries,
                new TreeMap<>(Map.of(
                        Written.key("", "Namespace", "", "shop"), new Baseline("12", "a-trace_1", "some_values"))),
                new TreeSet<>(Set.of(Written.key("", "Namespace", "", "shop"))),
                Optional.of(Written.revision(7)));

        assertThat(InventoryShard.read(shard.write("trimtab-system", "demo"))).isEqualTo(shard);
    }

    @Test
    void aFullShardFitsIntoAConfigMap() {
        TreeMap<ObjectKey, Optional<Digest>> entries = new TreeMap<>();
        TreeMap<ObjectKey, Baseline> baselines = new TreeMap<>();
        for (int i = 0; i < InventoryShard.CAPACITY; i++) {
            String name = "a-rather-long-name-as-generated-by-some-tool-or-other-" + i;
            entries.put(
                    Written.key("networking.k8s.io", "NetworkPolicy", "a-long-namespace-of-some-team", name),
                    Optional.of(Digest.of(Written.object("a: " + i))));
            baselines.put(
                    Written.key("networking.k8s.io", "NetworkPolicy", "a-long-namespace-of-some-team", name),
                    new Baseline("1234567890", "0123456789012345678901", "0123456789012345678901"));
        }
        String text = new InventoryShard(0, entries, baselines, new TreeSet<>(), Optional.empty())
                .write("trimtab-system", "demo")
                .toString();

        assertThat(text.getBytes(StandardCharsets.UTF_8).length).isLessThan(700_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a/b\": \"\"}", "not json", "{\"/Secret/a/b/c\": \"\"}"})
    void whatCannotBeReadIsRefusedByName(String objects) {
        ObjectNode configMap = InventoryShard.empty(0).write("trimtab-system", "demo");
        configMap.withObjectProperty("data").put("objects", objects);

        assertThatThrownBy(() -> InventoryShard.read(configMap))
                .isInstanceOf(InventoryException.class)
                .hasMessageContaining("trimtab-system/trimtab-inventory-demo-0");
    }
}
