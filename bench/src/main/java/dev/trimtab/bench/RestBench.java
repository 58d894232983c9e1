package dev.trimtab.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.LocalApi;
import dev.trimtab.sandbox.faults.Fault;
import dev.trimtab.sandbox.faults.Faults.Injected;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Whether an hour in which nobody commits and nothing drifts is an hour without requests, writes and alerts: asked of Prometheus,
 * and of the API server as a second witness. Kubelets go on as they do: nodes tell that they live.
 */
public final class RestBench {

    private static final List<String> NODES = List.of("master-1", "worker-1", "worker-2");
    private static final int APPS = 40;
    private static final int CLONE_SETS = 18;
    private static final int HEARTBEAT_SECONDS = 10;
    /** Longer than the recording rules' interval: what was pending while all was applied is over. */
    private static final Duration AFTER_APPLY = Duration.ofSeconds(90);

    private static final List<String> ASKING = List.of("get", "list");
    private static final List<String> WRITING = List.of("create", "update", "patch", "delete", "deletecollection");

    private final Report report = new Report();
    private final RunningSync sync;
    private final Prometheus prometheus;
    private final ObjectMapper mapper = new ObjectMapper();

    private RestBench(RunningSync sync, Prometheus prometheus) {
        this.sync = sync;
        this.prometheus = prometheus;
    }

    /** @param arguments bin/trimtab, which becomes the process that is measured; the rules; {@code --minutes N}, 60 without it */
    public static void main(String[] arguments) throws Exception {
        Path program = Path.of(arguments[0]);
        Path rules = Path.of(arguments[1]);
        int minutes = arguments.length == 4 && arguments[2].equals("--minutes") ? Integer.parseInt(arguments[3]) : 60;
        int metrics = Prometheus.freePort();
        boolean met;
        try (RunningSync sync = new RunningSync(NODES)) {
            Optional<Prometheus> started = Prometheus.start(sync.folder(), rules, metrics);
            if (started.isEmpty()) {
                System.out.println("not run: prometheus is not on the PATH");
                return;
            }
            try (Prometheus prometheus = started.get()) {
                RestBench bench = new RestBench(sync, prometheus);
                bench.start(program, metrics);
                bench.rest(Duration.ofMinutes(minutes));
                bench.notBlind();
                met = bench.report.met();
                bench.report.print("Rest of " + minutes + " minutes");
            }
        }
        System.exit(met ? 0 : 1);
    }

    private void start(Path program, int metrics) throws Exception {
        label("master-1", "node-role.kubernetes.io/control-plane", "");
        sync.write("cluster.yaml", definition());
        for (int i = 0; i < APPS; i++) {
            sync.write("app-" + i + ".yaml", app(i));
        }
        for (int i = 0; i < CLONE_SETS; i++) {
            sync.write("clone-" + i + ".yaml", cloneSet(i));
        }
        sync.write("access.yaml", access());
        sync.start(program, "--metrics", "127.0.0.1:" + metrics);
        prometheus.awaitReady();
        TimeUnit.MILLISECONDS.sleep(AFTER_APPLY.toMillis());
    }

    private static String definition() {
        return """
                apiVersion: cluster.trimtab.dev/v1alpha1
                kind: Cluster
                metadata: {name: rest}
                spec:
                  kubernetesVersion: v1.36.4
                  controlPlaneEndpoint: {host: api.rest.internal, port: 6443}
                  network: {podSubnets: [10.244.0.0/16]}
                ---
                apiVersion: cluster.trimtab.dev/v1alpha1
                kind: Inventory
                spec:
                  nodes:
                    - {name: master-1, address: 192.168.0.10, roles: [control-plane]}
                    - {name: worker-1, address: 192.168.0.11, labels: {zone: a}}
                    - {name: worker-2, address: 192.168.0.12, labels: {zone: b}}
                """;
    }

    private static String app(int number) {
        return """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: app-%1$d, namespace: default}
                spec:
                  replicas: 1
                  selector: {matchLabels: {app: app-%1$d}}
                  template:
                    metadata: {labels: {app: app-%1$d}}
                    spec:
                      serviceAccountName: app-%1$d
                      containers:
                      - name: app
                        image: example.com/app:1
                        envFrom: [{configMapRef: {name: app-%1$d}}]
                        resources: {requests: {cpu: 1m, memory: 1Mi}}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: app-%1$d, namespace: default}
                spec: {selector: {app: app-%1$d}, ports: [{port: 80, targetPort: 8080}]}
                ---
                {apiVersion: v1, kind: ServiceAccount, metadata: {name: app-%1$d, namespace: default}}
                ---
                {apiVersion: v1, kind: ConfigMap, metadata: {name: app-%1$d, namespace: default}, data: {mode: fast}}
                """.formatted(number);
    }

    private static String cloneSet(int number) {
        return """
                apiVersion: apps.kruise.io/v1alpha1
                kind: CloneSet
                metadata: {name: clone-%1$d, namespace: default}
                spec:
                  replicas: 2
                  selector: {matchLabels: {app: clone-%1$d}}
                  updateStrategy: {type: InPlaceIfPossible}
                  template:
                    metadata: {labels: {app: clone-%1$d}}
                    spec: {containers: [{name: app, image: "example.com/app:1"}]}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: clone-%1$d, namespace: default}
                spec: {selector: {app: clone-%1$d}, ports: [{port: 80}]}
                """.formatted(number);
    }

    /** One each of kinds that every cluster has, which are watches of their own. */
    private static String access() {
        return """
                {apiVersion: v1, kind: Namespace, metadata: {name: shop}}
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata: {name: reader, namespace: shop}
                rules: [{apiGroups: [""], resources: [pods], verbs: [get, list]}]
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: reader, namespace: shop}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
                subjects: [{kind: ServiceAccount, name: app-0, namespace: default}]
                ---
                apiVersion: apps/v1
                kind: StatefulSet
                metadata: {name: store, namespace: shop}
                spec:
                  serviceName: store
                  replicas: 2
                  selector: {matchLabels: {app: store}}
                  template:
                    metadata: {labels: {app: store}}
                    spec: {containers: [{name: app, image: "example.com/store:1"}]}
                ---
                apiVersion: apps/v1
                kind: DaemonSet
                metadata: {name: agent, namespace: shop}
                spec:
                  selector: {matchLabels: {app: agent}}
                  template:
                    metadata: {labels: {app: agent}}
                    spec: {containers: [{name: app, image: "example.com/agent:1"}]}
                ---
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata: {name: closed, namespace: shop}
                spec: {podSelector: {}, policyTypes: [Ingress]}
                """;
    }

    private void rest(Duration length) throws Exception {
        Map<String, Injected> counted = new TreeMap<>();
        Stream.of(ASKING, WRITING, List.of("watch"))
                .flatMap(List::stream)
                .forEach(verb ->
                        counted.put(verb, sync.sandbox().faults().on(verb, "*").inject(Fault.delay(Duration.ZERO))));
        Instant begin = Instant.now();
        Instant end = begin.plus(length);
        int beats = 0;
        while (Instant.now().isBefore(end)) {
            TimeUnit.SECONDS.sleep(HEARTBEAT_SECONDS);
            heartbeat();
            beats++;
        }
        TimeUnit.SECONDS.sleep(Prometheus.STEP_SECONDS);
        Instant now = Instant.now();
        Map<String, Integer> hits = new TreeMap<>();
        counted.forEach((verb, counter) -> hits.put(verb, counter.hits()));

        report.fact("objects in the repository", APPS * 4 + CLONE_SETS * 2 + 6, "objects");
        report.fact("polls of the repository, at most", length.toMillis() / 500.0, "polls");
        report.fact("heartbeats of nodes", beats * NODES.size(), "heartbeats");
        byPrometheus(begin, now);
        report.atMost("API server: reads (get, list)", sum(hits, ASKING), 0, "requests");
        report.atMost("API server: writes (create, update, patch, delete)", sum(hits, WRITING), 0, "requests");
        report.fact("API server: watches opened again", sum(hits, List.of("watch")), "requests");
        System.out.println("API server, by verb: " + hits);
    }

    private static int sum(Map<String, Integer> hits, List<String> verbs) {
        return verbs.stream().mapToInt(verb -> hits.getOrDefault(verb, 0)).sum();
    }

    private void byPrometheus(Instant begin, Instant end) throws IOException, InterruptedException {
        String window = "[" + Duration.between(begin, end).toSeconds() + "s]";
        double scrapes = prometheus.value("count_over_time(up{job=\"trimtab\"}" + window + ")", end);
        report.atLeast(
                "Prometheus: scrapes, every 15 s",
                scrapes,
                Math.floorDiv(Duration.between(begin, end).toSeconds(), Prometheus.STEP_SECONDS) - 1.0,
                "scrapes");
        report.atMost(
                "Prometheus: scrapes that failed",
                scrapes - prometheus.value("sum_over_time(up{job=\"trimtab\"}" + window + ")", end),
                0,
                "scrapes");
        Map<String, Integer> rules = prometheus.rules();
        report.atLeast("Prometheus: rules evaluated", rules.getOrDefault("ok", 0), 1, "rules");
        report.atMost(
                "Prometheus: rules that could not be",
                rules.values().stream().mapToInt(Integer::intValue).sum() - rules.getOrDefault("ok", 0),
                0,
                "rules");
        Map<String, Double> increases = increases(begin, end);
        report.atMost(
                "Prometheus: API requests but watches",
                increases.entrySet().stream()
                        .filter(entry -> !entry.getKey().equals("watch"))
                        .mapToDouble(Map.Entry::getValue)
                        .sum(),
                0,
                "requests");
        report.fact("Prometheus: watches opened again", increases.getOrDefault("watch", 0.0), "requests");
        report.atMost(
                "Prometheus: samples of an alert pending or firing",
                prometheus.value("sum(count_over_time(ALERTS" + window + "))", end),
                0,
                "samples");
        report.fact("open watches", prometheus.value("sum(trimtab_watches)", end), "watches");
        report.atMost(
                "age of what is known, at most",
                prometheus.value(
                        "max(max_over_time(cluster_sync:trimtab_comparison_age_seconds:max" + window + "))", end),
                900,
                "s");
        System.out.println("Prometheus, by verb: " + increases + "; alerts: "
                + prometheus.values("count_over_time(ALERTS" + window + ")", "alertname", end));
    }

    /** Differences of counters, not {@code increase()}, which estimates, and misses what a series began with. */
    private Map<String, Double> increases(Instant begin, Instant end) throws IOException, InterruptedException {
        String counters = "sum by (verb) (trimtab_api_requests_total)";
        Map<String, Double> increases = prometheus.values(counters, "verb", end);
        prometheus
                .values(counters, "verb", begin)
                .forEach((verb, before) -> increases.merge(verb, -before, Double::sum));
        return increases;
    }

    /** The same measure, of a time in which there was something to do. */
    private void notBlind() throws Exception {
        Instant begin = Instant.now();
        String object = "/api/v1/namespaces/default/configmaps/app-0";
        sync.merge(object, "{\"data\":{\"mode\":\"slow\"}}");
        while (!sync.get(object).replace(" ", "").contains("\"mode\":\"fast\"")) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        TimeUnit.SECONDS.sleep(2 * Prometheus.STEP_SECONDS);
        report.atLeast(
                "the same counters after one foreign edit that was healed",
                increases(begin, Instant.now()).getOrDefault("apply", 0.0),
                1,
                "requests");
    }

    private void heartbeat() {
        LocalApi api = sync.sandbox().api();
        for (String name : NODES) {
            ObjectNode node = api.get("nodes", "", name).orElseThrow();
            ArrayNode conditions = node.path("status").path("conditions").deepCopy();
            for (JsonNode condition : conditions) {
                ((ObjectNode) condition)
                        .put(
                                "lastHeartbeatTime",
                                api.clock()
                                        .instant()
                                        .truncatedTo(ChronoUnit.SECONDS)
                                        .toString());
            }
            ObjectNode patch = mapper.createObjectNode();
            patch.putObject("status").set("conditions", conditions);
            api.mergePatch("nodes", "", name, "status", patch, "kubelet");
        }
    }

    private void label(String node, String key, String value) throws InterruptedException {
        LocalApi api = sync.sandbox().api();
        while (api.get("nodes", "", node).isEmpty()) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        ObjectNode patch = mapper.createObjectNode();
        patch.putObject("metadata").putObject("labels").put(key, value);
        api.mergePatch("nodes", "", node, "", patch, "kubeadm");
    }
}
