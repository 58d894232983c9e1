package dev.trimtab.definition;

import com.fasterxml.jackson.databind.JsonNode;

/** How problems speak of values: by type and place, never by content, which could be secret. */
public final class Types {

    private Types() {}

    /** The type of a value in words. */
    public static String found(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> "a mapping";
            case ARRAY -> "a list";
            case STRING -> "a string";
            case NUMBER -> "a number";
            case BOOLEAN -> "a boolean";
            default -> "nothing";
        };
    }

    /** A key as a part of a JSON pointer (RFC 6901). */
    public static String escape(String key) {
        return key.replace("~", "~0").replace("/", "~1");
    }

    /** A JSON pointer as people write paths: {@code /metadata/labels/app} is {@code metadata.labels.app}. */
    public static String path(String pointer) {
        return pointer.substring(1).replace('/', '.').replace("~1", "/").replace("~0", "~");
    }
}
