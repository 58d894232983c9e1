package dev.trimtab.plan;

import dev.trimtab.kube.FieldPointer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where a value stands in an object.
 *
 * @param text as people read it: {@code spec.template.spec.containers[web].image}, {@code metadata.labels[app]}
 * @param ownerPath as {@link dev.trimtab.kube.ManagedFields} spells it: there the keys of maps are no different from fields
 * @param steps names of fields and keys of list entries, outermost first
 * @param pointed the same as a {@link FieldPointer} spells it, up to the first list whose entries have no names
 * @param inNameless whether {@code pointed} ends at such a list
 */
record FieldLocation(String text, String ownerPath, List<String> steps, String pointed, boolean inNameless) {

    static final FieldLocation ROOT = new FieldLocation("", "", List.of(), "", false);

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
        return append(name, shown, owned, escaped(name));
    }

    /** An entry that one of its fields names. */
    FieldLocation entry(String key, String keyField, String keyValue) {
        return append(key, "[" + key + "]", "[" + key + "]", escaped("[" + keyField + "=" + keyValue + "]"));
    }

    /** An entry of a list whose entries have no names. */
    FieldLocation entry(int place) {
        FieldLocation entry = append(Integer.toString(place), "[" + place + "]", "[" + place + "]", "");
        return new FieldLocation(entry.text, entry.ownerPath, entry.steps, pointed, true);
    }

    /** By which an ignore rule names it, or the smallest whole around it that can be named; empty where none can. */
    Optional<FieldPointer> pointer() {
        try {
            return pointed.isEmpty() ? Optional.empty() : Optional.of(FieldPointer.parse(pointed));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String escaped(String step) {
        return "/" + step.replace("~", "~0").replace("/", "~1");
    }

    /** Whether this is a map of people's own keys: labels, annotations, data. */
    boolean holdsFreeKeys() {
        // In a Service, selector is itself a map of labels; in a workload it is a struct.
        return FREE_MAPS.contains(last()) || last().equals("selector");
    }

    String last() {
        return steps.isEmpty() ? "" : steps.get(steps.size() - 1);
    }

    private FieldLocation append(String step, String shown, String owned, String pointer) {
        return new FieldLocation(
                text + shown,
                ownerPath + owned,
                Stream.concat(steps.stream(), Stream.of(step)).toList(),
                inNameless ? pointed : pointed + pointer,
                inNameless);
    }
}
