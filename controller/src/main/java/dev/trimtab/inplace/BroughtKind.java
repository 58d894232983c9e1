package dev.trimtab.inplace;

import java.util.Set;

/** The kind that the controller brings to clusters that do not know it, so that nobody has to install it first. */
public final class BroughtKind {

    /** What a person does where the controller does not run yet. */
    public static final String ADVICE =
            "start trimtab run for this cluster, which brings the kind and keeps CloneSets, or install OpenKruise";

    /** Those that {@code cloneset-crd.yaml} serves. */
    private static final Set<String> VERSIONS = Set.of(CloneSetKeys.API_VERSION, CloneSetKeys.GROUP + "/v1beta1");

    private BroughtKind() {}

    public static boolean is(String apiVersion, String kind) {
        return kind.equals(CloneSetKeys.KIND) && VERSIONS.contains(apiVersion);
    }
}
