package dev.trimtab.sandbox.wire;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.schema.Type;
import java.util.Arrays;

/**
 * Bodies of the media type {@value #MEDIA_TYPE}: four bytes that tell them from other protobuf, then a message of the
 * kind of the object, its bytes, and how those are encoded (Kubernetes documentation, "Kubernetes API Concepts", on the
 * protobuf encoding).
 */
public final class Protobuf {

    public static final String MEDIA_TYPE = "application/vnd.kubernetes.protobuf";

    private static final byte[] PREFIX = {'k', '8', 's', 0};

    private Protobuf() {}

    /** Whether objects of this type have a protobuf encoding; custom resources have none. */
    public static boolean encodes(Type.Struct type) {
        return type.fields().values().stream()
                .anyMatch(field -> !field.numbers().isEmpty());
    }

    /**
     * The object in a body, with apiVersion and kind as the body says them.
     *
     * @param type of the object
     * @throws MalformedMessage when the body is not such a message
     */
    public static ObjectNode read(byte[] body, Type.Struct type) {
        if (body.length < PREFIX.length || !Arrays.equals(PREFIX, 0, PREFIX.length, body, 0, PREFIX.length)) {
            throw new MalformedMessage("the body does not begin with the prefix k8s\\0 of protobuf objects");
        }
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        WireReader envelope = WireReader.of(body, PREFIX.length);
        while (envelope.next()) {
            switch (envelope.number()) {
                case 1 -> kind(envelope.message(), object);
                case 2 -> new MessageDecoder().decode(envelope.message(), type, object);
                case 3 -> requirePlain("encoding", envelope.text(), "");
                case 4 -> requirePlain("type", envelope.text(), MEDIA_TYPE);
                default -> envelope.skip();
            }
        }
        return object;
    }

    private static void kind(WireReader message, ObjectNode into) {
        while (message.next()) {
            switch (message.number()) {
                case 1 -> into.put("apiVersion", message.text());
                case 2 -> into.put("kind", message.text());
                default -> message.skip();
            }
        }
    }

    private static void requirePlain(String what, String value, String allowed) {
        if (!value.isEmpty() && !value.equals(allowed)) {
            throw new MalformedMessage("the object has a content " + what + " that is not read");
        }
    }
}
