package dev.trimtab.definition;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.source.RepoPath;
import java.util.ArrayList;
import java.util.List;

/**
 * Documents of any kind in one YAML or JSON text, each value with its place: for files that are no part of a definition, such as
 * those that one is made from.
 *
 * @param problems what could not be read, with its place
 */
public record SourceDocuments(List<Document> documents, List<Problem> problems) {

    public SourceDocuments {
        documents = List.copyOf(documents);
        problems = List.copyOf(problems);
    }

    /** One mapping; items of a list such as {@code kubectl get -o yaml} prints are documents of their own. */
    public record Document(ObjectNode json, Positions positions) {}

    /**
     * Reads all that can be read.
     *
     * @param file names the text in positions; its ending tells JSON from YAML
     */
    public static SourceDocuments read(RepoPath file, byte[] bytes) {
        Problems problems = new Problems();
        List<Document> documents = new ArrayList<>();
        SourceText.decode(file, bytes, problems)
                .map(text -> file.value().endsWith(".json")
                        ? JsonReader.read(file, text, Limits.DEFAULT, problems)
                        : YamlReader.read(file, text, Limits.DEFAULT, problems))
                .orElse(List.of())
                .forEach(document -> add(file, document, documents));
        return new SourceDocuments(documents, problems.inOrder());
    }

    private static void add(RepoPath file, Written document, List<Document> documents) {
        if (!(document.json() instanceof ObjectNode json)) {
            return;
        }
        if (json.path("kind").asText("").endsWith("List") && json.path("items").isArray()) {
            document.field("items").entries().forEach(item -> add(file, item.value(), documents));
        } else {
            documents.add(new Document(json, new Positions(file, json, document.marks())));
        }
    }
}
