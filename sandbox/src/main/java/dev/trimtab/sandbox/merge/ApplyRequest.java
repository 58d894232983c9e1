package dev.trimtab.sandbox.merge;

import java.time.Instant;

/**
 * Who applies.
 *
 * @param apiVersion of the applied object, such as {@code apps/v1}
 * @param manager the field manager's name
 * @param subresource such as {@code status}; empty for the object itself
 * @param force take fields over that others own with another value
 * @param now for the entry's time; seconds count
 */
public record ApplyRequest(String apiVersion, String manager, String subresource, boolean force, Instant now) {}
