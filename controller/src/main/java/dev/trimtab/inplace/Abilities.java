package dev.trimtab.inplace;

/**
 * What can be done to a running pod beyond patching images and metadata, which every cluster can.
 *
 * @param resize the server has the {@code pods/resize} subresource, and whoever rolls uses it
 * @param restart whoever rolls can restart a container with the image it has, by another reference to it ({@link ImageName#other})
 */
public record Abilities(boolean resize, boolean restart) {

    /** Images and metadata only. */
    public static final Abilities NONE = new Abilities(false, false);

    /** What Trimtab's own rollouts can do in every cluster. */
    public static final Abilities ROLLOUT = new Abilities(false, true);

    /** What they can do with this workload. */
    public static Abilities of(UpdateStrategy strategy, boolean serverResizes) {
        return new Abilities(serverResizes && !strategy.kind().equals("CloneSet"), true);
    }
}
