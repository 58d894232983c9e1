package dev.trimtab.nodes;

import static dev.trimtab.nodes.Fixture.label;
import static dev.trimtab.nodes.Fixture.node;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RemovalRuleTest {

    /** One letter a control-plane node: r is ready, u is not; the first one is to go. */
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "r,     last control-plane node",
        "u,     last control-plane node",
        "rr,    ''",
        "ur,    no quorum to take a member out",
        "ru,    no quorum to take a member out",
        "rrr,   ''",
        "urr,   ''",
        "rur,   would lose its quorum of 2",
        "rrrrr, ''",
        "rurrr, ''",
        "ruurr, would lose its quorum of 3",
        "uuurr, no quorum to take a member out",
    })
    void theControlPlaneAndItsEtcdMustBeAbleToDoWithoutTheNode(String states, String refusal) {
        List<LiveNode> all = new ArrayList<>();
        for (int i = 0; i < states.length(); i++) {
            ObjectNode node = label(node("m" + i, 10 + i), RoleLabels.CONTROL_PLANE, "");
            if (states.charAt(i) == 'u') {
                ((ObjectNode) node.at("/status/conditions/0")).put("status", "Unknown");
            }
            all.add(new LiveNode(node));
        }

        String said = RemovalRule.refusal(all.get(0), all).orElse("");

        assertThat(said).contains(refusal);
        assertThat(said.isEmpty()).isEqualTo(refusal.isEmpty());
    }

    @Test
    void aWorkerMayAlwaysGo() {
        LiveNode worker = new LiveNode(node("n1", 11));

        assertThat(RemovalRule.refusal(worker, List.of(worker))).isEmpty();
    }
}
