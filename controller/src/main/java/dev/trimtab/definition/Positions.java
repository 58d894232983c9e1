package dev.trimtab.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.trimtab.source.RepoPath;

/**
 * Where each value of one document was written.
 *
 * <p>A definition of thousands of objects holds millions of values, so places are kept as five integers a value, beside the
 * tree they belong to, instead of as a map of pointers.
 */
public final class Positions {

    /** Integers a value: line, column, line and column of its key (0 without one), number of values in it and itself. */
    static final int STRIDE = 5;

    private final RepoPath file;
    private final JsonNode json;
    private final int[] marks;

    /**
     * @param json the document; must not change
     * @param marks {@link #STRIDE} integers a value of {@code json}, each value before those it holds
     */
    Positions(RepoPath file, JsonNode json, int[] marks) {
        this.file = file;
        this.json = json;
        this.marks = marks;
    }

    /** For a document of which only the beginning is known. */
    public static Positions of(Position document) {
        return new Positions(
                document.file(), MissingNode.getInstance(), new int[] {document.line(), document.column(), 0, 0, 1});
    }

    /** Where the document begins. */
    public Position document() {
        return value(0);
    }

    /** What was written at {@code pointer} (RFC 6901). */
    JsonNode value(String pointer) {
        return json.at(pointer);
    }

    /** The position of the value at {@code pointer} (RFC 6901), or of the nearest value around it that was written. */
    public Position at(String pointer) {
        return value(find(pointer));
    }

    /** As {@link #at}, but of the key in front of the value, where there is one. */
    public Position keyAt(String pointer) {
        int index = find(pointer);
        return marks[index + 2] == 0 ? value(index) : new Position(file, marks[index + 2], marks[index + 3]);
    }

    private Position value(int index) {
        return new Position(file, marks[index], marks[index + 1]);
    }

    private int find(String pointer) {
        int index = 0;
        JsonNode here = json;
        for (String token :
                pointer.isEmpty() ? new String[0] : pointer.substring(1).split("/", -1)) {
            String name = token.replace("~1", "/").replace("~0", "~");
            int child = index + STRIDE;
            JsonNode next = MissingNode.getInstance();
            if (here.isObject()) {
                for (var field : here.properties()) {
                    if (field.getKey().equals(name)) {
                        next = field.getValue();
                        break;
                    }
                    child += marks[child + 4] * STRIDE;
                }
            } else if (here.isArray() && name.matches("\\d{1,9}")) {
                int position = Integer.parseInt(name);
                next = here.path(position);
                for (int i = 0; i < position && !next.isMissingNode(); i++) {
                    child += marks[child + 4] * STRIDE;
                }
            }
            if (next.isMissingNode()) {
                return index;
            }
            index = child;
            here = next;
        }
        return index;
    }
}
