package dev.trimtab.kube;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How to reach a cluster.
 *
 * @param kubeconfig a file; empty means what {@code kubectl} would take ({@code $KUBECONFIG}, {@code ~/.kube/config}) and,
 *     where there is no such file, the service account of the pod
 * @param context of the kubeconfig; empty means its current context
 * @param requestTimeout of one attempt; watches are not bounded by it
 * @param retries how often a request that may be repeated is repeated, 0 for never
 */
public record ClusterSettings(
        Optional<Path> kubeconfig, Optional<String> context, Duration requestTimeout, int retries) {

    /** As a person at a terminal wants it: fails within seconds when the cluster is away. */
    public static ClusterSettings of(Path kubeconfig) {
        return new ClusterSettings(Optional.of(kubeconfig), Optional.empty(), Duration.ofSeconds(10), 2);
    }
}
