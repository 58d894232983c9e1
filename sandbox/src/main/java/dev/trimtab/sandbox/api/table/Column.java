package dev.trimtab.sandbox.api.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One column of a table.
 *
 * @param priority above 0 only in wide output
 */
record Column(String name, String type, String format, int priority, String description, Cell cell) {

    /** What an object shows in a column: a text, a number, a boolean, or nothing. */
    interface Cell {
        @Nullable
        Object of(ObjectNode object, Instant now);
    }

    static Column objectName() {
        return new Column(
                "Name",
                "string",
                "name",
                0,
                "Name must be unique within a namespace.",
                (object, now) -> object.path("metadata").path("name").asText());
    }

    static Column age() {
        return new Column(
                "Age",
                "string",
                "",
                0,
                "CreationTimestamp is a timestamp representing the server time when this object was created.",
                (object, now) -> Ages.since(object.path("metadata").path("creationTimestamp"), now));
    }

    static Column text(String name, Function<ObjectNode, String> cell) {
        return new Column(name, "string", "", 0, "", (object, now) -> cell.apply(object));
    }

    /** A text at a JSON pointer. */
    static Column text(String name, String pointer) {
        return text(name, object -> object.at(pointer).asText(""));
    }

    static Column number(String name, String pointer) {
        return new Column(
                name, "integer", "", 0, "", (object, now) -> object.at(pointer).asLong());
    }

    /** How long ago the time at a JSON pointer was. */
    static Column since(String name, String pointer) {
        return new Column(name, "string", "", 0, "", (object, now) -> {
            JsonNode time = object.at(pointer);
            return time.isTextual() ? Ages.since(time, now) : "<none>";
        });
    }

    /** The same column, in wide output only. */
    Column wide() {
        return new Column(name, type, format, 1, description, cell);
    }
}
