package dev.trimtab.inplace;

import dev.trimtab.kube.ObjectKey;
import java.util.Optional;

/**
 * How far a rollout is.
 *
 * @param updated pods at the new template that are available
 * @param updating pods at the new template that are not yet
 * @param waiting pods that are still to get it
 * @param stalled why it goes no further
 */
public record RolloutProgress(ObjectKey workload, int updated, int updating, int waiting, Optional<String> stalled) {}
