package dev.trimtab.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.render.Written;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkChangeTest {

    private static final String VXLAN = "{\"Network\": \"10.244.0.0/16\", \"Backend\": {\"Type\": \"vxlan\"}}";

    @ParameterizedTest(name = "{0} reads as before")
    @ValueSource(
            strings = {
                "{\"network\": \"10.244.0.0/16\", \"backend\": {\"type\": \"vxlan\"}}",
                "{\"Network\": \"10.244.0.0/16\", \"EnableNFTables\": true, \"Backend\": {\"Type\": \"VXLAN\", \"VNI\": 1}}",
                "{\"Network\": \"10.244.0.0/16\", \"EnableIPv4\": true, \"Backend\": {\"Type\": \"vxlan\", \"Port\": 0}}",
                "{\"Network\": \"10.244.0.0/16\", \"IPv6Network\": \"fd00::/56\", \"Backend\": {\"Type\": \"vxlan\", \"Port\": 8472}}",
                "not JSON",
            })
    void anotherTextForTheSameNetworkIsNoRisk(String after) {
        assertThat(NetworkChange.of(config(VXLAN, ""), config(after, ""))).isEmpty();
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"Network\": \"10.244.0.0/16\", \"Backend\": {\"Type\": \"host-gw\"}} | backend vxlan -> host-gw",
                "{\"Network\": \"10.244.0.0/16\"} | backend vxlan -> udp",
                "{\"Network\": \"10.8.0.0/16\", \"Backend\": {\"Type\": \"vxlan\"}} | network 10.244.0.0/16 -> 10.8.0.0/16",
                "{\"Network\": \"10.244.0.0/16\", \"Backend\": {\"Type\": \"vxlan\", \"VNI\": 7}} | vni 1 -> 7",
                "{\"Network\": \"10.244.0.0/16\", \"Backend\": {\"Type\": \"vxlan\", \"Port\": 4789}} | port 8472 -> 4789",
                "{\"Network\": \"10.244.0.0/16\", \"EnableIPv6\": true, \"IPv6Network\": \"fd00::/56\", \"Backend\": {\"Type\": \"vxlan\"}} | ipv6network (none) -> fd00::/56",
            })
    void anotherNetworkIsADangerThatNamesBothAndTheWayOut(String after, String difference) {
        Optional<Risk> risk = NetworkChange.of(config(VXLAN, ""), config(after, ""));

        assertThat(risk).hasValueSatisfying(danger -> {
            assertThat(danger.isDanger()).isTrue();
            assertThat(danger.code().id()).isEqualTo("NET001");
            assertThat(danger.text()).contains(difference);
            assertThat(danger.wayOut())
                    .hasValueSatisfying(way ->
                            assertThat(way).contains("allowBackendChange: true", "trimtab.dev/network-change: allow"));
        });
    }

    @Test
    void consentInGitLeavesTheDangerAndTakesTheBlock() {
        Optional<Risk> risk = NetworkChange.of(
                config(VXLAN, ""),
                config(VXLAN.replace("vxlan", "host-gw"), ", annotations: {trimtab.dev/network-change: allow}"));

        assertThat(risk)
                .hasValueSatisfying(danger -> assertThat(danger.wayOut()).isEmpty());
    }

    @Test
    void aPreSharedKeyIsNotShown() {
        String keyed =
                "{\"Network\": \"10.244.0.0/16\", \"Backend\": {\"Type\": \"wireguard\", \"PSK\": \"c2VjcmV0\"}}";

        assertThat(NetworkChange.of(config(VXLAN, ""), config(keyed, "")))
                .hasValueSatisfying(danger -> assertThat(danger.text()).doesNotContain("c2VjcmV0"));
    }

    private static ObjectNode config(String net, String metadata) {
        ObjectNode config = Written.object(
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: kube-flannel-cfg, namespace: kube-flannel" + metadata
                        + "}\n");
        config.putObject("data").put("net-conf.json", net);
        return config;
    }
}
