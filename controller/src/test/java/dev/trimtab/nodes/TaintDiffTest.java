package dev.trimtab.nodes;

import static dev.trimtab.nodes.Fixture.node;
import static dev.trimtab.nodes.Fixture.taint;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.definition.Inventory.Effect;
import dev.trimtab.definition.Inventory.Taint;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TaintDiffTest {

    private static final Taint POOL = new Taint("pool", "gpu", Effect.NO_SCHEDULE);

    @Test
    void aDeclaredTaintIsAddedAndRemembered() {
        ObjectNode live = taint(node("n1", 11), "node.kubernetes.io/not-ready", "", "NoExecute");

        TaintDiff diff = TaintDiff.of(List.of(POOL), new LiveNode(live));

        assertThat(texts(diff)).containsExactly("node.kubernetes.io/not-ready=:NoExecute", "pool=gpu:NoSchedule");
        assertThat(diff.owned()).isEqualTo("pool:NoSchedule");
        assertThat(diff.patch(new LiveNode(live))
                        .at("/metadata/resourceVersion")
                        .asText())
                .as("nobody's write is lost")
                .isEqualTo("7");
    }

    @Test
    void whatLeftGitGoesAndNothingElse() {
        ObjectNode live = taint(taint(node("n1", 11), "pool", "gpu", "NoSchedule"), "theirs", "", "NoSchedule");
        remember(live, "pool:NoSchedule");

        TaintDiff diff = TaintDiff.of(List.of(), new LiveNode(live));

        assertThat(texts(diff)).containsExactly("theirs=:NoSchedule");
        assertThat(diff.owned()).isEmpty();
    }

    @Test
    void whatWasThereBeforeGitHeldItStaysWithANotice() {
        ObjectNode live = taint(node("n1", 11), "pool", "gpu", "NoSchedule");
        TaintDiff met = TaintDiff.of(List.of(POOL), new LiveNode(live));
        assertThat(met.owned()).isEqualTo("pool:NoSchedule:found");
        remember(live, met.owned());

        TaintDiff dropped = TaintDiff.of(List.of(), new LiveNode(live));

        assertThat(texts(dropped)).containsExactly("pool=gpu:NoSchedule");
        assertThat(dropped.notes()).singleElement().asString().contains("was there before", "kubectl taint nodes n1");
        assertThat(dropped.owned()).isEmpty();
    }

    @Test
    void anotherValueIsPutRightAndIsOursFromThenOn() {
        ObjectNode live = taint(node("n1", 11), "pool", "cpu", "NoSchedule");

        TaintDiff diff = TaintDiff.of(List.of(POOL), new LiveNode(live));

        assertThat(texts(diff)).containsExactly("pool=gpu:NoSchedule");
        assertThat(diff.owned()).isEqualTo("pool:NoSchedule");
    }

    @Test
    void taintsOfKubernetesAreNeverTouchedWhateverAnnotationOrGitSay() {
        ObjectNode live = taint(node("n1", 11), "node.kubernetes.io/unreachable", "", "NoExecute");
        remember(live, "node.kubernetes.io/unreachable:NoExecute");

        assertThat(texts(TaintDiff.of(List.of(), new LiveNode(live))))
                .containsExactly("node.kubernetes.io/unreachable=:NoExecute");
        Taint reserved = new Taint("node.kubernetes.io/unschedulable", "", Effect.NO_SCHEDULE);
        assertThat(texts(TaintDiff.of(List.of(reserved), new LiveNode(node("n2", 12)))))
                .isEmpty();
    }

    @Test
    void aNewNodeLosesTheTaintItWasBornWith() {
        ObjectNode live = taint(node("n1", 11), "trimtab.dev/uninitialized", "", "NoSchedule");

        assertThat(texts(TaintDiff.of(List.of(POOL), new LiveNode(live)))).containsExactly("pool=gpu:NoSchedule");
    }

    static LongStream seeds() {
        long first = new Random().nextLong();
        return LongStream.range(first, first + 200);
    }

    /** Git and others change the taints of one node in any order; after each of our writes another one has nothing to do. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void taintsOfOthersAlwaysStayAndOursFollowGit(long seed) {
        Random random = new Random(seed);
        ObjectNode live = node("n1", 11);
        List<String> theirs = new ArrayList<>();
        List<Taint> git = List.of();
        for (int step = 0; step < 40; step++) {
            if (random.nextBoolean()) {
                git = random.ints(random.nextInt(4), 0, 4)
                        .distinct()
                        .mapToObj(n -> new Taint("git-" + n, n % 2 == 0 ? "" : "v", Effect.NO_SCHEDULE))
                        .toList();
            }
            if (random.nextBoolean()) {
                String key = (random.nextBoolean() ? "node.kubernetes.io/t" : "human-") + random.nextInt(3);
                if (theirs.remove(key)) {
                    removeTaint(live, key);
                } else {
                    theirs.add(key);
                    taint(live, key, "", "NoExecute");
                }
            }

            TaintDiff diff = TaintDiff.of(git, new LiveNode(live));
            live.withObject("/spec").set("taints", diff.taints().deepCopy());
            remember(live, diff.owned());

            List<String> wanted = new ArrayList<>();
            theirs.forEach(key -> wanted.add(key + "=:NoExecute"));
            git.forEach(one -> wanted.add(one.key() + "=" + one.value() + ":NoSchedule"));
            assertThat(texts(diff)).containsExactlyInAnyOrderElementsOf(wanted);
            assertThat(TaintDiff.of(git, new LiveNode(live)).isEmpty())
                    .as("a second run")
                    .isTrue();
        }
    }

    private static void removeTaint(ObjectNode live, String key) {
        var list = live.withObject("/spec").withArray("taints");
        for (int i = list.size() - 1; i >= 0; i--) {
            if (list.get(i).path("key").asText().equals(key)) {
                list.remove(i);
            }
        }
    }

    private static void remember(ObjectNode live, String owned) {
        if (owned.isEmpty()) {
            live.withObject("/metadata/annotations").remove(Marks.OWNED_TAINTS);
        } else {
            live.withObject("/metadata/annotations").put(Marks.OWNED_TAINTS, owned);
        }
    }

    private static List<String> texts(TaintDiff diff) {
        List<String> texts = new ArrayList<>();
        for (JsonNode taint : diff.taints()) {
            texts.add(taint.path("key").asText() + "=" + taint.path("value").asText("") + ":"
                    + taint.path("effect").asText());
        }
        return texts;
    }
}
