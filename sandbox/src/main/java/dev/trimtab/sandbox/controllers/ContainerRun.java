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

    /** The pod's restart policy as it holds for one container. */
    enum Restart {
        ALWAYS,
        ON_FAILURE,
        NEVER;

        private boolean after(int exitCode) {
            return this == ALWAYS || (this == ON_FAILURE && exitCode != 0);
        }
    }

    private enum Phase {
        WAITING,
        STARTING,
        RUNNING,
        STOPPING,
        UNPULLABLE,
        /** Ended by itself and about to be started again. */
        CRASHED,
        BACKING_OFF,
        ENDED
    }

    /** The end of one run of the container. */
    record End(String containerId, Instant startedAt, Instant finishedAt, int exitCode) {}

    private final Role role;
    private final Restart restart;
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
    private Optional<ContainerWork> work = Optional.empty();

    ContainerRun(Role role, Restart restart, KubeletTimes times) {
        this.role = role;
        this.restart = restart;
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
        restarts = status.path("restartCount").asInt();
        if (terminated.isObject()) {
            image = ImageReference.parse(present);
            containerId = status.path("containerID").asText();
            lastEnd = new End(
                    containerId,
                    ObjectMeta.time(terminated.path("startedAt"), now),
                    ObjectMeta.time(terminated.path("finishedAt"), now),
                    terminated.path("exitCode").asInt());
            ended(now);
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
        startedAt = ObjectMeta.time(running.path("startedAt"), now);
        work = ContainerWork.of(spec);
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
                    start(spec, now);
                }
            }
            case RUNNING -> {
                if (changed && role != Role.INIT) {
                    stop(now);
                } else if (isDue(now)) {
                    end(now, work.map(ContainerWork::exitCode).orElse(0));
                    ended(now);
                }
            }
            case STOPPING -> {
                if (isDue(now)) {
                    killed(now);
                    wanted = specified;
                    start(spec, now);
                }
            }
            case CRASHED -> {
                if (isDue(now)) {
                    wanted = specified;
                    start(spec, now);
                }
            }
            case UNPULLABLE -> {
                if (changed) {
                    wanted = specified;
                    start(spec, now);
                } else if (isDue(now)) {
                    due = null;
                }
            }
            case BACKING_OFF -> {
                if (changed) {
                    wanted = specified;
                    start(spec, now);
                } else if (isDue(now)) {
                    run(spec, now);
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
                    killed(now);
                }
            }
            case WAITING, STARTING, UNPULLABLE, CRASHED, BACKING_OFF -> {
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

    private void killed(Instant now) {
        end(now, work.isPresent() ? ContainerWork.KILLED : 0);
    }

    private void end(Instant now, int exitCode) {
        endBefore = lastEnd;
        lastEnd = new End(containerId, startedAt == null ? now : startedAt, now, exitCode);
        phase = Phase.ENDED;
        due = null;
    }

    /** What follows when a container has ended by itself. */
    private void ended(Instant now) {
        boolean again = lastEnd != null && restart.after(lastEnd.exitCode());
        phase = again ? Phase.CRASHED : Phase.ENDED;
        due = again ? now.plus(times.containerStart()) : null;
    }

    private void start(JsonNode spec, Instant now) {
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
            run(spec, now);
        }
    }

    private void run(JsonNode spec, Instant now) {
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
        work = ContainerWork.of(spec);
        due = endOfWork(now);
    }

    private @Nullable Instant endOfWork(Instant start) {
        if (work.isPresent()) {
            Duration shortest = times.initRun();
            return work.get()
                    .runs()
                    .map(runs -> start.plus(runs.compareTo(shortest) < 0 ? shortest : runs))
                    .orElse(null);
        }
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

    boolean succeeded() {
        return completed() && lastEnd != null && lastEnd.exitCode() == 0;
    }

    /** Whether nothing of it runs now, and an end is the last that happened to it. */
    boolean terminated() {
        return completed() || phase == Phase.CRASHED;
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
        return role == Role.INIT ? succeeded() : started(spec, now);
    }

    boolean started(JsonNode spec, Instant now) {
        return running() && startedBy(spec).filter(at -> !at.isAfter(now)).isPresent();
    }

    boolean ready(JsonNode spec, Instant now) {
        return role == Role.INIT
                ? succeeded()
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

    /** The end before what its state shows. */
    Optional<End> endBeforeState() {
        return Optional.ofNullable(terminated() ? endBefore : lastEnd);
    }
}
