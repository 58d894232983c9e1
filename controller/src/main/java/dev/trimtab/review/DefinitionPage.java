package dev.trimtab.review;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.definition.Field;
import dev.trimtab.definition.Kind;
import java.util.List;
import java.util.stream.Collectors;

/** The reference page of Trimtab's own kinds, as Markdown. */
public final class DefinitionPage {

    private static final String INTRODUCTION = """
            # Cluster definition

            Documents of `%s`, with plain Kubernetes manifests beside them. One cluster stands at the root of a repository, or many in
            `clusters/<name>/`. Every `.yaml`, `.yml` and `.json` file is read, except in hidden folders, and a file may hold several
            documents. Unknown fields are errors. A field that is empty or null counts as left out.

            Durations are hours, minutes, seconds and milliseconds in this order: `1h30m`, `15m`, `4m0s`, `500ms`.

            [Editors](../../repo-template/README.md) complete and check these fields with a JSON Schema that `trimtab schema` prints.
            `trimtab validate` checks what a schema cannot; [codes](codes.md) lists its rules.
            """;

    private DefinitionPage() {}

    /** The page of all kinds. */
    public static String of(List<Kind> kinds) {
        StringBuilder page = new StringBuilder(INTRODUCTION.formatted(Kind.API_VERSION));
        for (Kind kind : kinds) {
            page.append("\n## ").append(kind.name()).append("\n\n").append(kind.meaning());
            page.append("\n\n| field | type | when left out | meaning |\n|---|---|---|---|\n");
            kind.fields().stream()
                    .filter(field -> !List.of("apiVersion", "kind").contains(field.name()))
                    .forEach(field -> row(page, "", field));
        }
        return page.toString();
    }

    private static void row(StringBuilder page, String prefix, Field field) {
        String name = prefix + field.name();
        page.append("| `").append(name).append("` | ").append(type(field));
        page.append(" | ").append(otherwise(field));
        page.append(" | ").append(field.meaning().replace("|", "\\|")).append(" |\n");
        String inner = name + (field.type() == Field.Type.MAPPINGS ? "[]." : ".");
        field.inner().forEach(child -> row(page, inner, child));
    }

    private static String type(Field field) {
        String words = field.words().stream().map(word -> "`" + word + "`").collect(Collectors.joining(", "));
        String bounds = field.bounds()
                .map(range -> range.most() == Integer.MAX_VALUE
                        ? ", " + range.least() + " or more"
                        : ", " + range.least() + " to " + range.most())
                .orElse("");
        if (words.isEmpty()) {
            return field.type().words() + bounds;
        }
        return field.type() == Field.Type.TEXTS ? "list of " + words : words;
    }

    private static String otherwise(Field field) {
        if (field.required()) {
            return "**required**";
        }
        return field.otherwise()
                .map(JsonNode::asText)
                .filter(text -> !text.isEmpty())
                .map(text -> "`" + text + "`")
                .orElse("");
    }
}
