package dev.trimtab.sync;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * What people told a sync through its cluster: annotations of the ConfigMap {@code trimtab-control-<sync>}, so that they are seen
 * by a watch and survive the process.
 */
record Orders(Optional<Approval> approval, Optional<Suspension> suspension, Optional<Request> request) {

    static final Orders NONE = new Orders(Optional.empty(), Optional.empty(), Optional.empty());

    static final String APPROVED_PLAN = "trimtab.dev/approved-plan";
    static final String APPROVED_BY = "trimtab.dev/approved-by";
    static final String APPROVED_DESPITE_WINDOWS = "trimtab.dev/approved-despite-windows";
    static final String SUSPENDED_REASON = "trimtab.dev/suspended";
    static final String SUSPENDED_BY = "trimtab.dev/suspended-by";
    static final String SUSPENDED_UNTIL = "trimtab.dev/suspended-until";
    static final String RECONCILE_AT = "trimtab.dev/reconcile-requested-at";
    static final String RECONCILE_HARD = "trimtab.dev/reconcile-hard";

    /**
     * A plan that a person wants as it is.
     *
     * @param despiteWindows also while windows are closed
     */
    record Approval(String planId, String by, boolean despiteWindows) {}

    /**
     * A wish to look now.
     *
     * @param at tells one wish from the next; not read as a time
     * @param hard compare everything, trust nothing remembered
     */
    record Request(String at, boolean hard) {}

    static Orders read(JsonNode metadata) {
        JsonNode annotations = metadata.path("annotations");
        return new Orders(
                text(annotations, APPROVED_PLAN)
                        .map(id -> new Approval(
                                id,
                                text(annotations, APPROVED_BY).orElse(""),
                                annotations
                                        .path(APPROVED_DESPITE_WINDOWS)
                                        .asText("")
                                        .equals("true"))),
                text(annotations, SUSPENDED_REASON)
                        .map(reason -> new Suspension(
                                reason, text(annotations, SUSPENDED_BY).orElse(""), until(annotations))),
                text(annotations, RECONCILE_AT)
                        .map(at -> new Request(
                                at, annotations.path(RECONCILE_HARD).asText("").equals("true"))));
    }

    boolean approves(String planId) {
        return approval.map(Approval::planId).equals(Optional.of(planId));
    }

    /** A time that cannot be read is no end: who suspends means it. */
    private static Optional<Instant> until(JsonNode annotations) {
        try {
            return text(annotations, SUSPENDED_UNTIL).map(Instant::parse);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> text(JsonNode annotations, String name) {
        return Optional.of(annotations.path(name).asText("")).filter(text -> !text.isEmpty());
    }
}
