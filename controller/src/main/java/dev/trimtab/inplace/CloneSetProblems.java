package dev.trimtab.inplace;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is wrong with a CloneSet beyond what the schema of its kind lets the server refuse. There is no webhook to say so at once, so
 * its status does, and its pods are left as they are until it is put right: half of a mistaken intention helps nobody.
 */
final class CloneSetProblems {

    private final CloneSet cloneSet;
    private final List<String> found = new ArrayList<>();

    private CloneSetProblems(CloneSet cloneSet) {
        this.cloneSet = cloneSet;
    }

    /** Each names the field, what is wrong with it and the way out; empty when nothing is. */
    static Optional<String> of(CloneSet cloneSet) {
        CloneSetProblems problems = new CloneSetProblems(cloneSet);
        problems.selector();
        problems.template();
        problems.claims();
        problems.podsToDelete();
        problems.deadline();
        problems.hooks();
        problems.found.addAll(StrategyProblems.of(cloneSet));
        return problems.found.isEmpty()
                ? Optional.empty()
                : Optional.of("no pod is touched until this is put right: " + String.join("; ", problems.found));
    }

    private void selector() {
        JsonNode selector = cloneSet.spec().path("selector");
        JsonNode labels = cloneSet.template().path("metadata").path("labels");
        if (selector.path("matchLabels").isEmpty()
                && selector.path("matchExpressions").isEmpty()) {
            found.add("spec.selector is empty, which would select every pod. Name at least one label of the template;"
                    + " a selector cannot be changed, so delete the CloneSet with --cascade=orphan and create it anew");
        } else if (!LabelSelector.matches(selector, labels)) {
            found.add("spec.selector does not select spec.template.metadata.labels " + labels
                    + ". Put the labels that it asks for into the template");
        }
    }

    private void template() {
        JsonNode spec = cloneSet.template().path("spec");
        String restarts = spec.path("restartPolicy").asText("Always");
        if (!restarts.equals("Always")) {
            found.add("spec.template.spec.restartPolicy is " + restarts
                    + ", but containers have to be restarted in place. Remove it, or use a Job");
        }
        if (spec.hasNonNull("activeDeadlineSeconds")) {
            found.add(
                    "spec.template.spec.activeDeadlineSeconds would end pods that are to stay. Remove it, or use a Job");
        }
        if (spec.path("containers").isEmpty()) {
            found.add("spec.template.spec.containers is empty. A pod needs at least one container");
        }
    }

    private void claims() {
        Set<String> names = new HashSet<>();
        for (JsonNode template : cloneSet.claimTemplates()) {
            String name = template.path("metadata").path("name").asText("");
            if (name.isEmpty()) {
                found.add("spec.volumeClaimTemplates has an entry without metadata.name. Give it the name of the volume"
                        + " that containers mount");
            } else if (!names.add(name)) {
                found.add("spec.volumeClaimTemplates has two entries named " + name + ". Rename or remove one");
            }
        }
    }

    private void podsToDelete() {
        Set<String> names = new HashSet<>();
        for (JsonNode name : cloneSet.spec().path("scaleStrategy").path("podsToDelete")) {
            if (!names.add(name.asText())) {
                found.add("spec.scaleStrategy.podsToDelete has " + name.asText() + " twice. Remove one");
            }
        }
        JsonNode limit = cloneSet.spec().path("scaleStrategy").path("maxUnavailable");
        if (limit.isIntegralNumber() && limit.asLong() < 0) {
            found.add("spec.scaleStrategy.maxUnavailable is " + limit.asLong() + ". Use 0 or more, or a percentage");
        }
    }

    private void deadline() {
        JsonNode seconds = cloneSet.spec().path("progressDeadlineSeconds");
        long minReady = cloneSet.minReady().toSeconds();
        if (seconds.isIntegralNumber() && seconds.asLong() <= minReady && seconds.asLong() < Integer.MAX_VALUE) {
            found.add("spec.progressDeadlineSeconds " + seconds.asLong() + " is not more than spec.minReadySeconds "
                    + minReady + ", so no update could keep it. Raise it");
        }
    }

    private void hooks() {
        for (String hook : new String[] {"preDelete", "inPlaceUpdate", "preNormal"}) {
            JsonNode field = cloneSet.spec().path("lifecycle").path(hook);
            field.path("labelsHandler").properties().stream()
                    .filter(label -> !label.getValue().isTextual())
                    .forEach(label -> found.add("spec.lifecycle." + hook + ".labelsHandler." + label.getKey() + " is "
                            + label.getValue() + ", but the value of a label is a text. Put it in quotes"));
        }
    }
}
