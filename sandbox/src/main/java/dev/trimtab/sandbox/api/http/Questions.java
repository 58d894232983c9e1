package dev.trimtab.sandbox.api.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.Json;

/** Reviews: POSTs that ask something. Everything is allowed in the sandbox, and everybody is its administrator. */
final class Questions {

    ObjectNode answer(ObjectNode review) {
        ObjectNode answer = review.deepCopy();
        ObjectNode status = answer.putObject("status");
        switch (review.path("kind").asText()) {
            case "SelfSubjectReview" ->
                status.putObject("userInfo")
                        .put("username", "sandbox-admin")
                        .putArray("groups")
                        .add("system:masters")
                        .add("system:authenticated");
            case "SelfSubjectRulesReview" -> {
                ObjectNode rule = status.putArray("resourceRules").addObject();
                rule.putArray("verbs").add("*");
                rule.putArray("apiGroups").add("*");
                rule.putArray("resources").add("*");
                status.putArray("nonResourceRules");
                status.put("incomplete", false);
            }
            default -> status.put("allowed", true);
        }
        Json.metadata(answer).putNull("creationTimestamp");
        return answer;
    }
}
