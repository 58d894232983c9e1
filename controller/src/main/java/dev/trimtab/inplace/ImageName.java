package dev.trimtab.inplace;

import java.util.Optional;

/**
 * An image reference with its defaults written out: the container runtime reports {@code docker.io/library/nginx:latest} for what a
 * template calls {@code nginx}.
 *
 * @param tag {@code latest} where there is neither tag nor digest, empty where there is only a digest
 */
record ImageName(String repository, String tag, Optional<String> digest) {

    static ImageName of(String reference) {
        int at = reference.indexOf('@');
        Optional<String> digest = at < 0 ? Optional.empty() : Optional.of(reference.substring(at + 1));
        String name = at < 0 ? reference : reference.substring(0, at);
        int colon = name.lastIndexOf(':');
        // The colon of a registry's port comes before the last slash.
        boolean tagged = colon > name.lastIndexOf('/');
        String tag = tagged ? name.substring(colon + 1) : digest.isPresent() ? "" : "latest";
        return new ImageName(withRegistry(tagged ? name.substring(0, colon) : name), tag, digest);
    }

    private static String withRegistry(String name) {
        int slash = name.indexOf('/');
        if (slash < 0) {
            return "docker.io/library/" + name;
        }
        String first = name.substring(0, slash);
        boolean registry = first.contains(".") || first.contains(":") || first.equals("localhost");
        return registry ? name : "docker.io/" + name;
    }

    /** True when both say the same; a digest outweighs the tags. */
    boolean same(ImageName other) {
        if (digest.isPresent() && other.digest.isPresent()) {
            return repository.equals(other.repository) && digest.equals(other.digest);
        }
        return equals(other);
    }
}
