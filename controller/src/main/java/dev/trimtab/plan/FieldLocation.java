package dev.trimtab.plan;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where a value stands in an object.
 *
 * @param text as people read it: {@code spec.template.spec.containers[web].image}, {@code metadata.labels[app]}
 * @param ownerPath as {@link dev.trimtab.kube.ManagedFields} spells it: there the keys of maps are no different from fields
 * @param steps names of fields and keys of list entries, outermost first
 */
record FieldLocation(String text, String ownerPath, List<String> steps) {

    static final FieldLocation ROOT = new FieldLocation("", "", List.of());

    /** Maps whose keys are people's own words. Everything else in an object is a field that the API names. */
    private static final Set<String> FREE_MAPS = Set.of(
            "labels",
            "annotations",
            "data",
            "binaryData",
            "stringData",
            "matchLabels",
            "nodeSelector",
            "limits",
            "requests",
            "hard",
            "overhead",
            "parameters",
            "capacity",
            "volumeAttributes");

    private static final Set<String> SELECTOR_FIELDS = Set.of("matchLabels", "matchExpressions");
    private static final Pattern FIELD_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern PLAIN_KEY = Pattern.compile("[A-Za-z0-9_-]+");

    FieldLocation {
        steps = List.copyOf(steps);
    }

    FieldLocation field(String name) {
        boolean key = holdsFreeKeys() && !(last().equals("selector") && SELECTOR_FIELDS.contains(name));
        String shown =
                key || !FIELD_NAME.matcher(name).matches() ? "[" + name + "]" : text.isEmpty() ? name : "." + name;
        String owned = !PLAIN_KEY.matcher(name).matches() ? "[" + name + "]" : ownerPath.isEmpty() ? name : "." + name;
        return append(name, shown, owned);
    }

    FieldLocation entry(String key) {
        return append(key, "[" + key + "]", "[" + key + "]");
    }

    /** Whether this is a map of people's own keys: labels, annotations, data. */
    boolean holdsFreeKeys() {
        // In a Service, selector is itself a map of labels; in a workload it is a struct.
        return FREE_MAPS.contains(last()) || last().equals("selector");
    }

    String last() {
        return steps.isEmpty() ? "" : steps.get(steps.size() - 1);
    }

    private FieldLocation append(String step, String shown, String owned) {
        return new FieldLocation(
                text + shown,
                ownerPath + owned,
                Stream.concat(steps.stream(), Stream.of(step)).toList());
    }
}
