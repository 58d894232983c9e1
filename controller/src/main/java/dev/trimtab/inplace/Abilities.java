package dev.trimtab.inplace;

import dev.trimtab.kube.ClusterClient;

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

    /** What they can do where the server resizes pods. */
    public static final Abilities WITH_RESIZE = new Abilities(true, true);

    /** Whether the server has {@code pods/resize}. */
    public static boolean resizes(ClusterClient cluster) {
        return cluster.resource("v1", "Pod")
                .filter(type -> type.subresources().contains("resize"))
                .isPresent();
    }
}
