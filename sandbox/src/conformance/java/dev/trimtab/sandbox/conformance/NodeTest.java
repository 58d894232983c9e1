package dev.trimtab.sandbox.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a Node may say of its machine. */
@Conformance
final class NodeTest {

    private static final String NODES = "/api/v1/nodes";
    private static final String NO_SWAP =
            "metadata.nodeSwapStatus.capacity: Invalid value: 0: must be greater than zero";

    private final Api api;

    NodeTest(Api api) {
        this.api = api;
    }

    @Test
    void aNodeWithoutSwapDoesNotSayThatItHasNone() {
        Answer answer = api.post(NODES, """
                {apiVersion: v1, kind: Node, metadata: {name: no-swap}, status: {nodeInfo: {swap: {capacity: 0}}}}
                """);

        assertThat(answer.code()).isEqualTo(422);
        assertThat(answer.message()).isEqualTo("Node \"no-swap\" is invalid: " + NO_SWAP);
    }

    @Test
    void aNodeIsMadeWithTheStatusThatItsKubeletSends() {
        Answer answer = api.post(NODES + "?dryRun=All", """
                {apiVersion: v1, kind: Node, metadata: {name: registered}, status: {nodeInfo: {kubeletVersion: v1.36.0}}}
                """).ok();

        assertThat(answer.text("/status/nodeInfo/kubeletVersion")).isEqualTo("v1.36.0");
    }

    @Test
    void aStatusThatSaysSoAllTheSameKeepsItsNodeFromAnyOtherChange() {
        String node = NODES + "/swap-of-zero";
        api.post(NODES, "{apiVersion: v1, kind: Node, metadata: {name: swap-of-zero}}")
                .ok();
        try {
            api.merge(node + "/status", "{status: {nodeInfo: {swap: {capacity: 0}}}}")
                    .ok();

            Answer label = api.merge(node, "{metadata: {labels: {a: b}}}");
            assertThat(label.code()).isEqualTo(422);
            assertThat(label.message()).isEqualTo("Node \"swap-of-zero\" is invalid: " + NO_SWAP);

            api.merge(node + "/status", "{status: {nodeInfo: {swap: null}}}").ok();
            api.merge(node, "{metadata: {labels: {a: b}}}").ok();
        } finally {
            api.delete(node, "{}").ok();
        }
    }
}
