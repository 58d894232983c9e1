package dev.trimtab.sandbox.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes protobuf by hand: a tag is the number times eight, plus how the value is encoded. */
final class Message {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    static Message empty() {
        return new Message();
    }

    /** The prefix and the envelope around an object. */
    static byte[] body(String apiVersion, String kind, Message object) {
        Message body = new Message();
        body.bytes.writeBytes(new byte[] {'k', '8', 's', 0});
        return body.message(1, empty().text(1, apiVersion).text(2, kind))
                .message(2, object)
                .text(3, "")
                .text(4, "")
                .bytes();
    }

    Message number(int field, long value) {
        varint(field * 8L);
        varint(value);
        return this;
    }

    Message text(int field, String value) {
        return run(field, value.getBytes(StandardCharsets.UTF_8));
    }

    Message message(int field, Message value) {
        return run(field, value.bytes());
    }

    Message run(int field, byte[] value) {
        varint(field * 8L + 2);
        varint(value.length);
        bytes.writeBytes(value);
        return this;
    }

    /** An entry of a map to texts. */
    Message entry(int field, String key, String value) {
        return message(field, empty().text(1, key).text(2, value));
    }

    Message fixed64(int field, long value) {
        varint(field * 8L + 1);
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            bytes.write((int) (value >>> shift));
        }
        return this;
    }

    Message fixed32(int field) {
        varint(field * 8L + 5);
        bytes.writeBytes(new byte[Integer.BYTES]);
        return this;
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        bytes.write((int) rest);
    }
}
