package dev.trimtab.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * What a server answered.
 *
 * @param warnings texts of {@code Warning} headers
 */
record Reply(int code, String text, List<String> warnings, Optional<Long> retryAfterSeconds) {

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
