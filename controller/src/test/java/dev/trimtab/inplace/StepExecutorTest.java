package dev.trimtab.inplace;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.inplace.StepExecutor.Kinds;
import dev.trimtab.inplace.StepExecutor.Outcome;
import dev.trimtab.kube.ApiException;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ErrorClass;
import dev.trimtab.kube.ResourceType;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class StepExecutorTest {

    private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

    private final CloneSetWorld world = new CloneSetWorld(new SplittableRandom(1));
    private final List<String> sent = new ArrayList<>();
    private final Expectations expectations = new Expectations(CLOCK);

    @Test
    void aPodThatIsGoneIsNoProblemAndTheOthersGoOn() {
        Outcome outcome = execute(ErrorClass.NOT_FOUND, gates());

        assertThat(sent).hasSize(3);
        assertThat(outcome).isEqualTo(new Outcome(Optional.empty(), Optional.empty(), false));
    }

    @Test
    void aConflictIsDecidedAgainAndIsNoProblem() {
        Outcome outcome = execute(ErrorClass.CONFLICT, gates());

        assertThat(sent).hasSize(3);
        assertThat(outcome).isEqualTo(new Outcome(Optional.empty(), Optional.empty(), true));
    }

    @Test
    void aServerThatDoesNotAnswerIsLeftAlone() {
        Outcome outcome = execute(ErrorClass.UNREACHABLE, gates());

        assertThat(sent).hasSize(1);
        assertThat(outcome.retry()).isTrue();
    }

    @Test
    void aPodThatMayNotBeMadeStopsTheOthersAndIsReported() {
        TemplateRevision revision = TemplateRevision.next(CloneSet.of(world.cloneSet), 0, 1);
        Outcome outcome = execute(
                ErrorClass.FORBIDDEN,
                List.of(
                        new Step.CreatePod(revision, Optional.empty()),
                        new Step.CreatePod(revision, Optional.empty())));

        assertThat(sent).containsExactly("create Pod");
        assertThat(outcome.scaleProblem())
                .hasValueSatisfying(problem -> assertThat(problem).contains("creating a pod", "because of the test"));
    }

    @Test
    void anOwnWriteIsWaitedForUntilTheCacheShowsIt() {
        ObjectNode answer = Trees.yaml("{kind: Pod, metadata: {name: p, uid: u, resourceVersion: '10'}}");
        ObjectNode behind = Trees.yaml("{kind: Pod, metadata: {name: p, uid: u, resourceVersion: '9'}}");
        expectations.patched("set", answer);

        assertThat(expectations.waitingFor("set", (kind, name) -> Optional.of(behind)))
                .isPresent();
        assertThat(expectations.waitingFor("other", (kind, name) -> Optional.of(behind)))
                .isEmpty();
        expectations.seen("set", answer, false);
        assertThat(expectations.waitingFor("set", (kind, name) -> Optional.of(behind)))
                .isEmpty();
    }

    @Test
    void aCreatedPodIsWaitedForAndADeletedOneUntilItIsGoing() {
        ObjectNode pod = Trees.yaml("{kind: Pod, metadata: {name: p, uid: u, resourceVersion: '10'}}");
        expectations.created("set", pod);
        assertThat(expectations.waitingFor("set", (kind, name) -> Optional.empty()))
                .isPresent();
        assertThat(expectations.waitingFor("set", (kind, name) -> Optional.of(pod)))
                .isEmpty();

        expectations.deleted("set", pod);
        assertThat(expectations.waitingFor("set", (kind, name) -> Optional.of(pod)))
                .isPresent();
        ObjectNode going = pod.deepCopy();
        going.withObject("/metadata").put("deletionTimestamp", "2026-01-01T00:00:00Z");
        assertThat(expectations.waitingFor("set", (kind, name) -> Optional.of(going)))
                .isEmpty();
    }

    /** Three pods whose gates are to be closed. */
    private List<Step> gates() {
        world.settle();
        return world.views().stream()
                .map(pod -> (Step) new Step.PatchStatus(pod, PodPatch.closeGate(pod, world.now()), "test"))
                .toList();
    }

    private Outcome execute(ErrorClass error, List<Step> steps) {
        ClusterClient refusing = (ClusterClient) Proxy.newProxyInstance(
                ClusterClient.class.getClassLoader(), new Class<?>[] {ClusterClient.class}, (proxy, method, args) -> {
                    sent.add(method.getName() + " " + ((ResourceType) args[0]).kind());
                    throw new ApiException(400, error, "because of the test", List.of(), Optional.empty());
                });
        Kinds kinds = new Kinds(
                kind("apps.kruise.io", "CloneSet"),
                kind("", "Pod"),
                kind("apps", "ControllerRevision"),
                kind("", "PersistentVolumeClaim"));
        return new StepExecutor(refusing, kinds, expectations, new SplittableRandom(1), CLOCK)
                .execute(CloneSet.of(world.cloneSet), steps);
    }

    private static ResourceType kind(String group, String kind) {
        return new ResourceType(group, "v1", kind, kind.toLowerCase(java.util.Locale.ROOT) + "s", true, Set.of());
    }
}
