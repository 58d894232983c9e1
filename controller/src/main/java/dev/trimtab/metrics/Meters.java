package dev.trimtab.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.core.metrics.Info;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** Registers {@link Series} and nothing else, so that the catalogue and what is exported cannot drift apart. */
final class Meters {

    private static final Duration[] BUCKETS = {
        Duration.ofMillis(10),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30)
    };

    private final PrometheusMeterRegistry registry;
    private final Map<Series, MultiGauge> rows = new EnumMap<>(Series.class);

    Meters(PrometheusMeterRegistry registry) {
        this.registry = registry;
    }

    /** @param labels in the order of {@link Series#labels} */
    void gauge(Series series, Supplier<Number> value, String... labels) {
        Gauge.builder(series.id(), value)
                .description(series.help())
                .tags(tags(series, List.of(labels)))
                .register(registry);
    }

    /** A gauge that is 1 and says something by its labels; Micrometer has no such kind and would take its name apart. */
    void info(Series series, String... labels) {
        Info.builder()
                .name(series.id())
                .help(series.help())
                .labelNames(series.labels().toArray(String[]::new))
                .register(registry.getPrometheusRegistry())
                .addLabelValues(labels);
    }

    Counter counter(Series series, String... labels) {
        return Counter.builder(series.id())
                .description(series.help())
                .tags(tags(series, List.of(labels)))
                .register(registry);
    }

    /** A counter that somebody else counts; {@code of} has to be held by somebody, or it is gone. */
    <T> void counter(Series series, T of, ToDoubleFunction<T> count, String... labels) {
        FunctionCounter.builder(series.id(), of, count)
                .description(series.help())
                .tags(tags(series, List.of(labels)))
                .register(registry);
    }

    Timer histogram(Series series, String... labels) {
        return Timer.builder(series.id().replaceFirst("_seconds$", ""))
                .description(series.help())
                .tags(tags(series, List.of(labels)))
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    /** One series of a gauge whose series come and go. */
    record Row(Number value, List<String> labels) {

        static Row of(Number value, String... labels) {
            return new Row(value, List.of(labels));
        }
    }

    /** What the gauge is from now on: other series of it are gone. */
    synchronized void rows(Series series, List<Row> now) {
        List<MultiGauge.Row<?>> all = new ArrayList<>();
        now.forEach(row -> all.add(MultiGauge.Row.of(tags(series, row.labels()), row.value())));
        rows.computeIfAbsent(
                        series,
                        any -> MultiGauge.builder(series.id())
                                .description(series.help())
                                .register(registry))
                .register(all, true);
    }

    private static Tags tags(Series series, List<String> values) {
        if (values.size() != series.labels().size()) {
            throw new IllegalArgumentException(series.id() + " has labels " + series.labels());
        }
        List<Tag> tags = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            tags.add(Tag.of(series.labels().get(i), values.get(i)));
        }
        return Tags.of(tags);
    }
}
