package dev.trimtab.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.kube.CountingProxy;
import dev.trimtab.metrics.Program;
import dev.trimtab.metrics.Series;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Prometheus sees of a sync. */
class MetricsScenarioTest {

    private static final Pattern SAMPLE = Pattern.compile("(trimtab_[a-z_]+)(?:\\{(.*)})? (\\S+)");

    private static final String SETTINGS = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: settings, namespace: NAMESPACE}
            data: {size: "1", password-hint: Swordfish77}
            """;

    private static final String WEB = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, namespace: NAMESPACE}
            spec:
              replicas: 3
              progressDeadlineSeconds: 2
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec: {terminationGracePeriodSeconds: 0, containers: [{name: app, image: "example.com/web:1"}]}
            """;

    @TempDir
    private Path folder;

    private ScenarioRig rig;

    @BeforeEach
    void start() {
        rig = new ScenarioRig(folder);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void allIsWellIsZerosThatAreThereAndScrapingAsksNobody() {
        rig.with("settings.yaml", SETTINGS).settled("");
        double before = Instant.now().toEpochMilli() / 1000.0;

        Map<String, Double> scraped = scrape();

        assertThat(scraped.entrySet().stream().filter(entry -> entry.getKey().startsWith("trimtab_drift_objects")))
                .hasSize(6)
                .allMatch(entry -> entry.getValue() == 0);
        assertThat(one("trimtab_cluster_up")).hasValue(1);
        assertThat(one("trimtab_source_up")).hasValue(1);
        assertThat(one("trimtab_cluster_applying")).hasValue(0);
        assertThat(one("trimtab_cluster_pending_commits")).hasValue(0);
        assertThat(one("trimtab_cluster_last_apply_failure_timestamp_seconds")).hasValue(0);
        assertThat(one("trimtab_cluster_last_apply_success_timestamp_seconds").orElseThrow())
                .isBetween(before - 120, before);
        assertThat(one("trimtab_changes_total", "action=\"create\"")).hasValue(2);
        assertThat(one("trimtab_watches").orElseThrow()).isGreaterThanOrEqualTo(2);
        assertThat(one("trimtab_leader")).hasValue(1);
        assertThat(one("trimtab_queue_handled_total").orElseThrow()).isPositive();
        assertThat(one("trimtab_queue_busy_seconds_total").orElseThrow()).isPositive();
        assertThat(scraped.entrySet().stream()
                        .filter(entry -> entry.getKey().startsWith("trimtab_queue_retries_total")))
                .hasSize(RetryReason.values().length)
                .allMatch(entry -> entry.getValue() == 0);
        // A poll that is under way waits for nobody, and is over in a moment.
        rig.patiently("nothing waits")
                .until(() -> one("trimtab_queue_depth").orElseThrow() == 0
                        && one("trimtab_queue_oldest_age_seconds").orElseThrow() == 0);
        assertThat(rig.requests()).isEmpty();
    }

    @Test
    void whatIsKnownStaysFreshAtRestAndGrowsOldWhenTheClusterIsCut() {
        rig.with("settings.yaml", SETTINGS).settled("");
        double settled = compared();

        rig.patch("v1", "ConfigMap", "settings", "a-person", "{\"metadata\": {\"annotations\": {\"seen\": \"1\"}}}");
        rig.patiently("an event makes it fresh").until(() -> compared() > settled);

        rig.proxy.close();
        rig.patiently("cut off").until(() -> one("trimtab_cluster_up").orElse(1) == 0);
        double cut = compared();
        rig.awaitPolls(2);
        assertThat(compared()).isEqualTo(cut);
        assertThat(one("trimtab_api_requests_total", "code=\"0\"").orElse(0)).isPositive();
    }

    @Test
    void aHandEditIsOneSeriesThatSaysSinceWhenAndByWhomUntilItIsPutBack() {
        rig.with("settings.yaml", SETTINGS).settled("  selfHeal: false\n");

        rig.patch("v1", "ConfigMap", "settings", "a-person", "{\"data\": {\"size\": \"2\"}}");

        rig.patiently("drifted")
                .until(() -> one("trimtab_drift_objects", "type=\"changed\"", "severity=\"warning\"")
                                .orElse(0)
                        == 1);
        String series = series("trimtab_drift_object_first_seen_timestamp_seconds");
        assertThat(series)
                .contains("kind=\"ConfigMap\"", "name=\"settings\"", "manager=\"a-person\"", "type=\"changed\"");

        rig.patch("v1", "ConfigMap", "settings", "a-person", "{\"data\": {\"size\": \"1\"}}");
        rig.patiently("put back")
                .until(() -> one("trimtab_drift_objects", "type=\"changed\"", "severity=\"warning\"")
                                .orElse(1)
                        == 0);
        assertThat(one("trimtab_drift_object_first_seen_timestamp_seconds")).isEmpty();
        assertThat(rig.metrics().scrape()).doesNotContain("Swordfish77");
    }

    @Test
    void aRepositoryThatIsAwayIsARetryAndTheSyncIsKeptAllTheSame() throws IOException {
        rig.with("settings.yaml", SETTINGS).settled("");

        Files.move(rig.repository.folder(), rig.repository.folder().resolveSibling("away.git"));

        rig.patiently("tried again")
                .until(() ->
                        one("trimtab_queue_retries_total", "reason=\"source\"").orElse(0) >= 1);
        assertThat(one("trimtab_queue_retries_total", "reason=\"cluster\"")).hasValue(0);
        assertThat(one("trimtab_leader")).hasValue(1);
    }

    @Test
    void whatWaitsForItsNextTryWaitsButDoesNotAge() {
        rig.with("settings.yaml", SETTINGS).settled("");
        rig.proxy.mishaps(
                request -> request.watches() ? Optional.empty() : Optional.of(CountingProxy.Mishap.INTERNAL_ERROR));

        rig.with("settings.yaml", SETTINGS.replace("size: \"1\"", "size: \"2\""))
                .commit();

        rig.patiently("it fails and is tried again").until(() -> retries() >= 2);
        rig.patiently("between two tries")
                .until(() -> one("trimtab_queue_depth").orElse(0) >= 1
                        && one("trimtab_queue_oldest_age_seconds").orElse(1) == 0);
        rig.proxy.mishaps(request -> Optional.empty());
        rig.patiently("nothing waits any more")
                .until(() -> one("trimtab_queue_depth").orElse(1) == 0);
    }

    private double retries() {
        return Stream.of("apply", "cluster")
                .mapToDouble(reason -> one("trimtab_queue_retries_total", "reason=\"" + reason + "\"")
                        .orElse(0))
                .sum();
    }

    @Test
    void aSyncThatHasEndedIsKeptByNobody() {
        rig.with("settings.yaml", SETTINGS);
        String commit = rig.commit();
        Sync sync = rig.start("");
        rig.awaitSettled(commit);
        assertThat(one("trimtab_leader")).hasValue(1);

        sync.close();

        assertThat(one("trimtab_leader")).hasValue(0);
    }

    @Test
    void whatIsHealedIsCountedByKind() {
        rig.with("settings.yaml", SETTINGS).settled("");

        rig.patch("v1", "ConfigMap", "settings", "a-person", "{\"data\": {\"size\": \"2\"}}");

        rig.patiently("healed")
                .until(() -> one("trimtab_drift_corrections_total", "kind=\"ConfigMap\"")
                                .orElse(0)
                        == 1);
    }

    @Test
    void aRolloutThatGoesNoFurtherIsSeenAndOnlyWhileItIsThere() {
        rig.with("web.yaml", WEB).settled("");
        rig.patiently("running")
                .until(() -> rig.get("apps/v1", "Deployment", "web")
                                .at("/status/readyReplicas")
                                .asInt()
                        == 3);
        assertThat(one("trimtab_rollout_stalled")).isEmpty();

        rig.with("web.yaml", WEB.replace("web:1", "web:bad")).commit();
        rig.patiently("stalled")
                .until(() -> one("trimtab_rollout_stalled", "name=\"web\"").orElse(0) == 1);
        assertThat(one("trimtab_rollout_pods", "state=\"updating\"")).hasValue(1);
        assertThat(one("trimtab_rollout_pods", "state=\"waiting\"")).hasValue(2);

        rig.with("web.yaml", WEB).commit();
        rig.patiently("over").until(() -> one("trimtab_rollout_stalled").isEmpty());
    }

    @Test
    void everySeriesIsInTheCatalogueAndEveryOneThatIsAlwaysThereIsExported() {
        rig.with("settings.yaml", SETTINGS).settled("");

        Set<String> exported = scrape().keySet().stream()
                .map(series -> series.replaceFirst("\\{.*", ""))
                .map(series -> series.replaceFirst("_(bucket|count|sum|max)$", ""))
                .collect(Collectors.toSet());
        Set<String> known = Arrays.stream(Series.values()).map(Series::id).collect(Collectors.toSet());

        assertThat(known).containsAll(exported);
        assertThat(exported)
                .containsAll(Arrays.stream(Series.values())
                        .filter(series -> !Set.of(
                                        Series.DRIFT_FIRST_SEEN,
                                        Series.DRIFT_CORRECTIONS,
                                        Series.ROLLOUT_PODS,
                                        Series.ROLLOUT_STALLED,
                                        Series.SUSPENDED,
                                        Series.HOOKS)
                                .contains(series))
                        .map(Series::id)
                        .toList());
    }

    @Test
    void promtoolHasNothingToSayAboutAScrape() {
        Program promtool = Program.orNotRun("promtool");
        rig.with("settings.yaml", SETTINGS).settled("  selfHeal: false\n");
        rig.patch("v1", "ConfigMap", "settings", "a-person", "{\"data\": {\"size\": \"2\"}}");
        rig.patiently("drifted")
                .until(() ->
                        one("trimtab_drift_object_first_seen_timestamp_seconds").isPresent());

        // Names of the JVM's series are Micrometer's.
        String ours = rig.metrics()
                .scrape()
                .lines()
                .filter(line -> line.matches("(# (HELP|TYPE) )?trimtab_.*"))
                .collect(Collectors.joining("\n", "", "\n"));

        Program.Output output = promtool.runWith(ours, folder, "check", "metrics");
        assertThat(output.text()).isEmpty();
        assertThat(output.code()).isZero();
    }

    private double compared() {
        return one("trimtab_cluster_last_comparison_timestamp_seconds").orElseThrow();
    }

    private OptionalDouble one(String id, String... labels) {
        return scrape().entrySet().stream()
                .filter(entry -> entry.getKey().equals(id) || entry.getKey().startsWith(id + "{"))
                .filter(entry -> Arrays.stream(labels).allMatch(entry.getKey()::contains))
                .mapToDouble(Map.Entry::getValue)
                .findFirst();
    }

    private String series(String id) {
        return scrape().keySet().stream()
                .filter(series -> series.startsWith(id + "{"))
                .findFirst()
                .orElse("");
    }

    /** Values by series, the labels as they stand. */
    private Map<String, Double> scrape() {
        Map<String, Double> samples = new TreeMap<>();
        rig.metrics().scrape().lines().forEach(line -> {
            Matcher sample = SAMPLE.matcher(line);
            if (sample.matches()) {
                String labels = sample.group(2);
                samples.put(
                        sample.group(1) + (labels == null ? "" : "{" + labels + "}"),
                        Double.parseDouble(sample.group(3)));
            }
        });
        return samples;
    }
}
