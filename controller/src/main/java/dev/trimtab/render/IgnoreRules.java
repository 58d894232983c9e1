package dev.trimtab.render;

import dev.trimtab.kube.FieldPointer;
import dev.trimtab.kube.IgnoredFields;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.kube.Ownership;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which fields of which objects a sync leaves to others. */
public record IgnoreRules(List<Rule> rules) {

    public static final IgnoreRules NONE = new IgnoreRules(List.of());

    /** Without these an object is another one, or nobody's. */
    private static final List<FieldPointer> NEEDED = List.of(
            FieldPointer.parse("/apiVersion"),
            FieldPointer.parse("/kind"),
            FieldPointer.parse("/metadata/name"),
            FieldPointer.parse("/metadata/namespace"),
            FieldPointer.parse("/metadata/labels/" + Ownership.SYNC_LABEL.replace("/", "~1")));

    public IgnoreRules {
        rules = List.copyOf(rules);
    }

    /** Whether a rule may name the field: what an object is known by cannot be left to others. */
    public static boolean mayName(FieldPointer path) {
        return NEEDED.stream().noneMatch(path::covers);
    }

    /**
     * Fields of the objects whose kind, name and namespace match. {@code *} in a name stands for any text, {@code ?} for one letter.
     *
     * @param name empty for all names
     * @param namespace empty for all namespaces, and for objects that have none
     */
    public record Rule(String kind, Optional<String> name, Optional<String> namespace, List<FieldPointer> paths) {

        public Rule {
            paths = List.copyOf(paths);
        }

        boolean isOf(ObjectKey key) {
            return kind.equals(key.kind())
                    && name.map(glob -> matches(glob, key.name())).orElse(true)
                    && namespace
                            .map(glob -> matches(glob, key.namespace().orElse("")))
                            .orElse(true);
        }

        private static boolean matches(String glob, String text) {
            String pattern = glob.chars()
                    .mapToObj(letter ->
                            letter == '*' ? ".*" : letter == '?' ? "." : Pattern.quote(Character.toString(letter)))
                    .collect(Collectors.joining());
            return Pattern.matches(pattern, text);
        }
    }

    /** The same objects, each with the fields of it that are ignored. */
    public Desired on(Desired desired) {
        if (rules.isEmpty()) {
            return desired;
        }
        SortedMap<ObjectKey, DesiredObject> objects = new TreeMap<>();
        desired.objects().forEach((key, object) -> {
            IgnoredFields ignored = object.ignored();
            for (FieldPointer path : paths(key).toList()) {
                ignored = ignored.and(path);
            }
            objects.put(key, object.ignoring(ignored));
        });
        return new Desired(desired.revision(), objects);
    }

    private Stream<FieldPointer> paths(ObjectKey key) {
        return rules.stream().filter(rule -> rule.isOf(key)).flatMap(rule -> rule.paths().stream());
    }
}
