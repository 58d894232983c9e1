package dev.trimtab.bootstrap.intake;

import java.util.Optional;

/**
 * What a person knows better than the source.
 *
 * @param name of the cluster
 * @param kubernetesVersion instead of the one that is written
 * @param nodeName of the machine that the source is for
 * @param nodeAddress of the same machine
 */
public record Wanted(
        Optional<String> name,
        Optional<String> kubernetesVersion,
        Optional<String> nodeName,
        Optional<String> nodeAddress) {

    public static final Wanted NOTHING =
            new Wanted(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
}
