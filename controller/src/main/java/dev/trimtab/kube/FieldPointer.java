package dev.trimtab.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A JSON pointer (RFC 6901) to a field of an object, in which the entry of a list is named by a field of it instead of its place:
 * {@code /spec/template/spec/containers/[name=app]/image}. Places move when somebody adds an entry, and ownership of fields is kept
 * by such names too.
 */
public final class FieldPointer {

    private static final Pattern ITEM = Pattern.compile("\\[([A-Za-z0-9_.-]+)=(.*)]");
    private static final Pattern DIGITS = Pattern.compile("[0-9]+");

    /** Maps whose keys are people's own words, so that a number may be one. */
    private static final Set<String> FREE_MAPS = Set.of("data", "binaryData", "labels", "annotations");

    /** A field by its name, or entries of a list by the value of one of their fields. */
    private record Step(Optional<String> key, String text) {

        /** Whether this is the step from a list to {@code item}. */
        boolean isItem(JsonNode item) {
            return key.isPresent()
                    && item.path(key.get()).isValueNode()
                    && item.path(key.get()).asText().equals(text);
        }

        /** Whether a key of FieldsV1 is that of this step. */
        boolean isOwned(String owned) {
            return key.isPresent()
                    ? FieldsV1.itemKeys(owned).filter(this::isItem).isPresent()
                    : owned.equals("f:" + text);
        }
    }

    private final String text;
    private final List<Step> steps;

    private FieldPointer(String text, List<Step> steps) {
        this.text = text;
        this.steps = List.copyOf(steps);
    }

    /** @throws IllegalArgumentException when it is none, with the reason in words */
    public static FieldPointer parse(String text) {
        if (!text.startsWith("/") || text.endsWith("/")) {
            throw new IllegalArgumentException("a pointer begins with a slash and does not end with one");
        }
        List<Step> steps = new ArrayList<>();
        String before = "";
        for (String token : text.substring(1).split("/", -1)) {
            Step step = step(token.replace("~1", "/").replace("~0", "~"));
            if (step.text().isEmpty()) {
                throw new IllegalArgumentException("a part of it is empty");
            }
            if (step.key().isEmpty() && DIGITS.matcher(step.text()).matches() && !FREE_MAPS.contains(before)) {
                throw new IllegalArgumentException(
                        "entries of lists have no lasting number; name them by a field, such as [name=app]");
            }
            steps.add(step);
            before = step.text();
        }
        Step last = steps.get(steps.size() - 1);
        if (steps.size() > 1 && steps.get(steps.size() - 2).key().equals(Optional.of(last.text()))) {
            throw new IllegalArgumentException("the field that names an entry cannot be left out of it");
        }
        return new FieldPointer(text, steps);
    }

    private static Step step(String token) {
        Matcher item = ITEM.matcher(token);
        return item.matches() ? new Step(Optional.of(item.group(1)), item.group(2)) : new Step(Optional.empty(), token);
    }

    /** Whether the field, or something that it is part of, stands at one of these pointers, or is the whole object's. */
    public boolean covers(FieldPointer other) {
        return steps.size() <= other.steps.size()
                && other.steps.subList(0, steps.size()).equals(steps);
    }

    /** Whether it leads through an entry of a list. */
    boolean throughList() {
        return steps.stream().anyMatch(step -> step.key().isPresent());
    }

    /** Takes the value out of the object; what holds nothing else goes with it, as nobody would have written it. */
    void remove(ObjectNode object) {
        remove(object, steps);
    }

    private static void remove(JsonNode value, List<Step> steps) {
        Step step = steps.get(0);
        List<Step> rest = steps.subList(1, steps.size());
        if (value instanceof ObjectNode fields && step.key().isEmpty()) {
            JsonNode child = fields.path(step.text());
            if (goes(child, rest)) {
                fields.remove(step.text());
            }
        } else if (value instanceof ArrayNode list) {
            for (int i = list.size() - 1; i >= 0; i--) {
                if (step.isItem(list.get(i)) && goes(list.get(i), rest)) {
                    list.remove(i);
                }
            }
        }
    }

    private static boolean goes(JsonNode child, List<Step> rest) {
        if (rest.isEmpty()) {
            return true;
        }
        boolean held = !child.isEmpty();
        remove(child, rest);
        return held && child.isEmpty();
    }

    /** Gives the field of {@code object} the value that it has in {@code other}, or none where it has none there. */
    void copy(ObjectNode object, ObjectNode other) {
        copy(object, other, steps);
    }

    private void copy(JsonNode value, JsonNode other, List<Step> rest) {
        Step step = rest.get(0);
        List<Step> below = rest.subList(1, rest.size());
        if (value instanceof ObjectNode fields && step.key().isEmpty()) {
            copyField(fields, step.text(), other.path(step.text()), below);
        } else if (value instanceof ArrayNode list) {
            copyItems(list, other, step, below);
        }
    }

    private void copyField(ObjectNode fields, String name, JsonNode there, List<Step> below) {
        if (below.isEmpty()) {
            if (there.isMissingNode()) {
                fields.remove(name);
            } else {
                fields.set(name, there.deepCopy());
            }
            return;
        }
        boolean into = there.isObject() && below.get(0).key().isEmpty() && !fields.has(name);
        JsonNode child = into ? JsonNodeFactory.instance.objectNode() : fields.path(name);
        boolean held = !child.isEmpty();
        copy(child, there, below);
        if (into && !child.isEmpty()) {
            fields.set(name, child);
        } else if (held && child.isEmpty()) {
            fields.remove(name);
        }
    }

    /** Which entries a list has is not the field's business, unless the entry itself is the field. */
    private void copyItems(ArrayNode list, JsonNode other, Step step, List<Step> below) {
        List<JsonNode> there = Stream.of(other)
                .filter(JsonNode::isArray)
                .flatMap(items -> items.valueStream())
                .filter(step::isItem)
                .toList();
        if (!below.isEmpty()) {
            for (JsonNode item : list) {
                if (step.isItem(item) && !there.isEmpty()) {
                    copy(item, there.get(0), below);
                }
            }
            return;
        }
        int at = -1;
        for (int i = list.size() - 1; i >= 0; i--) {
            if (step.isItem(list.get(i))) {
                at = i;
                list.remove(i);
            }
        }
        for (JsonNode item : there) {
            list.insert(at < 0 ? list.size() : at, item.deepCopy());
        }
    }

    /** Whether the FieldsV1 tree owns the field, or something in it. */
    boolean isOwned(ObjectNode fields) {
        return isOwned(fields, steps);
    }

    private static boolean isOwned(JsonNode fields, List<Step> steps) {
        return steps.isEmpty()
                || owned(fields, steps.get(0)).anyMatch(child -> isOwned(child, steps.subList(1, steps.size())));
    }

    /** Whether the FieldsV1 tree owns something that the field is part of, as one whole. */
    boolean isPartOfWhole(ObjectNode fields) {
        return isPartOfWhole(fields, steps);
    }

    private static boolean isPartOfWhole(JsonNode fields, List<Step> steps) {
        return !steps.isEmpty()
                && owned(fields, steps.get(0))
                        .anyMatch(child -> child.isEmpty()
                                ? steps.size() > 1
                                : isPartOfWhole(child, steps.subList(1, steps.size())));
    }

    private static Stream<JsonNode> owned(JsonNode fields, Step step) {
        return fields.properties().stream()
                .filter(child -> step.isOwned(child.getKey()))
                .map(Map.Entry::getValue);
    }

    /** Takes the field out of a FieldsV1 tree, and what leads to nothing else, as an apply without the field would have it. */
    void disown(ObjectNode fields) {
        disown(fields, steps);
    }

    private static void disown(ObjectNode fields, List<Step> steps) {
        List<String> gone = new ArrayList<>();
        for (Map.Entry<String, JsonNode> child : fields.properties()) {
            if (!steps.get(0).isOwned(child.getKey())) {
                continue;
            }
            if (steps.size() == 1) {
                gone.add(child.getKey());
            } else if (child.getValue() instanceof ObjectNode below && !below.isEmpty()) {
                disown(below, steps.subList(1, steps.size()));
                if (below.isEmpty() || (below.size() == 1 && below.has("."))) {
                    gone.add(child.getKey());
                }
            }
        }
        fields.remove(gone);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FieldPointer pointer && pointer.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** As it was written. */
    @Override
    public String toString() {
        return text;
    }
}
