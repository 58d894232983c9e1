package dev.trimtab.nodes;

import static dev.trimtab.nodes.Fixture.declared;
import static dev.trimtab.nodes.Fixture.node;
import static dev.trimtab.nodes.Fixture.taint;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.definition.Inventory;
import dev.trimtab.definition.Inventory.Effect;
import dev.trimtab.definition.Inventory.Taint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TaintDiffTest {

    /** By what is written of them: to read a definition takes longer than all else here. */
    private static final Map<String, Inventory.Node> NODES = new ConcurrentHashMap<>();

    private static final Taint POOL = new Taint("pool", "gpu", Effect.NO_SCHEDULE);

    @Test
    void aDeclaredTaintIsAddedAndRemembered() {
        ObjectNode live = taint(node("n1", 11), "node.kubernetes.io/not-ready", "", "NoExecute");

        TaintDiff diff = diff(List.of(POOL), new LiveNode(live));

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

        TaintDiff diff = diff(List.of(), new LiveNode(live));

        assertThat(texts(diff)).containsExactly("theirs=:NoSchedule");
        assertThat(diff.owned()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "pool:NoSchedule:found"})
    void whatWasThereBeforeFollowsGitFromTheMomentThatGitHoldsIt(String before) {
        ObjectNode live = taint(taint(node("n1", 11), "pool", "gpu", "NoSchedule"), "theirs", "", "NoSchedule");
        remember(live, before);

        TaintDiff met = diff(List.of(POOL), new LiveNode(live));
        assertThat(met.owned()).isEqualTo("pool:NoSchedule");
        assertThat(met.remembers()).as("one patch").isTrue();
        assertThat(met.patch(new LiveNode(live)).has("spec"))
                .as("and none of the list")
                .isFalse();
        if (before.isEmpty()) {
            assertThat(met.notes())
                    .as("told before it is so")
                    .containsExactly("taint pool=gpu:NoSchedule is on the node already; from now on it follows Git, and"
                            + " goes when it leaves it");
        }
        remember(live, met.owned());
        assertThat(diff(List.of(POOL), new LiveNode(live)).isEmpty()).as("once").isTrue();

        assertThat(texts(diff(List.of(), new LiveNode(live)))).containsExactly("theirs=:NoSchedule");
    }

    @Test
    void theTaintOfAControlPlaneAloneStaysWhateverGitListed() {
        String key = "node-role.kubernetes.io/control-plane";
        ObjectNode live = taint(node("n1", 11), key, "", "NoSchedule");
        remember(live, key + ":NoSchedule");

        TaintDiff alone = TaintDiff.of(declaredNode("roles: [control-plane]", List.of()), new LiveNode(live));
        assertThat(texts(alone)).containsExactly(key + "=:NoSchedule");
        assertThat(alone.notes()).singleElement().asString().contains("left Git and stays");

        assertThat(texts(TaintDiff.of(declaredNode("roles: [control-plane, worker]", List.of()), new LiveNode(live))))
                .as("where it is to run pods")
                .isEmpty();
    }

    @Test
    void anotherValueIsPutRightAndIsOursFromThenOn() {
        ObjectNode live = taint(node("n1", 11), "pool", "cpu", "NoSchedule");

        TaintDiff diff = diff(List.of(POOL), new LiveNode(live));

        assertThat(texts(diff)).containsExactly("pool=gpu:NoSchedule");
        assertThat(diff.owned()).isEqualTo("pool:NoSchedule");
    }

    @Test
    void taintsOfKubernetesAreNeverTouchedWhateverAnnotationOrGitSay() {
        ObjectNode live = taint(node("n1", 11), "node.kubernetes.io/unreachable", "", "NoExecute");
        remember(live, "node.kubernetes.io/unreachable:NoExecute");

        assertThat(texts(diff(List.of(), new LiveNode(live))))
                .containsExactly("node.kubernetes.io/unreachable=:NoExecute");
        Taint reserved = new Taint("node.kubernetes.io/unschedulable", "", Effect.NO_SCHEDULE);
        assertThat(texts(diff(List.of(reserved), new LiveNode(node("n2", 12))))).isEmpty();
    }

    @Test
    void aNewNodeLosesTheTaintItWasBornWith() {
        ObjectNode live = taint(node("n1", 11), "trimtab.dev/uninitialized", "", "NoSchedule");

        assertThat(texts(diff(List.of(POOL), new LiveNode(live)))).containsExactly("pool=gpu:NoSchedule");
    }

    @Test
    void theTaintOfRegistrationStaysUntilEverythingElseIsOn() {
        ObjectNode live = taint(node("n1", 11), "trimtab.dev/uninitialized", "", "NoSchedule");

        TaintDiff early = TaintDiff.of(declaredNode("", List.of(POOL)), new LiveNode(live), false);

        assertThat(texts(early)).containsExactly("trimtab.dev/uninitialized=:NoSchedule", "pool=gpu:NoSchedule");
        assertThat(early.owned()).as("it is not one of Git's").isEqualTo("pool:NoSchedule");
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

            TaintDiff diff = diff(git, new LiveNode(live));
            live.withObject("/spec").set("taints", diff.taints().deepCopy());
            remember(live, diff.owned());

            List<String> wanted = new ArrayList<>();
            theirs.forEach(key -> wanted.add(key + "=:NoExecute"));
            git.forEach(one -> wanted.add(one.key() + "=" + one.value() + ":NoSchedule"));
            assertThat(texts(diff)).containsExactlyInAnyOrderElementsOf(wanted);
            assertThat(diff(git, new LiveNode(live)).isEmpty())
                    .as("a second run")
                    .isTrue();
        }
    }

    private static TaintDiff diff(List<Taint> git, LiveNode live) {
        return TaintDiff.of(declaredNode("", git), live);
    }

    private static Inventory.Node declaredNode(String more, List<Taint> taints) {
        String written = taints.stream()
                .map(taint -> "{key: " + taint.key() + ", value: \"" + taint.value() + "\", effect: "
                        + taint.effect().written() + "}")
                .collect(Collectors.joining(", "));
        return NODES.computeIfAbsent(
                "name: n1, address: 192.168.0.11, taints: [" + written + "]" + (more.isEmpty() ? "" : ", " + more),
                text -> Objects.requireNonNull(declared(text).nodes().get("n1")));
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
