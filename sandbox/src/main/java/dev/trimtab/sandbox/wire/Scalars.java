package dev.trimtab.sandbox.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.trimtab.sandbox.schema.Type;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Values that are one in JSON, though some of them are messages in protobuf. */
final class Scalars {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'Z'").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter MICROSECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private Scalars() {}

    static JsonNode read(WireReader in, Type.Kind kind) {
        return switch (kind) {
            case STRING -> JSON.textNode(in.text());
            case INTEGER -> integer(in.integer());
            case NUMBER -> JSON.numberNode(in.decimal());
            case BOOLEAN -> JSON.booleanNode(in.integer() != 0);
            case BYTES -> JSON.textNode(JSON.binaryNode(in.bytes()).asText());
            case QUANTITY -> quantity(in.message());
            case INT_OR_STRING -> intOrString(in.message());
            case TIME -> time(in.message());
        };
    }

    /** Protobuf leaves out the value of a map's entry when it is this. */
    static JsonNode empty(Type.Kind kind) {
        return switch (kind) {
            case STRING, BYTES -> JSON.textNode("");
            case INTEGER, NUMBER, INT_OR_STRING -> JSON.numberNode(0);
            case BOOLEAN -> JSON.booleanNode(false);
            case QUANTITY -> JSON.textNode("0");
            case TIME -> JSON.nullNode();
        };
    }

    /** As small as Jackson reads it, since an int is no equal of a long. */
    static JsonNode integer(long value) {
        return value == (int) value ? JSON.numberNode((int) value) : JSON.numberNode(value);
    }

    private static JsonNode quantity(WireReader message) {
        String text = "";
        while (message.next()) {
            if (message.number() == 1) {
                text = message.text();
            } else {
                message.skip();
            }
        }
        return JSON.textNode(text.isEmpty() ? "0" : text);
    }

    /** A message of which kind it is (1 is a text), the number and the text. */
    private static JsonNode intOrString(WireReader message) {
        boolean isText = false;
        long number = 0;
        String text = "";
        while (message.next()) {
            switch (message.number()) {
                case 1 -> isText = message.integer() == 1;
                case 2 -> number = message.integer();
                case 3 -> text = message.text();
                default -> message.skip();
            }
        }
        return isText ? JSON.textNode(text) : integer(number);
    }

    /** Seconds and nanoseconds since 1970. An empty message is the time that nobody set. */
    private static JsonNode time(WireReader message) {
        if (!message.hasMore()) {
            return JSON.nullNode();
        }
        long seconds = 0;
        long nanos = 0;
        while (message.next()) {
            switch (message.number()) {
                case 1 -> seconds = message.integer();
                case 2 -> nanos = message.integer();
                default -> message.skip();
            }
        }
        try {
            return JSON.textNode((nanos == 0 ? SECONDS : MICROSECONDS).format(Instant.ofEpochSecond(seconds, nanos)));
        } catch (DateTimeException | ArithmeticException e) {
            throw new MalformedMessage("a time is out of range");
        }
    }

    /** JSON as bytes in a message: a value of any kind. */
    static JsonNode json(WireReader message) {
        JsonNode value = JSON.nullNode();
        while (message.next()) {
            if (message.number() == 1) {
                value = parse(message.bytes());
            } else {
                message.skip();
            }
        }
        return value;
    }

    private static JsonNode parse(byte[] bytes) {
        try {
            JsonNode value = bytes.length == 0 ? JSON.nullNode() : MAPPER.readTree(bytes);
            return value.isMissingNode() ? JSON.nullNode() : value;
        } catch (JsonProcessingException e) {
            throw new MalformedMessage("an untyped value is no JSON");
        } catch (IOException e) {
            throw new IllegalStateException("bytes in memory can always be read", e);
        }
    }
}
