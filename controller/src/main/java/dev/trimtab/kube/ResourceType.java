package dev.trimtab.kube;

import java.util.Set;

/**
 * One served resource as discovery describes it.
 *
 * @param plural the path segment, for instance {@code clonesets}
 * @param subresources for instance {@code status}, {@code scale}
 */
public record ResourceType(
        String group, String version, String kind, String plural, boolean namespaced, Set<String> subresources) {

    public ResourceType {
        subresources = Set.copyOf(subresources);
    }

    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }
}
