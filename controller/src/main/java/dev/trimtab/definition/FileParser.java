package dev.trimtab.definition;

import static dev.trimtab.definition.DefinitionCode.DEF005;
import static dev.trimtab.definition.DefinitionCode.YML007;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ObjectKey;
import dev.trimtab.source.RepoPath;
import java.util.ArrayList;
import java.util.List;

/** Makes typed documents and manifests of the bytes of one file. Depends on nothing but path and bytes. */
final class FileParser {

    private final RepoPath file;
    private final Problems problems = new Problems();
    private final List<Manifest> manifests = new ArrayList<>();
    private final OwnKinds ownKinds = new OwnKinds(problems);

    private FileParser(RepoPath file) {
        this.file = file;
    }

    static ParsedFile parse(RepoPath file, byte[] bytes, Limits limits) {
        FileParser parser = new FileParser(file);
        SourceText.decode(file, bytes, parser.problems)
                .map(text -> file.value().endsWith(".json")
                        ? JsonReader.read(file, text, limits, parser.problems)
                        : YamlReader.read(file, text, limits, parser.problems))
                .orElse(List.of())
                .forEach(parser::document);
        return parser.ownKinds.with(parser.manifests, parser.problems.inOrder());
    }

    private void document(Written document) {
        Position at = new Position(file, document.line(), document.column());
        if (!(document.json() instanceof ObjectNode json)) {
            problems.error(
                    YML007,
                    at,
                    "a document must be a mapping with apiVersion and kind; found " + Types.found(document.json()),
                    "make it a Kubernetes object, or keep the file outside of the definition's path");
            return;
        }
        if (isList(json)) {
            document.field("items").entries().forEach(item -> document(item.value()));
            return;
        }
        Positions positions = new Positions(file, json, document.marks());
        if (!isIdentified(json, positions)) {
            return;
        }
        if (OwnKinds.owns(json)) {
            ownKinds.read(json, positions);
        } else if (hasUsableMetadata(json, positions)) {
            Manifest manifest = new Manifest(ObjectKey.of(json), json, positions);
            SecretRules.inManifest(manifest, problems);
            manifests.add(manifest);
        }
    }

    /** As kubectl knows lists: any kind with that ending which holds items. */
    private static boolean isList(ObjectNode json) {
        return json.path("kind").asText("").endsWith("List")
                && json.path("items").isArray();
    }

    private boolean isIdentified(ObjectNode json, Positions positions) {
        int before = problems.count();
        for (String field : List.of("apiVersion", "kind")) {
            JsonNode value = json.path(field);
            if (value.isMissingNode() || value.isNull() || value.asText().isEmpty()) {
                problems.error(
                        YML007,
                        positions.document(),
                        "the document has no " + field,
                        "add " + field + ", or keep the file outside of the definition's path");
            } else if (!value.isTextual()) {
                problems.error(
                        YML007,
                        positions.at("/" + field),
                        field + " must be a string; found " + Types.found(value),
                        "quote it");
            }
        }
        return problems.count() == before;
    }

    private boolean hasUsableMetadata(ObjectNode json, Positions positions) {
        int before = problems.count();
        JsonNode metadata = json.path("metadata");
        String kind = json.path("kind").asText();
        if (!metadata.isObject()) {
            problems.error(
                    DEF005,
                    metadata.isMissingNode() ? positions.document() : positions.at("/metadata"),
                    metadata.isMissingNode()
                            ? kind + " has no metadata"
                            : "metadata must be a mapping; found " + Types.found(metadata),
                    "write metadata with a name");
            return false;
        }
        JsonNode name = metadata.path("name");
        if (name.isMissingNode()
                || name.isNull()
                || (name.isTextual() && name.textValue().isEmpty())) {
            problems.error(
                    DEF005,
                    positions.at("/metadata"),
                    metadata.has("generateName")
                            ? kind + " has generateName but no name; every sync would make another object"
                            : kind + " has no metadata.name",
                    "give it a name");
        } else {
            mustBeText(name, positions, "/metadata/name");
        }
        if (!metadata.path("namespace").isNull()) {
            mustBeText(metadata.path("namespace"), positions, "/metadata/namespace");
        }
        mustHoldTexts(metadata.path("labels"), positions, "/metadata/labels");
        mustHoldTexts(metadata.path("annotations"), positions, "/metadata/annotations");
        return problems.count() == before;
    }

    private void mustHoldTexts(JsonNode map, Positions positions, String pointer) {
        if (map.isMissingNode() || map.isNull()) {
            return;
        }
        if (!map.isObject()) {
            problems.error(
                    DEF005,
                    positions.at(pointer),
                    Types.path(pointer) + " must be a mapping; found " + Types.found(map),
                    "write it as key: value lines");
            return;
        }
        map.properties()
                .forEach(
                        entry -> mustBeText(entry.getValue(), positions, pointer + "/" + Types.escape(entry.getKey())));
    }

    private void mustBeText(JsonNode value, Positions positions, String pointer) {
        if (!value.isMissingNode() && !value.isTextual()) {
            problems.error(
                    DEF005,
                    positions.at(pointer),
                    Types.path(pointer) + " must be a string; found " + Types.found(value),
                    value.isValueNode() && !value.isNull() ? "quote it" : "write a string");
        }
    }
}
