package dev.trimtab.sandbox.api.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.Cause;
import dev.trimtab.sandbox.api.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What a Job's spec may say, in a Job as in a CronJob's template, and what of it may change. */
final class JobRules {

    private static final List<String> COUNTS = List.of(
            "parallelism",
            "completions",
            "activeDeadlineSeconds",
            "backoffLimit",
            "ttlSecondsAfterFinished",
            "backoffLimitPerIndex",
            "maxFailedIndexes");
    private static final List<String> ACTIONS = List.of("Count", "FailIndex", "FailJob", "Ignore");
    /** Where a pod may run can still change while it has not been made. */
    private static final List<String> SCHEDULING = List.of("nodeSelector", "tolerations", "schedulingGates");

    private final String path;
    private final JsonNode spec;
    private final List<Cause> causes;

    /** @param path of the spec, for instance {@code spec.jobTemplate.spec} */
    JobRules(String path, JsonNode spec, List<Cause> causes) {
        this.path = path;
        this.spec = spec;
        this.causes = causes;
    }

    /** Everything about a Job's own spec. */
    void validate() {
        validateTemplate();
        JsonNode selector = spec.path("selector");
        if (!selector.isObject()) {
            causes.add(Cause.required(path + ".selector", ""));
        }
        JsonNode labels = spec.path("template").path("metadata").path("labels");
        if (!selector.isObject() || !Selectors.matches(selector, labels)) {
            causes.add(Cause.invalidValue(
                    path + ".template.metadata.labels",
                    labels.isMissingNode() ? "null" : sorted(labels),
                    "`selector` does not match template `labels`"));
        }
    }

    /** Everything but the selector, which a CronJob leaves to the Jobs that it makes. */
    void validateTemplate() {
        for (String field : COUNTS) {
            if (spec.path(field).isNumber() && spec.path(field).asLong() < 0) {
                causes.add(Cause.invalidValue(
                        path + "." + field, spec.path(field).asText(), "must be greater than or equal to 0"));
            }
        }
        completionMode();
        podFailurePolicy();
        new PodSpecValidation(path + ".template.spec", causes)
                .validate(spec.path("template").path("spec"));
        restartPolicy();
    }

    private void completionMode() {
        String mode = spec.path("completionMode").asText("NonIndexed");
        boolean indexed = mode.equals("Indexed");
        if (!indexed && !mode.equals("NonIndexed")) {
            causes.add(Cause.notSupported(path + ".completionMode", mode, List.of("NonIndexed", "Indexed")));
        }
        if (indexed && !spec.has("completions")) {
            causes.add(Cause.required(path + ".completions", "when completion mode is Indexed"));
        }
        for (String field : List.of("backoffLimitPerIndex", "maxFailedIndexes", "successPolicy")) {
            if (!indexed && spec.has(field)) {
                causes.add(Cause.invalidValue(
                        path + "." + field, spec.path(field).toString(), "requires indexed completion mode"));
            }
        }
    }

    private void podFailurePolicy() {
        JsonNode rules = spec.path("podFailurePolicy").path("rules");
        for (int i = 0; i < rules.size(); i++) {
            podFailureRule(path + ".podFailurePolicy.rules[" + i + "]", rules.get(i));
        }
        String replacement = spec.path("podReplacementPolicy").asText("");
        List<String> supported =
                spec.has("podFailurePolicy") ? List.of("Failed") : List.of("Failed", "TerminatingOrFailed");
        if (!replacement.isEmpty() && !supported.contains(replacement)) {
            causes.add(Cause.notSupported(path + ".podReplacementPolicy", replacement, supported));
        }
    }

    private void podFailureRule(String at, JsonNode rule) {
        String action = rule.path("action").asText("");
        if (action.isEmpty()) {
            causes.add(
                    Cause.required(at + ".action", "valid values: [\"Count\" \"FailIndex\" \"FailJob\" \"Ignore\"]"));
        } else if (!ACTIONS.contains(action)) {
            causes.add(Cause.notSupported(at + ".action", action, ACTIONS));
        }
        boolean codes = rule.has("onExitCodes");
        boolean conditions = !rule.path("onPodConditions").isEmpty();
        if (codes) {
            exitCodes(at + ".onExitCodes", rule.path("onExitCodes"));
        }
        if (codes == conditions) {
            String which = codes
                    ? "specifying both OnExitCodes and OnPodConditions is not supported"
                    : "specifying one of OnExitCodes and OnPodConditions is required";
            causes.add(new Cause("FieldValueInvalid", at, "Invalid value: " + which));
        }
    }

    private void exitCodes(String at, JsonNode requirement) {
        String operator = requirement.path("operator").asText("");
        if (!List.of("In", "NotIn").contains(operator)) {
            causes.add(
                    operator.isEmpty()
                            ? Cause.required(at + ".operator", "valid values: [\"In\" \"NotIn\"]")
                            : Cause.notSupported(at + ".operator", operator, List.of("In", "NotIn")));
        }
        JsonNode values = requirement.path("values");
        if (values.isEmpty()) {
            causes.add(Cause.invalidValue(at + ".values", "[]", "at least one value is required"));
        }
        Set<Integer> known = new HashSet<>();
        for (int i = 0; i < values.size(); i++) {
            String field = at + ".values[" + i + "]";
            if (operator.equals("In") && values.get(i).asInt() == 0) {
                causes.add(Cause.invalidValue(field, "0", "must not be 0 for the In operator"));
            }
            if (!known.add(values.get(i).asInt())) {
                causes.add(new Cause("FieldValueDuplicate", field, "Duplicate value: " + values.get(i)));
            }
        }
    }

    private void restartPolicy() {
        String field = path + ".template.spec.restartPolicy";
        String policy = spec.path("template").path("spec").path("restartPolicy").asText("Always");
        if (policy.equals("Always")) {
            causes.add(Cause.required(field, "valid values: \"OnFailure\", \"Never\""));
        } else if (!policy.equals("OnFailure") && !policy.equals("Never")) {
            causes.add(Cause.notSupported(field, policy, List.of("OnFailure", "Never")));
        } else if (spec.has("podFailurePolicy") && !policy.equals("Never")) {
            causes.add(Cause.invalid(field, policy, "only \"Never\" is supported when podFailurePolicy is specified"));
        }
    }

    /** A Job that does not say otherwise selects by its uid, and its pods carry its uid and name. */
    static void generatedSelector(ObjectNode job, List<Cause> causes) {
        JsonNode spec = job.path("spec");
        if (spec.path("manualSelector").asBoolean()) {
            return;
        }
        JsonNode labels = spec.path("template").path("metadata").path("labels");
        ObjectNode expected = Json.object();
        JobStrategy.generatedLabels(job).forEach((label, value) -> {
            expected.put(label, value);
            if (!labels.path(label).asText("").equals(value)) {
                causes.add(Cause.invalidValue(
                        "spec.template.metadata.labels[" + label + "]", sorted(labels), "must be '" + value + "'"));
            }
        });
        if (!Selectors.matches(spec.path("selector"), expected)) {
            causes.add(Cause.invalidValue(
                    "spec.selector", spec.path("selector").toString(), "`selector` not auto-generated"));
        }
    }

    /** The pods of an indexed Job are hosts of its name and their index. */
    static void hostName(ObjectNode job, List<Cause> causes) {
        int completions = job.path("spec").path("completions").asInt();
        if (!job.path("spec").path("completionMode").asText().equals("Indexed") || completions < 1) {
            return;
        }
        String longest = Json.name(job) + "-" + (completions - 1);
        List<Cause> wrong = new ArrayList<>();
        Names.label("", longest, wrong);
        if (!wrong.isEmpty()) {
            causes.add(Cause.invalid(
                    "metadata.name", Json.name(job), "will not able to create pod with invalid DNS label: " + longest));
        }
    }

    static void update(JsonNode to, ObjectNode live, List<Cause> causes) {
        JsonNode from = live.path("spec");
        completions(to, from, causes);
        Metadata.immutable("spec.selector", to.path("selector"), from.path("selector"), causes);
        template(to.path("template"), live, causes);
        for (String field :
                List.of("completionMode", "podFailurePolicy", "backoffLimitPerIndex", "managedBy", "successPolicy")) {
            Metadata.immutable("spec." + field, to.path(field), from.path(field), causes);
        }
    }

    private static void completions(JsonNode to, JsonNode from, List<Cause> causes) {
        if (Json.same(to.path("completions"), from.path("completions"))) {
            return;
        }
        if (!to.path("completionMode").asText().equals("Indexed") || !from.has("completions")) {
            Metadata.immutable("spec.completions", to.path("completions"), from.path("completions"), causes);
        } else if (!to.has("completions")) {
            causes.add(Cause.required("spec.completions", "cannot be unset"));
        } else if (!Json.same(to.path("completions"), to.path("parallelism"))) {
            causes.add(Cause.invalidValue(
                    "spec.completions",
                    to.path("completions").toString(),
                    "can only be modified in tandem with spec.parallelism"));
        }
    }

    /** Where and with which resources pods will run may change as long as a suspended Job has none. */
    private static void template(JsonNode to, ObjectNode live, List<Cause> causes) {
        JsonNode from = live.path("spec").path("template");
        if (!suspendedWithoutPods(live)) {
            Metadata.immutable("spec.template", to, from, causes);
            return;
        }
        JsonNode allowed = free(to);
        if (!Json.same(allowed, free(from))) {
            causes.add(Cause.invalidValue("spec.template.spec", to.path("spec").toString(), "field is immutable"));
        }
    }

    private static boolean suspendedWithoutPods(JsonNode job) {
        boolean suspended = false;
        for (JsonNode condition : job.path("status").path("conditions")) {
            suspended |= condition.path("type").asText().equals("Suspended")
                    && condition.path("status").asText().equals("True");
        }
        boolean started = job.path("status").hasNonNull("startTime");
        return job.path("spec").path("suspend").asBoolean()
                && (suspended || !started)
                && job.path("status").path("active").asInt() == 0;
    }

    private static JsonNode free(JsonNode template) {
        if (!(template.deepCopy() instanceof ObjectNode rest)) {
            return template;
        }
        Json.metadata(rest).remove(List.of("labels", "annotations"));
        ObjectNode pod = Json.child(rest, "spec");
        pod.remove(SCHEDULING);
        if (pod.get("affinity") instanceof ObjectNode affinity) {
            affinity.remove("nodeAffinity");
            if (affinity.isEmpty()) {
                pod.remove("affinity");
            }
        }
        for (String list : List.of("initContainers", "containers")) {
            Json.objects(pod.path(list)).forEach(container -> container.remove("resources"));
        }
        return rest;
    }

    private static String sorted(JsonNode map) {
        ObjectNode sorted = Json.object();
        Set<String> names = new TreeSet<>();
        map.fieldNames().forEachRemaining(names::add);
        names.forEach(name -> sorted.set(name, map.get(name)));
        return sorted.toString();
    }
}
