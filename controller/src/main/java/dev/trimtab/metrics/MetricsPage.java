package dev.trimtab.metrics;

import java.util.Locale;

/** The reference page of all series, as Markdown. */
public final class MetricsPage {

    private MetricsPage() {}

    /** Made of {@link Series} alone. */
    public static String text() {
        StringBuilder page = new StringBuilder("""
                # Metrics

                `trimtab run --metrics HOST:PORT` answers there to Prometheus (`/metrics`) and to a kubelet's probes (`/healthz`, `/readyz`).
                A scrape asks neither cluster nor repository. No label holds a commit, a message or a value. Names, and what they mean, stay.

                | series | type | labels | what it says |
                |---|---|---|---|
                """);
        for (Series series : Series.values()) {
            page.append("| `")
                    .append(series.id())
                    .append("` | ")
                    .append(series.type().name().toLowerCase(Locale.ROOT))
                    .append(" | ")
                    .append(String.join(", ", series.labels()))
                    .append(" | ")
                    .append(series.help())
                    .append(" |\n");
        }
        return page.append("""

                Those of the Java machine come on top: `jvm_memory_*`, `jvm_gc_*`, `jvm_threads_*`, `jvm_classes_*`, `process_*`, `system_cpu_*`.

                A drifted object is critical where it is a Namespace, a Node, a CustomResourceDefinition, RBAC, a NetworkPolicy, an admission
                webhook or policy, anything in `kube-system` or `kube-flannel`, or a workload that is missing. Everything else is a warning.
                """).toString();
    }
}
