package dev.trimtab.sandbox.api.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.Json;
import dev.trimtab.sandbox.api.access.Action;
import dev.trimtab.sandbox.api.access.Rbac;
import dev.trimtab.sandbox.api.access.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reviews: POSTs that ask who one is and what one may do. */
final class Questions {

    private final Optional<Rbac> rbac;

    /** @param rbac empty where everything is allowed */
    Questions(Optional<Rbac> rbac) {
        this.rbac = rbac;
    }

    ObjectNode answer(ObjectNode review, User user) {
        ObjectNode answer = review.deepCopy();
        JsonNode spec = review.path("spec");
        ObjectNode status = answer.putObject("status");
        switch (review.path("kind").asText()) {
            case "SelfSubjectReview" -> {
                ObjectNode info = status.putObject("userInfo").put("username", user.name());
                user.groups().forEach(info.putArray("groups")::add);
            }
            case "SelfSubjectRulesReview" ->
                rules(status, user, spec.path("namespace").asText());
            case "SubjectAccessReview", "LocalSubjectAccessReview" -> decide(status, subject(spec), action(spec));
            default -> decide(status, user, action(spec));
        }
        Json.metadata(answer).putNull("creationTimestamp");
        return answer;
    }

    /** Exactly as the review says, without the groups that a login would add. */
    private static User subject(JsonNode spec) {
        List<String> groups = new ArrayList<>();
        spec.path("groups").forEach(group -> groups.add(group.asText()));
        return new User(spec.path("user").asText(), groups);
    }

    private static Action action(JsonNode spec) {
        JsonNode path = spec.path("nonResourceAttributes");
        if (path.isObject()) {
            return Action.onPath(path.path("verb").asText(), path.path("path").asText());
        }
        JsonNode resource = spec.path("resourceAttributes");
        return new Action(
                resource.path("verb").asText(),
                resource.path("group").asText(),
                resource.path("resource").asText(),
                resource.path("subresource").asText(),
                resource.path("namespace").asText(),
                resource.path("name").asText(),
                "");
    }

    private void decide(ObjectNode status, User user, Action action) {
        Rbac.Decision decision = rbac.map(it -> it.decide(user, action)).orElseGet(() -> new Rbac.Decision(true, ""));
        status.put("allowed", decision.allowed());
        if (!decision.reason().isEmpty()) {
            status.put("reason", decision.reason());
        }
    }

    private void rules(ObjectNode status, User user, String namespace) {
        ArrayNode resources = status.putArray("resourceRules");
        ArrayNode paths = status.putArray("nonResourceRules");
        boolean everything = rbac.isEmpty() || user.equals(User.ADMIN);
        if (everything) {
            resources.add(Json.object()
                    .<ObjectNode>set("verbs", Json.object().arrayNode().add("*"))
                    .<ObjectNode>set("apiGroups", Json.object().arrayNode().add("*"))
                    .<ObjectNode>set("resources", Json.object().arrayNode().add("*")));
        } else {
            rbac.get()
                    .rules(user, namespace)
                    .forEach(rule -> (rule.has("nonResourceURLs") ? paths : resources).add(rule));
        }
        status.put("incomplete", false);
    }
}
