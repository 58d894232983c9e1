package dev.trimtab.sandbox.merge;

import java.util.List;
import java.util.stream.Stream;

/** The fields that nobody owns: they name the object or belong to the server. */
final class UntrackedFields {

    private static final FieldSet PATHS = FieldSet.of(Stream.of(
                    List.of("apiVersion"),
                    List.of("kind"),
                    List.of("metadata"),
                    List.of("metadata", "name"),
                    List.of("metadata", "namespace"),
                    List.of("metadata", "creationTimestamp"),
                    List.of("metadata", "selfLink"),
                    List.of("metadata", "uid"),
                    List.of("metadata", "clusterName"),
                    List.of("metadata", "generation"),
                    List.of("metadata", "managedFields"),
                    List.of("metadata", "resourceVersion"))
            .map(UntrackedFields::path)
            .toList());

    private UntrackedFields() {}

    static FieldSet removeFrom(FieldSet fields) {
        return fields.difference(PATHS);
    }

    private static List<PathElement> path(List<String> names) {
        return names.stream().<PathElement>map(PathElement.Field::new).toList();
    }
}
