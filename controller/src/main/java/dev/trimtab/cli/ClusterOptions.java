package dev.trimtab.cli;

import dev.trimtab.kube.ClusterClient;
import dev.trimtab.kube.ClusterSettings;
import dev.trimtab.kube.Clusters;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which cluster a command talks to; the defaults are kubectl's. */
final class ClusterOptions {

    /** A person waits: a cluster that does not answer is said to be so after few tries. */
    private static final int RETRIES = 2;

    @Option(names = "--kubeconfig", paramLabel = "FILE", description = "default: $KUBECONFIG, then ~/.kube/config")
    private @Nullable Path kubeconfig;

    @Option(names = "--context", paramLabel = "NAME", description = "default: the file's current context")
    private @Nullable String context;

    @Option(
            names = "--request-timeout",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "how long one request may take (default: ${DEFAULT-VALUE})")
    private int requestTimeout;

    /** Whether a cluster was named. */
    boolean isGiven() {
        return kubeconfig != null || context != null;
    }

    /** The words by which another command means the same cluster, with a blank before them. */
    String given() {
        return (kubeconfig == null ? "" : " --kubeconfig " + kubeconfig)
                + (context == null ? "" : " --context " + context);
    }

    ClusterClient connect() {
        if (requestTimeout < 1) {
            throw new UserError("--request-timeout " + requestTimeout + " is less than one second");
        }
        return Clusters.connect(new ClusterSettings(
                Optional.ofNullable(kubeconfig),
                Optional.ofNullable(context),
                Duration.ofSeconds(requestTimeout),
                RETRIES));
    }
}
