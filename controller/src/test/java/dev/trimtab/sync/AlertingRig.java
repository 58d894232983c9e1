package dev.trimtab.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.trimtab.metrics.Program;
import dev.trimtab.metrics.Shipped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * Prometheus and Alertmanager as they are installed, with the shipped rules and the shipped example, only in seconds where those
 * have minutes; and somebody who hears of alerts.
 */
final class AlertingRig implements AutoCloseable {

    /** @param receiver as the example calls it */
    record Notice(String receiver, String alert, boolean firing) {}

    private final ObjectMapper mapper = new ObjectMapper();
    private final HttpClient client = HttpClient.newHttpClient();
    private final Path folder;
    private final HttpServer receiver;
    private final List<Notice> notices = new CopyOnWriteArrayList<>();
    private final Deque<Process> processes = new ArrayDeque<>();
    private final Map<String, Process> programs = new LinkedHashMap<>();
    private final int alertmanager = freePort();
    private final int prometheus = freePort();
    private final int controller;

    /** @param controller the port of its metrics */
    AlertingRig(Path folder, int controller) {
        this.folder = folder;
        this.controller = controller;
        Program monitor = Program.orNotRun("prometheus");
        Program manager = Program.orNotRun("prometheus-alertmanager");
        try {
            receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            receiver.createContext("/", exchange -> {
                JsonNode body = mapper.readTree(exchange.getRequestBody());
                String path = exchange.getRequestURI().getPath().substring(1);
                body.path("alerts")
                        .forEach(alert -> notices.add(new Notice(
                                path,
                                alert.at("/labels/alertname").asText(),
                                alert.path("status").asText().equals("firing"))));
                exchange.sendResponseHeaders(200, -1);
                exchange.close();
            });
            receiver.start();
            write(
                    "alertmanager.yaml",
                    Shipped.read(Shipped.ALERTMANAGER)
                            .replace(
                                    "http://127.0.0.1:9999",
                                    "http://127.0.0.1:" + receiver.getAddress().getPort())
                            .replaceAll("group_wait: \\w+", "group_wait: 0s")
                            .replaceAll("group_interval: \\w+", "group_interval: 1s"));
            write(
                    "rules.yaml",
                    Shipped.read(Shipped.RULES)
                            .replaceAll("interval: 1m", "interval: 1s")
                            .replaceAll(" for: \\w+", " for: 3s")
                            .replaceAll("keep_firing_for: \\w+", "keep_firing_for: 15s")
                            .replace("fetch_timestamp_seconds) > 900", "fetch_timestamp_seconds) > 8"));
            write("prometheus.yaml", """
                    global: {scrape_interval: 1s, evaluation_interval: 1s}
                    rule_files: [rules.yaml]
                    scrape_configs:
                    - job_name: trimtab
                      static_configs: [{targets: ["127.0.0.1:%d"]}]
                    alerting:
                      alertmanagers:
                      - static_configs: [{targets: ["127.0.0.1:%d"]}]
                    """.formatted(controller, alertmanager));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        run(
                "alertmanager",
                manager.file().toString(),
                "--config.file=alertmanager.yaml",
                "--storage.path=alertmanager",
                "--cluster.listen-address=",
                "--web.listen-address=127.0.0.1:" + alertmanager);
        run(
                "prometheus",
                monitor.file().toString(),
                "--config.file=prometheus.yaml",
                "--storage.tsdb.path=prometheus",
                "--rules.alert.resend-delay=1s",
                "--web.listen-address=127.0.0.1:" + prometheus);
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(folder.resolve(file), text);
    }

    /** Starts a program without which nothing here means anything. */
    private void run(String name, String... command) {
        programs.put(name, start(name, command));
    }

    /** Starts a process that ends with this rig at the latest; what it says is in a file of its name. */
    Process start(String name, String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            folder.resolve(name + ".log").toFile()))
                    .start();
            processes.push(process);
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code trimtab run} with this file of ClusterSyncs. */
    Process controller(Path config) {
        return start(
                "trimtab",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "dev.trimtab.cli.Trimtab",
                "run",
                "--config",
                config.toString(),
                "--cache",
                folder.resolve("cache").toString(),
                "--metrics",
                "127.0.0.1:" + controller);
    }

    /**
     * What Prometheus answers to an expression, by one label; labels that are alike are added up.
     *
     * @param at the time that is asked for
     */
    Map<String, Double> query(String expression, String label, Instant at) {
        Map<String, Double> values = new TreeMap<>();
        JsonNode answer = get("http://127.0.0.1:" + prometheus + "/api/v1/query?query="
                + URLEncoder.encode(expression, StandardCharsets.UTF_8) + "&time=" + at.toEpochMilli() / 1000.0);
        assertThat(answer.path("status").asText("no answer"))
                .as(expression + ": " + answer)
                .isEqualTo("success");
        answer.at("/data/result")
                .forEach(one -> values.merge(
                        one.path("metric").path(label).asText(),
                        Double.parseDouble(one.at("/value/1").asText()),
                        Double::sum));
        return values;
    }

    /** What receivers heard since {@link #forget}. */
    List<Notice> notices() {
        return List.copyOf(notices);
    }

    List<String> fired() {
        return notices.stream()
                .filter(Notice::firing)
                .map(Notice::alert)
                .distinct()
                .sorted()
                .toList();
    }

    /** Who heard that the alert fires. */
    List<String> receivers(String alert) {
        return notices.stream()
                .filter(notice -> notice.firing() && notice.alert().equals(alert))
                .map(Notice::receiver)
                .distinct()
                .toList();
    }

    void forget() {
        notices.clear();
    }

    /** {@code active}, {@code suppressed} or nothing, by Alertmanager. */
    Optional<String> state(String alert) {
        JsonNode all = alerts();
        for (JsonNode one : all) {
            if (one.at("/labels/alertname").asText().equals(alert)) {
                return Optional.of(one.at("/status/state").asText());
            }
        }
        return Optional.empty();
    }

    /** Whether Alertmanager is there and knows of no alert. */
    boolean silent() {
        return silentBut("");
    }

    /** The same, one alert aside. */
    boolean silentBut(String alert) {
        JsonNode all = alerts();
        if (!all.isArray()) {
            return false;
        }
        for (JsonNode one : all) {
            if (!one.at("/labels/alertname").asText().equals(alert)) {
                return false;
            }
        }
        return true;
    }

    private JsonNode alerts() {
        programs.forEach((name, process) -> {
            if (!process.isAlive()) {
                throw new AssertionError(name + " ended: " + Shipped.read(folder.resolve(name + ".log")));
            }
        });
        return get("http://127.0.0.1:" + alertmanager + "/api/v2/alerts");
    }

    /** Nothing where nobody listens yet. */
    private JsonNode get(String address) {
        try {
            return mapper.readTree(
                    client.send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString())
                            .body());
        } catch (IOException e) {
            return mapper.missingNode();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Ends a process and waits for its end. */
    static void end(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        processes.forEach(AlertingRig::end);
        receiver.stop(0);
    }
}
