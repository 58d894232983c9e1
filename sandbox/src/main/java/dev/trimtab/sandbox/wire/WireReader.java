package dev.trimtab.sandbox.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One message in the protobuf wire format: {@link #next} goes to a field, then one of the other methods takes its
 * value. What does not fit throws {@link MalformedMessage}.
 */
final class WireReader {

    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int DELIMITED = 2;
    private static final int FIXED_32 = 5;
    private static final int TYPE_BITS = 3;

    private final byte[] data;
    private final int end;
    private int position;
    private int number;
    private int wireType;

    private WireReader(byte[] data, int start, int end) {
        this.data = data;
        this.position = start;
        this.end = end;
    }

    /** The message that begins at an offset and fills the rest. */
    static WireReader of(byte[] data, int start) {
        return new WireReader(data, start, data.length);
    }

    boolean hasMore() {
        return position < end;
    }

    /** Goes to the next field; false at the end of the message. */
    boolean next() {
        if (!hasMore()) {
            return false;
        }
        long tag = varint();
        number = (int) (tag >>> TYPE_BITS);
        wireType = (int) tag & 7;
        return true;
    }

    /** The number of the field. */
    int number() {
        return number;
    }

    /** Whether the value is a run of bytes: text, a message, or a packed list of numbers. */
    boolean isDelimited() {
        return wireType == DELIMITED;
    }

    long integer() {
        expect(VARINT);
        return varint();
    }

    double decimal() {
        expect(FIXED_64);
        int start = advance(Long.BYTES);
        long bits = 0;
        for (int i = Long.BYTES - 1; i >= 0; i--) {
            bits = (bits << Byte.SIZE) | (data[start + i] & 0xff);
        }
        return Double.longBitsToDouble(bits);
    }

    byte[] bytes() {
        int length = length();
        int start = advance(length);
        return Arrays.copyOfRange(data, start, start + length);
    }

    String text() {
        int length = length();
        return new String(data, advance(length), length, StandardCharsets.UTF_8);
    }

    WireReader message() {
        int length = length();
        int start = advance(length);
        return new WireReader(data, start, start + length);
    }

    /** A number of a packed list, which has no tag. */
    long packed() {
        return varint();
    }

    void skip() {
        switch (wireType) {
            case VARINT -> varint();
            case FIXED_64 -> advance(Long.BYTES);
            case DELIMITED -> advance(length());
            case FIXED_32 -> advance(Integer.BYTES);
            default -> throw new MalformedMessage("field " + number + " has the wire type " + wireType);
        }
    }

    private int length() {
        expect(DELIMITED);
        long length = varint();
        if (length < 0 || length > end - position) {
            throw new MalformedMessage("field " + number + " reaches beyond its message");
        }
        return (int) length;
    }

    private void expect(int expected) {
        if (wireType != expected) {
            throw new MalformedMessage(
                    "field " + number + " has the wire type " + wireType + " instead of " + expected);
        }
    }

    /** Moves over bytes and returns where they begin. */
    private int advance(int length) {
        if (length > end - position) {
            throw new MalformedMessage("field " + number + " reaches beyond its message");
        }
        int start = position;
        position += length;
        return start;
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = data[advance(1)];
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new MalformedMessage("a number after field " + number + " has no end");
    }
}
