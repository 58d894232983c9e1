package dev.trimtab.cli;

import dev.trimtab.metrics.Metrics;
import dev.trimtab.metrics.MetricsServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whether and where Prometheus and kubelets may ask how the controller does. */
final class MetricsOptions {

    @Option(
            names = "--metrics",
            paramLabel = "HOST:PORT",
            description = "answer there: /metrics for Prometheus, /healthz and /readyz for probes (default: nowhere)")
    private @Nullable String address;

    /** @param dead names of syncs that do not work any more */
    Optional<MetricsServer> serve(Metrics metrics, Supplier<Set<String>> dead) {
        if (address == null) {
            return Optional.empty();
        }
        InetSocketAddress parsed = ListenAddress.parse(address);
        try {
            return Optional.of(new MetricsServer(parsed, metrics, dead));
        } catch (IOException e) {
            throw new UserError(
                    "nobody can listen on " + address + ": " + e.getMessage(), "give --metrics another address");
        }
    }
}
