package dev.trimtab.sandbox.controllers;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * How far a Deployment may stray from its size while it rolls: absolute numbers, from {@code maxSurge} rounded up and
 * {@code maxUnavailable} rounded down. Recreate allows neither.
 */
record RolloutStrategy(boolean rolling, int replicas, int maxSurge, int maxUnavailable) {

    static RolloutStrategy of(JsonNode deployment) {
        JsonNode spec = deployment.path("spec");
        int replicas = spec.path("replicas").asInt(1);
        if (spec.path("strategy").path("type").asText().equals("Recreate")) {
            return new RolloutStrategy(false, replicas, 0, 0);
        }
        JsonNode bounds = spec.path("strategy").path("rollingUpdate");
        int surge = (int) Math.ceil(resolve(bounds.path("maxSurge"), replicas));
        int unavailable = (int) Math.floor(resolve(bounds.path("maxUnavailable"), replicas));
        if (surge == 0 && unavailable == 0) {
            // Both can round to nothing, and then nothing would ever move.
            unavailable = 1;
        }
        return new RolloutStrategy(true, replicas, surge, Math.min(unavailable, replicas));
    }

    private static double resolve(JsonNode intOrPercent, int replicas) {
        String text = intOrPercent.asText("25%");
        return text.endsWith("%")
                ? Integer.parseInt(text.substring(0, text.length() - 1)) * replicas / 100.0
                : Integer.parseInt(text);
    }

    int minAvailable() {
        return replicas - maxUnavailable;
    }

    int maxTotal() {
        return replicas + maxSurge;
    }
}
