package dev.trimtab.kube;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Cuts a stream of buffers into lines. Works on bytes: a buffer may end in the middle of a character. */
final class LineSplitter {

    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    /** The lines that {@code buffer} completes, without their ends; empty lines are left out. */
    List<String> feed(ByteBuffer buffer) {
        List<String> lines = new ArrayList<>();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                line.write(bytes, start, i - start);
                if (line.size() > 0) {
                    lines.add(line.toString(StandardCharsets.UTF_8));
                    line.reset();
                }
                start = i + 1;
            }
        }
        line.write(bytes, start, bytes.length - start);
        return lines;
    }
}
