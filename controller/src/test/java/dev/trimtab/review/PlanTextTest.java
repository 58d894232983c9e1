package dev.trimtab.review;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.plan.Plan;
import dev.trimtab.review.PlanText.Detail;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanTextTest {

    private static String render(Plan plan) {
        return new PlanText(Style.PLAIN, Detail.FULL).render(plan, Plans.READ_AT.plusSeconds(6));
    }

    @Test
    void theFirstLinesSayWhatHappensToPods() {
        assertThat(render(Plans.of(Plans.RECREATE, Plans.IN_PLACE)).lines().limit(4))
                .containsExactly(
                        "Plan  prod   aaaaaaa -> main@bbbbbbb   cluster read 6 s ago",
                        "",
                        "  2 changes: 1 in place, 1 RECREATE                                               1 object unchanged",
                        "  Pods: 3 restart in place, 6 recreated");
    }

    @Test
    void aChangeNamesTheFieldThePaceTheReasonAndWhatWouldBeGentler() {
        assertThat(render(Plans.of(Plans.RECREATE))).contains("""
                          1  -/+ RECREATE  CloneSet shop/search                                             6 pods recreated
                              containers[search].env[CACHE_TTL]   30 -> 60
                              pace     6 batches of 1
                              why      env is not a field that can change in a running pod [POD210]
                              instead  read the value from an annotation with fieldRef; then only the container restarts
                        """.indent(0));
    }

    @Test
    void theCommonPartOfAnImageIsSaidOnce() {
        assertThat(render(Plans.of(Plans.IN_PLACE)))
                .contains("containers[cart].image   registry.local/shop/cart   1.8.2 -> 1.8.3")
                .contains("keeps    pod name, IP, node and volumes; only container cart restarts");
    }

    @Test
    void aPlanWithoutChangesSaysSo() {
        assertThat(render(Plans.of())).endsWith("  No changes. 1 object matches prod.\n");
    }

    @Test
    void anIncompletePlanIsNeverNoChanges() {
        assertThat(render(Plans.incomplete()))
                .contains("INCOMPLETE  1 object could not be compared")
                .contains("workloads/cart.yaml:3:1  CloneSet shop/cart: the server refused it [PLN001]")
                .doesNotContain("No changes");
    }

    @Test
    void secretValuesAreNotTold() {
        assertThat(render(Plans.of(Plans.SECRET))).contains("data[password]   (secret value changes; it is not shown)");
    }

    @Test
    void noLineIsWiderThanATerminalTable() {
        List<String> lines = render(Plans.of(Plans.RECREATE, Plans.IN_PLACE, Plans.LONG))
                .lines()
                .toList();
        assertThat(lines).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(100));
    }

    @Test
    void textIsAsciiAndWithoutColourWhenPlain() {
        assertThat(render(Plans.of(Plans.RECREATE, Plans.IN_PLACE))).matches("[\\x20-\\x7e\\n]+");
    }

    @Test
    void shortIsHeadlinesOnly() {
        String text =
                new PlanText(Style.PLAIN, Detail.SHORT).render(Plans.of(Plans.RECREATE, Plans.IN_PLACE), Plans.READ_AT);
        assertThat(text)
                .contains("RECREATE  CloneSet shop/search")
                .doesNotContain("why")
                .doesNotContain("CACHE_TTL");
    }

    @Test
    void jsonCountsObjectsAndPodsAndKeepsTheWords() {
        ObjectNode json = new PlanJson("1.2.3").render(Plans.of(Plans.RECREATE, Plans.IN_PLACE));
        assertThat(json.path("format").asText()).isEqualTo("trimtab.plan/v1");
        assertThat(json.path("result").asText()).isEqualTo("changes");
        assertThat(json.at("/summary/objects/in-place").asInt()).isEqualTo(1);
        assertThat(json.at("/summary/pods/restartedInPlace").asInt()).isEqualTo(3);
        assertThat(json.at("/summary/pods/recreated").asInt()).isEqualTo(6);
        assertThat(json.at("/changes/1/action").asText()).isEqualTo("in-place");
        assertThat(json.at("/changes/1/pods/effect").asText()).isEqualTo("restart-in-place");
        assertThat(json.at("/changes/0/reason/code").asText()).isEqualTo("POD210");
    }

    @Test
    void jsonHoldsNoSecretValue() {
        ObjectNode json = new PlanJson("1.2.3").render(Plans.of(Plans.SECRET));
        assertThat(json.at("/changes/0/fields/0/masked").asBoolean()).isTrue();
        assertThat(json.at("/changes/0/fields/0").has("before")).isFalse();
        assertThat(json.at("/changes/0/fields/0").has("after")).isFalse();
    }
}
