package dev.trimtab.sandbox.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One container of one pod, as the runtime of its node knows it. {@link #advance} compares it with its spec and the time and
 * takes every step that is due. An image that changed stops the container first and is pulled afterwards, so an image that
 * cannot be pulled leaves the container stopped, with what last ran still in its status.
 */
final class ContainerRun {

    enum Role {
        /** Runs to its end before the next container starts. */
        INIT,
        /** An init container with restartPolicy Always: started, then left running. */
        SIDECAR,
        MAIN,
        /** A main container of a pod that is not restarted always. */
        TASK
    }

    private enum Phase {
        WAITING,
        STARTING,
        RUNNING,
        STOPPING,
        UNPULLABLE,
        BACKING_OFF,
        ENDED
    }

    /** The end of one run of the container. */
    record End(String containerId, Instant startedAt, Instant finishedAt) {}

    private final Role role;
    private final KubeletTimes times;
    private final RestartBackOff backOff;
    private Phase phase = Phase.WAITING;
    private String wanted = "";
    private @Nullable Instant due;
    private @Nullable Instant startedAt;
    private @Nullable End lastEnd;
    private @Nullable End endBefore;
    private ImageReference image = new ImageReference("", "", "");
    private String containerId = "";
    private int restarts;

    ContainerRun(Role role, KubeletTimes times) {
        this.role = role;
        this.times = times;
        this.backOff = new RestartBackOff(times.backOffFirst(), times.backOffLast());
    }

    /**
     * Takes over a container that runs or has ended according to its pod's status, as a kubelet does that was restarted.
     *
     * @param spec the container's spec; another image there than in the status leads to a restart
     */
    void adopt(JsonNode spec, JsonNode status, Instant now) {
        JsonNode running = status.path("state").path("running");
        JsonNode terminated = status.path("state").path("terminated");
        String present = status.path("image").asText();
        if (terminated.isObject()) {
            phase = Phase.ENDED;
            image = ImageReference.parse(present);
            containerId = status.path("containerID").asText();
            lastEnd = new End(
                    containerId,
                    ObjectMeta.time(terminated.path("startedAt"), now),
                    ObjectMeta.time(terminated.path("finishedAt"), now));
        }
        if (!running.isObject()) {
            return;
        }
        phase = Phase.RUNNING;
        image = ImageReference.parse(present);
        boolean same =
                ImageReference.parse(spec.path("image").asText()).normalised().equals(present);
        wanted = same ? spec.path("image").asText() : present;
        containerId = status.path("containerID").asText();
        restarts = status.path("restartCount").asInt();
        startedAt = ObjectMeta.time(running.path("startedAt"), now);
        due = endOfWork(startedAt);
    }

    /** Lets a container that has not been started yet start. */
    void begin(JsonNode spec, Instant now) {
        if (phase == Phase.WAITING) {
            phase = Phase.STARTING;
            wanted = spec.path("image").asText();
            due = now.plus(times.containerStart());
        }
    }

    void advance(JsonNode spec, Instant now) {
        String specified = spec.path("image").asText();
        boolean changed = !specified.equals(wanted);
        switch (phase) {
            case STARTING -> {
                wanted = specified;
                if (isDue(now)) {
                    start(now);
                }
            }
            case RUNNING -> {
                if (changed && role != Role.INIT) {
                    stop(now);
                } else if (isDue(now)) {
                    end(now);
                }
            }
            case STOPPING -> {
                if (isDue(now)) {
                    end(now);
                    wanted = specified;
                    start(now);
                }
            }
            case UNPULLABLE -> {
                if (changed) {
                    wanted = specified;
                    start(now);
                } else if (isDue(now)) {
                    due = null;
                }
            }
            case BACKING_OFF -> {
                if (changed) {
                    wanted = specified;
                    start(now);
                } else if (isDue(now)) {
                    run(now);
                }
            }
            case WAITING, ENDED -> {
                // A container before its turn or after its work follows nothing.
            }
        }
    }

    /** Steps of a container whose pod is being removed: stop, and do not start again. */
    void windDown(Instant now) {
        switch (phase) {
            case RUNNING -> stop(now);
            case STOPPING -> {
                if (isDue(now)) {
                    end(now);
                }
            }
            case WAITING, STARTING, UNPULLABLE, BACKING_OFF -> {
                phase = Phase.ENDED;
                due = null;
            }
            case ENDED -> {
                // Nothing left to stop.
            }
        }
    }

    private boolean isDue(Instant now) {
        return due != null && !now.isBefore(due);
    }

    private void stop(Instant now) {
        phase = Phase.STOPPING;
        due = now.plus(times.containerStop());
    }

    private void end(Instant now) {
        endBefore = lastEnd;
        lastEnd = new End(containerId, startedAt == null ? now : startedAt, now);
        phase = Phase.ENDED;
        due = null;
    }

    private void start(Instant now) {
        if (!ImageReference.parse(wanted).canBePulled()) {
            phase = Phase.UNPULLABLE;
            due = now.plus(times.pullRetry());
            return;
        }
        boolean rightAfterItsEnd = lastEnd != null && lastEnd.finishedAt().equals(now);
        Instant earliest = backOff.earliest(
                wanted,
                Optional.ofNullable(rightAfterItsEnd ? endBefore : lastEnd).map(End::finishedAt),
                now);
        if (earliest.isAfter(now)) {
            phase = Phase.BACKING_OFF;
            due = earliest;
        } else {
            run(now);
        }
    }

    private void run(Instant now) {
        if (lastEnd != null) {
            restarts++;
            if (endBefore != null || !lastEnd.finishedAt().equals(now)) {
                backOff.started(wanted, now);
            }
        }
        phase = Phase.RUNNING;
        image = ImageReference.parse(wanted);
        containerId = "containerd://" + ImageReference.sha256(UUID.randomUUID().toString());
        startedAt = now;
        due = endOfWork(now);
    }

    private @Nullable Instant endOfWork(Instant start) {
        return switch (role) {
            case INIT -> start.plus(times.initRun());
            case TASK -> start.plus(times.taskRun());
            case SIDECAR, MAIN -> null;
        };
    }

    /** When something happens next, a change of readiness included. */
    Stream<Instant> next(JsonNode spec, Instant now) {
        return Stream.of(Optional.ofNullable(due), startedBy(spec), readyBy(spec))
                .flatMap(Optional::stream)
                .filter(at -> at.isAfter(now));
    }

    boolean running() {
        return phase == Phase.RUNNING || phase == Phase.STOPPING;
    }

    boolean ended() {
        return phase == Phase.ENDED;
    }

    /** Whether it ran to its end, rather than never having started. */
    boolean completed() {
        return ended() && lastEnd != null;
    }

    boolean hasRun() {
        return !containerId.isEmpty();
    }

    boolean waitsBefore() {
        return phase == Phase.WAITING || phase == Phase.STARTING;
    }

    boolean backsOff() {
        return phase == Phase.BACKING_OFF || (phase == Phase.UNPULLABLE && due == null && hasRun());
    }

    boolean unpullable() {
        return phase == Phase.UNPULLABLE;
    }

    /** The pull has just failed; later the kubelet waits before it tries again. */
    boolean pullFailedNow() {
        return phase == Phase.UNPULLABLE && due != null;
    }

    Duration backOffDelay() {
        Duration delay = backOff.delay(wanted);
        return delay.isZero() ? times.backOffFirst() : delay;
    }

    /** What follows must not start before: an init container must have ended, a sidecar must have started. */
    boolean letsTheNextStart(JsonNode spec, Instant now) {
        return role == Role.INIT ? completed() : started(spec, now);
    }

    boolean started(JsonNode spec, Instant now) {
        return running() && startedBy(spec).filter(at -> !at.isAfter(now)).isPresent();
    }

    boolean ready(JsonNode spec, Instant now) {
        return role == Role.INIT
                ? completed()
                : running() && readyBy(spec).filter(at -> !at.isAfter(now)).isPresent();
    }

    /** A probe is taken to succeed the first time it is asked after its initial delay and one period. */
    private Optional<Instant> readyBy(JsonNode spec) {
        return startedBy(spec).map(at -> at.plus(probeDelay(spec.path("readinessProbe"))));
    }

    private Optional<Instant> startedBy(JsonNode spec) {
        return Optional.ofNullable(running() ? startedAt : null)
                .map(at -> at.plus(probeDelay(spec.path("startupProbe"))));
    }

    private static Duration probeDelay(JsonNode probe) {
        return probe.isObject()
                ? Duration.ofSeconds(probe.path("initialDelaySeconds").asLong(0)
                        + probe.path("periodSeconds").asLong(10))
                : Duration.ZERO;
    }

    Role role() {
        return role;
    }

    String wantedImage() {
        return wanted;
    }

    ImageReference image() {
        return image;
    }

    String containerId() {
        return containerId;
    }

    int restarts() {
        return restarts;
    }

    Optional<Instant> startedAt() {
        return Optional.ofNullable(startedAt);
    }

    Optional<End> lastEnd() {
        return Optional.ofNullable(lastEnd);
    }
}
