package dev.trimtab.kube;

import com.fasterxml.jackson.databind.JsonNode;

/** How an object says which sync it belongs to. */
public final class Ownership {

    /** Label on every managed object; its value is the name of the sync. */
    public static final String SYNC_LABEL = "trimtab.dev/sync";

    private Ownership() {}

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
