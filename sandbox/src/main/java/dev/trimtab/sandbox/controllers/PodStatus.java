package dev.trimtab.sandbox.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.controllers.ContainerRun.Role;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A pod's status as a kubelet would write it now: a function of the pod and of what runs. Conditions that others own,
 * readiness gates above all, are kept and read.
 */
final class PodStatus {

    private final JsonNode pod;
    private final PodRun run;
    private final Instant now;

    private PodStatus(JsonNode pod, PodRun run, Instant now) {
        this.pod = pod;
        this.run = run;
        this.now = now;
    }

    static ObjectNode of(JsonNode pod, PodRun run, String hostIp, Instant now) {
        return new PodStatus(pod, run, now).json(hostIp);
    }

    private ObjectNode json(String hostIp) {
        ObjectNode status =
                pod.path("status").isObject() ? pod.path("status").deepCopy() : JsonNodeFactory.instance.objectNode();
        String phase = phase();
        if (ObjectMeta.generation(pod) > 0) {
            status.put("observedGeneration", ObjectMeta.generation(pod));
        }
        status.put("phase", phase);
        conditions(phase).forEach(condition -> Conditions.set(status, condition, now));
        status.put("hostIP", hostIp);
        status.putArray("hostIPs").addObject().put("ip", hostIp);
        if (run.networkReady(now)) {
            String ip = pod.path("spec").path("hostNetwork").asBoolean() ? hostIp : run.ip();
            status.put("podIP", ip);
            status.putArray("podIPs").addObject().put("ip", ip);
        }
        status.put("startTime", ObjectMeta.time(run.startTime()));
        statuses(status, "initContainers", "initContainerStatuses");
        statuses(status, "containers", "containerStatuses");
        if (!status.has("qosClass")) {
            status.put("qosClass", QosClass.of(pod));
        }
        return status;
    }

    private void statuses(ObjectNode status, String specs, String field) {
        JsonNode list = pod.path("spec").path(specs);
        if (!list.isEmpty()) {
            ArrayNode statuses = status.putArray(field);
            list.forEach(spec -> statuses.add(ContainerStatus.of(pod, spec, run.container(spec), now)));
        }
    }

    private String phase() {
        List<ContainerRun> main = mainContainers().map(run::container).collect(Collectors.toList());
        if (run.stopped()) {
            return main.stream().allMatch(ContainerRun::succeeded) ? "Succeeded" : "Failed";
        }
        return main.stream().allMatch(ContainerRun::hasRun) ? "Running" : "Pending";
    }

    private List<ObjectNode> conditions(String phase) {
        boolean done = phase.equals("Succeeded") || phase.equals("Failed");
        String doneReason = phase.equals("Succeeded") ? "PodCompleted" : "PodFailed";
        String notInitialized = names(initContainers(), spec -> {
            ContainerRun container = run.container(spec);
            return !(container.role() == Role.INIT ? container.succeeded() : container.hasRun());
        });
        String unready = names(
                Stream.concat(
                        initContainers().filter(spec -> run.container(spec).role() == Role.SIDECAR), mainContainers()),
                spec -> !run.container(spec).ready(spec, now));

        ObjectNode initialized = notInitialized.isEmpty()
                ? Conditions.condition("Initialized", true, phase.equals("Succeeded") ? doneReason : "", "")
                : Conditions.condition(
                        "Initialized",
                        false,
                        "ContainersNotInitialized",
                        "containers with incomplete status: [" + notInitialized + "]");
        ObjectNode containersReady;
        ObjectNode ready;
        if (done) {
            containersReady = Conditions.condition("ContainersReady", false, doneReason, "");
            ready = Conditions.condition("Ready", false, doneReason, "");
        } else if (!unready.isEmpty()) {
            String message = "containers with unready status: [" + unready + "]";
            containersReady = Conditions.condition("ContainersReady", false, "ContainersNotReady", message);
            ready = Conditions.condition("Ready", false, "ContainersNotReady", message);
        } else {
            containersReady = Conditions.condition("ContainersReady", true, "", "");
            String gates = closedGates();
            ready = gates.isEmpty()
                    ? Conditions.condition("Ready", true, "", "")
                    : Conditions.condition("Ready", false, "ReadinessGatesNotReady", gates);
        }
        List<ObjectNode> conditions = List.of(
                Conditions.condition("PodReadyToStartContainers", run.networkReady(now) && !run.stopped(), "", ""),
                initialized,
                ready,
                containersReady,
                Conditions.condition("PodScheduled", true, "", ""));
        if (ObjectMeta.generation(pod) > 0) {
            conditions.forEach(condition -> condition.put("observedGeneration", ObjectMeta.generation(pod)));
        }
        return conditions;
    }

    private String closedGates() {
        return stream(pod.path("spec").path("readinessGates"))
                .map(gate -> gate.path("conditionType").asText())
                .flatMap(gate -> {
                    JsonNode condition = Conditions.find(pod, gate);
                    if (condition.isMissingNode()) {
                        return Stream.of(
                                "corresponding condition of pod readiness gate \"" + gate + "\" does not exist.");
                    }
                    String value = condition.path("status").asText();
                    return value.equals("True")
                            ? Stream.of()
                            : Stream.of(
                                    "the status of pod readiness gate \"" + gate + "\" is not \"True\", but " + value);
                })
                .collect(Collectors.joining(", "));
    }

    private Stream<JsonNode> initContainers() {
        return stream(pod.path("spec").path("initContainers"));
    }

    private Stream<JsonNode> mainContainers() {
        return stream(pod.path("spec").path("containers"));
    }

    private static Stream<JsonNode> stream(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    private static String names(Stream<JsonNode> specs, Predicate<JsonNode> which) {
        return specs.filter(which).map(spec -> spec.path("name").asText()).collect(Collectors.joining(" "));
    }
}
