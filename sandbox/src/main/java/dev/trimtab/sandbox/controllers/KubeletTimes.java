package dev.trimtab.sandbox.controllers;

import java.time.Duration;

/**
 * How long a kubelet takes for what it does. Order and causes are a real kubelet's; durations are shorter where nobody learns
 * from waiting.
 *
 * @param sandboxStart from the first sight of a pod to its network
 * @param containerStart from the decision to start a container to its process
 * @param containerStop from the signal to a container's end
 * @param initRun how long a plain init container works, and the shortest that any command takes
 * @param taskRun how long a container works that is not restarted always and whose command says nothing
 * @param pullRetry from a failed pull to the back-off that follows it
 * @param backOffFirst the first restart back-off of an image, doubled each time; a real kubelet's is 10 s
 * @param backOffLast the longest back-off; a real kubelet's is 300 s
 */
public record KubeletTimes(
        Duration sandboxStart,
        Duration containerStart,
        Duration containerStop,
        Duration initRun,
        Duration taskRun,
        Duration pullRetry,
        Duration backOffFirst,
        Duration backOffLast) {

    /** Starts in about a sixth of a second and backs off a tenth as long as a real kubelet. */
    public static KubeletTimes quick() {
        return new KubeletTimes(
                Duration.ofMillis(60),
                Duration.ofMillis(100),
                Duration.ofMillis(150),
                Duration.ofMillis(50),
                Duration.ofSeconds(1),
                Duration.ofMillis(300),
                Duration.ofSeconds(1),
                Duration.ofSeconds(30));
    }
}
