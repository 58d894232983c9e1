package dev.trimtab.definition;

import java.util.List;

/**
 * One of Trimtab's own kinds as its reader knows it; schemas and the reference page are made of it.
 *
 * @param meaning what a document of this kind says, for people
 * @param fields of the document, from {@code apiVersion} on
 */
public record Kind(String name, String meaning, List<Field> fields) {

    /** The group and version of all of them. */
    public static final String API_VERSION = "cluster.trimtab.dev/v1alpha1";

    public Kind {
        fields = List.copyOf(fields);
    }

    /** In the order in which a definition is usually written. */
    public static List<Kind> all() {
        return OwnKinds.described();
    }
}
