package dev.trimtab.sandbox.api.http;

import dev.trimtab.sandbox.api.Cause;
import dev.trimtab.sandbox.api.Failures;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * What the query of a list says about pages and versions.
 *
 * @param limit how many objects at most; 0 for all
 * @param token from the page before; empty for the first
 * @param moment the version to show; the present if empty
 */
record ListParameters(int limit, String token, OptionalLong moment) {

    private static final String MATCH = "resourceVersionMatch";

    /**
     * @param current the latest version
     * @throws StatusException for combinations that mean nothing, and for versions that are yet to come
     */
    static ListParameters of(Query query, long current) {
        int limit = (int) query.number("limit").orElse(0);
        query.number("timeoutSeconds");
        checkList(query);
        String token = query.text("continue");
        String version = query.text("resourceVersion");
        if (!token.isEmpty()) {
            if (!version.isEmpty() && !version.equals("0")) {
                throw Failures.badRequest("specifying resource version is not allowed when using continue");
            }
            return new ListParameters(limit, token, OptionalLong.empty());
        }
        if (!Query.isVersion(version)) {
            throw Failures.badRequest("invalid resource version: " + Query.noVersion(version));
        }
        long asked = version.isEmpty() ? 0 : Long.parseUnsignedLong(version);
        checkKnown(asked, current);
        if (version.equals("0")) {
            // Whatever the server has at hand is all it has at hand.
            return new ListParameters(0, "", OptionalLong.empty());
        }
        String match = query.text(MATCH);
        boolean exactly = match.equals("Exact") || (match.isEmpty() && limit > 0 && asked > 0);
        return new ListParameters(limit, "", exactly ? OptionalLong.of(asked) : OptionalLong.empty());
    }

    /** Every answer here is the newest, so any version will do that has been. */
    static void checkKnown(long asked, long current) {
        if (asked > current || asked < 0) {
            throw Failures.tooLargeVersion(asked, current);
        }
    }

    private static void checkList(Query query) {
        List<Cause> causes = new ArrayList<>();
        String match = query.text(MATCH);
        String version = query.text("resourceVersion");
        if (!match.isEmpty()) {
            if (version.isEmpty()) {
                forbid(causes, MATCH, "resourceVersionMatch is forbidden unless resourceVersion is provided");
            }
            if (!query.text("continue").isEmpty()) {
                forbid(causes, MATCH, "resourceVersionMatch is forbidden when continue is provided");
            }
            if (!match.equals("Exact") && !match.equals("NotOlderThan")) {
                causes.add(new Cause(
                        "FieldValueNotSupported",
                        MATCH,
                        "Unsupported value: \"" + match + "\": supported values: \"Exact\", \"NotOlderThan\", \"\""));
            }
            if (match.equals("Exact") && version.equals("0")) {
                forbid(causes, MATCH, "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"");
            }
        }
        if (query.has("sendInitialEvents")) {
            forbid(causes, "sendInitialEvents", "sendInitialEvents is forbidden for list");
        }
        refuse(causes);
    }

    static void checkWatch(Query query) {
        List<Cause> causes = new ArrayList<>();
        String match = query.text(MATCH);
        String version = query.text("resourceVersion");
        boolean initialEvents = query.has("sendInitialEvents");
        if (initialEvents && !match.equals("NotOlderThan")) {
            forbid(causes, MATCH, "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
        }
        if (!initialEvents && !match.isEmpty()) {
            forbid(causes, MATCH, "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
        }
        if (!match.isEmpty() && !match.equals("NotOlderThan")) {
            causes.add(new Cause(
                    "FieldValueNotSupported",
                    MATCH,
                    "Unsupported value: \"" + match + "\": supported values: \"NotOlderThan\""));
        }
        // A watch from nowhere is one with initial events, and those are not continued.
        if (!query.text("continue").isEmpty() && (initialEvents || version.isEmpty() || version.equals("0"))) {
            forbid(causes, MATCH, "resourceVersionMatch is forbidden when continue is provided");
        }
        refuse(causes);
    }

    private static void forbid(List<Cause> causes, String field, String why) {
        causes.add(Cause.forbidden(field, why));
    }

    private static void refuse(List<Cause> causes) {
        if (!causes.isEmpty()) {
            throw WriteParameters.invalidOptions("ListOptions", causes);
        }
    }
}
