package dev.trimtab.definition;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.List;

/**
 * One value while its file is read: the JSON and the places of it and of everything in it. A value that YAML refers to by an
 * alias is shared, so {@link #size} can be far more than what is held in memory.
 *
 * @param line from 1
 * @param column from 1
 * @param entries what a list or mapping holds, in the order of {@code json}
 * @param size number of values in it, aliases expanded, and itself
 * @param height levels of nesting in it; 0 for a scalar
 */
record Written(JsonNode json, int line, int column, List<Entry> entries, long size, int height) {

    /**
     * @param keyLine 0 in a list
     * @param keyColumn 0 in a list
     */
    record Entry(int keyLine, int keyColumn, Written value) {}

    static Written scalar(JsonNode json, int line, int column) {
        return new Written(json, line, column, List.of(), 1, 0);
    }

    static Written collection(JsonNode json, int line, int column, List<Entry> entries) {
        long size = 1;
        int height = 0;
        for (Entry entry : entries) {
            size += entry.value().size();
            height = Math.max(height, entry.value().height());
        }
        return new Written(json, line, column, List.copyOf(entries), size, height + 1);
    }

    /** The value of a field that this mapping has. */
    Written field(String name) {
        int index = 0;
        for (Iterator<String> names = json.fieldNames(); names.hasNext(); index++) {
            if (names.next().equals(name)) {
                return entries.get(index).value();
            }
        }
        throw new IllegalArgumentException("no field " + name);
    }

    /** The places in the form in which they are kept. */
    int[] marks() {
        int[] marks = new int[Math.toIntExact(size * Positions.STRIDE)];
        mark(marks, 0, 0, 0);
        return marks;
    }

    private int mark(int[] marks, int index, int keyLine, int keyColumn) {
        marks[index] = line;
        marks[index + 1] = column;
        marks[index + 2] = keyLine;
        marks[index + 3] = keyColumn;
        marks[index + 4] = (int) size;
        int next = index + Positions.STRIDE;
        for (Entry entry : entries) {
            next = entry.value().mark(marks, next, entry.keyLine(), entry.keyColumn());
        }
        return next;
    }
}
