package dev.trimtab.bench;

import dev.trimtab.sandbox.Sandbox;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** How fast the sandbox is, over HTTP, with all its controllers running. */
public final class SandboxBench {

    private static final int FEW = 100;
    private static final int MANY = 10_000;
    private static final int CLIENTS = 8;
    private static final int WATCHES = 1_000;
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";
    private static final String APPLY = "application/apply-patch+yaml";
    private static final String MERGE = "application/merge-patch+json";

    private final Report report = new Report();

    private SandboxBench() {}

    public static void main(String[] arguments) throws Exception {
        SandboxBench bench = new SandboxBench();
        bench.start();
        bench.size();
        bench.applies();
        bench.watches();
        bench.report.print("The sandbox");
    }

    private static Sandbox sandbox() {
        return Sandbox.builder().nodes(List.of("node-1", "node-2")).build().start();
    }

    private interface Task {
        void run(int round) throws IOException;
    }

    /** The median of so many rounds, in microseconds, after a third as many that do not count. */
    private static double median(int rounds, Task task) throws IOException {
        long[] nanos = new long[rounds];
        for (int i = -rounds / 3; i < rounds; i++) {
            long begin = System.nanoTime();
            task.run(Math.abs(i));
            if (i >= 0) {
                nanos[i] = System.nanoTime() - begin;
            }
        }
        Arrays.sort(nanos);
        return nanos[rounds / 2] / 1e3;
    }

    private void start() throws IOException {
        long begin = System.nanoTime();
        sandbox().close();
        report.fact("first start in a JVM", (System.nanoTime() - begin) / 1e6, "ms");
        double warm = median(15, round -> {
            try (Sandbox sandbox = sandbox();
                    Wire wire = new Wire(sandbox.address())) {
                wire.get("/api/v1/namespaces");
            }
        });
        report.atMost("start, first answer, stop, in a warm JVM", warm / 1e3, 300, "ms");
    }

    private void size() throws Exception {
        double[] few = read(FEW);
        double[] many = read(MANY);
        report.atMost("list of 10,000 ConfigMaps", many[2] / 1e3, 1_000, "ms");
        report.fact("get among 100", few[0], "us");
        report.fact("get among 10,000", many[0], "us");
        report.atMost("get, 10,000 against 100", many[0] / few[0], 1.5, "times");
        report.fact("patch among 100", few[1], "us");
        report.fact("patch among 10,000", many[1], "us");
        report.atMost("patch, 10,000 against 100", many[1] / few[1], 1.5, "times");
    }

    /** Medians in microseconds: get, patch, list. */
    private static double[] read(int objects) throws Exception {
        try (Sandbox sandbox = sandbox()) {
            inParallel(sandbox.address(), (wire, client) -> {
                for (int i = client; i < objects; i += CLIENTS) {
                    wire.send("PATCH", MAPS + "/map-" + i + "?fieldManager=bench", APPLY, map("map-" + i, 0));
                }
            });
            try (Wire wire = new Wire(sandbox.address())) {
                double list = median(9, round -> wire.get(MAPS));
                double get = median(3_000, round -> wire.get(MAPS + "/map-" + round * 31 % objects));
                double patch = median(
                        3_000,
                        round -> wire.send(
                                "PATCH",
                                MAPS + "/map-" + round * 31 % objects,
                                MERGE,
                                "{\"data\":{\"k1\":\"r" + round + "\"}}"));
                return new double[] {get, patch, list};
            }
        }
    }

    private void applies() throws Exception {
        try (Sandbox sandbox = sandbox()) {
            String paths = "?force=true&fieldManager=bench";
            double maps = perSecond(
                    sandbox.address(),
                    (wire, client, round) -> wire.send(
                            "PATCH",
                            MAPS + "/map-" + client + "-" + round % 100 + paths,
                            APPLY,
                            map("map-" + client + "-" + round % 100, round)));
            report.atLeast("applies of changed ConfigMaps, 8 clients", maps, 2_000, "a second");
            double deployments = perSecond(
                    sandbox.address(),
                    (wire, client, round) -> wire.send(
                            "PATCH",
                            DEPLOYMENTS + "/web-" + client + "-" + round % 100 + paths,
                            APPLY,
                            deployment("web-" + client + "-" + round % 100, round)));
            report.atLeast("applies of changed Deployments, 8 clients", deployments, 2_000, "a second");
        }
    }

    private void watches() throws Exception {
        try (Sandbox sandbox = sandbox();
                Wire wire = new Wire(sandbox.address())) {
            int before = ManagementFactory.getThreadMXBean().getThreadCount();
            try (Watchers watchers = new Watchers(sandbox.address(), MAPS + "?watch=true&resourceVersion=1", WATCHES)) {
                watchers.awaitEach(); // their headers
                report.fact(
                        "threads for 1,000 watches",
                        ManagementFactory.getThreadMXBean().getThreadCount() - before,
                        "");
                double all = median(30, round -> {
                    wire.send("PATCH", MAPS + "/seen?fieldManager=bench", APPLY, map("seen", round + nonce()));
                    watchers.awaitEach();
                });
                report.fact("one change until the last of 1,000 watches has it", all / 1e3, "ms");
                double get = median(300, round -> wire.get(MAPS + "/seen"));
                report.fact("get beside 1,000 open watches", get, "us");
            }
        }
    }

    /** Warm-up rounds repeat the numbers of counted ones, but an apply that changes nothing wakes nobody. */
    private static int nonce() {
        return (int) (System.nanoTime() & 0xffffff);
    }

    private interface Client {
        void run(Wire wire, int client) throws IOException;
    }

    private interface Apply {
        void run(Wire wire, int client, int round) throws IOException;
    }

    private static double perSecond(URI server, Apply apply) throws Exception {
        int rounds = 1_500;
        inParallel(server, (wire, client) -> {
            for (int round = 0; round < rounds; round++) {
                apply.run(wire, client, round);
            }
        });
        List<Double> measured = new ArrayList<>();
        for (int repeat = 1; repeat <= 3; repeat++) {
            int base = repeat * rounds;
            long begin = System.nanoTime();
            inParallel(server, (wire, client) -> {
                for (int round = base; round < base + rounds; round++) {
                    apply.run(wire, client, round);
                }
            });
            measured.add(CLIENTS * rounds / ((System.nanoTime() - begin) / 1e9));
        }
        measured.sort(null);
        return measured.get(1);
    }

    private static void inParallel(URI server, Client client) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                int number = i;
                running.add(threads.submit(() -> {
                    try (Wire wire = new Wire(server)) {
                        client.run(wire, number);
                    }
                    return null;
                }));
            }
            for (Future<?> each : running) {
                each.get(10, TimeUnit.MINUTES);
            }
        } catch (ExecutionException e) {
            throw new IOException("A client failed", e);
        } finally {
            threads.shutdownNow();
        }
    }

    private static String map(String name, int value) {
        StringBuilder data = new StringBuilder();
        for (int i = 0; i < 10; i++) {
            data.append(i == 0 ? "" : ",")
                    .append("\"k")
                    .append(i)
                    .append("\":\"v")
                    .append(i == 0 ? value : i)
                    .append('"');
        }
        return """
                {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"%s","labels":{"app":"bench"}},"data":{%s}}""".formatted(name, data);
    }

    private static String deployment(String name, int version) {
        return """
                {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"%1$s","labels":{"app":"%1$s"}},
                "spec":{"replicas":0,"paused":true,"selector":{"matchLabels":{"app":"%1$s"}},"template":{"metadata":
                {"labels":{"app":"%1$s"}},"spec":{"containers":[{"name":"web","image":"example.com/web:%2$d","ports":
                [{"containerPort":80}],"env":[{"name":"A","value":"1"},{"name":"B","value":"2"}],"resources":
                {"requests":{"cpu":"100m","memory":"64Mi"}}}]}}}}""".formatted(name, version);
    }
}
