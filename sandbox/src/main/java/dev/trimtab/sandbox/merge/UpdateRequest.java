package dev.trimtab.sandbox.merge;

import java.time.Instant;

/**
 * Who creates, replaces or patches.
 *
 * @param apiVersion of the request, such as {@code apps/v1}
 * @param manager the field manager's name
 * @param subresource such as {@code status} or {@code scale}; empty for the object itself
 * @param now for the entry's time; seconds count
 */
public record UpdateRequest(String apiVersion, String manager, String subresource, Instant now) {}
