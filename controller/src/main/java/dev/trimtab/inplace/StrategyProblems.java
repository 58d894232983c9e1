package dev.trimtab.inplace;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What is wrong with the update strategy of a CloneSet, be it written in the shape of v1alpha1 or of v1beta1. */
final class StrategyProblems {

    private static final List<String> NUMBERS = List.of("partition", "maxUnavailable", "maxSurge");

    private final CloneSet cloneSet;
    private final JsonNode terms;
    private final String path;
    private final List<String> found = new ArrayList<>();

    private StrategyProblems(CloneSet cloneSet) {
        this.cloneSet = cloneSet;
        this.terms = cloneSet.updateTerms();
        this.path = cloneSet.spec().path("updateStrategy").has("rollingUpdate")
                ? "spec.updateStrategy.rollingUpdate."
                : "spec.updateStrategy.";
    }

    static List<String> of(CloneSet cloneSet) {
        StrategyProblems problems = new StrategyProblems(cloneSet);
        problems.shape();
        problems.numbers();
        problems.priority();
        problems.scatter();
        return problems.found;
    }

    /** What is written in the other version's place would be read by nobody. */
    private void shape() {
        JsonNode field = cloneSet.spec().path("updateStrategy");
        if (!field.has("rollingUpdate")) {
            return;
        }
        field.properties().stream()
                .filter(entry ->
                        !entry.getKey().equals("type") && !entry.getKey().equals("rollingUpdate"))
                .forEach(
                        entry -> found.add(
                                "spec.updateStrategy." + entry.getKey()
                                        + " stands beside spec.updateStrategy.rollingUpdate and is not read. Move it below rollingUpdate"));
        String type = field.path("type").asText("");
        if (type.startsWith("InPlace") || type.equals("ReCreate")) {
            found.add("spec.updateStrategy.type " + type + " is not read where rollingUpdate is given. Write it as"
                    + " rollingUpdate.podUpdatePolicy, and type RollingUpdate");
        }
    }

    private void numbers() {
        boolean negative = false;
        for (String name : NUMBERS) {
            JsonNode field = terms.path(name);
            if (field.isIntegralNumber() && field.asLong() < 0) {
                negative = true;
                found.add(path + name + " is " + field.asLong() + ". Use 0 or more, or a percentage");
            }
        }
        if (negative) {
            return;
        }
        int replicas = cloneSet.replicas();
        int surge = IntOrPercent.of(terms.path("maxSurge"))
                .orElse(IntOrPercent.ZERO)
                .up(replicas);
        UpdateStrategy.Policy policy = cloneSet.strategy().policy();
        if (surge > 0 && policy == UpdateStrategy.Policy.IN_PLACE_ONLY) {
            found.add(path + "maxSurge " + terms.path("maxSurge").asText()
                    + " has no meaning with InPlaceOnly, where no pod makes room for another. Remove it, or use"
                    + " InPlaceIfPossible");
        }
        IntOrPercent unavailable = IntOrPercent.of(terms.path("maxUnavailable")).orElse(IntOrPercent.percent(20));
        int budget = surge == 0 ? unavailable.up(replicas) : unavailable.down(replicas);
        if (replicas > 0 && surge < 1 && budget < 1 && policy != UpdateStrategy.Policy.ON_DELETE) {
            found.add(path + "maxUnavailable and maxSurge are both 0 for " + replicas
                    + " replicas, so no pod could ever be updated. Raise one; to hold updates, set paused");
        }
    }

    private void priority() {
        JsonNode priority = terms.path("priorityStrategy");
        String at = path + "priorityStrategy.";
        if (!priority.path("weightPriority").isEmpty()
                && !priority.path("orderPriority").isEmpty()) {
            found.add(at + "weightPriority and orderPriority are both given, and only one can decide. Remove one");
        }
        for (JsonNode term : priority.path("weightPriority")) {
            long weight = term.path("weight").asLong(-1);
            if (weight < 0 || weight > 100) {
                found.add(at + "weightPriority has weight "
                        + term.path("weight").asText("none") + ". Use a number from 0 to 100");
            }
            JsonNode selector = term.path("matchSelector");
            if (selector.path("matchLabels").isEmpty()
                    && selector.path("matchExpressions").isEmpty()) {
                found.add(at + "weightPriority has an entry without matchSelector, which would weigh every pod alike."
                        + " Name the labels of the pods it is for");
            }
        }
        for (JsonNode term : priority.path("orderPriority")) {
            if (term.path("orderedKey").asText("").isEmpty()) {
                found.add(at + "orderPriority has an entry without orderedKey. Name the label to order by");
            }
        }
    }

    private void scatter() {
        Set<String> terms = new HashSet<>();
        for (JsonNode term : this.terms.path("scatterStrategy")) {
            String key = term.path("key").asText("");
            String pair = key + "=" + term.path("value").asText("");
            if (key.isEmpty()) {
                found.add(path + "scatterStrategy has an entry without key. Name the label to spread by");
            } else if (!terms.add(pair)) {
                found.add(path + "scatterStrategy has " + pair + " twice. Remove one");
            }
        }
    }
}
