package dev.trimtab.review;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.inplace.Reason;
import dev.trimtab.inplace.Verdict;
import dev.trimtab.kube.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** A verdict for people, and as {@code trimtab.verdict/v1}. */
public final class VerdictText {

    private final Style style;

    public VerdictText(Style style) {
        this.style = style;
    }

    /** @param maxUnavailable how many pods may be out of service while containers restart */
    public String render(ObjectNode workload, Verdict verdict, int maxUnavailable) {
        List<String> lines = new ArrayList<>();
        lines.add(ObjectKey.of(workload).toString());
        lines.add("  pods     " + colored(verdict, words(verdict, maxUnavailable)));
        for (Reason reason : verdict.reasons()) {
            lines.add("  because  " + reason.path().value() + ": " + reason.text() + " ["
                    + reason.code().id() + "]");
            reason.gentler().ifPresent(gentler -> lines.add("  gentler  " + gentler));
        }
        return String.join("\n", lines) + "\n";
    }

    public static ObjectNode json(ObjectNode workload, Verdict verdict, int maxUnavailable) {
        ObjectNode document = JsonNodeFactory.instance.objectNode().put("format", "trimtab.verdict/v1");
        document.put("object", ObjectKey.of(workload).toString()).put("verdict", name(verdict));
        if (verdict instanceof Verdict.InPlace) {
            document.put("maxUnavailable", maxUnavailable);
        }
        ArrayNode containers = document.putArray("containers");
        containers(verdict).forEach(containers::add);
        ArrayNode reasons = document.putArray("reasons");
        for (Reason reason : verdict.reasons()) {
            ObjectNode one = reasons.addObject()
                    .put("code", reason.code().id())
                    .put("path", reason.path().value())
                    .put("text", reason.text());
            reason.gentler().ifPresent(gentler -> one.put("gentler", gentler));
        }
        return document;
    }

    private String colored(Verdict verdict, String words) {
        if (verdict instanceof Verdict.Recreate) {
            return style.red(words);
        }
        return verdict instanceof Verdict.Refused ? style.yellow(words) : style.green(words);
    }

    private static String words(Verdict verdict, int maxUnavailable) {
        if (verdict instanceof Verdict.InPlace) {
            return "stay; " + subject(verdict, "restarts", "restart") + " in place, "
                    + (maxUnavailable == 1 ? "one pod" : maxUnavailable + " pods") + " at a time";
        } else if (verdict instanceof Verdict.MetadataOnly) {
            return "stay; labels and annotations are patched, nothing restarts";
        } else if (verdict instanceof Verdict.Resize) {
            return "stay; " + subject(verdict, "is", "are") + " resized, nothing restarts";
        } else if (verdict instanceof Verdict.Recreate) {
            return "are replaced";
        } else if (verdict instanceof Verdict.Refused) {
            return "are not touched: the change is refused";
        }
        return "are not touched";
    }

    /** The containers, and the form of the verb that goes with their number. */
    private static String subject(Verdict verdict, String one, String more) {
        Set<String> containers = containers(verdict);
        return String.join(", ", containers) + " " + (containers.size() == 1 ? one : more);
    }

    private static String name(Verdict verdict) {
        if (verdict instanceof Verdict.InPlace) {
            return "in-place";
        } else if (verdict instanceof Verdict.MetadataOnly) {
            return "metadata-only";
        } else if (verdict instanceof Verdict.Resize) {
            return "resize";
        } else if (verdict instanceof Verdict.Recreate) {
            return "recreate";
        }
        return verdict instanceof Verdict.Refused ? "refused" : "unchanged";
    }

    private static Set<String> containers(Verdict verdict) {
        if (verdict instanceof Verdict.InPlace inPlace) {
            return new TreeSet<>(inPlace.containers());
        }
        return verdict instanceof Verdict.Resize resize ? new TreeSet<>(resize.containers()) : Set.of();
    }
}
