package dev.trimtab.sandbox.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Base64;

/**
 * Where the next page of a list starts, and at which moment. Clients hand it back as they got it; nothing is kept for it here.
 *
 * @param version of the first page; {@link #ANY} for whatever is there when the page is asked for
 * @param last namespace and name of the last object that was shown
 */
record ContinueToken(long version, String last) {

    static final long ANY = -1;

    private static final String FORMAT = "meta.k8s.io/v1";
    /** Comes right after the last name, and so before any other. */
    private static final char AFTER = '\0';

    static ContinueToken after(long version, ObjectNode object) {
        return new ContinueToken(version, path(object));
    }

    /** Whether the object comes after the last one that was shown. */
    boolean precedes(ObjectNode object) {
        return path(object).compareTo(last) > 0;
    }

    private static String path(ObjectNode object) {
        return Json.namespace(object) + "/" + Json.name(object);
    }

    String encode() {
        ObjectNode token = Json.object();
        token.put("v", FORMAT).put("rv", version).put("start", last + AFTER);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Json.bytes(token));
    }

    /** @throws StatusException 400 for a text that is no token */
    static ContinueToken decode(String text) {
        JsonNode token;
        try {
            token = Json.MAPPER.readTree(Base64.getUrlDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            throw invalid(e.getMessage() == null ? "illegal base64 data" : e.getMessage());
        } catch (JsonProcessingException e) {
            throw invalid(e.getOriginalMessage());
        } catch (IOException e) {
            throw invalid(e.toString());
        }
        String format = token.path("v").asText("");
        if (!format.equals(FORMAT)) {
            throw invalid("server does not recognize this encoded version " + format);
        }
        long version = token.path("rv").asLong(0);
        if (version == 0) {
            throw invalid("incorrect encoded start resourceVersion (version " + format + ")");
        }
        String start = token.path("start").asText("");
        if (start.isEmpty()) {
            throw invalid("encoded start key empty (version " + format + ")");
        }
        return new ContinueToken(version, start.substring(0, start.length() - 1));
    }

    private static StatusException invalid(String why) {
        return Failures.badRequest("invalid continue token: continue key is not valid: " + why);
    }

    /** 410 with a token that goes on from here, in whatever is there then. */
    StatusException expired() {
        StatusException expired = Failures.expired("The provided continue parameter is too old to display a consistent"
                + " list result. You can start a new list without the continue parameter, or use the continue token in"
                + " this response to retrieve the remainder of the results. Continuing with the provided token results in"
                + " an inconsistent list - objects that were created, modified, or deleted between the time the first"
                + " chunk was returned and now may show up in the list.");
        Json.metadata(expired.status()).put("continue", new ContinueToken(ANY, last).encode());
        return expired;
    }
}
