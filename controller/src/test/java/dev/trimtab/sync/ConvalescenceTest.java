package dev.trimtab.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.apply.Outcome;
import dev.trimtab.apply.Result;
import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterClient.Event;
import dev.trimtab.kube.ClusterClient.EventType;
import dev.trimtab.kube.ClusterClient.Informer;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.kube.ResourceType;
import dev.trimtab.plan.Plan;
import dev.trimtab.render.Desired;
import dev.trimtab.render.Written;
import dev.trimtab.source.RepoPath;
import dev.trimtab.sync.ClusterSync.HealthSpec;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is waited for, for how long, and when the wait is over, with watches that show what a test says. */
class ConvalescenceTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration TIMEOUT = Duration.ofMinutes(5);
    private static final ObjectKey WEB = Written.key("apps", "Deployment", "shop", "web");
    private static final ObjectKey API = Written.key("apps", "Deployment", "shop", "api");
    private static final ObjectKey LATER = Written.key("", "ConfigMap", "shop", "later");
    private static final ObjectKey LAST = Written.key("", "ConfigMap", "shop", "last");
    private static final ObjectKey DATA = Written.key("apps", "StatefulSet", "shop", "data");

    private final Map<String, Watch> open = new HashMap<>();
    private final List<SyncEvent> events = new ArrayList<>();
    private Convalescence convalescence = convalescence(true);

    /** One open watch, with what it showed so far. */
    private static final class Watch {
        private final Consumer<Event> listener;
        private final Map<ObjectKey, ObjectNode> shown = new TreeMap<>();

        Watch(Consumer<Event> listener) {
            this.listener = listener;
        }
    }

    @BeforeEach
    void forget() {
        events.clear();
    }

    @Test
    void whatAWatchShowsOfTheTimeBeforeAWriteSaysNothingOfIt() {
        convalescence.applied(outcome(Map.of(WEB, applied("20"))), desired(1));
        show(WEB, "19", true);
        convalescence.look(START);

        assertThat(of(SyncEvent.Healthy.class)).isEmpty();

        show(WEB, "21", true);
        convalescence.look(START);

        assertThat(of(SyncEvent.Healthy.class)).hasSize(1);
        assertThat(open).as("nobody waits, nobody watches").isEmpty();
    }

    @Test
    void aNewerWriteMakesWhatWasWellUnknownAgain() {
        convalescence.applied(outcome(Map.of(WEB, applied("20"), API, applied("22"))), desired(1));
        show(WEB, "25", true);
        convalescence.applied(outcome(Map.of(WEB, applied("30"))), desired(2));
        show(API, "31", true);
        convalescence.look(START);

        assertThat(of(SyncEvent.Healthy.class)).isEmpty();

        show(WEB, "33", true);
        convalescence.look(START);

        assertThat(of(SyncEvent.Healthy.class)).hasSize(1);
    }

    @Test
    void aKindOfWhichAllAreWellIsWatchedNoLongerThoughOthersAreNot() {
        convalescence.applied(outcome(Map.of(WEB, applied("20"), DATA, applied("21"))), desired(1));
        assertThat(open).containsOnlyKeys("Deployment", "StatefulSet");
        show(WEB, "22", true);
        convalescence.look(START);

        assertThat(open).containsOnlyKeys("StatefulSet");
    }

    @Test
    void whatWaitsIsTriedOnceForEachStateInWhichTheOtherIsWell() {
        convalescence.applied(outcome(Map.of(LATER, waiting(WEB))), desired(1));
        show(WEB, "20", false);
        assertThat(convalescence.goesOn()).isFalse();
        show(WEB, "21", true);
        assertThat(convalescence.goesOn()).isTrue();
        assertThat(convalescence.goesOn()).as("nothing new").isFalse();

        convalescence.applied(outcome(Map.of(LATER, waiting(WEB))), desired(1));
        assertThat(convalescence.goesOn()).as("it was tried in this state").isFalse();
        show(WEB, "22", true);
        assertThat(convalescence.goesOn()).isTrue();
    }

    @Test
    void ofAChainOnlyTheFirstLinkIsFollowed() {
        convalescence.applied(outcome(Map.of(API, waiting(WEB), LAST, waiting(API))), desired(1));
        show(WEB, "20", false);
        show(API, "21", true);

        assertThat(convalescence.goesOn())
                .as("the API that is well is that of an older commit")
                .isFalse();
        convalescence.look(START.plus(TIMEOUT));
        assertThat(of(SyncEvent.Unhealthy.class).get(0).reasons()).containsOnlyKeys(WEB);
    }

    @Test
    void nothingIsWellAsLongAsSomethingWaitsToBeApplied() {
        convalescence.applied(outcome(Map.of(LATER, waiting(WEB))), desired(1));
        show(WEB, "20", true);
        convalescence.look(START);
        assertThat(of(SyncEvent.Healthy.class)).isEmpty();

        convalescence.applied(outcome(Map.of(LATER, applied("21"))), desired(1));
        convalescence.look(START);
        assertThat(of(SyncEvent.Healthy.class)).hasSize(1);
    }

    @Test
    void whatIsNotWellInTimeIsToldOnceAndStaysSoUntilItIsWell() {
        convalescence.applied(outcome(Map.of(LATER, waiting(WEB))), desired(1));
        show(WEB, "20", false);
        convalescence.look(START.plus(TIMEOUT));
        convalescence.look(START.plus(TIMEOUT));
        convalescence.applied(outcome(Map.of(LATER, waiting(WEB))), desired(1));

        assertThat(of(SyncEvent.HealthAwaited.class)).as("no second wait").hasSize(1);
        assertThat(of(SyncEvent.Unhealthy.class)).hasSize(1);
    }

    @Test
    void aCommitThatDoesNotTouchWhatIsNotWellStillWaitsForIt() {
        convalescence.applied(outcome(Map.of(WEB, applied("20"))), desired(1));
        show(WEB, "21", false);
        convalescence.applied(outcome(Map.of(LATER, applied("22"))), desired(2));
        convalescence.look(START.plus(TIMEOUT));

        assertThat(of(SyncEvent.Unhealthy.class).get(0).reasons()).containsOnlyKeys(WEB);
    }

    @Test
    void aCommitThatTakesAwayWhatIsNotWellEndsTheWait() {
        convalescence = convalescence(false);
        convalescence.applied(outcome(Map.of(LATER, waiting(WEB))), desired(1));
        show(WEB, "20", false);
        convalescence.applied(outcome(Map.of(LATER, applied("21"))), desired(2));

        assertThat(of(SyncEvent.Healthy.class)).hasSize(1);
        assertThat(open).isEmpty();
    }

    private <T extends SyncEvent> List<T> of(Class<T> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private void show(ObjectKey key, String version, boolean well) {
        ObjectNode object = Written.object("""
                apiVersion: apps/v1
                kind: %s
                metadata: {name: %s, namespace: %s, generation: 1, resourceVersion: "%s"}
                spec: {replicas: 1}
                status: {observedGeneration: 1, replicas: 1, updatedReplicas: 1, readyReplicas: %d, availableReplicas: %d}
                """.formatted(
                        key.kind(), key.name(), key.namespace().orElseThrow(), version, well ? 1 : 0, well ? 1 : 0));
        Watch watch = Optional.ofNullable(open.get(key.kind()))
                .orElseThrow(() -> new AssertionError("no watch of " + key.kind()));
        watch.shown.put(key, object);
        watch.listener.accept(new Event(EventType.MODIFIED, object));
    }

    private static Result applied(String version) {
        return new Result.Applied(Written.object("{resourceVersion: \"" + version + "\"}"));
    }

    private static Result waiting(ObjectKey dependency) {
        return new Result.Waiting(dependency, "it is not well");
    }

    private static Outcome outcome(Map<ObjectKey, Result> results) {
        Plan plan = new Plan(
                "",
                new Plan.ClusterId("", "", ""),
                "",
                Optional.empty(),
                Written.revision(1),
                START,
                List.of(),
                new TreeMap<>(),
                0,
                new TreeMap<>(),
                List.of(),
                List.of(),
                new TreeMap<>());
        return new Outcome(plan, new TreeMap<>(results));
    }

    private static Desired desired(int revision) {
        return Written.desired(revision, """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web, namespace: shop}
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: api, namespace: shop}
                ---
                apiVersion: apps/v1
                kind: StatefulSet
                metadata: {name: data, namespace: shop}
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: later, namespace: shop}
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: last, namespace: shop}
                """);
    }

    private Convalescence convalescence(boolean follow) {
        ClusterSync plain = new ClusterSync(
                "demo",
                new ClusterSync.SourceSpec(
                        "file:///repo.git", "main", RepoPath.ROOT, Duration.ofSeconds(10), Optional.empty()),
                new ClusterSync.ClusterSpec(Optional.empty(), Optional.empty()),
                Duration.ofSeconds(30),
                ClusterSync.Mode.APPLY,
                true,
                true,
                Policy.STANDARD);
        ClusterSync sync = new ClusterSync(
                plain.name(),
                plain.source(),
                plain.cluster(),
                plain.interval(),
                plain.mode(),
                plain.selfHeal(),
                plain.prune(),
                plain.policy(),
                plain.ignore(),
                new HealthSpec(follow, TIMEOUT),
                plain.audit(),
                plain.updatePolicy());
        Clock clock = Clock.fixed(START, ZoneOffset.UTC);
        return new Convalescence(
                cluster(), sync, clock, new News(sync, (name, event) -> events.add(event), clock), () -> {});
    }

    /** A cluster with watches that a test fills. */
    private ClusterClient cluster() {
        return (ClusterClient) Proxy.newProxyInstance(
                ClusterClient.class.getClassLoader(),
                new Class<?>[] {ClusterClient.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "resource" ->
                        Optional.of(new ResourceType(
                                "apps", "v1", (String) arguments[1], arguments[1] + "s", true, Set.of()));
                    case "informer" -> informer((ResourceType) arguments[0], arguments[3]);
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    @SuppressWarnings("unchecked")
    private Informer informer(ResourceType type, Object listener) {
        Watch watch = new Watch((Consumer<Event>) listener);
        open.put(type.kind(), watch);
        return (Informer) Proxy.newProxyInstance(
                Informer.class.getClassLoader(),
                new Class<?>[] {Informer.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "list" -> List.copyOf(watch.shown.values());
                    case "close" -> open.remove(type.kind());
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }
}
