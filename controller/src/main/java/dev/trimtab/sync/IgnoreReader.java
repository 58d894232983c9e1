package dev.trimtab.sync;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.kube.FieldPointer;
import dev.trimtab.render.IgnoreRules;
import dev.trimtab.render.IgnoreRules.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads {@code ignore} of a ClusterSync. */
final class IgnoreReader {

    private static final String IGNORE = "/spec/ignore";

    private final SyncFields fields;

    IgnoreReader(SyncFields fields) {
        this.fields = fields;
    }

    IgnoreRules read() {
        JsonNode node = fields.at(IGNORE);
        List<Rule> rules = new ArrayList<>();
        if (!node.isMissingNode() && !node.isArray()) {
            fields.wrong(IGNORE, "must be a list");
            return IgnoreRules.NONE;
        }
        for (int i = 0; i < node.size(); i++) {
            rules.add(rule(IGNORE + "/" + i));
        }
        return new IgnoreRules(rules);
    }

    private Rule rule(String pointer) {
        if (!fields.at(pointer).isObject()) {
            fields.wrong(pointer, "must hold kind and paths, and may hold name and namespace");
        }
        fields.only(pointer, Set.of("kind", "name", "namespace", "paths"));
        return new Rule(
                fields.at(pointer).isObject() ? fields.required(pointer + "/kind") : "",
                fields.text(pointer + "/name"),
                fields.text(pointer + "/namespace"),
                fields.at(pointer).isObject() ? paths(pointer + "/paths") : List.of());
    }

    private List<FieldPointer> paths(String pointer) {
        JsonNode node = fields.at(pointer);
        List<FieldPointer> paths = new ArrayList<>();
        if (!node.isArray() || node.isEmpty()) {
            fields.wrong(pointer, "must be a list of JSON pointers, such as /spec/replicas");
            return paths;
        }
        for (int i = 0; i < node.size(); i++) {
            path(pointer + "/" + i).ifPresent(paths::add);
        }
        return paths;
    }

    private Optional<FieldPointer> path(String pointer) {
        String written = fields.required(pointer);
        try {
            FieldPointer path = FieldPointer.parse(written);
            if (!IgnoreRules.mayName(path)) {
                fields.wrong(pointer, "\"" + written + "\" is or holds what the object is known by");
                return Optional.empty();
            }
            return Optional.of(path);
        } catch (IllegalArgumentException e) {
            if (!written.isEmpty()) {
                fields.wrong(pointer, "\"" + written + "\" is no JSON pointer to a field: " + e.getMessage());
            }
            return Optional.empty();
        }
    }
}
