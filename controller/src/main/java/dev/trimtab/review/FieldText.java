package dev.trimtab.review;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.plan.FieldChange;
import java.util.Optional;

/** One differing field as a line: {@code containers[cart].image   registry.local/shop/cart   1.8.2 -> 1.8.3}. */
final class FieldText {

    private static final String POD_SPEC = "spec.template.spec.";
    private static final String TEMPLATE = "spec.template.";
    private static final String DOTS = "...";
    private static final int LEAST = 10;

    private FieldText() {}

    static String of(FieldChange field) {
        String path = shortened(field.path());
        if (field.masked()) {
            return path + "   (secret value changes; it is not shown)";
        }
        Optional<String> before = field.before().map(FieldText::value);
        Optional<String> after = field.after().map(FieldText::value);
        if (before.isEmpty()) {
            return path + "   + " + after.orElse("");
        }
        if (after.isEmpty()) {
            return path + "   - " + before.get();
        }
        if (path.endsWith(".image")) {
            int common = commonRepository(before.get(), after.get());
            if (common > 0) {
                return path + "   " + before.get().substring(0, common) + "   "
                        + before.get().substring(common + 1) + " -> "
                        + after.get().substring(common + 1);
            }
        }
        return path + "   " + before.get() + " -> " + after.get();
    }

    /** What became of Git's value: {@code data[size]   1 -> 2}. */
    static String drifted(FieldChange field) {
        if (field.masked()) {
            return shortened(field.path()) + "   (a secret value differs; it is not shown)";
        }
        return of(turned(field, field.after(), field.before()));
    }

    /** The same in so many characters, where both values are texts that fit when they are cut: neither hides the other. */
    static String drifted(FieldChange field, int width) {
        String whole = drifted(field);
        if (whole.length() <= width
                || field.masked()
                || field.after().isEmpty()
                || field.before().isEmpty()) {
            return whole;
        }
        String git = field.after().map(FieldText::value).orElseThrow();
        String live = field.before().map(FieldText::value).orElseThrow();
        int room = Math.max(2 * LEAST, width - (whole.length() - git.length() - live.length()));
        int half = room / 2;
        int ofGit = live.length() < half ? room - live.length() : half;
        int ofLive = git.length() < half ? room - git.length() : half;
        return of(turned(field, Optional.of(cut(git, ofGit)), Optional.of(cut(live, ofLive))));
    }

    private static FieldChange turned(FieldChange field, Optional<JsonNode> git, Optional<JsonNode> live) {
        return new FieldChange(field.path(), git, live, false, field.origin(), field.liveManager());
    }

    private static JsonNode cut(String text, int length) {
        return TextNode.valueOf(text.length() <= length ? text : text.substring(0, length - DOTS.length()) + DOTS);
    }

    /** Pod fields are named as in a pod: everyone knows where containers are. */
    static String shortened(String path) {
        if (path.startsWith(POD_SPEC)) {
            return path.substring(POD_SPEC.length());
        }
        return path.startsWith(TEMPLATE) ? path.substring("spec.".length()) : path;
    }

    private static String value(JsonNode node) {
        String text = node.isTextual() ? node.textValue() : node.toString();
        String line = text.replace("\n", "\\n");
        return line.isEmpty() ? "\"\"" : line;
    }

    /** Length of the repository that both image references share, without its tag; 0 when there is none. */
    private static int commonRepository(String before, String after) {
        int colon = before.lastIndexOf(':');
        return colon > before.lastIndexOf('/')
                        && after.length() > colon + 1
                        && !before.contains("@")
                        && !after.contains("@")
                        && after.startsWith(before.substring(0, colon + 1))
                ? colon
                : 0;
    }
}
