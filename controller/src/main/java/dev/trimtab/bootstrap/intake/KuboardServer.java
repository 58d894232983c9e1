package dev.trimtab.bootstrap.intake;

import java.util.OptionalInt;

/**
 * What a Kuboard server publishes, as far as somebody knows: its manifests do not tell.
 *
 * @param webPort of its pages
 * @param agentPort of the agents' tunnel
 */
public record KuboardServer(OptionalInt webPort, OptionalInt agentPort) {

    public static final KuboardServer UNKNOWN = new KuboardServer(OptionalInt.empty(), OptionalInt.empty());
}
