package dev.trimtab.inplace;

import java.util.Optional;

/**
 * An image reference with its defaults written out: the container runtime reports {@code docker.io/library/nginx:latest} for what a
 * template calls {@code nginx}.
 *
 * @param tag {@code latest} where there is neither tag nor digest, empty where there is only a digest
 */
public record ImageName(String repository, String tag, Optional<String> digest) {

    private static final String DIGEST = "sha256:";

    public static ImageName of(String reference) {
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

    /**
     * Another way to write the image that a container runs: the kubelet restarts a container whose image is written differently, with
     * the same bits. A reference by tag gets the digest that the runtime reports, one by digest loses or gets its tag; where the
     * pod has the other way already, it is the first one again.
     *
     * @param written in the pod
     * @param wanted in the template
     * @param imageId as the container's status has it; a bare digest is that of a configuration, which no registry knows
     */
    public static Optional<String> other(String written, String wanted, String imageId) {
        if (!written.equals(wanted)) {
            return Optional.of(wanted);
        }
        int at = wanted.indexOf('@');
        ImageName name = of(wanted);
        if (at >= 0) {
            String tagged = wanted.substring(0, at);
            return Optional.of(
                    name.tag().isEmpty()
                            ? tagged + ":latest" + wanted.substring(at)
                            : tagged.substring(0, tagged.lastIndexOf(':')) + wanted.substring(at));
        }
        int scheme = imageId.indexOf("://");
        ImageName runs = of(scheme < 0 ? imageId : imageId.substring(scheme + 3));
        return runs.digest()
                .filter(digest -> digest.startsWith(DIGEST) && runs.repository().equals(name.repository()))
                .map(digest -> wanted + "@" + digest);
    }

    /** Whether two references that are not written alike mean the same image as far as they tell. */
    public boolean isOtherWayToWrite(ImageName other) {
        if (equals(other) || !repository.equals(other.repository)) {
            return false;
        }
        boolean byDigest = digest.isPresent() && other.digest.isPresent();
        return byDigest ? digest.equals(other.digest) : tag.equals(other.tag);
    }

    /** True when both say the same; a digest outweighs the tags. */
    boolean same(ImageName other) {
        if (digest.isPresent() && other.digest.isPresent()) {
            return repository.equals(other.repository) && digest.equals(other.digest);
        }
        return equals(other);
    }
}
