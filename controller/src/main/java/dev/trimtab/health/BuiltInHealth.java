package dev.trimtab.health;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.Set;

/** Kinds of Kubernetes itself that are no workloads. One without a rule has nothing more to become once it is there. */
final class BuiltInHealth {

    /** A HorizontalPodAutoscaler that says one of these waits for its specification to change. */
    private static final Set<String> WRONG_AUTOSCALER =
            Set.of("InvalidSelector", "InvalidMetricSourceType", "AmbiguousSelector");

    private BuiltInHealth() {}

    static Health of(String kind, JsonNode live) {
        return switch (kind) {
            case "Job" -> job(live);
            case "Pod" -> pod(live);
            case "PersistentVolumeClaim" -> claim(live);
            case "PersistentVolume" -> volume(live);
            case "Service" -> service(live);
            case "Namespace" -> namespace(live);
            case "CustomResourceDefinition" -> definition(live);
            case "APIService" -> apiService(live);
            case "PodDisruptionBudget" -> budget(live);
            case "HorizontalPodAutoscaler" -> autoscaler(live);
            case "Node" -> ConditionHealth.of(live, false);
            default -> new Health.Healthy();
        };
    }

    private static Health job(JsonNode live) {
        Optional<Condition> failed =
                Condition.of(live, "Failed").filter(c -> c.status().equals("True"));
        if (failed.isPresent()) {
            return new Health.Failed(failed.get().told("it failed"));
        }
        if (Condition.is(live, "Complete", "True")) {
            return new Health.Healthy();
        }
        if (live.path("spec").path("suspend").asBoolean(false)) {
            return new Health.Healthy();
        }
        JsonNode status = live.path("status");
        return new Health.Progressing(
                status.hasNonNull("startTime")
                        ? "it runs: " + status.path("active").asInt(0) + " active, "
                                + status.path("succeeded").asInt(0) + " succeeded, "
                                + status.path("failed").asInt(0) + " failed"
                        : "it has not started");
    }

    private static Health pod(JsonNode live) {
        JsonNode status = live.path("status");
        return switch (status.path("phase").asText("")) {
            case "Succeeded" -> new Health.Healthy();
            case "Failed" ->
                new Health.Failed("it failed"
                        + in(
                                status.path("reason").asText(""),
                                status.path("message").asText("")));
            case "Unknown" -> new Health.Unknown("its node does not answer");
            default -> Condition.is(live, "Ready", "True") ? new Health.Healthy() : unready(live);
        };
    }

    private static Health unready(JsonNode live) {
        for (String list : new String[] {"initContainerStatuses", "containerStatuses"}) {
            for (JsonNode container : live.path("status").path(list)) {
                JsonNode waiting = container.path("state").path("waiting");
                String reason = waiting.path("reason").asText("");
                String name = "container " + container.path("name").asText("");
                if (reason.equals("CrashLoopBackOff")) {
                    return new Health.Failed(name + " ends again and again (CrashLoopBackOff)");
                }
                if (!reason.isEmpty() && !reason.equals("ContainerCreating") && !reason.equals("PodInitializing")) {
                    return new Health.Progressing(
                            name + " waits" + in(reason, waiting.path("message").asText("")));
                }
            }
        }
        return Condition.of(live, "PodScheduled")
                .filter(condition -> condition.status().equals("False"))
                .<Health>map(condition -> new Health.Progressing(condition.told("it has no node")))
                .orElseGet(() -> new Health.Progressing("it is not ready"));
    }

    private static Health claim(JsonNode live) {
        return switch (live.path("status").path("phase").asText("")) {
            case "Bound" -> new Health.Healthy();
            case "Lost" -> new Health.Failed("its volume is lost");
            default ->
                new Health.Progressing(
                        "it is not bound; where its StorageClass waits for the first consumer, the pod that uses it binds it");
        };
    }

    private static Health volume(JsonNode live) {
        JsonNode status = live.path("status");
        return status.path("phase").asText("").equals("Failed")
                ? new Health.Failed("it failed"
                        + in(
                                status.path("reason").asText(""),
                                status.path("message").asText("")))
                : new Health.Healthy();
    }

    private static Health service(JsonNode live) {
        boolean balanced = live.path("spec").path("type").asText("").equals("LoadBalancer");
        return balanced
                        && live.path("status")
                                .path("loadBalancer")
                                .path("ingress")
                                .isEmpty()
                ? new Health.Progressing("it has no address of a load balancer yet")
                : new Health.Healthy();
    }

    private static Health namespace(JsonNode live) {
        return live.path("status").path("phase").asText("").equals("Terminating")
                ? new Health.Progressing("it is being deleted")
                : new Health.Healthy();
    }

    private static Health definition(JsonNode live) {
        if (Condition.is(live, "Established", "True")) {
            return new Health.Healthy();
        }
        return Condition.of(live, "NamesAccepted")
                .filter(condition -> condition.status().equals("False"))
                .<Health>map(condition -> new Health.Failed(condition.told("its names are taken")))
                .orElseGet(() -> new Health.Progressing("it is not established yet"));
    }

    private static Health apiService(JsonNode live) {
        Optional<Condition> available = Condition.of(live, "Available");
        if (available.isPresent() && available.get().status().equals("True")) {
            return new Health.Healthy();
        }
        return new Health.Progressing(available
                .map(condition -> condition.told("its server is not available"))
                .orElse("its server was not asked yet"));
    }

    private static Health budget(JsonNode live) {
        if (!live.path("status").path("observedGeneration").isIntegralNumber()) {
            return new Health.Progressing("its controller has not seen it yet");
        }
        return Condition.of(live, "DisruptionAllowed")
                .filter(condition -> condition.reason().equals("SyncFailed"))
                .<Health>map(condition -> new Health.Failed(condition.told("it cannot be computed")))
                .orElseGet(Health.Healthy::new);
    }

    /** Metrics that are missing may come; a selector that means two things does not get better. */
    private static Health autoscaler(JsonNode live) {
        if (live.path("apiVersion").asText("").equals("autoscaling/v1")) {
            return new Health.Unknown("autoscaling/v1 has no conditions");
        }
        if (live.path("status").path("conditions").isEmpty()) {
            return new Health.Progressing("its controller has not seen it yet");
        }
        for (String type : new String[] {"AbleToScale", "ScalingActive"}) {
            Optional<Condition> condition = Condition.of(live, type);
            boolean off = condition.isPresent()
                    && condition.get().status().equals("False")
                    && !condition.get().reason().equals("ScalingDisabled")
                    && !condition.get().reason().startsWith("Backoff");
            if (off) {
                String told = condition.get().told("it cannot scale");
                return WRONG_AUTOSCALER.contains(condition.get().reason())
                        ? new Health.Failed(told)
                        : new Health.Progressing(told);
            }
        }
        return new Health.Healthy();
    }

    private static String in(String reason, String message) {
        String said = message.isEmpty() ? reason : reason.isEmpty() ? message : reason + ": " + message;
        return said.isEmpty() ? "" : " (" + said + ")";
    }
}
