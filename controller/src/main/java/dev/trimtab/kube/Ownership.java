package dev.trimtab.kube;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How an object says which sync it belongs to. */
public final class Ownership {

    /** Label on every managed object; its value is the name of the sync. */
    public static final String SYNC_LABEL = "trimtab.dev/sync";

    /** On an object that stays in the cluster when it leaves Git; its value is {@value #KEEP}. */
    public static final String PRUNE_ANNOTATION = "trimtab.dev/prune";

    /**
     * In Git, on an object that was managed by something else: field managers, separated by commas, from which this sync takes it
     * over as a whole.
     */
    public static final String ADOPT_ANNOTATION = "trimtab.dev/adopt";

    /** In Git, on an object that may be deleted and created again; its value is {@value #ALLOW}. */
    public static final String RECREATE_ANNOTATION = "trimtab.dev/recreate";

    /**
     * In Git, on the ConfigMap of the pod network whose backend or address range may change; its value is {@value #ALLOW}. The add-on
     * {@code Flannel} writes it for {@code allowBackendChange: true}.
     */
    public static final String NETWORK_CHANGE_ANNOTATION = "trimtab.dev/network-change";

    /**
     * Taint that a node registers with where {@code trimtab bootstrap join} makes it one, and that goes once its declared labels, taints
     * and cordon are on: nothing lands before.
     */
    public static final String UNINITIALIZED_TAINT = "trimtab.dev/uninitialized";

    private static final String ALLOW = "allow";

    /** How to consent, for people. */
    public static final String RECREATE_ADVICE =
            "annotate it in Git with " + RECREATE_ANNOTATION + ": " + ALLOW + ", or approve the plan";

    /** How to consent to a change of the pod network, for people. */
    public static final String NETWORK_CHANGE_ADVICE =
            "write allowBackendChange: true in the Flannel document (a ConfigMap of your"
                    + " own: annotate it in Git with " + NETWORK_CHANGE_ANNOTATION + ": " + ALLOW
                    + "), or approve the plan";

    /** The value of {@link #PRUNE_ANNOTATION} that keeps an object. */
    public static final String KEEP = "disabled";

    private static final String MANAGER_PREFIX = "trimtab-";

    /** Field managers of Trimtab itself, which belong to no sync. */
    private static final Set<String> CONTROLLERS = Set.of("trimtab-cloneset", "trimtab-rollout");

    private Ownership() {}

    /** Whether an object, in Git or in the cluster, says that it stays when it leaves Git. */
    public static boolean keptWhenGone(JsonNode metadata) {
        return metadata.path("annotations").path(PRUNE_ANNOTATION).asText("").equals(KEEP);
    }

    /** Whether Git lets the object be deleted and created again where a field of it cannot change. */
    public static boolean recreateAllowed(JsonNode desiredMetadata) {
        return desiredMetadata
                .path("annotations")
                .path(RECREATE_ANNOTATION)
                .asText("")
                .equals(ALLOW);
    }

    /** Whether Git lets the pod network change while pods use it. */
    public static boolean networkChangeAllowed(JsonNode desiredMetadata) {
        return desiredMetadata
                .path("annotations")
                .path(NETWORK_CHANGE_ANNOTATION)
                .asText("")
                .equals(ALLOW);
    }

    /** From whom an object may be taken over, as Git says it. */
    public static Set<String> adoptedFrom(JsonNode desiredMetadata) {
        return Stream.of(desiredMetadata
                        .path("annotations")
                        .path(ADOPT_ANNOTATION)
                        .asText("")
                        .split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The other sync that an object belongs to: its label says so, or, where the label was taken away, a field manager. */
    public static Optional<String> otherSync(JsonNode metadata, String syncName) {
        String label = metadata.path("labels").path(SYNC_LABEL).asText("");
        if (!label.isEmpty()) {
            return label.equals(syncName) ? Optional.empty() : Optional.of(label);
        }
        return keepers(metadata).stream().filter(name -> !name.equals(syncName)).findFirst();
    }

    /** The syncs that have applied an object, by their field managers. */
    public static SortedSet<String> keepers(JsonNode metadata) {
        return ManagedFields.entries(metadata).stream()
                .filter(entry -> entry.operation().equals("Apply")
                        && entry.subresource().isEmpty()
                        && entry.manager().startsWith(MANAGER_PREFIX)
                        && !CONTROLLERS.contains(entry.manager()))
                .map(entry -> entry.manager().substring(MANAGER_PREFIX.length()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The field manager of a sync. One per sync: two writers with one name would remove each other's fields. */
    public static String fieldManager(String syncName) {
        return MANAGER_PREFIX + syncName;
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
