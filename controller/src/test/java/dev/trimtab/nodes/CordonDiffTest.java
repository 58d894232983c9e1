package dev.trimtab.nodes;

import static dev.trimtab.nodes.Fixture.node;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CordonDiffTest {

    /** {@code sets}: what spec.unschedulable becomes, or a dash; {@code mark}: what is remembered afterwards. */
    @ParameterizedTest(
            name = "schedulable {0}, cordoned {1}, remembered {2}, enforce {3}: sets {4}, remembers {5}, by hand {6}")
    @CsvSource({
        "true,  false, -,                    false, -,     -,                 false",
        "true,  true,  -,                    false, -,     -,                 true",
        "true,  true,  -,                    true,  false, -,                 false",
        "true,  true,  schedulable-false,    false, false, -,                 false",
        "true,  true,  removal,              false, false, -,                 false",
        "true,  true,  removal-of-cordoned,  false, -,     -,                 true",
        "true,  false, schedulable-false,    false, -,     -,                 false",
        "false, false, -,                    false, true,  schedulable-false, false",
        "false, false, schedulable-false,    false, -,     schedulable-false, true",
        "false, false, schedulable-false,    true,  true,  schedulable-false, false",
        "false, true,  schedulable-false,    false, -,     schedulable-false, false",
        "false, true,  -,                    false, -,     -,                 false",
        "false, true,  removal,              false, -,     schedulable-false, false",
    })
    void ofANodeThatStays(
            boolean schedulable,
            boolean cordoned,
            String remembered,
            boolean enforce,
            String sets,
            String mark,
            boolean byHand) {
        CordonDiff diff = CordonDiff.of(schedulable, live(cordoned, remembered), enforce);

        assertThat(diff.unschedulable().map(String::valueOf).orElse("-")).isEqualTo(sets);
        assertThat(diff.mark().orElse("-")).isEqualTo(mark);
        assertThat(diff.byHand()).isEqualTo(byHand);
        assertThat(diff.isEmpty()).isEqualTo(sets.equals("-") && mark.equals(remembered));
    }

    @ParameterizedTest(name = "cordoned {0}, remembered {1}: sets {2}, remembers {3}")
    @CsvSource({
        "false, -,                   true, removal",
        "true,  -,                   -,    removal-of-cordoned",
        "true,  schedulable-false,   -,    removal",
        "true,  removal,             -,    removal",
        "true,  removal-of-cordoned, -,    removal-of-cordoned",
        "false, removal,             true, removal",
    })
    void ofANodeThatGoes(boolean cordoned, String remembered, String sets, String mark) {
        CordonDiff diff = CordonDiff.forRemoval(live(cordoned, remembered));

        assertThat(diff.unschedulable().map(String::valueOf).orElse("-")).isEqualTo(sets);
        assertThat(diff.mark()).isEqualTo(Optional.of(mark));
    }

    private static LiveNode live(boolean cordoned, String remembered) {
        ObjectNode node = node("n1", 11);
        if (cordoned) {
            node.withObject("/spec").put("unschedulable", true);
        }
        if (!remembered.equals("-")) {
            node.withObject("/metadata/annotations").put(Marks.CORDON, remembered);
        }
        return new LiveNode(node);
    }
}
