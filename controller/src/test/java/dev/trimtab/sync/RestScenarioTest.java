package dev.trimtab.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ClusterClient.PatchType;
import dev.trimtab.kube.CountingProxy;
import dev.trimtab.metrics.Program;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * An hour in which nobody commits and nothing drifts, made short: everything that happens in one by the sync's clock, and, with the
 * real Prometheus, as many ends of watches.
 */
@Timeout(180)
class RestScenarioTest {

    /** The server is asked to end a watch after 300 to 450 seconds: at most so often in an hour. */
    private static final int ENDS_AN_HOUR = 12;

    /** As often as a repository is asked where nothing else is said. */
    private static final Duration POLL = Duration.ofSeconds(30);

    /** As often as a kubelet writes the status of a node that does not change. */
    private static final Duration HEARTBEAT = Duration.ofMinutes(5);

    private static final String OBJECTS = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: settings, namespace: NAMESPACE}
            data: {size: "1"}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, namespace: NAMESPACE}
            spec:
              replicas: 2
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec: {containers: [{name: app, image: "example.com/web:1"}]}
            ---
            apiVersion: apps.kruise.io/v1alpha1
            kind: CloneSet
            metadata: {name: cart, namespace: NAMESPACE}
            spec:
              replicas: 2
              selector: {matchLabels: {app: cart}}
              updateStrategy: {type: InPlaceIfPossible}
              template:
                metadata: {labels: {app: cart}}
                spec: {containers: [{name: app, image: "example.com/cart:1"}]}
            """;

    private static final String DEFINITION = """
            apiVersion: cluster.trimtab.dev/v1alpha1
            kind: Cluster
            metadata: {name: rest}
            spec:
              kubernetesVersion: v1.36.2
              controlPlaneEndpoint: {host: 192.168.0.200, port: 6443}
              network: {podSubnets: [10.244.0.0/16]}
            ---
            apiVersion: cluster.trimtab.dev/v1alpha1
            kind: Inventory
            spec:
              nodes:
                - {name: m1, address: 192.168.0.201, roles: [control-plane]}
                - {name: node-1, address: 192.168.0.202, labels: {zone: a}}
                - {name: node-2, address: 192.168.0.203, labels: {zone: b}}
            """;

    @TempDir
    private Path folder;

    private ScenarioRig rig;

    @BeforeEach
    void start() {
        rig = new ScenarioRig(folder);
        assumeTrue(rig.sandbox().isPresent(), "not run: it needs nodes that run pods, which only the sandbox has");
        rig.with("objects.yaml", OBJECTS).with("cluster.yaml", DEFINITION);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void anHourOfPollsAndHeartbeatsAsksNothingWritesNothingAndTellsNothing() {
        hour("");

        assertThat(rig.requests()).isEmpty();
        assertThat(rig.told()).isEmpty();
    }

    @Test
    void whoWantsAnAuditHasItsRequestsAndNoOthersInThatHour() {
        hour("  audit: {interval: 10m, share: 10%}\n");

        assertThat(rig.of(SyncEvent.Audited.class))
                .hasSize(6)
                .allMatch(audit -> audit.wrong().isEmpty());
        assertThat(rig.requests()).hasSizeGreaterThanOrEqualTo(6).noneMatch(CountingProxy.Request::writes);
    }

    /** All that the sync does by the clock, an hour long. */
    private void hour(String fields) {
        SkippingClock clock = new SkippingClock();
        rig.at(clock).reporting();
        String commit = rig.commit();
        Sync sync = rig.start(fields);
        rig.awaitSettled(commit);
        awaitPods();
        awaitQuiet();
        rig.forget();

        for (int poll = 1; poll <= Duration.ofHours(1).dividedBy(POLL); poll++) {
            clock.skip(POLL);
            if (poll % HEARTBEAT.dividedBy(POLL) == 0) {
                heartbeat(clock.instant());
            }
            sync.poll();
            rig.awaitPolls(1);
        }
        awaitQuiet();
    }

    /** Longer than a status waits for the one before it. */
    private void awaitQuiet() {
        AtomicInteger seen = new AtomicInteger(-1);
        rig.patiently("nothing is asked")
                .during(Duration.ofSeconds(2))
                .until(() ->
                        seen.getAndSet(rig.requests().size()) == rig.requests().size());
    }

    /** The machine's clock, and what was skipped of time. */
    private static final class SkippingClock extends Clock {

        private volatile Duration skipped = Duration.ZERO;

        void skip(Duration time) {
            skipped = skipped.plus(time);
        }

        @Override
        public Instant instant() {
            return Instant.now().plus(skipped);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException("instants only");
        }
    }

    @Test
    void prometheusSeesNoRequestButWatchesAndNoAlertThatIsEvenPending() {
        Program.orNotRun("prometheus");
        Program.orNotRun("prometheus-alertmanager");
        rig.proxy.endWatchesAfter(3);
        rig.commit();
        Path config = rig.write("sync.yaml", """
                apiVersion: sync.trimtab.dev/v1alpha1
                kind: ClusterSync
                metadata: {name: %s}
                spec:
                  interval: 500ms
                  source: {repository: %s, ref: main}
                  cluster: {kubeconfig: %s}
                """.formatted(
                        rig.name, rig.repository.folder(), rig.write("kubeconfig", rig.proxy.kubeconfig())));
        try (AlertingRig alerting = new AlertingRig(folder, AlertingRig.freePort())) {
            alerting.controller(config);
            awaitPods();
            rig.patiently("no alert").during(Duration.ofSeconds(4)).until(alerting::silent);
            assertThat(alerting.query("ALERTS", "alertname", Instant.now())).isEmpty();
            rig.proxy.forget();
            Instant begin = Instant.now();
            double watches = alerting.query("trimtab_watches", "", begin).getOrDefault("", 0.0);
            assertThat(watches).isPositive();

            rig.patiently("an hour's ends of watches").until(() -> watchesOpened() >= ENDS_AN_HOUR * watches);

            Instant end = Instant.now();
            rig.patiently("a scrape after that")
                    .until(() ->
                            alerting.query("timestamp(up)", "", Instant.now()).getOrDefault("", 0.0)
                                    > end.toEpochMilli() / 1e3);
            Instant now = Instant.now();
            String window = "[" + Duration.between(begin, now).toSeconds() + "s]";
            assertThat(rig.requests()).as("on the wire").isEmpty();
            String counters = "sum by (verb) (trimtab_api_requests_total)";
            Map<String, Double> increases = alerting.query(counters, "verb", now);
            assertThat(increases).as("before").containsKeys("get", "apply", "create");
            alerting.query(counters, "verb", begin)
                    .forEach((verb, before) -> increases.merge(verb, -before, Double::sum));
            assertThat(increases.remove("watch")).isGreaterThanOrEqualTo((ENDS_AN_HOUR - 1) * watches);
            assertThat(increases.values()).as(increases + " by Prometheus").containsOnly(0.0);
            assertThat(alerting.query("count_over_time(ALERTS" + window + ")", "alertname", now))
                    .isEmpty();
            assertThat(alerting.query("min_over_time(up" + window + ")", "job", now))
                    .isEqualTo(Map.of("trimtab", 1.0));
        }
    }

    private long watchesOpened() {
        return rig.proxy.requests().stream()
                .filter(CountingProxy.Request::watches)
                .count();
    }

    private void awaitPods() {
        rig.patiently("all pods are ready")
                .until(() ->
                        ready("apps/v1", "Deployment", "web") && ready("apps.kruise.io/v1alpha1", "CloneSet", "cart"));
    }

    private boolean ready(String apiVersion, String kind, String name) {
        return rig.client().resource(apiVersion, kind).isPresent()
                && rig.find(apiVersion, kind, name)
                        .filter(workload -> workload.at("/status/readyReplicas").asInt() == 2)
                        .isPresent();
    }

    /** What kubelets write of nodes that are as they were. */
    private void heartbeat(Instant at) {
        for (String name : new String[] {"node-1", "node-2"}) {
            ObjectNode node = rig.client()
                    .get(rig.type("v1", "Node"), Optional.empty(), name)
                    .orElseThrow();
            ObjectNode status = node.path("status").deepCopy();
            status.path("conditions")
                    .forEach(condition -> ((ObjectNode) condition).put("lastHeartbeatTime", at.toString()));
            rig.client()
                    .patch(
                            rig.type("v1", "Node"),
                            Optional.empty(),
                            name,
                            "status",
                            PatchType.MERGE,
                            node.objectNode().set("status", status),
                            "kubelet");
        }
    }
}
