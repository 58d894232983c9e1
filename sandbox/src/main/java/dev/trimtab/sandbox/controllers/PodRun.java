package dev.trimtab.sandbox.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.sandbox.controllers.ContainerRun.Restart;
import dev.trimtab.sandbox.controllers.ContainerRun.Role;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** One pod on its node: network first, then init containers in their order, then all others. */
final class PodRun {

    private final KubeletTimes times;
    private final String ip;
    private final Instant startTime;
    private final Instant networkAt;
    private final Map<String, ContainerRun> containers = new LinkedHashMap<>();

    /**
     * @param ip the address it has from the moment its network is there
     * @param now when the kubelet sees the pod for the first time
     */
    PodRun(JsonNode pod, String ip, KubeletTimes times, Instant now) {
        this.times = times;
        this.ip = ip;
        JsonNode status = pod.path("status");
        this.startTime = ObjectMeta.time(status.path("startTime"), now);
        boolean known = status.path("podIP").isTextual();
        this.networkAt = known ? now : now.plus(times.sandboxStart());
        containers(pod).forEach(spec -> {
            ContainerRun container = run(pod, spec);
            containers.put(spec.path("name").asText(), container);
            if (known) {
                container.adopt(spec, statusOf(pod, spec), now);
            }
        });
    }

    private static JsonNode statusOf(JsonNode pod, JsonNode spec) {
        return Stream.of("initContainerStatuses", "containerStatuses")
                .flatMap(list ->
                        StreamSupport.stream(pod.path("status").path(list).spliterator(), false))
                .filter(status -> status.path("name").equals(spec.path("name")))
                .findFirst()
                .orElseGet(() -> spec.path("no status"));
    }

    private ContainerRun run(JsonNode pod, JsonNode spec) {
        Role role = role(pod, spec);
        Restart podsOwn = switch (pod.path("spec").path("restartPolicy").asText("Always")) {
            case "Never" -> Restart.NEVER;
            case "OnFailure" -> Restart.ON_FAILURE;
            default -> Restart.ALWAYS;
        };
        Restart restart = switch (role) {
            case SIDECAR -> Restart.ALWAYS;
            case INIT -> podsOwn == Restart.NEVER ? Restart.NEVER : Restart.ON_FAILURE;
            case MAIN, TASK -> podsOwn;
        };
        return new ContainerRun(role, restart, times);
    }

    private static Role role(JsonNode pod, JsonNode spec) {
        for (JsonNode init : pod.path("spec").path("initContainers")) {
            if (init.path("name").equals(spec.path("name"))) {
                return spec.path("restartPolicy").asText().equals("Always") ? Role.SIDECAR : Role.INIT;
            }
        }
        String policy = pod.path("spec").path("restartPolicy").asText("Always");
        return policy.equals("Always") ? Role.MAIN : Role.TASK;
    }

    /** Specs in the order in which they start. */
    static Stream<JsonNode> containers(JsonNode pod) {
        return Stream.of("initContainers", "containers")
                .flatMap(
                        list -> StreamSupport.stream(pod.path("spec").path(list).spliterator(), false));
    }

    ContainerRun container(JsonNode spec) {
        return containers.computeIfAbsent(
                spec.path("name").asText(), name -> new ContainerRun(Role.MAIN, Restart.ALWAYS, times));
    }

    /** Takes every step that is due. */
    void advance(JsonNode pod, Instant now) {
        if (ObjectMeta.deleting(pod)) {
            containers.values().forEach(container -> container.windDown(now));
        } else if (networkReady(now)) {
            containers(pod).forEach(spec -> container(spec).advance(spec, now));
            beginWhoseTurnItIs(pod, now);
            if (initFailed()) {
                containers.values().forEach(container -> container.windDown(now));
            } else if (workDone()) {
                containers.values().stream()
                        .filter(container -> container.role() == Role.SIDECAR)
                        .forEach(container -> container.windDown(now));
            }
        }
    }

    private void beginWhoseTurnItIs(JsonNode pod, Instant now) {
        boolean initialized = true;
        for (JsonNode spec : pod.path("spec").path("initContainers")) {
            if (initialized) {
                container(spec).begin(spec, now);
                initialized = container(spec).letsTheNextStart(spec, now);
            }
        }
        if (initialized) {
            pod.path("spec").path("containers").forEach(spec -> container(spec).begin(spec, now));
        }
    }

    private boolean initFailed() {
        return containers.values().stream()
                .anyMatch(
                        container -> container.role() == Role.INIT && container.completed() && !container.succeeded());
    }

    private boolean workDone() {
        return containers.values().stream()
                .filter(container -> container.role() == Role.MAIN || container.role() == Role.TASK)
                .allMatch(ContainerRun::completed);
    }

    /** When something happens next without a change of the pod. */
    Optional<Instant> next(JsonNode pod, Instant now) {
        Stream<Instant> containersNext =
                containers(pod).flatMap(spec -> container(spec).next(spec, now));
        return Stream.concat(Stream.of(networkAt).filter(at -> at.isAfter(now)), containersNext)
                .min(Comparator.naturalOrder());
    }

    boolean networkReady(Instant now) {
        return !now.isBefore(networkAt);
    }

    /** Nothing runs and nothing will. */
    boolean stopped() {
        return containers.values().stream().allMatch(ContainerRun::ended);
    }

    String ip() {
        return ip;
    }

    Instant startTime() {
        return startTime;
    }
}
