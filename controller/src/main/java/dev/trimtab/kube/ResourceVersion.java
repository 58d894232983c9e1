package dev.trimtab.kube;

/** The order of the versions that the API server gives the states of objects of one resource. */
public final class ResourceVersion {

    private ResourceVersion() {}

    /**
     * Resource versions of one resource are decimal numbers that grow (Kubernetes API concepts, "Resource versions"). Where they are
     * not, every other version counts as newer: whoever asks looks once too often then, and misses nothing.
     */
    public static boolean isNewer(String version, String than) {
        if (!isNumber(version) || !isNumber(than)) {
            return !version.equals(than);
        }
        return version.length() != than.length() ? version.length() > than.length() : version.compareTo(than) > 0;
    }

    private static boolean isNumber(String version) {
        return !version.isEmpty() && version.charAt(0) != '0' && version.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
