package dev.trimtab.sandbox.api.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.sandbox.api.Read;

/** In which form a client wants to see objects. */
interface View {

    /** One object; also what a watch event carries. */
    JsonNode object(ObjectNode object);

    JsonNode list(Read.Page page);

    /** The object of a bookmark, which has nothing but a version. */
    ObjectNode bookmark();
}
