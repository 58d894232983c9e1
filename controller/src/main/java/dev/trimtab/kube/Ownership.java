package dev.trimtab.kube;

import com.fasterxml.jackson.databind.JsonNode;

/** How an object says which sync it belongs to. */
public final class Ownership {

    /** Label on every managed object; its value is the name of the sync. */
    public static final String SYNC_LABEL = "trimtab.dev/sync";

    /** On an object that stays in the cluster when it leaves Git; its value is {@value #KEEP}. */
    public static final String PRUNE_ANNOTATION = "trimtab.dev/prune";

    private static final String KEEP = "disabled";

    private Ownership() {}

    /** Whether an object, in Git or in the cluster, says that it stays when it leaves Git. */
    public static boolean keptWhenGone(JsonNode metadata) {
        return metadata.path("annotations").path(PRUNE_ANNOTATION).asText("").equals(KEEP);
    }

    /** The field manager of a sync. One per sync: two writers with one name would remove each other's fields. */
    public static String fieldManager(String syncName) {
        return "trimtab-" + syncName;
    }

    /** The label selector of everything that a sync manages. */
    public static String selector(String syncName) {
        return SYNC_LABEL + "=" + syncName;
    }

    /**
     * Whether an object belongs to the sync: its label says so and the sync's field manager applied it. A label alone can be
     * copied by anybody, and {@code kubectl} users do so.
     */
    public static boolean belongsTo(JsonNode metadata, String syncName) {
        return syncName.equals(metadata.path("labels").path(SYNC_LABEL).asText(""))
                && ManagedFields.ownedBy(metadata, fieldManager(syncName)).isPresent();
    }
}
