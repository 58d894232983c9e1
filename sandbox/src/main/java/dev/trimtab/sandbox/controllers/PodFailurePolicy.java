package dev.trimtab.sandbox.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/** {@code spec.podFailurePolicy} of a Job: the first rule that a failed pod matches says what the failure means. */
final class PodFailurePolicy {

    /** @param what a pod did to match, as the Job's condition tells it */
    private record Match(String action, String what) {}

    private PodFailurePolicy() {}

    /** Whether the failure counts towards the Job's limit. */
    static boolean counts(JsonNode job, JsonNode pod) {
        return match(job, pod).filter(match -> match.action().equals("Ignore")).isEmpty();
    }

    /** Why this pod makes the whole Job fail. */
    static Optional<String> failsJob(JsonNode job, JsonNode pod) {
        return match(job, pod).filter(match -> match.action().equals("FailJob")).map(Match::what);
    }

    private static Optional<Match> match(JsonNode job, JsonNode pod) {
        JsonNode rules = job.path("spec").path("podFailurePolicy").path("rules");
        for (int i = 0; i < rules.size(); i++) {
            JsonNode rule = rules.get(i);
            String action = rule.path("action").asText();
            String end = " matching " + action + " rule at index " + i;
            Optional<String> what = rule.has("onExitCodes")
                    ? exit(rule.path("onExitCodes"), pod)
                    : condition(rule.path("onPodConditions"), pod);
            if (what.isPresent()) {
                return what.map(text -> new Match(action, text + end));
            }
        }
        return Optional.empty();
    }

    private static Optional<String> exit(JsonNode requirement, JsonNode pod) {
        for (String list : List.of("containerStatuses", "initContainerStatuses")) {
            for (JsonNode status : pod.path("status").path(list)) {
                JsonNode code = status.path("state").path("terminated").path("exitCode");
                JsonNode only = requirement.path("containerName");
                boolean concerned = only.isMissingNode() || only.equals(status.path("name"));
                if (concerned && code.asInt() != 0 && listed(requirement, code.asInt())) {
                    return Optional.of("Container " + status.path("name").asText() + " for pod " + Key.of(pod)
                            + " failed with exit code " + code.asInt());
                }
            }
        }
        return Optional.empty();
    }

    private static boolean listed(JsonNode requirement, int code) {
        boolean in = false;
        for (JsonNode value : requirement.path("values")) {
            in |= value.asInt() == code;
        }
        return in == requirement.path("operator").asText().equals("In");
    }

    private static Optional<String> condition(JsonNode patterns, JsonNode pod) {
        for (JsonNode condition : pod.path("status").path("conditions")) {
            for (JsonNode pattern : patterns) {
                if (pattern.path("type").equals(condition.path("type"))
                        && pattern.path("status")
                                .asText("True")
                                .equals(condition.path("status").asText())) {
                    return Optional.of("Pod " + Key.of(pod) + " has condition "
                            + condition.path("type").asText());
                }
            }
        }
        return Optional.empty();
    }
}
