package dev.trimtab.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a server answered.
 *
 * @param warnings texts of {@code Warning} headers
 */
record Reply(int code, String text, List<String> warnings, Optional<Long> retryAfterSeconds) {

    /**
     * @param retryAfterHeader seconds or a date (RFC 9110, 10.2.3); where there is none, {@code details.retryAfterSeconds} of a
     *     Status counts
     */
    static Reply of(int code, String text, List<String> warnings, Optional<String> retryAfterHeader) {
        Optional<Long> seconds = retryAfterHeader.flatMap(header -> RetryAfter.seconds(header, Instant.now()));
        Reply reply = new Reply(code, text, warnings, seconds);
        return seconds.isPresent() || code < 400
                ? reply
                : new Reply(code, text, warnings, RetryAfter.ofStatus(reply.status()));
    }

    boolean ok() {
        return code >= 200 && code < 300;
    }

    /** The body where it is a JSON object, else a missing node. */
    JsonNode status() {
        try {
            JsonNode tree = Trees.JSON.readTree(text);
            return tree.isObject() ? tree : MissingNode.getInstance();
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }
}
