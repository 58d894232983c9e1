package dev.trimtab.plan;

import dev.trimtab.kube.Takeover;
import java.util.List;

/**
 * An object that was there before this sync and is taken over, or fields of ours that somebody has come to own too.
 *
 * @param from whose fields become ours; may be empty
 * @param losses whose fields are overwritten, with paths; that is what a forced apply takes
 */
public record Adoption(List<String> from, List<Takeover.Loss> losses) {

    public Adoption {
        from = List.copyOf(from);
        losses = List.copyOf(losses);
    }

    /** For people: {@code taken over from kubectl-client-side-apply; alice loses data.mode}. */
    public String text() {
        StringBuilder text = new StringBuilder(
                from.isEmpty() ? "it was in the cluster before" : "taken over from " + String.join(", ", from));
        for (Takeover.Loss loss : losses) {
            text.append("; ").append(loss.manager()).append(" loses ").append(String.join(", ", loss.paths()));
        }
        return text.toString();
    }
}
