package dev.trimtab.definition;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Where a typed value was written, so that a rule about one of its fields can name file, line and column.
 *
 * @param positions of the document that holds the value
 * @param pointer JSON pointer (RFC 6901) from the document to the value, empty for the document itself
 */
public record Origin(Positions positions, String pointer) {

    /** Where the value begins. */
    public Position at() {
        return positions.at(pointer);
    }

    /** Where a field of the value was written, or the value itself when the field was left out. */
    public Position at(String relativePointer) {
        return positions.at(pointer + relativePointer);
    }

    /** What was written in a field of the value, missing when it was left out: the typed value then holds a default. */
    JsonNode value(String relativePointer) {
        return positions.value(pointer + relativePointer);
    }

    @Override
    public String toString() {
        return at().toString();
    }
}
