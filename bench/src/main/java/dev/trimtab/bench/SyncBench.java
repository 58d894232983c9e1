package dev.trimtab.bench;

import dev.trimtab.sandbox.faults.Fault;
import dev.trimtab.sandbox.faults.Faults.Injected;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What a sync of many objects costs at rest, and how fast it heals. */
public final class SyncBench {

    private static final int OBJECTS = 5_000;
    private static final int EDITS = 200;
    private static final List<String> VERBS = List.of("get", "list", "create", "update", "patch", "delete");

    private final Report report;
    private final RunningSync sync;

    private SyncBench(Report report, RunningSync sync) {
        this.report = report;
        this.sync = sync;
    }

    /** @param arguments bin/trimtab, which becomes the process that is measured */
    public static void main(String[] arguments) throws Exception {
        Report report = new Report();
        try (RunningSync sync = new RunningSync(List.of("node-1"))) {
            SyncBench bench = new SyncBench(report, sync);
            bench.start(Path.of(arguments[0]));
            bench.rest();
            bench.heal();
        }
        report.print("The sync");
    }

    private void start(Path program) throws Exception {
        for (int i = 0; i < OBJECTS / 4; i++) {
            sync.write("app-" + i + ".yaml", app(i));
        }
        long begin = System.nanoTime();
        sync.start(program);
        report.fact("start and first apply of 5,000 objects", (System.nanoTime() - begin) / 1e9, "s");
    }

    private static String app(int number) {
        String metadata = "metadata: {name: app-" + number + ", namespace: default}";
        return """
                apiVersion: apps/v1
                kind: Deployment
                %1$s
                spec:
                  replicas: 0
                  selector: {matchLabels: {app: app-%2$d}}
                  template:
                    metadata: {labels: {app: app-%2$d}}
                    spec:
                      containers:
                      - name: app
                        image: example.com/app:1
                        env: [{name: MODE, value: fast}]
                        ports: [{containerPort: 8080}]
                ---
                {apiVersion: v1, kind: Service, %1$s, spec: {selector: {app: app-%2$d}, ports: [{port: 80}]}}
                ---
                {apiVersion: v1, kind: ServiceAccount, %1$s}
                ---
                {apiVersion: v1, kind: ConfigMap, %1$s, data: {mode: fast, level: high}}
                """.formatted(metadata, number);
    }

    /** Ten polls and more. */
    private void rest() throws Exception {
        TimeUnit.SECONDS.sleep(10);
        List<Injected> counters = new ArrayList<>();
        for (String verb : VERBS) {
            counters.add(sync.sandbox().faults().on(verb, "*").inject(Fault.delay(Duration.ZERO)));
        }
        TimeUnit.SECONDS.sleep(10);
        report.atMost(
                "requests in ten seconds of rest, twenty polls of Git",
                counters.stream().mapToInt(Injected::hits).sum(),
                0,
                "requests");
        sync.sandbox().faults().clear();
        report.atMost("resident memory at rest with 5,000 objects", memory("VmRSS"), 256, "MiB");
        report.fact("its peak, the first apply included", memory("VmHWM"), "MiB");
    }

    private double memory(String name) throws IOException {
        try (Stream<String> status =
                Files.lines(Path.of("/proc", Long.toString(sync.running().pid()), "status"))) {
            String line = status.filter(text -> text.startsWith(name + ":"))
                    .findFirst()
                    .orElse(name + ": 0 kB");
            return Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024;
        }
    }

    /** From the answer to a foreign edit to Git's value in the cluster. */
    private void heal() throws Exception {
        double[] millis = new double[EDITS];
        for (int i = 0; i < EDITS; i++) {
            String object = "/api/v1/namespaces/default/configmaps/app-" + i;
            sync.merge(object, "{\"data\":{\"mode\":\"slow\"}}");
            long begin = System.nanoTime();
            while (!sync.get(object).replace(" ", "").contains("\"mode\":\"fast\"")) {
                TimeUnit.MILLISECONDS.sleep(2);
            }
            millis[i] = (System.nanoTime() - begin) / 1e6;
        }
        Arrays.sort(millis);
        report.fact("foreign edit to healed, median of 200", millis[EDITS / 2], "ms");
        report.atMost("foreign edit to healed, p95 of 200", millis[EDITS * 95 / 100], 1_000, "ms");
        report.fact("foreign edit to healed, slowest of 200", millis[EDITS - 1], "ms");
    }
}
