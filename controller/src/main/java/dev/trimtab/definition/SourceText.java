package dev.trimtab.definition;

import static dev.trimtab.definition.DefinitionCode.YML003;

import dev.trimtab.source.RepoPath;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.yaml.snakeyaml.reader.StreamReader;

/** Turns the bytes of a file into text, strictly: what is no UTF-8 is told with its place instead of being repaired. */
final class SourceText {

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private SourceText() {}

    static Optional<String> decode(RepoPath file, byte[] bytes, Problems problems) {
        CharBuffer text = CharBuffer.allocate(bytes.length);
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), text, true);
        text.flip();
        String decoded = text.toString();
        if (result.isError()) {
            problems.error(
                    YML003,
                    end(file, decoded),
                    "the file is not UTF-8 text",
                    "save the file in UTF-8; nothing else is read");
            return Optional.empty();
        }
        String content = !decoded.isEmpty() && decoded.charAt(0) == BYTE_ORDER_MARK ? decoded.substring(1) : decoded;
        for (int i = 0; i < content.length(); i = content.offsetByCodePoints(i, 1)) {
            int codePoint = content.codePointAt(i);
            if (!StreamReader.isPrintable(codePoint)) {
                problems.error(
                        YML003,
                        end(file, content.substring(0, i)),
                        String.format("character U+%04X has no place in YAML or JSON", codePoint),
                        "take it out, or write it as an escape in double quotes");
                return Optional.empty();
            }
        }
        return Optional.of(content);
    }

    /** Just behind {@code text}, where the next character would stand. */
    private static Position end(RepoPath file, String text) {
        int lines = (int) text.chars().filter(c -> c == '\n').count();
        int lineStart = text.lastIndexOf('\n') + 1;
        return new Position(file, lines + 1, text.codePointCount(lineStart, text.length()) + 1);
    }
}
