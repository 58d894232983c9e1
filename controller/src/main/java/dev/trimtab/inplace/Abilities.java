package dev.trimtab.inplace;

/**
 * What a cluster can do to a running pod beyond patching images and metadata, which every cluster can.
 *
 * @param resize the server has the {@code pods/resize} subresource; no rollout uses it so far, so no verdict depends on it
 */
public record Abilities(boolean resize) {

    /** Images and metadata only. */
    public static final Abilities NONE = new Abilities(false);
}
