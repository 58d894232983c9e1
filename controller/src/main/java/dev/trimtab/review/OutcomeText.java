package dev.trimtab.review;

import dev.trimtab.apply.Outcome;
import dev.trimtab.apply.Result;
import dev.trimtab.kube.ObjectKey;
import java.util.ArrayList;
import java.util.List;

/** What became of a plan: one line for each object that was touched or could not be. */
public final class OutcomeText {

    private final Style style;

    public OutcomeText(Style style) {
        this.style = style;
    }

    /** The whole text, ending with a line break. */
    public String render(Outcome outcome) {
        List<String> lines = new ArrayList<>();
        outcome.results().forEach((key, result) -> lines.add(line(key, result)));
        if (lines.isEmpty()) {
            lines.add("nothing to do");
        }
        return String.join("\n", lines) + "\n";
    }

    /** One object's line. */
    public String line(ObjectKey key, Result result) {
        if (result instanceof Result.Applied) {
            return style.green("applied") + "  " + key;
        } else if (result instanceof Result.Deleted) {
            return style.green("deleted") + "  " + key;
        } else if (result instanceof Result.Leaving leaving) {
            return style.yellow("leaving") + "  " + key + ": " + leaving.text();
        } else if (result instanceof Result.Failed failed) {
            return style.red("failed") + "   " + key + ": " + failed.text() + " ["
                    + failed.code().id() + "]";
        } else if (result instanceof Result.Blocked blocked) {
            return style.yellow("blocked") + "  " + key + ": waits for " + blocked.dependency();
        } else if (result instanceof Result.Waiting waiting) {
            return style.yellow("waiting") + "  " + key + ": until " + waiting.dependency() + " is well: "
                    + waiting.reason();
        } else if (result instanceof Result.Held held) {
            return style.yellow("held") + "     " + key + ": " + held.text() + " ["
                    + held.code().id() + "]";
        }
        throw new IllegalArgumentException("unknown result " + result);
    }
}
