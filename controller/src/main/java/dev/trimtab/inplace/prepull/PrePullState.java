package dev.trimtab.inplace.prepull;

import java.time.Duration;
import java.util.Optional;

/** Whether pods of a workload may restart with new images. */
public sealed interface PrePullState {

    /** Pods may restart: the images are there, or nobody waits for them. */
    record Ready() implements PrePullState {}

    /**
     * No pod may restart yet.
     *
     * @param done nodes that have the images
     * @param again when to look again though nothing was seen to happen
     */
    record Pulling(int done, int nodes, Optional<Duration> again) implements PrePullState {
        @Override
        public String toString() {
            return "new images are on " + done + " of " + nodes + " nodes";
        }
    }

    /**
     * No pod may restart: the image would not come up again.
     *
     * @param reason the kubelet's, with its message
     */
    record Failed(String node, String image, String reason, Optional<Duration> again) implements PrePullState {
        Failed again(Optional<Duration> later) {
            return new Failed(node, image, reason, later);
        }

        @Override
        public String toString() {
            return "image " + image + " cannot be pulled on node " + node + ": " + reason
                    + "; pods run on, and the node goes on trying. Change the image or its pull secret, or annotate the workload with "
                    + PrePullOrder.POLICY + ": \"false\" to go on without";
        }
    }

    default Optional<Duration> again() {
        if (this instanceof Pulling pulling) {
            return pulling.again();
        }
        return this instanceof Failed failed ? failed.again() : Optional.empty();
    }
}
