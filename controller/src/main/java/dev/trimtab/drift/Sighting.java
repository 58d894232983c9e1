package dev.trimtab.drift;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Optional;

/**
 * How the watch last showed an object that may not be as desired.
 *
 * @param since when it was first seen to be other than it was confirmed
 * @param resourceVersion of what was shown; empty when the object is gone from the watch
 * @param metadata what was shown; empty when the object is gone from the watch
 */
public record Sighting(Instant since, String resourceVersion, Optional<JsonNode> metadata) {}
