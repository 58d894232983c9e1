package dev.trimtab.plan;

import dev.trimtab.kube.Takeover;
import java.util.List;

/**
 * How the ownership of an object moves: it was there before this sync and is taken over, somebody has come to own fields of ours too, or
 * fields of ours are left to others.
 *
 * @param from whose fields become ours; may be empty
 * @param losses whose fields are overwritten, with paths; that is what a forced apply takes
 * @param yields JSON pointers of fields that are ours no longer and keep their values
 */
public record Adoption(List<String> from, List<Takeover.Loss> losses, List<String> yields) {

    public Adoption {
        from = List.copyOf(from);
        losses = List.copyOf(losses);
        yields = List.copyOf(yields);
    }

    /** Whether nothing is taken, only given up. */
    public boolean onlyYields() {
        return !yields.isEmpty() && from.isEmpty() && losses.isEmpty();
    }

    /** For people: {@code taken over from kubectl-client-side-apply; alice loses data.mode}. */
    public String text() {
        if (onlyYields()) {
            return yielded();
        }
        StringBuilder text = new StringBuilder(
                from.isEmpty() ? "it was in the cluster before" : "taken over from " + String.join(", ", from));
        for (Takeover.Loss loss : losses) {
            text.append("; ").append(loss.manager()).append(" loses ").append(String.join(", ", loss.paths()));
        }
        return yields.isEmpty()
                ? text.toString()
                : text.append("; ").append(yielded()).toString();
    }

    private String yielded() {
        return String.join(", ", yields) + " left to others; its value stays";
    }
}
