package dev.trimtab.health;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** One entry of {@code status.conditions} (Kubernetes API conventions, "Typical status properties"). */
record Condition(String status, String reason, String message, boolean stale) {

    /** Empty where the object has no condition of that type. */
    static Optional<Condition> of(JsonNode live, String type) {
        long generation = live.path("metadata").path("generation").asLong(0);
        for (JsonNode condition : live.path("status").path("conditions")) {
            if (condition.path("type").asText("").equals(type)) {
                JsonNode observed = condition.path("observedGeneration");
                return Optional.of(new Condition(
                        condition.path("status").asText(""),
                        condition.path("reason").asText(""),
                        condition.path("message").asText(""),
                        observed.isIntegralNumber() && observed.asLong() < generation));
            }
        }
        return Optional.empty();
    }

    static boolean is(JsonNode live, String type, String status) {
        return of(live, type)
                .filter(condition -> condition.status.equals(status))
                .isPresent();
    }

    /** {@code what} and whatever the condition says of it. */
    String told(String what) {
        String said = message.isEmpty() ? reason : reason.isEmpty() ? message : reason + ": " + message;
        return said.isEmpty() ? what : what + " (" + said.strip() + ")";
    }
}
