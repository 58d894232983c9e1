package dev.trimtab.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
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
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** The Prometheus that is installed here, as a process, with the rules that are shipped and the configuration of docs/alerts.md. */
final class Prometheus implements AutoCloseable {

    /** Between two scrapes, and between two evaluations. */
    static final int STEP_SECONDS = 15;

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final int port = freePort();
    private final Path log;
    private final Process process;

    private Prometheus(Path program, Path folder, Path rules, int target) throws IOException {
        Files.writeString(
                folder.resolve("prometheus.yaml"), """
                global: {scrape_interval: %1$ds, evaluation_interval: %1$ds}
                rule_files: ["%2$s"]
                scrape_configs:
                - job_name: trimtab
                  static_configs: [{targets: ["127.0.0.1:%3$d"]}]
                """.formatted(STEP_SECONDS, rules.toAbsolutePath(), target));
        log = folder.resolve("prometheus.log");
        process = new ProcessBuilder(
                        program.toString(),
                        "--config.file=prometheus.yaml",
                        "--storage.tsdb.path=prometheus",
                        "--web.listen-address=127.0.0.1:" + port)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    /** @param target the port of the metrics */
    static Optional<Prometheus> start(Path folder, Path rules, int target) throws IOException {
        Optional<Path> program = Arrays.stream(
                        System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .map(entry -> Path.of(entry, "prometheus"))
                .filter(Files::isExecutable)
                .findFirst();
        return program.isPresent()
                ? Optional.of(new Prometheus(program.get(), folder, rules, target))
                : Optional.empty();
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Waits until it has scraped and evaluated. */
    void awaitReady() throws IOException, InterruptedException {
        for (int i = 0; i < 120; i++) {
            if (!process.isAlive()) {
                throw new IllegalStateException("prometheus ended:\n" + Files.readString(log));
            }
            try {
                if (!values("up == 1", "job", Instant.now()).isEmpty()) {
                    return;
                }
            } catch (IOException notYet) {
                // It does not listen yet, which is why we are here.
            }
            TimeUnit.SECONDS.sleep(1);
        }
        throw new IllegalStateException("prometheus does not scrape:\n" + Files.readString(log));
    }

    /** The values of an expression at a time, by one label. */
    Map<String, Double> values(String expression, String label, Instant at) throws IOException, InterruptedException {
        JsonNode answer = get("query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8) + "&time="
                + at.toEpochMilli() / 1000.0);
        Map<String, Double> values = new TreeMap<>();
        for (JsonNode one : answer.at("/data/result")) {
            values.merge(
                    one.path("metric").path(label).asText(),
                    Double.parseDouble(one.at("/value/1").asText()),
                    Double::sum);
        }
        return values;
    }

    /** The value of an expression that has one series; 0 where it has none. */
    double value(String expression, Instant at) throws IOException, InterruptedException {
        return values(expression, "", at).values().stream()
                .mapToDouble(Double::doubleValue)
                .sum();
    }

    /** How many rules it has, by the health that it says of them. */
    Map<String, Integer> rules() throws IOException, InterruptedException {
        Map<String, Integer> rules = new TreeMap<>();
        for (JsonNode group : get("rules").at("/data/groups")) {
            for (JsonNode rule : group.path("rules")) {
                rules.merge(rule.path("health").asText(), 1, Integer::sum);
            }
        }
        return rules;
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        JsonNode answer = MAPPER.readTree(http.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/" + path))
                                .build(),
                        BodyHandlers.ofString())
                .body());
        if (!answer.path("status").asText().equals("success")) {
            throw new IOException(path + ": " + answer);
        }
        return answer;
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().completeOnTimeout(process, 20, TimeUnit.SECONDS).join();
    }
}
