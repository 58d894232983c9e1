package dev.trimtab.sandbox.merge;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.sandbox.schema.Type;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The paths that a manager who applies an object comes to own. */
final class OwnedFields {

    private OwnedFields() {}

    static FieldSet of(Type type, JsonNode value) {
        FieldSet.Tree tree = new FieldSet.Tree();
        collect(type, value, tree);
        return tree.build();
    }

    private static void collect(Type type, JsonNode value, FieldSet.Tree tree) {
        Shape shape = Shape.of(type, value);
        if (shape == Shape.SCALAR || Shape.isAtomic(type, shape)) {
            tree.include();
        } else if (shape == Shape.MAP) {
            collectMembers(type, value, tree);
        } else {
            collectItems((Type.ListOf) type, value, tree);
        }
    }

    /**
     * A declared field that holds something is owned through what it holds; keys that are data are owned themselves.
     */
    private static void collectMembers(Type type, JsonNode object, FieldSet.Tree tree) {
        object.properties().forEach(member -> {
            JsonNode value = member.getValue();
            FieldSet.Tree below = tree.at(new PathElement.Field(member.getKey()));
            collect(Shape.member(type, member.getKey()), value, below);
            if (value.isNull() || (value.isObject() && value.isEmpty()) || !Shape.declares(type, member.getKey())) {
                below.include();
            }
        });
    }

    private static void collectItems(Type.ListOf type, JsonNode list, FieldSet.Tree tree) {
        List<PathElement> elements = ListItems.elements(type, list);
        Set<PathElement> duplicates = duplicates(elements);
        for (int i = 0; i < elements.size(); i++) {
            FieldSet.Tree below = tree.at(elements.get(i));
            below.include();
            if (!duplicates.contains(elements.get(i))) {
                collect(type.element(), list.get(i), below);
            }
        }
    }

    private static Set<PathElement> duplicates(List<PathElement> elements) {
        Set<PathElement> seen = new HashSet<>();
        Set<PathElement> duplicates = new HashSet<>();
        elements.stream().filter(element -> !seen.add(element)).forEach(duplicates::add);
        return duplicates;
    }
}
